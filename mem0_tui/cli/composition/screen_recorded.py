"""What Codex did with memories, for the screen: looked up in threads, brought up to date often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING

from mem0_tui.model.errors import StoreError
from mem0_tui.tui.runtime.threads import in_background

if TYPE_CHECKING:
    from mem0_tui.backends.library.library import Library
    from mem0_tui.evidence.origin import Origin
    from mem0_tui.evidence.service import EvidenceService
    from mem0_tui.evidence.sessions import CodexSession
    from mem0_tui.evidence.use import Use, Uses
    from mem0_tui.model.clock import Clock
    from mem0_tui.model.memory import Memory
    from mem0_tui.model.query import Query
    from mem0_tui.presenting.spans import Line

_FRESH = 2.0
"""Seconds for which what was read counts as up to date."""


class ScreenRecorded:
    """One for the session; does nothing until it is asked."""

    def __init__(
        self, opener: Callable[[], EvidenceService | None], library: Library, clock: Clock
    ) -> None:
        """*opener* gives the evidence, and is called in a thread when it is first needed."""
        self._opener, self._library, self._clock = opener, library, clock
        self._evidence: EvidenceService | None = None
        self._refreshed = float("-inf")
        self._lock = RLock()

    def _ready(self) -> EvidenceService | None:
        """The evidence, up to date; called in a thread. None where the index cannot be written."""
        with self._lock:
            return self._brought_up_to_date()

    def session(self, id_: str) -> CodexSession | None:
        """The session with that id; called in a thread."""
        evidence = self._ready()
        return None if evidence is None else evidence.session(id_)

    def _brought_up_to_date(self) -> EvidenceService | None:
        evidence = self.opened()
        if evidence is not None and monotonic() - self._refreshed > _FRESH:
            try:
                evidence.refresh()
            except StoreError:
                return None
            self._refreshed = monotonic()
        return evidence

    def opened(self) -> EvidenceService | None:
        """The evidence as it is; may be called in any thread."""
        with self._lock:
            if self._evidence is None:
                self._evidence = self._opener()
            return self._evidence

    async def use(self, memory: Memory) -> Use | None:
        """What is recorded of *memory*; None where nothing can be."""

        def work() -> Use | None:
            evidence = self._ready()
            return None if evidence is None else evidence.uses([memory]).worth_saying(memory)

        return await in_background(work)

    async def uses(self, memories: Sequence[Memory]) -> Mapping[str, Use]:
        """What is recorded of *memories*, by id; nothing where no session is recorded."""

        def work() -> Mapping[str, Use]:
            evidence = self._ready()
            if evidence is None or evidence.unseen:
                return {}
            uses = evidence.uses(memories)
            found = ((memory.id, uses.worth_saying(memory)) for memory in memories)
            return {id_: use for id_, use in found if use is not None}

        return await in_background(work)

    async def order(self) -> Sequence[str]:
        """The ids of what Codex was given: what it was given most often first, the latest of those
        first."""
        from mem0_tui.evidence.service import in_order_of_use

        evidence = await in_background(self._ready)
        if evidence is None:
            return ()
        uses = await in_background(evidence.uses)
        looked_at = await self._looked_at(uses)
        return await in_background(lambda: in_order_of_use(uses, looked_at))

    async def told(self, query: Query) -> Query:
        """*query*, knowing what its terms about Codex mean."""
        from mem0_tui.evidence.service import told

        evidence = await in_background(self._ready)
        if evidence is None or not query.asks_records:
            return query
        uses = await in_background(evidence.uses)
        looked_at = await self._looked_at(uses)
        return await in_background(lambda: told(query, uses, looked_at, self._clock.now()))

    async def _looked_at(self, uses: Uses) -> Sequence[Memory]:
        """The memories that have to be looked at before *uses* can be told."""
        from mem0_tui.evidence.service import unsure

        condition = unsure(uses)
        if condition is None:
            return ()
        keys = await self._library.keys(condition, include_expired=True)
        return list((await self._library.memories(keys)).values())

    async def origin(self, memory: Memory) -> Origin:
        """Where *memory* comes from."""
        from mem0_tui.evidence.origin import Origin, find_origin

        def work() -> Origin:
            evidence = self._ready()
            if evidence is None:
                return Origin("what Codex did cannot be looked up here")
            use = evidence.uses([memory]).of(memory)
            return find_origin(memory, use, evidence.session, evidence.turns)

        return await in_background(work)

    async def turn(self, origin: Origin, at: int) -> Sequence[Line]:
        """The lines of one turn of the session of *origin*."""
        from mem0_tui.evidence.transcript import read_turn
        from mem0_tui.presenting.use import met_in, origin_lines

        session = origin.session
        turn = origin.turns[at] if origin.turns else None
        text = None if turn is None else await in_background(lambda: read_turn(turn))
        met = [] if session is None or turn is None else met_in(session, turn)
        memories = await self._meant([key for _, key in met])
        named = [(word, key, memories.get(key)) for word, key in met]
        return list(origin_lines(origin, turn, text, named, self._clock.now()))

    async def _meant(self, keys: Sequence[str]) -> dict[str, Memory]:
        """The memories with these ids; those of which only a beginning is known, if it is of one
        memory alone."""
        from mem0_tui.model.filter import Compare, Field, Op, any_of

        if not keys:
            return {}
        condition = any_of(Compare(Field.ID, Op.PATTERN, f"{key}*") for key in set(keys))
        rows = await self._library.keys(condition, include_expired=True)
        found = list((await self._library.memories(rows)).values())
        begun = {key: [m for m in found if m.id.startswith(key)] for key in keys}
        return {key: memories[0] for key, memories in begun.items() if len(memories) == 1}

    async def aclose(self) -> None:
        """Have what is under way leave off, and close the index."""
        evidence = self._evidence
        if evidence is not None:
            evidence.stop()
            await asyncio.to_thread(evidence.close)
