"""The main screen's resuming: what becomes of a plan that ended before it was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.tui.screens.applying import Applying

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Report
    from mem0_tui.store.journal.rows import Transaction


class Resuming(Applying):
    """Finishes, or leaves, what a crash or a lost connection cut off."""

    async def offer_resume(self) -> None:
        """Ask what to do about a plan that a crash or a lost connection left half applied."""
        curator = self.parts.curator()
        for transaction in (await curator.interrupted())[:1]:
            self._ask_about(transaction)

    def _ask_about(self, transaction: Transaction) -> None:
        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes is not None:
                self.write(self._resume(transaction, finish=yes))

        self.app.push_screen(
            Confirm(
                "Interrupted",
                f"On {transaction.at:%Y-%m-%d %H:%M} UTC «{transaction.summary}» was interrupted."
                " Finish it? «Leave» checks what was done, closes it, and leaves the rest undone."
                " Until then nothing else is undone. Esc asks again next time.",
                yes="Finish",
                no="Leave",
            ),
            answered,
        )

    async def _resume(self, transaction: Transaction, *, finish: bool) -> None:
        curator = self.parts.curator()
        report = await self.carrying_out(
            curator.resume(
                transaction.id,
                finish=finish,
                progress=self.show_progress,
                cancelled=self.cancel_is_wanted,
            )
        )
        goes_on = "undo" if transaction.undoes else "redo" if transaction.redoes else ""
        if finish and not goes_on and self._stage_the_rest(report):
            goes_on = "plan.open"
        self.tell_report(report, undoing=transaction.undoes is not None, goes_on=goes_on)

    def _stage_the_rest(self, report: Report) -> bool:
        """Stage what was not done: its plan is closed, and nothing else remembers it; whether
        there was any. What was done in part is not begun anew."""
        from mem0_tui.curator.applying.report import UNDONE

        undone = [each for each in report.items if each.outcome in UNDONE]
        self.triage.restage(
            (each.item.change, each.item.before)
            for each in undone
            if not each.added_id and not each.removed
        )
        self.show_triage()
        return bool(self.triage.staging)
