"""The way back from marking and staging, for as long as nothing of it has been applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from mem0_tui.model.late import late_dataclass

_LONGEST = 200
"""Steps that are remembered."""

S = TypeVar("S")


class Holder(Protocol[S]):
    """Something whose state can be taken as a value, and put back."""

    def snapshot(self) -> S:
        """The state; equal states are equal values."""
        ...

    def restore(self, state: S) -> None:
        """Put back what :meth:`snapshot` gave."""
        ...


@late_dataclass(frozen=True)
class _Step(Generic[S]):
    what: str
    state: S


class Steps(Generic[S]):
    """What was done to a *holder*, step by step, and what was taken back of it."""

    def __init__(self, holder: Holder[S]) -> None:
        self._holder = holder
        self._done: list[_Step[S]] = []
        self._undone: list[_Step[S]] = []
        self._depth = 0

    def __len__(self) -> int:
        return len(self._done)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Take what is done inside as one step named *what*; where it changes nothing, as none."""
        self._depth += 1
        before = self._holder.snapshot()
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth and self._holder.snapshot() != before:
                self._done.append(_Step(what, before))
                del self._done[:-_LONGEST]
                self._undone.clear()

    def undo(self) -> str | None:
        """Take the last step back; what it was, or None when there is none."""
        return self._go(self._done, self._undone)

    def redo(self) -> str | None:
        """Do the step again that was taken back last; what it was, or None when there is none."""
        return self._go(self._undone, self._done)

    def _go(self, take: list[_Step[S]], put: list[_Step[S]]) -> str | None:
        if not take:
            return None
        step = take.pop()
        put.append(_Step(step.what, self._holder.snapshot()))
        self._holder.restore(step.state)
        return step.what

    def changes(self) -> list[tuple[str, S, S]]:
        """Each step, the oldest first: what it was, the state before it and after it."""
        then = self._holder.snapshot()
        found: list[tuple[str, S, S]] = []
        for step in reversed(self._done):
            found.append((step.what, step.state, then))
            then = step.state
        return found[::-1]

    def precede(self, steps: Sequence[tuple[str, S]]) -> None:
        """Take *steps*, the oldest first, each with the state before it, as what was done before
        all others."""
        self._done[:0] = [_Step(what, state) for what, state in steps]
        del self._done[:-_LONGEST]

    def forget(self) -> None:
        """Forget all steps: what they led to is no longer only here."""
        self._done.clear()
        self._undone.clear()
