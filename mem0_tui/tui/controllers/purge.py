"""Purging: memories that are to be gone for good, from everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.review.events import ApplyBegun, ApplySays, Purged
from mem0_tui.review.marking import meant_by
from mem0_tui.review.targets import Target
from mem0_tui.tui.controllers.controller import Act, Controller

if TYPE_CHECKING:
    from mem0_tui.curator.purge.carry_out import PurgeReport
    from mem0_tui.curator.purge.plan import PurgePlan
    from mem0_tui.curator.trash import TrashEntry
    from mem0_tui.model.memory import Memory

_WORD, _WORD_FOR_PINNED = "purge", "purge pinned"
_SHOWN = 8


class PurgeController(Controller):
    """Asks for a word, purges, and says what is left."""

    def actions(self) -> Mapping[str, Act]:
        return {"memory.purge": lambda: self.screen.controllers.stage.on_target(self._purge_target)}

    def _purge_target(self, target: Target) -> None:
        """Purge *target*; pinned memories that only a query marked stay."""
        meant, left_out = meant_by(self.session.triage, target)
        if left_out:
            self.screen.tell(left_out, "warning")
        if meant:
            self.screen.read("plan", self._plan_purge(meant))

    async def _plan_purge(self, memories: Sequence[Memory]) -> None:
        from mem0_tui.curator.purge.plan import plan_memories

        self._ask_for_purge(await plan_memories(self.parts.curator(), memories))

    async def plan_purge_of(self, entries: Sequence[TrashEntry]) -> None:
        """Ask about the purge of these entries of the trash."""
        from mem0_tui.curator.purge.plan import plan_deleted

        self._ask_for_purge(await plan_deleted(self.parts.curator(), entries))

    def _ask_for_purge(self, plan: PurgePlan) -> None:
        from mem0_tui.tui.modals.final_word import FinalWord

        if self.parts.purger is None or self.screen.read_only:
            self.screen.tell("this is read-only: nothing can be purged", "warning")
            return

        def answered(said: bool | None) -> None:
            if said:
                self.screen.write(self._purge(plan))

        what = "it is" if len(plan.items) == 1 else "they are"
        reasons = [f"{what} erased from every place that mem0-tui keeps, the journal too"]
        if plan.pinned:
            reasons.append(f"{plural(len(plan.pinned), 'pinned memory')} among them")
        word = _WORD_FOR_PINNED if plan.pinned else _WORD
        lost = f"{plural(len(plan.items), 'memory')} cannot be put back"
        self.screen.app.push_screen(FinalWord(lost, reasons, word=word), answered)

    async def _purge(self, plan: PurgePlan) -> None:
        assert self.parts.purger is not None
        self.parts.curator().read_only = self.screen.read_only
        await self._carry_out(
            self.parts.purger().purge(plan, self._say),
            [item.memory.id for item in plan.items],
        )

    def _say(self, words: str) -> None:
        self.screen.send(ApplySays(words))

    async def _carry_out(self, work: Awaitable[PurgeReport], memory_ids: list[str]) -> None:
        """Await *work* with the header saying what is done, then say what is left."""
        from mem0_tui.tui.modals.message import MessageView

        self.screen.send(ApplyBegun("purging", stoppable=False))
        try:
            report = await work
        finally:
            await self.screen.controllers.apply.read_again(memory_ids)
        self.screen.send(Purged(tuple(report.purged)))
        self.screen.app.push_screen(MessageView("Purged", purge_text(report)))

    async def offer_resume(self) -> None:
        """Ask about a purge that was cut off."""
        if self.parts.purger is None:
            return
        for purge in (await self.parts.curator().interrupted_purges())[:1]:
            self._ask_about(purge.id, list(purge.hashes))

    def _ask_about(self, purge_id: str, memory_ids: list[str]) -> None:
        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes and self.parts.purger is not None:
                self.parts.curator().read_only = self.screen.read_only
                work = self.parts.purger().resume(purge_id, say=self._say)
                self.screen.write(self._carry_out(work, memory_ids))

        count = plural(len(memory_ids), "memory")
        self.screen.app.push_screen(
            Confirm(
                "Interrupted",
                f"A purge of {count} was interrupted. Until it is finished, nothing can be undone."
                " Finish it?",
                yes="Finish",
                no="Later",
            ),
            answered,
        )


def purge_text(report: PurgeReport) -> str:
    """What became of a purge, as text that is safe to show."""
    files = sum(each.files for each in report.checked)
    lines = [f"{plural(len(report.purged), 'memory')} purged. There is no undo of it."]
    lines += [f"{one_line(id_)}: {one_line(e.message)}" for id_, e in report.refused.items()]
    if report.taken:
        back = "an undo puts that back" if report.taken.transaction_id else report.taken.error.hint
        lines.append(f"{one_line(report.taken.error.message)}; {back}.")
    if report.left:
        lines.append(f"Looked into {plural(files, 'file')}. Some of it is still here:")
        lines += [f"  {one_line(x.place)}: {one_line(x.why)}" for x in report.left[:_SHOWN]]
        if len(report.left) > _SHOWN:
            lines.append(f"  … and {len(report.left) - _SHOWN:,} more")
    else:
        lines.append(f"Looked into {plural(files, 'file')}: nothing is left of it.")
    return "\n".join([*lines, *report.unseen])
