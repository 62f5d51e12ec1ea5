"""Plans: shown, applied, reported, taken back; deletes of whole scopes; leaving."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError, UnfinishedError
from mem0_tui.model.text import one_line
from mem0_tui.review.events import (
    ApplyBegun,
    ApplyDone,
    ApplyProgress,
    ApplySent,
    RedoRequested,
    Reported,
    StopRequested,
    UndoRequested,
)
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.widgets.scope_list import ScopeList

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Progress, Report
    from mem0_tui.curator.applying.scopes import ScopePreview
    from mem0_tui.curator.planning.plan import Plan, PlanItem
    from mem0_tui.model.change import Change
    from mem0_tui.tui.modals.plan_view import Edited


class ApplyController(Controller):
    """Everything that sends changes; each begins with a plan that the user sees."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "plan.open": self.open_plan,
            "undo": lambda: self.screen.send(UndoRequested()),
            "redo": lambda: self.screen.send(RedoRequested()),
            "scope.delete": self.delete_scope,
            "write.toggle": self.toggle_writing,
            "quit": self.leave,
        }

    # -- plans

    def open_plan(self) -> None:
        """Show the plan of what is staged."""
        if not len(self.session.triage.staging):
            self.screen.tell("nothing is staged: d deletes, e edits, t changes the type")
            return
        self.screen.open_with(self._open_plan())

    async def _open_plan(self) -> None:
        staging = self.session.triage.staging
        curator = self.parts.curator()
        plan = await curator.plan(staging.changes, include_pinned=True, seen=staging.seen)
        self.show_plan(plan, staged=True)

    def show_plan(self, plan: Plan, *, staged: bool = False, empty: bool = False) -> None:
        """Show *plan*, of what is *staged*, or of entities that are all *empty*: they have no
        memories to type a name for. It is applied when it is accepted."""
        from mem0_tui.tui.modals.plan_view import PlanView

        def decided(accepted: Plan | None) -> None:
            if accepted is not None:
                confirmed = accepted.scopes if empty else ()
                self.screen.write(self._apply(accepted, staged=staged, confirmed=confirmed))
            elif staged and view.dropped:
                key = key_for("stage.drop", self.parts.keymap)
                what = plural(view.dropped, "dropped change")
                self.screen.tell(f"{what} still staged: {key} on the memory takes it back")

        now = self.parts.now()
        view = PlanView(
            plan,
            f"{self.parts.title} {self.parts.target}".strip(),
            now=now,
            read_only=self.screen.why_read_only,
            edit=self._edit_item if staged else None,
            note=self.session.applier.asked_to_wait(now),
        )
        self.screen.app.push_screen(view, decided)

    def _edit_item(self, item: PlanItem, edited: Edited, in_editor: bool) -> None:
        """Open the edit pane, or the user's editor, on what *item* will do; what comes of it is
        staged, and told."""

        def changed(change: Change | None) -> None:
            self.screen.controllers.show.triage()
            if change is None:
                edited(None)
            else:
                self.screen.read("plan", self._plan_again(change, edited))

        if not self.screen.controllers.edit.edit_staged(item.change, changed, in_editor=in_editor):
            self.screen.tell("a delete has nothing to edit: x leaves it out", "warning")

    async def _plan_again(self, change: Change, edited: Edited) -> None:
        seen = self.session.triage.staging.seen
        plan = await self.parts.curator().plan([change], include_pinned=True, seen=seen)
        edited(plan.items[0])

    # -- applying

    async def _apply(
        self, plan: Plan, *, staged: bool = False, confirmed: tuple[EntityRef, ...] = ()
    ) -> None:
        report = await self.carry_out(
            self.parts.curator().apply(
                plan,
                confirmed_scopes=[str(entity) for entity in confirmed],
                progress=self.show_progress,
                cancelled=self.stop_requested,
            )
        )
        goes_on = "undo" if plan.undoes else "redo" if plan.redoes else ""
        if staged:
            goes_on = "plan.open"
        root, undoing = plan.undoes or plan.redoes, plan.undoes is not None
        root = root or report.transaction_id
        now = self.parts.now()
        self.screen.send(Reported(report, now, staged=staged, root=root, undoing=undoing))
        self.tell_report(report, undoing=undoing, goes_on=goes_on)

    async def carry_out(self, work: Awaitable[Report]) -> Report:
        """Await *work* with the header saying how far it is, then read again what it touched."""
        self.parts.curator().read_only = self.screen.read_only
        self.screen.send(ApplyBegun())
        touched: list[str] | None = None
        try:
            report = await work
            touched = [memory.id for item in report.items for memory in item.item.before]
            touched += [item.added_id for item in report.items if item.added_id]
            return report
        finally:
            await self.read_again(touched)

    async def read_again(self, memory_ids: list[str] | None) -> None:
        """Show what has become of these memories, None for all of them."""
        self.screen.send(ApplySent())
        failed: Mem0TuiError | None = None
        try:
            await self.parts.library.refresh(memory_ids)
        except Mem0TuiError as error:
            failed = error
        finally:
            self.screen.send(ApplyDone(failed))

    def stop(self) -> bool:
        """Ask the apply that is going on, if one is, to stop after the item it is at."""
        applying = self.session.applier.applying
        self.screen.send(StopRequested())
        return applying

    def stop_requested(self) -> bool:
        """Whether the user asked to stop."""
        return self.session.applier.stop_requested

    def show_progress(self, progress: Progress) -> None:
        """Say in the header how far an apply is."""
        self.screen.send(ApplyProgress(progress))

    def tell_report(self, report: Report, *, undoing: bool = False, goes_on: str = "") -> None:
        """Say what became of a plan; *goes_on* is the action that carries out the rest of it."""
        from mem0_tui.tui.modals.report_view import ReportView, rest, summary

        key = key_for("redo" if undoing else "undo", self.parts.keymap)
        clean = report.redacted is None or report.redacted.clean
        if report.complete and clean:
            back = f"{key} applies it again" if undoing else f"{key} takes it back"
            if not report.changed:
                back = "it cannot be undone here" if report.final else ""
            if report.redacted:
                back = f"no file of ours holds the secrets any more; {back}"
            self.screen.tell(" · ".join(part for part in (summary(report), back) if part))
            return
        how = f"{key_for(goes_on, self.parts.keymap)} on the main screen" if goes_on else ""
        left = rest(report, self.parts.now(), how)
        self.screen.app.push_screen(ReportView(report, key, undoing=undoing, left=left))

    # -- undo and redo of what was applied

    def plan_reversal(self, *, redo: bool) -> None:
        """Show the plan that takes back what was applied last, or applies again what was taken
        back last."""
        self.screen.open_with(self._plan_reversal(redo))

    async def _plan_reversal(self, redo: bool) -> None:
        """Show the plan; where another was interrupted, ask about that one first."""
        curator = self.parts.curator()
        try:
            plan = await (curator.plan_redo() if redo else curator.plan_undo())
        except UnfinishedError as error:
            if error.running:
                raise
            await self.screen.controllers.resume.offer()
        else:
            self.show_plan(plan)

    # -- whole scopes

    def delete_scope(self) -> None:
        """Delete all memories of the entity, or of the part of an app, under the tree's cursor."""
        tree = self.screen.query_one(ScopeList)
        if tree.current_part is not None:
            self.screen.open_with(self._preview_part(tree.current_part.scope))
            return
        if tree.on_empty:
            self.screen.open_with(self._plan_empty())
            return
        entity = tree.current
        if entity is None:
            self.screen.tell("choose one user, agent, app or run in the scope tree")
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def chosen(whole: bool | None) -> None:
            if whole is not None:
                self.screen.open_with(self._preview_scope(entity, whole))

        self.screen.app.push_screen(
            Confirm(
                "Delete scope",
                f"Delete the memories of {entity}. The entity itself too?",
                yes="Entity too",
                no="Memories only",
            ),
            chosen,
        )

    async def _preview_scope(self, entity: EntityRef, whole: bool) -> None:
        preview = await self.parts.curator().plan_scope_delete(entity, delete_entity=whole)
        self._ask_for_name(preview, confirmed=(entity,))

    async def _preview_part(self, scope: Scope) -> None:
        preview = await self.parts.curator().plan_part_delete(scope)
        if preview.going:
            self._ask_for_name(preview)
        else:
            nothing = f"nothing to delete of {one_line(str(scope))}"
            self.screen.tell("; ".join([nothing, *preview.plan.notes]))

    async def _plan_empty(self) -> None:
        plan = await self.parts.curator().plan_empty_entities()
        if plan:
            self.show_plan(plan, empty=True)
        else:
            self.screen.tell("; ".join(["no entity is empty any more", *plan.notes]))

    def _ask_for_name(self, preview: ScopePreview, confirmed: tuple[EntityRef, ...] = ()) -> None:
        from mem0_tui.tui.modals.scope_delete import ScopeDelete

        def decided(accepted: bool | None) -> None:
            if accepted:
                self.screen.write(self._apply(preview.plan, confirmed=confirmed))

        view = ScopeDelete(preview, read_only=self.screen.why_read_only)
        self.screen.app.push_screen(view, decided)

    # -- writing, leaving

    def toggle_writing(self) -> None:
        """Switch between read-only and writing; a remote backend asks first."""
        if self.parts.locked:
            self.screen.tell(self.parts.locked, "warning")
            return
        if not self.screen.read_only or not self.parts.remote:
            self._set_read_only(not self.screen.read_only)
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self._set_read_only(False)

        self.screen.app.push_screen(
            Confirm(
                "Allow writing",
                f"Allow changes on {self.parts.title} {self.parts.target} in this session?",
                yes="Allow",
                no="Stay read-only",
            ),
            answered,
        )

    def _set_read_only(self, read_only: bool) -> None:
        self.screen.read_only = read_only
        self.screen.controllers.show.header()
        self.screen.tell("read-only" if read_only else "writing is allowed")

    def leave(self) -> None:
        """Leave, after asking when something is staged."""
        if self.stop():
            self.screen.tell("an apply is going on; q again once it has stopped", "warning")
            return
        if not len(self.session.triage.staging):
            self.screen.app.exit(0)
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(leave: bool | None) -> None:
            if leave:
                self.screen.app.exit(0)

        staged = plural(len(self.session.triage.staging), "change")
        self.screen.app.push_screen(
            Confirm(
                "Leave",
                f"{staged} staged and not applied. Leave all the same?",
                yes="Leave",
                no="Stay",
            ),
            answered,
        )
