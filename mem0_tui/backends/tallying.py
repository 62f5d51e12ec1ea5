"""Counts memories for statistics: asked of a backend that can, else counted in one reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mem0_tui.backends.base import Backend, Tallied
from mem0_tui.model.filter import EVERYTHING, Filter, all_of, matches
from mem0_tui.model.tally import Counting, Tallies


class Counted(NamedTuple):
    """What was counted of one question."""

    tallies: Tallies
    parts: tuple[int, ...]
    """How many memories pass each further condition."""


async def count(
    backend: Backend,
    condition: Filter = EVERYTHING,
    parts: Sequence[Filter] = (),
    *,
    include_expired: bool = False,
) -> Counted:
    """The memories that pass *condition*, counted; and how many of them pass each of *parts*."""
    if not isinstance(backend, Tallied):
        return await _read(backend, condition, parts, include_expired)
    found = await backend.tallies(condition, include_expired=include_expired)
    numbers: list[int] = []
    for part in parts:
        both = all_of((condition, part))
        counts = await backend.kind_counts(both, include_expired=include_expired)
        numbers.append(sum(counts.values()))
    return Counted(found, tuple(numbers))


async def _read(
    backend: Backend, condition: Filter, parts: Sequence[Filter], include_expired: bool
) -> Counted:
    """Page by page; nothing of a page is kept."""
    seen: set[str] = set()
    numbers = [0] * len(parts)
    counting = Counting()
    cursor: str | None = None
    while True:
        page = await backend.list(
            condition,
            cursor=cursor,
            limit=backend.capabilities.page_size,
            include_expired=include_expired,
        )
        new = [memory for memory in page.items if memory.id not in seen]
        seen.update(memory.id for memory in new)
        counting.add(new)
        for at, part in enumerate(parts):
            numbers[at] += sum(matches(part, memory) for memory in new)
        if page.next is None:
            break
        cursor = page.next
    found = counting.tallies()
    found.missing = page.missing
    return Counted(found, tuple(numbers))
