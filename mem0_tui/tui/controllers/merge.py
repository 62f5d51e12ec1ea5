"""Merging the marked memories into one; it is staged, and sent with the plan."""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.model.memory import Memory
from mem0_tui.review.events import MergeRequested
from mem0_tui.review.marking import meant_by
from mem0_tui.review.targets import Target
from mem0_tui.tui.controllers.controller import Act, Controller

_MOST = 50
"""Memories that are merged at once; a person compares them one by one."""


class MergeController(Controller):
    """Opens the memories side by side."""

    def actions(self) -> Mapping[str, Act]:
        return {"memory.merge": lambda: self.screen.controllers.stage.on_target(self._open)}

    def _open(self, target: Target) -> None:
        from mem0_tui.tui.modals.merge_view import MergeView

        meant, left_out = meant_by(self.session.triage, target)
        if left_out:
            self.screen.tell(left_out, "warning")
        if not 2 <= len(meant) <= _MOST:
            self.screen.tell(f"mark two memories or more, {_MOST} at most, to merge them")
            return

        def decided(made: tuple[Memory, Memory] | None) -> None:
            if made is not None:
                self._stage(target, meant, *made)

        view = MergeView(meant, files=self.parts.takes_categories())
        self.screen.app.push_screen(view, decided)

    def _stage(
        self, target: Target, memories: tuple[Memory, ...], survivor: Memory, wanted: Memory
    ) -> None:
        from mem0_tui.curator.planning.merging import merged

        merge = merged(self.parts.curator().backend, survivor, memories, wanted)
        self.screen.send(MergeRequested(target, merge, memories))
