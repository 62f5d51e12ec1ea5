"""Drives the detectors: hands them what is new or changed, piece by piece, and gathers findings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from mem0_tui.detect.detector import PIECE, Detector, PartialDetector
from mem0_tui.detect.findings import Findings, settled
from mem0_tui.detect.known import KnownMemories, KnownMemory
from mem0_tui.detect.newest_first import NewestFirst
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.detect.unused import UnusedDetector
from mem0_tui.model.memory import Memory
from mem0_tui.model.verdict import text_digest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_NO_DETECTOR = "this version does not look for it"


class Scan:
    """The detectors with all that they were told; used by one thread at a time.

    It keeps about 150 bytes of each memory, besides what the detectors keep.
    """

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = tuple(detectors)
        self._known = KnownMemories()
        self._newest_first = NewestFirst()
        self._pinned: set[str] = set()

    def put(self, memories: Sequence[Memory]) -> Iterator[None]:
        """Take in any number of memories, yielding after each piece; what is known as it is costs
        nothing more."""
        for start in range(0, len(memories), PIECE):
            fresh: dict[str, tuple[Memory, int]] = {}
            for memory in memories[start : start + PIECE]:
                content = _content(memory)
                if not self._known.has(memory.id, content):
                    fresh[memory.id] = memory, content
            if fresh:
                piece = [memory for memory, _ in fresh.values()]
                for detector in self._detectors:
                    detector.put(piece)
                for memory, content in fresh.values():  # last, so that a failure is not forgotten
                    self._note(memory, content)
            yield

    def _note(self, memory: Memory, content: int) -> None:
        id_, age, pinned = memory.id, -_micros(memory.created_at), memory.pinned
        before = self._known.get(id_)
        if before is None or before.age != age:
            if before is not None:
                self._newest_first.remove(before.age, id_)
            self._newest_first.add(age, id_)
        self._known.put(id_, KnownMemory(content, text_digest(memory.text), pinned, age))
        if pinned:
            self._pinned.add(id_)
        else:
            self._pinned.discard(id_)

    def drop(self, memory_ids: Collection[str]) -> Iterator[None]:
        """Forget memories that are gone, yielding after each piece; unknown ids are passed over."""
        gone = [id_ for id_ in memory_ids if self._known.get(id_) is not None]
        for start in range(0, len(gone), PIECE):
            piece = gone[start : start + PIECE]
            for detector in self._detectors:
                detector.drop(piece)
            for id_ in piece:
                known = self._known.get(id_)
                if known is not None:
                    self._newest_first.remove(known.age, id_)
                    self._known.remove(id_)
                self._pinned.discard(id_)
            yield

    def retain(self, memory_ids: Collection[str]) -> Iterator[None]:
        """Forget all but these (a set)."""
        yield from self.drop([id_ for id_ in self._known if id_ not in memory_ids])

    def work(self) -> Iterator[tuple[Queue, ...]]:
        """Have each detector compute what follows; after each piece, the queues it is for."""
        for detector in self._detectors:
            queues = detector.queues
            yield queues
            for _ in detector.work():
                yield queues

    def gather(self, missing: tuple[str, ...] = ()) -> Iterator[Findings | None]:
        """None after each piece, and last the findings, once :meth:`work` has come to its end."""
        found: dict[Queue, dict[Tier, list[Suspicion]]] = {
            queue: {tier: [] for tier in Tier}
            for detector in self._detectors
            for queue in detector.queues
        }
        for detector in self._detectors:
            for number, suspicion in enumerate(detector.suspicions()):
                found[suspicion.queue][suspicion.tier].append(suspicion)
                if number % PIECE == PIECE - 1:
                    yield None
        unmeasured = dict(self._unmeasured())
        ordered = {
            queue: _in_order(found[queue])
            for queue in Queue
            if queue in found and queue not in unmeasured
        }
        yield Findings(
            known=self._known.now(),
            inbox=self._newest_first.ids(),
            found=settled(ordered, self._pinned),
            not_measured={
                queue: unmeasured.get(queue, _NO_DETECTOR)
                for queue in Queue
                if queue not in ordered and queue is not Queue.INBOX
            },
            partly=dict(self._partly()),
            missing=missing,
            pinned=frozenset(self._pinned),
        )

    def _unmeasured(self) -> Iterator[tuple[Queue, str]]:
        for detector in self._detectors:
            if isinstance(detector, UnusedDetector) and detector.unmeasured is not None:
                yield Queue.UNUSED, detector.unmeasured

    def _partly(self) -> Iterator[tuple[Queue, str]]:
        for detector in self._detectors:
            if isinstance(detector, PartialDetector) and detector.partly is not None:
                for queue in detector.queues:
                    yield queue, detector.partly

    def __len__(self) -> int:
        return len(self._known)


def _in_order(by_tier: Mapping[Tier, Sequence[Suspicion]]) -> tuple[Suspicion, ...]:
    return tuple(suspicion for tier in Tier for suspicion in by_tier[tier])


def _content(memory: Memory) -> int:
    """Another number for another memory, in all that a detector may look at."""
    return hash(
        (
            *(memory.text, memory.scope, memory.categories),
            repr(memory.metadata) if memory.metadata else None,
            *(memory.created_at, memory.updated_at, memory.expires_on),
            *(memory.immutable, memory.replaced_by, memory.synthesized, memory.feedback),
        )
    )


def _micros(moment: datetime | None) -> int:
    return (moment - _EPOCH) // _MICRO if moment is not None else 0
