"""Finds memories whose day is over: those that have expired, and those that another replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory

EXPIRED, REPLACED = "expired", "replaced"


@dataclass(frozen=True, slots=True)
class _Over:
    expired_on: date | None
    replaced_by: str | None
    pinned: bool


class StaleDetector:
    """Fills the queue :attr:`Queue.STALE`.

    Hidden by expiry, such memories still count and are still listed where one asks for them. Of
    one that was replaced, a person decides: what replaced it may say less.
    """

    queues = (Queue.STALE,)

    def __init__(self, today: date) -> None:
        """*today* is the day (UTC) by which it judges."""
        self._today = today
        self._over: dict[str, _Over] = {}
        self._living: set[str] = set()
        """All ids that have not expired: what replaces another must be there."""

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in memories; see :class:`~mem0_tui.detect.detector.Detector`."""
        self.drop([memory.id for memory in memories])
        for memory in memories:
            expired = memory.expired(self._today)
            if not expired:
                self._living.add(memory.id)
            if expired or memory.replaced_by:
                day = memory.expires_on if expired else None
                self._over[memory.id] = _Over(day, memory.replaced_by, memory.pinned)

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories."""
        for memory_id in memory_ids:
            self._over.pop(memory_id, None)
            self._living.discard(memory_id)

    def work(self) -> Iterator[None]:
        """Nothing is left to compute."""
        yield from ()

    def suspicions(self) -> Iterator[Suspicion]:
        """What has expired, the longest ago first, then what was replaced, by id."""
        expired = [
            (over.expired_on, memory_id)
            for memory_id, over in self._over.items()
            if over.expired_on is not None
        ]
        for day, memory_id in sorted(expired):
            pinned = self._over[memory_id].pinned
            reason = f"expired on {day.isoformat()}"
            proposal = () if pinned else (Delete(memory_id),)
            yield Suspicion(Queue.STALE, (memory_id,), reason, label=EXPIRED, proposal=proposal)
        for memory_id, over in sorted(self._over.items()):
            by = over.replaced_by
            if over.expired_on is None and by in self._living and by != memory_id:
                reason = f"replaced by the memory {by}"
                yield Suspicion(Queue.STALE, (memory_id,), reason, label=REPLACED)
