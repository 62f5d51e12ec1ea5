"""The main screen's detail pane: what is read of the memory under the cursor, once keys pause."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Literal, Query, Word
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.widgets.memory_detail import Details, ListedMemory, similarity

if TYPE_CHECKING:
    from mem0_tui.model.page import SearchHit

_DETAIL_DELAY = 0.06
_NEIGHBOURS = 5
_CANDIDATES = 20
"""Hits among which the nearest are looked for: words count for a hit's place, too."""


class Detailing(BrowseContext):
    """Shows one memory in full."""

    _detailed: Memory | None = None
    _details = Details()
    """What is known beside the memory that the detail pane shows."""

    def show_detail(self) -> None:
        """Show the memory under the cursor, once the keys pause."""
        self.read("detail", self._show_detail())

    async def _show_detail(self) -> None:
        await asyncio.sleep(_DETAIL_DELAY)
        memory, rows = self.memories.current, self.memories.rows
        hit = rows.hits.get(rows.key(self.memories.cursor) or 0)
        detail = self.query_one(ListedMemory)
        if memory is None:
            detail.show_memory(None, Details())
            return
        known = self._details if memory == self._detailed else Details()
        known = replace(known, staged=self.triage.words(memory))
        try:
            await self._read_details(memory, known, hit)
        except Mem0TuiError as error:
            # Nobody asked for it: it is said where it is missing, not over what is looked at.
            note = f"not all of it can be read: {one_line(redact(error.message))}"
            detail.show_memory(memory, replace(known, notes=(note,)), hit)

    async def _read_details(self, memory: Memory, known: Details, hit: SearchHit | None) -> None:
        detail, curator = self.query_one(ListedMemory), self.parts.curator()
        slow = self.set_timer(_DETAIL_DELAY, partial(detail.show_memory, memory, known, hit))
        try:
            successor = await self._successor(memory)
            history = await curator.history(memory.id)
            damaged = await curator.is_damaged(memory.id)
        finally:
            slow.stop()
        known = replace(known, history=history, successor=successor, damaged=damaged)
        self._detailed, self._details = memory, known
        detail.show_memory(memory, known, hit)
        if detail.has_focus:
            alike = Query((Word(Literal(memory.text[:1000], quoted=True)),))
            found = await curator.search(alike, limit=_CANDIDATES)
            near = [each for each in found.hits if each.memory.id != memory.id]
            near.sort(key=lambda each: similarity(each) or 0.0, reverse=True)
            self._details = replace(known, neighbours=near[:_NEIGHBOURS])
            detail.show_memory(memory, self._details, hit)

    async def _successor(self, memory: Memory) -> Sequence[Memory] | None:
        """The memory that replaced *memory*: none where it is gone, None where nobody knows."""
        if memory.replaced_by is None:
            return None
        keys = await self.library.keys_of([memory.replaced_by])
        found = await self.library.memories(list(keys.values()))
        return None if not found and self.library.partial else list(found.values())

    def on_descendant_focus(self) -> None:
        """Look for the nearest memories as soon as somebody is in the pane."""
        if self.focused is self.query_one(ListedMemory):
            self.show_detail()

    def on_memory_list_moved(self) -> None:
        """Show another memory."""
        self.show_detail()
