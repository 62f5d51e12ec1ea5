"""Waiting for a server to finish what it has accepted: how often to look, and when to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request whose answer is not there yet: what a front end says meanwhile."""

    place: str
    """The server."""
    seconds: float
    attempt: int
    """1 for the first try."""
    attempts: int
    """How many there are at most."""

    def __str__(self) -> str:
        again = f", try {self.attempt} of {self.attempts}" if self.attempt > 1 else ""
        return f"waiting for {self.place}: {self.seconds:,.0f} s{again}"


@dataclass(slots=True, eq=False)
class _Begun:
    place: str
    attempts: int
    since: float = field(default_factory=perf_counter)
    attempt: int = 1


class Waits:
    """The requests that are not answered yet; front ends and what sends requests share one."""

    def __init__(self) -> None:
        self._begun: list[_Begun] = []

    @contextmanager
    def begin(self, place: str, attempts: int = 1) -> Iterator[_Begun]:
        """A request that is being waited for while the block runs; its tries are counted there."""
        begun = _Begun(place, attempts)
        self._begun.append(begun)
        try:
            yield begun
        finally:
            self._begun.remove(begun)

    @property
    def longest(self) -> Waiting | None:
        """The request that has been waited for longest, if there is any."""
        if not self._begun:
            return None
        first = self._begun[0]
        seconds = perf_counter() - first.since
        return Waiting(first.place, seconds, first.attempt, first.attempts)


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
