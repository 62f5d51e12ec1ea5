"""Which memories this program's hooks gave to a session, by whole id, as they keep it for a month.

The block that a model is given names the first eight characters of each id only.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile

from mem0_tui.evidence.event import Found, SessionMeta, is_memory_id

_LARGEST = 1 << 22


class Recalls:
    """The hooks' files in one folder, which is listed once."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def with_whole_ids(self, found: list[Found], meta: SessionMeta) -> list[Found]:
        """*found* with the whole ids of what hooks gave, as far as the hooks' files tell each from
        others."""
        if not any(each.key.startswith("~") for each in found):
            return found
        by_prefix: dict[str, set[str]] = {}
        for memory_id in self._given_to(meta.root or meta.thread):
            by_prefix.setdefault(memory_id[:8], set()).add(memory_id)

        def whole(key: str) -> str:
            ids = by_prefix.get(key[1:9], set()) if key.startswith("~") else set()
            return next(iter(ids)) if len(ids) == 1 else key

        return [replace(f, key=key) if (key := whole(f.key)) != f.key else f for f in found]

    def _given_to(self, session: str) -> set[str]:
        at = bisect_left(self._names, session)
        listed = takewhile(lambda name: name.startswith(session), islice(self._names, at, None))
        names = list(listed) or [f"{session}.json"]  # it may have begun since
        return {id_ for name in names for id_ in _shown(os.path.join(self._folder, name))}

    @cached_property
    def _names(self) -> list[str]:
        try:
            return sorted(n for n in os.listdir(self._folder) if n.endswith(".json"))
        except OSError:
            return []


def _shown(path: str) -> set[str]:
    try:
        if os.path.getsize(path) > _LARGEST:
            return set()
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    except (OSError, ValueError, RecursionError):
        return set()
    shown = known.get("shown") if isinstance(known, dict) else None
    lists = shown.values() if isinstance(shown, dict) else [shown]
    ids = (each for some in lists if isinstance(some, list) for each in some)
    return {each for each in ids if isinstance(each, str) and is_memory_id(each)}
