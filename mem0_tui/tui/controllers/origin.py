"""Opens the session that a memory comes from, and leads from there to its memories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.review.tabs import EVERYTHING
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.controllers.controller import Act, Controller

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory


class OriginController(Controller):
    """The way from a memory to its session, and back to the list."""

    def actions(self) -> Mapping[str, Act]:
        return {"memory.origin": self.open}

    def open(self) -> None:
        """Open the session of the memory under the cursor."""
        memory = self.screen.memories.current
        if self.parts.recorded is None:
            self.screen.tell("Codex knows nothing of these memories", "warning")
        elif memory is not None:
            self.screen.open_with(self._open(memory))

    async def _open(self, memory: Memory) -> None:
        from mem0_tui.tui.modals.origin_view import OriginView

        recorded = self.parts.recorded
        if recorded is None:
            return
        origin = await recorded.origin(memory)
        self.screen.app.push_screen(OriginView(origin, recorded.turn), self._closed)

    def _closed(self, session: str | None) -> None:
        """Show the memories that *session* met, where it was asked for."""
        if session is None:
            return
        self.screen.controllers.link.remember()
        query = Query((FieldTerm("met", ":", (Literal(session),)),))
        view = BrowseState(query=query, sort=self.session.view.sort, include_expired=True)
        self.screen.controllers.link.show(Place(view, EVERYTHING, str(query), None))
