"""The requests that are not answered yet, for front ends to say so meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from time import perf_counter

from mem0_tui.model.late import late_dataclass


@late_dataclass(frozen=True)
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


@late_dataclass(eq=False)
class PendingRequest:
    """A request that is under way, and which of its tries."""

    place: str
    attempts: int
    since: float = field(default_factory=perf_counter)
    attempt: int = 1


class Waits:
    """The requests that are not answered yet; front ends and what sends requests share one."""

    def __init__(self) -> None:
        self._pending: list[PendingRequest] = []

    @contextmanager
    def begin(self, place: str, attempts: int = 1) -> Iterator[PendingRequest]:
        """A request that is being waited for while the block runs; its tries are counted there."""
        pending = PendingRequest(place, attempts)
        self._pending.append(pending)
        try:
            yield pending
        finally:
            self._pending.remove(pending)

    @property
    def longest(self) -> Waiting | None:
        """The request that has been waited for longest, if there is any."""
        if not self._pending:
            return None
        first = self._pending[0]
        seconds = perf_counter() - first.since
        return Waiting(first.place, seconds, first.attempt, first.attempts)
