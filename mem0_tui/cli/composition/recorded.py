"""What Codex did with memories, for a command: the index, brought up to date once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mem0_tui.model.errors import StoreError

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.cli.rendering.output import Output
    from mem0_tui.evidence.service import EvidenceService
    from mem0_tui.evidence.sessions import CodexSession
    from mem0_tui.evidence.use import Uses
    from mem0_tui.model.clock import Clock
    from mem0_tui.model.memory import Memory
    from mem0_tui.model.query import Query
    from mem0_tui.settings.schema import Settings


_OWN = "Codex reads its own memories by itself"


def open_evidence(settings: Settings) -> EvidenceService | None:
    """The evidence of this machine; None for the demo, of which Codex knows nothing."""
    if settings.demo:
        return None
    from mem0_tui.evidence.service import INDEX_FILE, EvidenceService, find_places

    path, places = settings.journal.with_name(INDEX_FILE), find_places(os.environ)
    return EvidenceService(path, places, unseen=_OWN if settings.backend == "codex" else "")


class EvidenceRecords:
    """Which memories Codex was given, for the queue of those that it was not; asked in a thread."""

    def __init__(self, opener: Callable[[], EvidenceService | None]) -> None:
        self._opener = opener
        self._uses: Uses | None = None

    def look(self) -> str | None:
        """Take in what is new; why nothing is known, if so."""
        from mem0_tui.detect.unused import NOT_RECORDED
        from mem0_tui.evidence.use import NO_SESSIONS

        evidence = self._opener()
        if evidence is None:
            return NOT_RECORDED
        try:
            evidence.refresh()
            self._uses = evidence.uses()
        except StoreError as error:
            return error.message
        return None if self._uses.coverage.since else NO_SESSIONS

    def state(self) -> object:
        """Take in what is new; another value than before where there was anything."""
        evidence = self._opener()
        if evidence is None:
            return None
        with suppress(StoreError):
            evidence.refresh()
        return evidence.taken_in

    def given(self, memory: Memory) -> bool | None:
        """Whether Codex was ever given *memory*, or a tool answered with it; None if unknown."""
        assert self._uses is not None, "look comes first"
        use = self._uses.of(memory)
        if use.given or use.fetched or use.cited:
            return True
        return None if use.given is None else False


class RecordedEvidence:
    """Asked by commands; says on stderr what it does where that takes long."""

    def __init__(self, settings: Settings, backend: Backend, output: Output, clock: Clock) -> None:
        self._settings, self._backend = settings, backend
        self._output, self._clock = output, clock
        self._evidence: EvidenceService | None = None
        self._ready = False
        self._closing: list[EvidenceService] = []

    async def evidence(self) -> EvidenceService | None:
        """The evidence, up to date; None where there is none, or its index cannot be written."""
        if not self._ready:
            self._ready = True
            self._evidence = self._opened()
            if self._evidence is not None:
                try:
                    await asyncio.to_thread(self._evidence.refresh, self._tell)
                except StoreError as error:
                    self._output.warn(f"what Codex did is not known: {error.message}")
                    self._evidence = None
        return self._evidence

    def session(self, id_: str) -> CodexSession | None:
        """The session with that id, of an index that is brought up to date once; for a thread."""
        if not self._ready:
            self._ready = True
            self._evidence = self._opened()
            if self._evidence is not None:
                try:
                    self._evidence.refresh()
                except StoreError:
                    self._evidence = None
        return None if self._evidence is None else self._evidence.session(id_)

    def _tell(self, done: int, of: int) -> None:
        if of > 1 << 26:
            self._output.progress(f"reading Codex's sessions: {done >> 20:,} of {of >> 20:,} MB")

    async def uses(self, memories: Sequence[Memory] | None = None) -> Uses | None:
        """What is known of *memories*, or of all; None where nothing is."""
        evidence = await self.evidence()
        return None if evidence is None else await asyncio.to_thread(evidence.uses, memories)

    async def told(self, query: Query) -> Query:
        """*query*, knowing what its terms about Codex mean; unchanged where nothing is known."""
        uses = await self.uses()
        if uses is None:
            return query
        from mem0_tui.curator.reading import read_all
        from mem0_tui.evidence.service import told, unsure

        condition = unsure(uses)
        looked_at: Sequence[Memory] = ()
        if condition is not None:
            looked_at = await read_all(self._backend, condition, include_expired=True)
        return told(query, uses, looked_at, self._clock.now())

    def records(self) -> EvidenceRecords | None:
        """What the queue of unused memories asks; None where Codex knows nothing of them."""
        opened = self._opened()
        return None if opened is None else EvidenceRecords(lambda: opened)

    def _opened(self) -> EvidenceService | None:
        """The evidence, which is closed with this, whatever becomes of it."""
        opened = open_evidence(self._settings)
        if opened is not None:
            self._closing.append(opened)
        return opened

    def close(self) -> None:
        """Close the indexes."""
        for each in self._closing:
            each.close()
