"""How often Codex was given what the list shows: looked up once the first keys are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from mem0_tui.presenting.use import UseSign, use_sign
from mem0_tui.tui.controllers.controller import Controller

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory
    from mem0_tui.tui.screens.browse import BrowseScreen

_PAUSE = 0.1
_TOGETHER = 120
"""Memories that are looked up at once."""
_FRESH = 30.0
"""Seconds after which a memory is looked up again when its row is looked at."""


class UseController(Controller):
    """Fills the list's column of use, which is there where any session is recorded."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self._known: dict[str, tuple[Memory, UseSign | None, float]] = {}
        """By id: of which memory this was said, and when."""
        self._signs: dict[str, UseSign] = {}

    @property
    def signs(self) -> Mapping[str, UseSign]:
        """What the list says of use, by memory id."""
        return self._signs

    def look(self) -> None:
        """Look up what is not known of the memories near the eye."""
        if self.parts.recorded is not None and self._wanted():
            self.screen.read("use", self._look())

    def _wanted(self) -> Sequence[Memory]:
        now = monotonic()
        there = self.screen.memories.rows.loaded().values()
        return [memory for memory in there if not self._is_known(memory, now)][:_TOGETHER]

    def _is_known(self, memory: Memory, now: float) -> bool:
        known = self._known.get(memory.id)
        return known is not None and known[0] == memory and now - known[2] < _FRESH

    async def _look(self) -> None:
        assert self.parts.recorded is not None
        await self.screen.answered.wait()
        await asyncio.sleep(_PAUSE)
        while wanted := self._wanted():
            uses = await self.parts.recorded.uses(wanted)
            now, day = monotonic(), self.parts.now()
            before = dict(self._signs)
            for memory in wanted:
                use = uses.get(memory.id)
                sign = use_sign(use, day) if use is not None else None
                self._known[memory.id] = memory, sign, now
                if sign is not None:
                    self._signs[memory.id] = sign
            if self._signs != before:
                self.screen.memories.decorate(self.screen.controllers.show.decorations())
