"""Pauses that grow, and the two things that they are for: trying a request again, and looking until
a server has finished what it accepted."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import TypeVar

from mem0_tui.backends.paging.waits import PendingRequest
from mem0_tui.model.errors import BackendError, RateLimitedError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often to try, and the pauses in between. As it is, for the tries of one request."""

    attempts: int = 4
    """Tries in all, the first one included; 1 or more."""
    first: float = 0.25
    """Seconds of the first pause."""
    factor: float = 2.0
    """How many times as long as the pause before each pause is; 1 or more."""
    longest: float = 8.0
    """Seconds that no pause exceeds, unless the server asks for more."""
    total: float = inf
    """Seconds of all pauses together; the one that would exceed it is the end."""
    jitter: float = 0.5
    """The share of each pause, 0 to 1, that chance may take off, so that calls which failed at the
    same moment do not come back at the same moment."""
    longest_asked: float = 30.0
    """Seconds that a server may ask to wait (``Retry-After``); for more it is not waited."""
    final: tuple[type[BackendError], ...] = ()
    """Errors that end it although they are ``retryable``."""

    @classmethod
    def polling(cls, total: float) -> Backoff:
        """For looking again and again for *total* seconds at most: after 0.1 s first, then up to
        2 s apart; 0 is one look."""
        first = 0.1
        return cls(
            attempts=1 + int(total / first),
            first=first,
            factor=1.7,
            longest=2.0,
            total=total,
            jitter=0.0,
        )

    def pauses(self, chance: Callable[[], float] = random.random) -> Iterator[float]:
        """The pauses, in seconds. *chance* gives numbers from 0 to 1; 1 takes nothing off."""
        spent, pause = 0.0, min(self.longest, self.first)
        for _ in range(self.attempts - 1):
            jittered = pause * (1 - self.jitter * (1 - chance()))
            if spent + jittered > self.total:
                return
            yield jittered
            spent += jittered
            pause = min(self.longest, pause * self.factor)

    def before_next(self, error: BackendError, pause: float) -> float | None:
        """Seconds to wait after *error* where *pause* is due; None where no other try is made."""
        if not error.retryable or isinstance(error, self.final):
            return None
        asked = error.retry_after if isinstance(error, RateLimitedError) else None
        if asked is None:
            return pause
        return None if asked > self.longest_asked else max(pause, asked)


ONCE = Backoff(attempts=1)
"""For a request that must not be sent twice."""


async def retry(
    send: Callable[[], Awaitable[T]],
    backoff: Backoff,
    *,
    pending: PendingRequest,
    ends: float,
    sleep: Callable[[float], Awaitable[None]],
    chance: Callable[[], float] = random.random,
) -> T:
    """What *send* returns, tried again as *backoff* says.

    Args:
        send: one try.
        backoff: how often, and how far apart.
        pending: where the tries are counted.
        ends: the deadline, in seconds of ``perf_counter``; no try begins after it.
        sleep: waits so many seconds.
        chance: numbers from 0 to 1, for the jitter.

    Raises:
        BackendError: that of the last try.
    """
    pauses = backoff.pauses(chance)
    while True:
        try:
            return await send()
        except BackendError as error:
            due = next(pauses, None)
            wait = None if due is None else backoff.before_next(error, due)
            if wait is None or perf_counter() + wait >= ends:
                raise
        await sleep(wait)
        pending.attempt += 1


async def poll(
    look: Callable[[], Awaitable[T]],
    done: Callable[[T], bool],
    backoff: Backoff,
    sleep: Callable[[float], Awaitable[None]],
) -> T:
    """What *look* finds once it is *done*, or what it found last when *backoff* has no more pauses.

    Args:
        look: asks once.
        done: whether what it found is final.
        backoff: how far apart to look, and for how long.
        sleep: waits so many seconds.
    """
    found = await look()
    for pause in backoff.pauses():
        if done(found):
            break
        await sleep(pause)
        found = await look()
    return found
