"""Deleting by one call for each memory, on servers without a call for many: read together before,
looked for together afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from mem0_tui.backends.paging.backoff import Backoff, poll
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.verify import stale
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    ServerError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line

_FEW = 3
"""Calls in a row that come to nothing for a reason which the next ones share."""
_AT_ONCE = 6
_SHARED = (AuthError, NetworkError, RateLimitedError)


async def delete_each(
    memory_ids: Sequence[str],
    seen: Mapping[str, str],
    *,
    read: Callable[[Sequence[str]], Awaitable[Mapping[str, Memory]]],
    send: Callable[[str], Awaitable[object]],
    left: Callable[[Sequence[Memory]], Awaitable[set[str]]],
    backoff: Backoff,
    sleep: Callable[[float], Awaitable[None]],
) -> Mapping[str, Mem0TuiError | None]:
    """Delete these memories, and say of each what :meth:`Backend.delete` says.

    Args:
        memory_ids: the memories.
        seen: the content hash that the user saw, by id.
        read: reads memories by id; what is gone is missing from it.
        send: deletes one.
        left: which of those memories are still there.
        backoff: how long a delete that was accepted may take to show, for all of them together.
        sleep: waits.
    """
    ids = list(dict.fromkeys(memory_ids))
    try:
        before = await read(ids)
    except BackendError as error:
        return dict.fromkeys(ids, error)
    outcome: dict[str, Mem0TuiError | None] = {}
    for each in ids:
        if each not in before:
            outcome[each] = NotFoundError(f"no memory {one_line(each)}")
        elif changed := stale(before[each], seen.get(each)):
            outcome[each] = changed
    doomed = [before[each] for each in ids if each not in outcome]
    troubles = await _send_all([memory.id for memory in doomed], send)
    waits = backoff if len(troubles) < len(doomed) else Backoff.polling(0.0)

    def done(still: set[str]) -> bool:
        return still <= troubles.keys()

    try:
        still_there = await poll(lambda: left(doomed), done, waits, sleep) if doomed else set()
    except BackendError as error:
        return outcome | {memory.id: troubles.get(memory.id, error) for memory in doomed}
    for memory in doomed:
        still = troubles.get(memory.id) or ServerError(
            "the server reported success, but it is still there"
        )
        outcome[memory.id] = still if memory.id in still_there else None
    return {each: outcome[each] for each in ids}


async def _send_all(
    ids: Sequence[str], send: Callable[[str], Awaitable[object]]
) -> dict[str, BackendError]:
    """Send a call for each, and the errors by id; the rest is not sent after a few in a row that
    came to nothing for want of an answer, a key or leave."""
    troubles: dict[str, BackendError] = {}
    shared: list[BackendError] = []
    slots = asyncio.Semaphore(_AT_ONCE)

    async def attempt(memory_id: str) -> None:
        async with slots:
            if len(shared) >= _FEW:
                troubles[memory_id] = shared[-1]
                return
            try:
                await send(memory_id)
            except BackendError as error:
                troubles[memory_id] = error
                if isinstance(error, _SHARED):
                    shared.append(error)
            else:
                shared.clear()

    await together(attempt(each) for each in ids)
    return troubles
