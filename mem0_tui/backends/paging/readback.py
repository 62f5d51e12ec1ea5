"""Looking until what a server accepted has happened: a memory is as written, a job is over, a scope
is empty."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from mem0_tui.backends.paging.backoff import Backoff, poll
from mem0_tui.backends.paging.verify import not_emptied
from mem0_tui.model.entity import Entity, EntityRef
from mem0_tui.model.errors import ServerError
from mem0_tui.model.memory import Event, Memory
from mem0_tui.model.text import one_line

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""


async def read_back(
    memory_id: str,
    look: Callable[[str], Awaitable[Memory | None]],
    done: Callable[[Memory], bool],
    backoff: Backoff,
    sleep: Sleep,
) -> Memory:
    """A memory that was written, once it is what was wanted, or as it was when *backoff* ran out.

    Args:
        memory_id: its id.
        look: reads the memory of an id; None where there is none.
        done: whether it is what was wanted.
        backoff: how long that may take.
        sleep: waits.

    Raises:
        ServerError: there is none of that id.
    """
    found = await poll(
        lambda: look(memory_id), lambda memory: memory is not None and done(memory), backoff, sleep
    )
    if found is None:
        raise ServerError(f"memory {one_line(memory_id)} was written but cannot be read back")
    return found


async def finished(
    look: Callable[[], Awaitable[Event | None]], backoff: Backoff, sleep: Sleep
) -> Event | None:
    """The job that *look* reads, once it is over; None where the server does not know it.

    Raises:
        ServerError: it failed, or *backoff* ran out before it was over.
    """
    event = await poll(look, lambda event: event is None or event.finished, backoff, sleep)
    if event is not None and not event.finished:
        raise ServerError(f"the server is still working on it ({event.status.lower()}, {event.id})")
    if event is not None and event.status == "FAILED":
        raise ServerError(one_line(event.error or "the server's job failed"))
    return event


async def emptied(
    entity: EntityRef,
    empty: Callable[[], Awaitable[bool]],
    left: Callable[[], Awaitable[int]],
    backoff: Backoff,
    sleep: Sleep,
) -> None:
    """Return once *entity* has no memories any more.

    Args:
        entity: whose memories were deleted.
        empty: whether none is left, by as little as that takes.
        left: how many are, for the error.
        backoff: how long it may take.
        sleep: waits.

    Raises:
        ServerError: some are left when *backoff* ran out.
    """
    if not await poll(empty, bool, backoff, sleep):
        raise not_emptied(entity, await left())


async def unlisted(
    entity: EntityRef,
    entities: Callable[[], Awaitable[tuple[Entity, ...]]],
    backoff: Backoff,
    sleep: Sleep,
) -> None:
    """Return once *entity* is none of *entities* any more.

    Raises:
        ServerError: it still is when *backoff* ran out.
    """

    async def listed() -> bool:
        return entity in [found.ref for found in await entities()]

    if await poll(listed, lambda there: not there, backoff, sleep):
        raise ServerError(f"{one_line(str(entity))} has no memories left but is still listed")
