"""The detail pane: what is read of the memory under the cursor, once keys pause."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Literal, Query, Word
from mem0_tui.model.secret import find, redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.comparison import comparison_lines, other_of
from mem0_tui.presenting.masking import MASKED, SHOWN_WHOLE, Masking
from mem0_tui.presenting.spans import Line
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.runtime.delay import Delayed
from mem0_tui.tui.widgets.memory_detail import Details, ListedMemory, similarity

if TYPE_CHECKING:
    from mem0_tui.model.page import SearchHit
    from mem0_tui.review.queues.rows import QueueRow
    from mem0_tui.tui.screens.browse import BrowseScreen

_DETAIL_DELAY = 0.06
_NEIGHBOURS = 5
_CANDIDATES = 20
"""Hits among which the nearest are looked for: words count for a hit's place, too."""


class DetailController(Controller):
    """Shows one memory in full."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self._shown: Memory | None = None
        self._details = Details()
        """What is known beside the memory that is shown."""
        self._read_of: object = None
        """Of what these were read: which memory, at which revision."""
        self._being_read: object = None
        """What is being read, and for what: the same is not asked for twice at a time."""
        self._has_begun = False
        """Whether a memory has been shown."""
        self._unmasked: str | None = None
        """The id of the memory of which the secrets are shown, until the cursor moves."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "memory.copy": self._copy_text,
            "memory.copy-id": self._copy_id,
            "memory.secrets": self._show_secrets,
        }

    def _copy_text(self) -> None:
        """Copy the text, as it is shown, to the clipboard, through the terminal."""
        memory = self.screen.memories.current
        if memory is None:
            return
        text = self._masking(memory).text(memory.text)
        self.screen.app.copy_to_clipboard(text)
        said = "text copied, if your terminal allows it (OSC 52)"
        if text != memory.text:
            key = key_for("memory.secrets", self.parts.keymap)
            said = f"text copied with its secrets masked; {key} shows them, then it copies them too"
        self.screen.tell(said)

    def _show_secrets(self) -> None:
        """Show the secrets of the memory under the cursor until it moves; again masks them."""
        memory = self.screen.memories.current
        if memory is None:
            return
        if self._unmasked == memory.id:
            self._unmasked = None
        elif not _holds_secrets(memory):
            self.screen.tell("no secret is known in this memory")
            return
        else:
            self._unmasked = memory.id
        self._being_read = None
        self.show()

    def _masking(self, memory: Memory) -> Masking:
        return SHOWN_WHOLE if memory.id == self._unmasked else MASKED

    def _copy_id(self) -> None:
        """Copy the id to the clipboard, through the terminal."""
        if self.screen.memories.current is not None:
            self.screen.app.copy_to_clipboard(self.screen.memories.current.id)
            self.screen.tell("id copied, if your terminal allows it (OSC 52)")

    def show(self) -> None:
        """Show the memory under the cursor, once the keys pause."""
        memories = self.screen.memories
        memory, hit = (
            memories.current,
            memories.rows.hits.get(memories.rows.key(memories.cursor) or 0),
        )
        if memory is None or memory.id != self._unmasked:
            self._unmasked = None
        words = self.session.triage.words(memory) if memory is not None else ()
        looked_at = self.screen.query_one(ListedMemory).has_focus
        why = self.screen.controllers.queues.about(memory.id) if memory is not None else ()
        row = memories.rows.why(memories.cursor)
        wanted = (memory, hit, words, why, row and row.key, looked_at, self._unmasked)
        if wanted != self._being_read:
            self._being_read = wanted
            self.screen.read("detail", self._show(wanted))

    async def _show(self, wanted: object) -> None:
        try:
            await self._show_current()
        finally:
            if wanted is self._being_read:
                self._being_read = None

    async def _show_current(self) -> None:
        # The first is painted along with the first rows, instead of all once more after them.
        await asyncio.sleep(_DETAIL_DELAY if self._has_begun else 0)
        self._has_begun = True
        memories = self.screen.memories
        memory, rows = memories.current, memories.rows
        hit = rows.hits.get(rows.key(memories.cursor) or 0)
        detail = self.screen.query_one(ListedMemory)
        if memory is None:
            detail.show_memory(None, Details())
            return
        known = self._details if memory == self._shown else Details()
        why = self.screen.controllers.queues.about(memory.id)
        staged = self.session.triage.words(memory)
        row = rows.why(memories.cursor)
        marks = row.marks if row is not None else ()
        masking = self._masking(memory)
        known = replace(known, staged=staged, why=why, marks=marks, beside=(), masking=masking)
        try:
            await self._read(memory, known, hit, row)
        except Mem0TuiError as error:
            # Nobody asked for it: it is said where it is missing, not over what is looked at.
            note = f"not all of it can be read: {one_line(redact(error.message))}"
            detail.show_memory(memory, replace(known, notes=(note,)), hit)

    async def _read(
        self, memory: Memory, known: Details, hit: SearchHit | None, row: QueueRow | None
    ) -> None:
        detail = self.screen.query_one(ListedMemory)
        show = partial(detail.show_memory, memory, known, hit)
        if not self.screen.open.is_set():
            show()
            await self.screen.open.wait()
        curator, revision = self.parts.curator(), self.session.loader.revision
        read_of = memory, revision, self.parts.library.partial
        slow = Delayed(self.screen, _DETAIL_DELAY, show)
        try:
            known = replace(known, beside=await self._beside(memory, row, known.masking))
            if revision is None or read_of != self._read_of:
                successor = await self._successor(memory)
                kept = await curator.background(memory.id)
                known = replace(known, history=kept.history, damaged=kept.damaged)
                known = replace(known, successor=successor)
        finally:
            slow.call_off()
        self._shown, self._details, self._read_of = memory, known, read_of
        detail.show_memory(memory, known, hit)
        if self.parts.recorded is not None and known.use is None:
            known = replace(known, use=await self.parts.recorded.use(memory))
            self._details = known
            detail.show_memory(memory, known, hit)
        if detail.has_focus:
            alike = Query((Word(Literal(memory.text[:1000], quoted=True)),))
            found = await curator.search(alike, limit=_CANDIDATES)
            near = [each for each in found.hits if each.memory.id != memory.id]
            near.sort(key=lambda each: similarity(each) or 0.0, reverse=True)
            self._details = replace(known, neighbours=near[:_NEIGHBOURS])
            detail.show_memory(memory, self._details, hit)

    async def _beside(self, memory: Memory, row: QueueRow | None, masking: Masking) -> list[Line]:
        """*memory* against another of the group that *row* is of."""
        other = other_of(row.items[0], memory.id) if row is not None else None
        if row is None or other is None:
            return []
        library = self.parts.library
        found = await library.memories(list((await library.keys_of([other])).values()))
        return [
            each
            for one in found.values()
            for each in comparison_lines(row.items[0], memory, one, masking)
        ]

    async def _successor(self, memory: Memory) -> Sequence[Memory] | None:
        """The memory that replaced *memory*: none where it is gone, None where nobody knows."""
        library = self.parts.library
        if memory.replaced_by is None:
            return None
        keys = await library.keys_of([memory.replaced_by])
        found = await library.memories(list(keys.values()))
        return None if not found and library.partial else list(found.values())


def _holds_secrets(memory: Memory) -> bool:
    """Whether something of *memory* is masked where it is shown."""
    fields = (f"{key}={value}" for key, value in memory.metadata.items())
    return bool(find(memory.text)) or any(find(each) for each in fields)
