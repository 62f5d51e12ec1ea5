"""The main screen's applying: plan, progress, report, undo, redo, scope deletes."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError, UnfinishedError
from mem0_tui.model.text import one_line
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.widgets.scope_list import ScopeList

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Progress, Report
    from mem0_tui.curator.applying.scopes import ScopePreview
    from mem0_tui.curator.planning.plan import Plan, PlanItem
    from mem0_tui.model.change import Change
    from mem0_tui.tui.modals.plan_view import Edited


class Applying(BrowseContext):
    """Everything that sends changes; each begins with a plan that the user sees."""

    _cancel_wanted = False
    _not_before: datetime | None = None
    """When the server will have requests again, where it asked to wait."""

    def action_plan_open(self) -> None:
        """Show the plan of what is staged."""
        if not len(self.triage.staging):
            self.tell("nothing is staged: d deletes, e edits, t changes the type")
            return
        self.open_with(self._open_plan())

    async def _open_plan(self) -> None:
        curator = self.parts.curator()
        plan = await curator.plan(
            self.triage.staging.changes, include_pinned=True, seen=self.triage.staging.seen
        )
        self._show_plan(plan, staged=True)

    def _show_plan(self, plan: Plan, *, staged: bool = False, empty: bool = False) -> None:
        """Show *plan*, of what is *staged*, or of entities that are all *empty*: they have no
        memories to type a name for."""
        from mem0_tui.tui.modals.plan_view import PlanView

        def decided(accepted: Plan | None) -> None:
            if accepted is not None:
                confirmed = accepted.scopes if empty else ()
                self.write(self._apply(accepted, staged=staged, confirmed=confirmed))
            elif staged and view.dropped:
                key = key_for("stage.drop", self.parts.keymap)
                what = plural(view.dropped, "dropped change")
                self.tell(f"{what} still staged: {key} on the memory takes it back")

        where = f"{self.parts.title} {self.parts.target}".strip()
        edit = self._edit_item if staged else None
        note = self._asked_to_wait()
        view = PlanView(
            plan, where, now=self.parts.now(), read_only=self.read_only, edit=edit, note=note
        )
        self.app.push_screen(view, decided)

    def _asked_to_wait(self) -> str:
        """That the server wants no requests yet, where it has said so."""
        if self._not_before is None or self.parts.now() >= self._not_before:
            return ""
        return f"the server asks to wait until {self._not_before:%H:%M:%S} UTC"

    def _edit_item(self, item: PlanItem, edited: Edited, in_editor: bool) -> None:
        """Open the edit pane, or the user's editor, on what *item* will do; what comes of it is
        staged, and told."""

        def changed(change: Change | None) -> None:
            self.show_triage()
            if change is None:
                edited(None)
            else:
                self.read("plan", self._plan_again(change, edited))

        if not self.edit_staged(item.change, changed, in_editor=in_editor):
            self.tell("there is nothing in a delete to edit: x leaves it out", "warning")

    async def _plan_again(self, change: Change, edited: Edited) -> None:
        curator = self.parts.curator()
        plan = await curator.plan([change], include_pinned=True, seen=self.triage.staging.seen)
        edited(plan.items[0])

    async def _apply(
        self, plan: Plan, *, staged: bool = False, confirmed: tuple[EntityRef, ...] = ()
    ) -> None:
        curator = self.parts.curator()
        report = await self.carrying_out(
            curator.apply(
                plan,
                confirmed_scopes=[str(entity) for entity in confirmed],
                progress=self.show_progress,
                cancelled=self.cancel_is_wanted,
            )
        )
        if staged:
            self._unstage(report)
        goes_on = "undo" if plan.undoes else "redo" if plan.redoes else ""
        if staged:
            goes_on = "plan.open"
        self.tell_report(report, undoing=plan.undoes is not None, goes_on=goes_on)

    async def carrying_out(self, work: Awaitable[Report]) -> Report:
        """Await *work* with the header saying how far it is, then read again what it touched."""
        self.parts.curator().read_only = self.read_only
        self._cancel_wanted, self.applying = False, True
        self.triage.steps.forget()  # from now on u is about what is applied
        self.app.clear_notifications()  # they told of what is now being done
        self.busy = "applying (Esc stops)"
        self.show_status()
        touched: list[str] | None = None
        try:
            report = await work
            touched = [memory.id for item in report.items for memory in item.item.before]
            touched += [item.added_id for item in report.items if item.added_id]
            return report
        finally:
            self.applying = False
            await self._read_again(touched)

    async def _read_again(self, memory_ids: list[str] | None) -> None:
        """Show what has become of these memories, None for all of them.

        What became of the plan is known without it: a server that cannot be read any more is told
        of, and takes no report away.
        """
        self.busy = "reading back"
        self.show_status()
        try:
            await self.library.refresh(memory_ids)
        except Mem0TuiError as error:
            self.unread = error
            self.show_error(error)
            again = f"{key_for('view.refresh', self.parts.keymap)} reads it again"
            self.tell(f"the list may be older than what was applied: {again}", "warning")
        finally:
            self.busy = ""
            self.rows_will_change()
            self.reload()

    def stop_applying(self) -> bool:
        """Ask the apply that is going on, if one is, to stop after the item it is at."""
        if self.applying and not self._cancel_wanted:
            self._cancel_wanted = True
            self.tell("stopping after this item")
        return self.applying

    def cancel_is_wanted(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancel_wanted

    def show_progress(self, progress: Progress) -> None:
        """Say in the header how far an apply is."""
        failed = f", {progress.failed:,} failed" if progress.failed else ""
        self.busy = f"{progress.finished:,}/{progress.total:,}{failed} (Esc stops)"
        self.show_status()

    def _unstage(self, report: Report) -> None:
        from mem0_tui.curator.applying.report import Outcome
        from mem0_tui.model.change import Add

        staging = self.triage.staging
        for item in report.items:
            if item.outcome is Outcome.DONE:
                self.triage.applied([memory.id for memory in item.item.before])
                if isinstance(item.item.change, Add):
                    staging.unstage_draft(item.item.change.draft)
        self.show_triage()

    def tell_report(self, report: Report, *, undoing: bool = False, goes_on: str = "") -> None:
        """Say what became of a plan; *goes_on* is the action that carries out the rest of it."""
        from mem0_tui.tui.modals.report_view import ReportView, rest, summary

        key = key_for("redo" if undoing else "undo", self.parts.keymap)
        if report.complete:
            self._not_before = None
            back = f"{key} applies it again" if undoing else f"{key} takes it back"
            if not report.changed:
                back = "it cannot be undone here" if report.final else ""
            self.tell(" · ".join(part for part in (summary(report), back) if part))
            return
        now, wait = self.parts.now(), report.retry_after
        self._not_before = now + timedelta(seconds=wait) if wait is not None else None
        how = f"{key_for(goes_on, self.parts.keymap)} on the main screen" if goes_on else ""
        left = rest(report, now, how)
        self.app.push_screen(ReportView(report, key, undoing=undoing, left=left))

    def action_undo(self) -> None:
        """Take back the last mark or staged change; where there is none, show the plan that takes
        back what was applied last."""
        if not self._stepped(self.triage.steps.undo(), "taken back"):
            self.open_with(self._undo())

    def _stepped(self, what: str | None, done: str) -> bool:
        if what is not None:
            self.tell(f"{done}: {what}")
            self.show_triage()
        return what is not None

    async def _undo(self) -> None:
        await self._show_reversal(self.parts.curator().plan_undo())

    async def _show_reversal(self, planning: Awaitable[Plan]) -> None:
        """Show what *planning* makes; where a plan was interrupted, ask about that one first."""
        try:
            plan = await planning
        except UnfinishedError as error:
            if error.running:
                raise
            await self.offer_resume()
        else:
            self._show_plan(plan)

    def action_redo(self) -> None:
        """Mark or stage again what was taken back; where there is no such, show the plan that
        applies again what was taken back last."""
        if not self._stepped(self.triage.steps.redo(), "done again"):
            self.open_with(self._redo())

    async def _redo(self) -> None:
        await self._show_reversal(self.parts.curator().plan_redo())

    def action_scope_delete(self) -> None:
        """Delete all memories of the entity, or of the part of an app, under the tree's cursor."""
        tree = self.query_one(ScopeList)
        if tree.current_part is not None:
            self.open_with(self._preview_part(tree.current_part.scope))
            return
        if tree.on_empty:
            self.open_with(self._plan_empty())
            return
        entity = tree.current
        if entity is None:
            self.tell("choose one user, agent, app or run in the scope tree")
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def chosen(whole: bool | None) -> None:
            if whole is not None:
                self.open_with(self._preview_scope(entity, whole))

        self.app.push_screen(
            Confirm(
                "Delete scope",
                f"Delete the memories of {entity}. The entity itself too?",
                yes="Entity too",
                no="Memories only",
            ),
            chosen,
        )

    async def _preview_scope(self, entity: EntityRef, whole: bool) -> None:
        curator = self.parts.curator()
        preview = await curator.plan_scope_delete(entity, delete_entity=whole)
        self._ask_for_name(preview, confirmed=(entity,))

    async def _preview_part(self, scope: Scope) -> None:
        preview = await self.parts.curator().plan_part_delete(scope)
        if preview.going:
            self._ask_for_name(preview)
        else:
            self.tell(
                "; ".join([f"nothing to delete of {one_line(str(scope))}", *preview.plan.notes])
            )

    async def _plan_empty(self) -> None:
        plan = await self.parts.curator().plan_empty_entities()
        if plan:
            self._show_plan(plan, empty=True)
        else:
            self.tell("; ".join(["no entity is empty any more", *plan.notes]))

    def _ask_for_name(self, preview: ScopePreview, confirmed: tuple[EntityRef, ...] = ()) -> None:
        from mem0_tui.tui.modals.scope_delete import ScopeDelete

        def decided(accepted: bool | None) -> None:
            if accepted:
                self.write(self._apply(preview.plan, confirmed=confirmed))

        self.app.push_screen(ScopeDelete(preview, read_only=self.read_only), decided)

    def action_write_toggle(self) -> None:
        """Switch between read-only and writing; a remote backend asks first."""
        if not self.read_only or not self.parts.remote:
            self._set_read_only(not self.read_only)
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self._set_read_only(False)

        self.app.push_screen(
            Confirm(
                "Allow writing",
                f"Allow changes on {self.parts.title} {self.parts.target} in this session?",
                yes="Allow",
                no="Stay read-only",
            ),
            answered,
        )

    def _set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.show_status()
        self.tell("read-only" if read_only else "writing is allowed")

    def action_quit(self) -> None:
        """Leave, after asking when something is staged."""
        if self.stop_applying():
            self.tell("an apply is going on; q again once it has stopped", "warning")
            return
        if not len(self.triage.staging):
            self.app.exit(0)
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(leave: bool | None) -> None:
            if leave:
                self.app.exit(0)

        staged = plural(len(self.triage.staging), "change")
        self.app.push_screen(
            Confirm(
                "Leave",
                f"{staged} staged and not applied. Leave all the same?",
                yes="Leave",
                no="Stay",
            ),
            answered,
        )
