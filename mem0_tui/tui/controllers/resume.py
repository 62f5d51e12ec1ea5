"""What becomes of a plan or a purge that ended before it was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.review.events import Reported
from mem0_tui.review.reading import InterruptedUnknown
from mem0_tui.tui.controllers.controller import Controller

if TYPE_CHECKING:
    from mem0_tui.store.journal.rows import Transaction


class ResumeController(Controller):
    """Finishes, or leaves, what a crash or a lost connection cut off."""

    def ask(self) -> None:
        """Ask once; again later where it cannot be told whether anything was cut off."""
        self.screen.read("resume", self._ask())

    async def _ask(self) -> None:
        try:
            await self.offer()
        except BaseException:
            self.screen.send(InterruptedUnknown())
            raise

    async def offer(self) -> None:
        """Ask what to do about a plan, and about a purge, that was left half done."""
        for transaction in (await self.parts.curator().interrupted())[:1]:
            self._ask_about(transaction)
        await self.screen.controllers.purge.offer_resume()

    def _ask_about(self, transaction: Transaction) -> None:
        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes is not None:
                self.screen.write(self._resume(transaction, finish=yes))

        self.screen.app.push_screen(
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
        applying = self.screen.controllers.apply
        report = await applying.carry_out(
            self.parts.curator().resume(
                transaction.id,
                finish=finish,
                progress=applying.show_progress,
                cancelled=applying.stop_requested,
            )
        )
        goes_on = "undo" if transaction.undoes else "redo" if transaction.redoes else ""
        rest = finish and not goes_on
        root, undoing = transaction.root, transaction.undoes is not None
        now = self.parts.now()
        self.screen.send(Reported(report, now, rest=rest, root=root, undoing=undoing))
        if rest and self.session.triage.staging:
            goes_on = "plan.open"
        applying.tell_report(report, undoing=undoing, goes_on=goes_on)
