"""Complete reads: everything that was asked for, or an error, never a silent part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mem0_tui.backends.base import Backend
from mem0_tui.model.errors import IncompleteError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort

_CHUNK = 500
_TRIES = 3
_NAMED = 3
"""Reasons that are said; a listing may have one for each user."""


async def read_many(backend: Backend, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
    """The memories of these ids as they are now; those that are gone are missing from it."""
    ids = list(dict.fromkeys(memory_ids))
    found: dict[str, Memory] = {}
    for start in range(0, len(ids), _CHUNK):
        found.update(await backend.get_many(ids[start : start + _CHUNK]))
    return found


async def read_all(
    backend: Backend,
    condition: Filter = EVERYTHING,
    *,
    sort: Sort = Sort.NEWEST,
    include_expired: bool = True,
) -> tuple[Memory, ...]:
    """Every memory that passes *condition*.

    Raises:
        IncompleteError: time and again, fewer came than the backend says there are, or it does not
            say after the last page how many there are.
    """
    shown = Shown()
    for _ in range(_TRIES):  # somebody else may be writing between two pages
        shown = await read_shown(backend, condition, sort=sort, include_expired=include_expired)
        if shown.whole:
            return shown.memories
    raise incomplete(len(shown.memories), shown.total, shown.missing)


def incomplete(came: int, total: int | None, missing: Sequence[str] = ()) -> IncompleteError:
    """The error for a list of which only a part can be had, for the reasons *missing*: *came*
    memories of *total*, or of nobody knows how many."""
    if total is not None:
        hint = "the list is not complete; try again"
        return IncompleteError(f"only {came:,} of {total:,} memories came", hint=hint)
    why = reasons(missing)
    return IncompleteError(f"{came:,} memories came, and there may be more: {why}")


def reasons(missing: Sequence[str]) -> str:
    """Why a listing may not be whole, in one line."""
    named = list(missing[:_NAMED]) or ["the server does not say how many there are"]
    rest = len(missing) - _NAMED
    return "; ".join([*named, f"and {rest:,} more"] if rest > 0 else named)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a backend shows of what was asked for."""

    memories: tuple[Memory, ...] = ()
    total: int | None = None
    """How many it says there are, if it does."""
    missing: tuple[str, ...] = ()
    """Why there may be more."""

    @property
    def whole(self) -> bool:
        """Whether these are all."""
        return self.total is not None and len(self.memories) >= self.total and not self.missing


async def read_shown(
    backend: Backend,
    condition: Filter,
    *,
    sort: Sort = Sort.NEWEST,
    include_expired: bool = True,
) -> Shown:
    """What the backend shows of those that pass *condition*."""
    found: dict[str, Memory] = {}
    cursor: str | None = None
    while True:
        page = await backend.list(
            condition,
            sort=sort,
            cursor=cursor,
            limit=backend.capabilities.page_size,
            include_expired=include_expired,
        )
        for memory in page.items:
            found.setdefault(memory.id, memory)
        cursor = page.next
        if cursor is None:
            return Shown(tuple(found.values()), page.total, page.missing)
