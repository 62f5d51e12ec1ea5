"""The main screen's ways from one memory to another that it names, and back again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.screens.finding import EVERYTHING, Finding
from mem0_tui.tui.screens.loading import Loading
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.search_box import SearchBox

_LONGEST = 100
"""Places that are remembered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was: what the list showed, and the memory under the cursor."""

    state: BrowseState
    section: int
    typed: str
    key: int | None


class Trail(Finding, Loading):
    """Goes where a link leads; the way back shows what was shown before."""

    def __init__(self) -> None:
        super().__init__()
        self._trail: list[Place] = []

    def show_memory(self, key: int) -> None:
        """Go to the memory with this row key, with everything that hides it taken away."""
        if not self._went_to_row(key):
            self.read("goto", self._show_alone(key))
        self.memories.focus()

    async def on_text_view_followed(self, event: ListedMemory.Followed) -> None:
        """Go to the memory that was clicked."""
        await self.follow(event.link)

    async def action_memory_follow(self) -> None:
        """Go to the memory that replaced the one under the cursor."""
        memory = self.memories.current
        if memory is None or memory.replaced_by is None:
            self.tell("no other memory has replaced this one")
        else:
            await self.follow(memory.replaced_by)

    async def follow(self, memory_id: str) -> None:
        """Go to the memory with this id, and stay in the pane that has the focus.

        It is awaited, so that the keys that follow are meant for that memory.
        """
        await self.guarded(self._follow(memory_id))

    async def _follow(self, memory_id: str) -> None:
        key = (await self.library.keys_of([memory_id])).get(memory_id)
        if key is not None:
            if not self._went_to_row(key):
                await self._show_alone(key)
        elif self.library.partial:
            self.tell("that memory is not among those that have been read", "warning")
        else:
            self.tell("that memory is gone", "warning")

    def _went_to_row(self, key: int) -> bool:
        """Remember this place, and go to the row *key* if it is among those shown."""
        self._remember()
        at = self.memories.rows.position(key)
        if at is not None:
            self.memories.move_to(at)
        return at is not None

    def _remember(self) -> None:
        typed = self.query_one(SearchBox).input.value
        key = self.memories.rows.key(self.memories.cursor)
        self._trail.append(Place(self.state, self.section, typed, key))
        del self._trail[:-_LONGEST]

    def action_memory_alike(self) -> None:
        """Search for what means much the same; from there, too, there is a way back."""
        self._remember()
        super().action_memory_alike()
        if self.state == self._trail[-1].state:
            self._trail.pop()

    async def _show_alone(self, key: int) -> None:
        found = (await self.library.memories([key])).get(key)
        if found is None:
            self._trail.pop()
            self.tell("that memory is gone", "warning")
            return
        query = Query((FieldTerm("id", ":", (Literal(found.id, quoted=True),)),))
        state = BrowseState(query=query, sort=self.state.sort, include_expired=True)
        self._show(Place(state, EVERYTHING, str(query), key))

    def action_trail_back(self) -> None:
        """Go back to where the last link was followed."""
        if self._trail:
            self._show(self._trail.pop())
        else:
            self.tell("no link has led here")

    def _show(self, place: Place) -> None:
        self.query_one(SearchBox).show(place.typed, place.state.mode)
        self.section = min(place.section, len(self.sections) - 1)
        self.show_sections()
        self.row_wanted = place.key
        at = self.memories.rows.position(place.key)
        state = replace(place.state, sort=self.state.sort)
        if state != self.state:
            self.set_state(state)
        elif at is not None:
            self.row_wanted = None
            self.memories.move_to(at)
