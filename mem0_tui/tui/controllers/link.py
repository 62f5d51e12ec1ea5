"""Goes from one memory to another that it names; the way back shows what was shown before."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.review.events import BackRequested, LinkFollowed
from mem0_tui.review.placing import LinkArrived, LinkBroken, PlaceChosen, RowReached
from mem0_tui.review.tabs import EVERYTHING
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.controllers.controller import Act, Controller


class LinkController(Controller):
    """Links, and the way back."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "memory.follow": self._follow_successor,
            "memory.alike": self._show_alike,
            "trail.back": lambda: self.screen.send(BackRequested()),
        }

    def show_memory(self, key: int) -> None:
        """Go to the memory with this row key, with everything that hides it taken away."""
        if not self._went_to_row(key):
            self.screen.read("goto", self._show_alone(key))
        self.screen.memories.focus()

    async def _follow_successor(self) -> None:
        """Go to the memory that replaced the one under the cursor, or show what became of the files
        that it names."""
        memory = self.screen.memories.current
        if memory is not None and memory.replaced_by is not None:
            await self.follow(memory.replaced_by)
        elif memory is None or not await self._show_names(memory.id):
            self.screen.tell("no other memory has replaced this one, and git has nothing to show")

    async def _show_names(self, memory_id: str) -> bool:
        """Show what became of the files that a memory names; whether there is anything to show."""
        if self.parts.stale_names is None or self.parts.queues is None:
            return False
        from mem0_tui.presenting.staleness import look_at_names
        from mem0_tui.tui.modals.names_view import NamesView

        lines = await asyncio.to_thread(look_at_names, self.parts.stale_names(), memory_id)
        if lines:
            self.screen.app.push_screen(NamesView(lines))
        return bool(lines)

    async def follow(self, memory_id: str) -> None:
        """Go to the memory with this id, and stay in the pane that has the focus.

        It is awaited, so that the keys that follow are meant for that memory.
        """
        await self.screen.guarded(self._follow(memory_id))

    async def _follow(self, memory_id: str) -> None:
        key = (await self.parts.library.keys_of([memory_id])).get(memory_id)
        if key is not None:
            if not self._went_to_row(key):
                await self._show_alone(key)
        elif self.parts.library.partial:
            self.screen.tell("that memory is not among those that have been read", "warning")
        else:
            self.screen.tell("that memory is gone", "warning")

    def _went_to_row(self, key: int) -> bool:
        """Remember this place, and go to the row *key* if it is among those shown."""
        self.remember()
        at = self.screen.memories.rows.position(key)
        if at is not None:
            self.screen.memories.move_to(at)
        return at is not None

    def remember(self) -> None:
        """Remember this place, for the way back."""
        memories = self.screen.memories
        typed, key = self.screen.box.input.value, memories.rows.key(memories.cursor)
        place = Place(self.session.view, self.session.tabs.chosen, typed, key)
        self.screen.send(LinkFollowed(place))

    def _show_alike(self) -> None:
        """Search for what means much the same; from there, too, there is a way back."""
        self.remember()
        self.screen.controllers.find.show_alike()
        self.screen.send(LinkArrived())

    async def _show_alone(self, key: int) -> None:
        found = (await self.parts.library.memories([key])).get(key)
        if found is None:
            self.screen.send(LinkBroken())
            return
        query = Query((FieldTerm("id", ":", (Literal(found.id, quoted=True),)),))
        view = BrowseState(query=query, sort=self.session.view.sort, include_expired=True)
        self.show(Place(view, EVERYTHING, str(query), key))

    def show(self, place: Place) -> None:
        """Show what *place* showed, with the cursor where it was."""
        self.screen.box.show(place.typed, place.view.mode)
        self.screen.send(PlaceChosen(place))

    def show_row(self, key: int) -> None:
        """Put the cursor on the row *key*, if it is among those shown."""
        at = self.screen.memories.rows.position(key)
        if at is not None:
            self.screen.send(RowReached())
            self.screen.memories.move_to(at)
