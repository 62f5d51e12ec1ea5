"""What every detector does: it takes memories in, works in small pieces, and yields suspicions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol, runtime_checkable

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.memory import Memory

PIECE = 200
"""Memories that are handed over at a time: no piece may hold the interpreter longer than 8 ms."""


class Detector(Protocol):
    """Finds what belongs into one queue or more.

    It keeps what it needs of the memories, not the memories themselves, so that its size stays
    bounded (about 1 kB a memory at most), and it is used by one thread at a time.
    """

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The queues that it fills."""
        ...

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in at most :data:`PIECE` memories; one of a known id replaces what was known."""
        ...

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories that are gone; unknown ids are passed over."""
        ...

    def work(self) -> Iterator[None]:
        """Compute what follows from all that was put and dropped since the last time.

        It yields after each piece of at most 8 ms, and may be abandoned there: called again, it
        begins anew with what is left.
        """
        ...

    def suspicions(self) -> Iterator[Suspicion]:
        """What it found, once :meth:`work` has come to its end: the same memories give the same
        suspicions in the same order, however they were put."""
        ...


@runtime_checkable
class PartialDetector(Protocol):
    """A detector that may have to leave a part of its queues out."""

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The queues that it fills."""
        ...

    @property
    def partly(self) -> str | None:
        """What it did not look for, and why, as a clause; None where it looked for all."""
        ...
