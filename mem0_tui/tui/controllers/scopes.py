"""Opens the map of who finds which memories, and does what is chosen there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.change import Edit, Update
from mem0_tui.model.query import parse
from mem0_tui.review.tabs import EVERYTHING
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.runtime.threads import in_background

if TYPE_CHECKING:
    from mem0_tui.codex.reach.scope_map import Stray
    from mem0_tui.tui.modals.scope_map_view import MapChoice


class ScopesController(Controller):
    """From the map to the list, and to the plan of a move."""

    def actions(self) -> Mapping[str, Act]:
        return {"scopes.open": self.open}

    def open(self) -> None:
        """Open the map of the working folder's repository."""
        if self.parts.scopes is None:
            self.screen.tell("no repository can be looked at here", "warning")
        else:
            self.screen.open_with(self._open())

    async def _open(self) -> None:
        from mem0_tui.tui.modals.scope_map_view import ScopeMapView

        look = self.parts.scopes
        if look is None:
            return
        parts = (await self.parts.library.entities()).parts
        found = await in_background(lambda: look(parts))
        self.screen.app.push_screen(ScopeMapView(found), self._closed)

    def _closed(self, chosen: MapChoice | None) -> None:
        if chosen is None:
            return
        query, stray = chosen
        if stray is not None:
            self.screen.open_with(self._plan(stray))
            return
        self.screen.controllers.link.remember()
        view = BrowseState(query=parse(query), sort=self.session.view.sort, include_expired=True)
        self.screen.controllers.link.show(Place(view, EVERYTHING, query, None))

    async def _plan(self, stray: Stray) -> None:
        curator = self.parts.curator()
        memories = await curator.collect(parse(stray.query))
        ids = {kind.id_field: id_ for kind, id_ in stray.target.items()}
        changes = [
            Update(memory.id, Edit(scope=replace(memory.scope, **ids))) for memory in memories
        ]
        seen = {memory.id: memory for memory in memories}
        plan = await curator.plan(changes, by_query=True, seen=seen)
        if plan:
            self.screen.controllers.apply.show_plan(plan)
        else:
            self.screen.tell("; ".join(["nothing to move", *plan.notes]))
