"""Waiting for a server to finish what it has accepted: how often to look, and when to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Growing pauses, *total* seconds of them in all."""

    total: float = 60.0
    first: float = 0.1
    longest: float = 2.0

    def pauses(self) -> Iterator[float]:
        """The pauses, in seconds."""
        spent, pause = 0.0, self.first
        while spent + pause <= self.total:
            yield pause
            spent += pause
            pause = min(self.longest, pause * 1.7)


async def settled(
    look: Callable[[], Awaitable[T]],
    done: Callable[[T], bool],
    patience: Patience,
    sleep: Callable[[float], Awaitable[None]],
) -> T:
    """What *look* finds once it is *done*, or what it found last when *patience* ran out."""
    found = await look()
    for pause in patience.pauses():
        if done(found):
            break
        await sleep(pause)
        found = await look()
    return found


async def together(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of *calls*, made at once; the first failure cancels the rest and is raised."""
    tasks: list[asyncio.Task[T]] = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks.extend(group.create_task(call) for call in calls)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
