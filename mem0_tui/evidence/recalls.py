"""Which memories this program's hooks gave to a session, by whole id, as they keep it for a month.

The block that a model is given names the first eight characters of each id only.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace

from mem0_tui.evidence.event import Found, SessionMeta, is_memory_id

_LARGEST = 1 << 22


def with_whole_ids(found: list[Found], meta: SessionMeta, folder: str) -> list[Found]:
    """*found* with the whole ids of what hooks gave, as far as the hooks' files in *folder* tell
    each from others."""
    if not any(each.key.startswith("~") for each in found):
        return found
    by_prefix: dict[str, set[str]] = {}
    for memory_id in _given_to(meta.root or meta.thread, folder):
        by_prefix.setdefault(memory_id[:8], set()).add(memory_id)

    def whole(key: str) -> str:
        ids = by_prefix.get(key[1:9], set()) if key.startswith("~") else set()
        return next(iter(ids)) if len(ids) == 1 else key

    return [replace(each, key=whole(each.key)) for each in found]


def _given_to(session: str, folder: str) -> set[str]:
    try:
        names = [n for n in os.listdir(folder) if n.startswith(session) and n.endswith(".json")]
    except OSError:
        return set()
    return {id_ for name in names for id_ in _shown(os.path.join(folder, name))}


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
