"""Opens the look at what Codex would be given for a prompt, with what is staged as its plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from mem0_tui.tui.controllers.controller import Act, Controller

if TYPE_CHECKING:
    from mem0_tui.tui.screens.browse import BrowseScreen


class PromptController(Controller):
    """Remembers the prompt that was looked at last, in memory only."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self._prompt = ""

    def actions(self) -> Mapping[str, Act]:
        return {"prompt.open": self.open}

    def open(self) -> None:
        """Open it."""
        if self.parts.prompt is None:
            self.screen.tell("Codex cannot be looked at here", "warning")
        else:
            self.screen.open_with(self._open())

    async def _open(self) -> None:
        from mem0_tui.tui.modals.prompt_preview import PromptPreview

        look = self.parts.prompt
        if look is None:
            return
        staging, plan = self.session.triage.staging, None
        if len(staging):
            curator = self.parts.curator()
            plan = await curator.plan(staging.changes, include_pinned=True, seen=staging.seen)

        def closed(prompt: str | None) -> None:
            self._prompt = prompt or self._prompt

        view = PromptPreview(partial(look, plan=plan), prompt=self._prompt, staged=len(staging))
        self.screen.app.push_screen(view, closed)
