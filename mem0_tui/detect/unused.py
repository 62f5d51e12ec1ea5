"""Finds memories that Codex was never given, where that is recorded for all of their life."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import date as Day
from typing import Protocol

from mem0_tui.detect.detector import PIECE
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory

YOUNG = timedelta(days=30)
"""An age below which a memory has had little occasion to be of use."""
NOT_RECORDED = "what Codex did is not recorded here"


class UseRecords(Protocol):
    """Says what Codex did with memories."""

    def look(self) -> str | None:
        """Take in what is new; returns why nothing is known, as a clause, if so."""
        ...

    def state(self) -> object:
        """Take in what is new; another value than before where there was anything."""
        ...

    def given(self, memory: Memory) -> bool | None:
        """Whether Codex was ever given *memory*, or a tool answered with it; None where that is
        not recorded for all of its life."""
        ...


class UnusedDetector:
    """Fills the queue :attr:`Queue.UNUSED`.

    That nobody needed a memory yet does not say that nobody will: a person decides. It keeps the
    texts of the memories that it lists, for what was given later is known by them.
    """

    queues = (Queue.UNUSED,)

    def __init__(self, today: Day, records: UseRecords | None) -> None:
        """*today* (UTC) is the day that counts; *records* may be None, where nothing is known."""
        self._made_before = datetime(today.year, today.month, today.day, tzinfo=UTC) - YOUNG
        self._today = today
        self._records = records
        self._looked = False
        self._unmeasured: str | None = NOT_RECORDED
        self._unused: dict[str, Memory] = {}
        self._unknown: set[str] = set()

    @property
    def unmeasured(self) -> str | None:
        """Why nothing can be said of any memory."""
        self._look()
        return self._unmeasured

    @property
    def partly(self) -> str | None:
        """Of which memories nothing can be said."""
        if not self._unknown:
            return None
        return f"{plural(len(self._unknown), 'memory')} may have been used before that was recorded"

    def put(self, memories: Sequence[Memory]) -> None:
        self._look()
        for memory in memories:
            self._unused.pop(memory.id, None)
            self._unknown.discard(memory.id)
            over = memory.expired(self._today) or memory.replaced_by is not None
            old = memory.created_at is not None and memory.created_at < self._made_before
            if self._unmeasured is None and old and not over:
                self._judge(memory)

    def _judge(self, memory: Memory) -> None:
        assert self._records is not None
        given = self._records.given(memory)
        if given is None:
            self._unknown.add(memory.id)
        elif not given:
            self._unused[memory.id] = Memory(
                memory.id,
                memory.text,
                created_at=memory.created_at,
                updated_at=memory.updated_at,
            )

    def drop(self, memory_ids: Collection[str]) -> None:
        for memory_id in memory_ids:
            self._unused.pop(memory_id, None)
            self._unknown.discard(memory_id)

    def _look(self) -> None:
        if not self._looked and self._records is not None:
            self._unmeasured = self._records.look()
        self._looked = True

    def work(self) -> Iterator[None]:
        """Look again at what is listed: it may have been given since."""
        if self._records is None or not self._unused:
            return
        self._unmeasured = self._records.look()
        yield
        for number, (memory_id, memory) in enumerate(list(self._unused.items())):
            if self._records.given(memory) is not False:
                del self._unused[memory_id]
            if number % PIECE == PIECE - 1:
                yield

    def suspicions(self) -> Iterator[Suspicion]:
        order = sorted(
            self._unused.values(), key=lambda m: (m.created_at or self._made_before, m.id)
        )
        for memory in order:
            days = (self._today - (memory.created_at or self._made_before).date()).days
            reason = f"Codex was not given it once in the {days:,} days since it was stored"
            yield Suspicion(Queue.UNUSED, (memory.id,), reason, Tier.LOOK)
