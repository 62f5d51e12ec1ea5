"""Merging memories into one: the marked ones, or the group of the row under the cursor. It is
staged, and sent with the plan."""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.suspicion import TITLES
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
        group = None if target.of_marks else self._group()
        if group is not None:
            self.screen.open_with(self._open_group(group))
            return
        meant, left_out = meant_by(self.session.triage, target)
        if left_out:
            self.screen.tell(left_out, "warning")
        self._show(target, meant)

    def _group(self) -> Suspicion | None:
        """The group of a queue in whose row the cursor is."""
        memories = self.screen.memories
        why = memories.rows.why(memories.cursor)
        return why.items[0] if why is not None and why.grouped else None

    async def _open_group(self, group: Suspicion) -> None:
        """Open all that is left of *group*, as it is now."""
        library = self.parts.library
        keys = await library.keys_of(group.ids)
        found = {
            memory.id: memory for memory in (await library.memories([*keys.values()])).values()
        }
        members = tuple(found[memory_id] for memory_id in group.ids if memory_id in found)
        self._show(Target(members), members, group)

    def _show(
        self, target: Target, meant: tuple[Memory, ...], group: Suspicion | None = None
    ) -> None:
        from mem0_tui.tui.modals.merge_view import MergeView

        if not 2 <= len(meant) <= _MOST:
            self.screen.tell(f"mark two memories or more, {_MOST} at most, to merge them")
            return

        def decided(made: tuple[Memory, Memory] | None) -> None:
            if made is not None:
                self._stage(target, meant, *made)

        of = f"a group of {TITLES[group.queue]}" if group is not None else ""
        self.screen.app.push_screen(
            MergeView(meant, files=self.parts.takes_categories(), of=of), decided
        )

    def _stage(
        self, target: Target, memories: tuple[Memory, ...], survivor: Memory, wanted: Memory
    ) -> None:
        from mem0_tui.curator.planning.merging import merged

        merge = merged(self.parts.curator().backend, survivor, memories, wanted)
        self.screen.send(MergeRequested(target, merge, memories))
