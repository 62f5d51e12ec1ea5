"""Finds the memories that are known by a part of their id, or by their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mem0_tui.evidence.event import fingerprint, is_whole, text_key
from mem0_tui.hooks.block import plain

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory


def whole_ids(keys: Iterable[str], memories: Sequence[Memory]) -> Mapping[str, str]:
    """The id of the memory that each of *keys* means, where exactly one of *memories* can be."""
    by_prefix: dict[str, list[Memory]] = {}
    by_text: dict[str, list[str]] = {}
    for memory in memories:
        by_prefix.setdefault(memory.id[:8], []).append(memory)
        by_text.setdefault(text_key(memory.text), []).append(memory.id)
    found: dict[str, str] = {}
    for key in keys:
        if is_whole(key):
            found[key] = key
            continue
        if key.startswith("="):
            ids = by_text.get(key, [])
        else:
            ids = _by_beginning(key, by_prefix.get(key[1:9], []))
        if len(ids) == 1:
            found[key] = ids[0]
    return found


def _by_beginning(key: str, candidates: Sequence[Memory]) -> list[str]:
    length, shown = key.split("/")[1:]
    same = [m.id for m in candidates if fingerprint(plain(m.text)[: int(length)]) == shown]
    return same or [m.id for m in candidates]
