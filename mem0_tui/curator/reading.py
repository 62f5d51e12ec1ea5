"""Complete reads: everything that was asked for, or an error, never a silent part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mem0_tui.backends.base import Backend
from mem0_tui.model.errors import ResponseError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort

_CHUNK = 500
_TRIES = 3


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
        ResponseError: time and again, fewer came than the backend says there are, or it does not
            say after the last page how many there are.
    """
    came, total = 0, None
    for _ in range(_TRIES):  # somebody else may be writing between two pages
        memories, total = await read_shown(
            backend, condition, sort=sort, include_expired=include_expired
        )
        came = len(memories)
        if total is not None and came >= total:
            return memories
    raise incomplete(came, total)


def incomplete(came: int, total: int | None) -> ResponseError:
    """The error for a list of which only a part can be had."""
    if total is not None:
        hint = "the list is not complete; try again"
        return ResponseError(f"only {came} of {total} memories came", hint=hint)
    return ResponseError(
        f"{came} memories came, and the server shows no more though there may be",
        hint="narrow it down: one user, one app or one run at a time",
    )


async def read_shown(
    backend: Backend,
    condition: Filter,
    *,
    sort: Sort = Sort.NEWEST,
    include_expired: bool = True,
) -> tuple[tuple[Memory, ...], int | None]:
    """What the backend shows of those that pass *condition*, and how many it says there are."""
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
            return tuple(found.values()), page.total
