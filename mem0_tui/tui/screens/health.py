"""The health screen: what is wrong with the install first, what follows from it, and its repair."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import Horizontal

from mem0_tui.codex.live.server_probe import target
from mem0_tui.codex.report import Finding, Fix
from mem0_tui.codex.watch import InstallState
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.review.counts import written
from mem0_tui.review.tabs import Section
from mem0_tui.tui.health_rows import (
    AREA,
    AREA_OF,
    FINDING,
    STATION,
    check_rows,
    find,
    hook_rows,
    safe,
    station_at,
)
from mem0_tui.tui.keys import KeyContext, bindings, key_for
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.fix_view import FixView
from mem0_tui.tui.painting.pane import Pane
from mem0_tui.tui.runtime.threads import in_background
from mem0_tui.tui.runtime.workers import WorkScreen
from mem0_tui.tui.style_sheets import LATER_STYLES
from mem0_tui.tui.widgets.health_detail import HealthDetail, spots
from mem0_tui.tui.widgets.health_header import HealthHeader
from mem0_tui.tui.widgets.health_way import HealthWay, has_room
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.row_list import RowList
from mem0_tui.tui.widgets.section_bar import SectionBar

if TYPE_CHECKING:
    from mem0_tui.codex.watch import HealthService

R = TypeVar("R")
POLL_SECONDS = 2.0
"""How often files are looked at for changes."""
_CHECKS, _HOOKS = "Checks", "Hooks"
_TABS = (Section(_CHECKS), Section(_HOOKS))


class HealthScreen(WorkScreen[None]):
    """Shows one install; looks again whenever a file behind it changes."""

    BINDING_GROUP_TITLE = "Health"
    CSS_PATH = LATER_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KeyContext.HEALTH),
        *bindings(KeyContext.APP),
    ]
    AUTO_FOCUS = "RowList"

    def __init__(
        self, service: HealthService, looked: Callable[[InstallState], None], *, locked: str = ""
    ) -> None:
        """*looked* is told every look that is shown; *locked* says why nothing is repaired here."""
        super().__init__()
        self._locked = locked
        self._service, self._looked = service, looked
        self._look: InstallState | None = None
        self._tab = 0
        self._unfolded: set[str] = set()
        self._keys: dict[int, str | None] = {}
        self._asked = False
        self._busy = ""

    def compose(self) -> ComposeResult:
        yield HealthHeader(id="health-header")
        yield HealthWay(id="health-way")
        with Horizontal(id="health-main"):
            with Pane(id="health-list", classes="pane") as pane:
                pane.border_title = "Install"
                yield SectionBar(id="health-tabs")
                yield RowList(id="health-rows")
            yield HealthDetail(id="health-detail")
        yield KeyFooter()

    def on_mount(self) -> None:
        detail = self.query_one(HealthDetail)
        detail.add_class("pane")
        detail.border_title = "Details"
        self._show_header()
        self._read_install(self._service.look)
        self.set_interval(POLL_SECONDS, self._poll)

    # -- looking

    def action_rescan(self) -> None:
        """Read all files again."""
        self._read_install(self._service.look)

    def _poll(self) -> None:
        if not self._busy:
            self._read_install(self._service.latest)

    def _read_install(self, look: Callable[[], InstallState]) -> None:
        self.read("look", self._look_and_show(look))

    async def _look_and_show(self, look: Callable[[], InstallState]) -> None:
        found = await asyncio.to_thread(lambda: _worked_out(look()))
        if found is not self._look:
            self._show(found)

    def _show(self, look: InstallState) -> None:
        self._look = look
        self._looked(look)
        self.query_one(HealthWay).show(look)
        self._show_rows()
        self._show_header()

    def _show_rows(self, key: str | None = None) -> None:
        look = self._look
        if look is None:
            return
        wrong = sum(f.status in ("fail", "warn") for f in look.report.roots)
        counts = {_HOOKS: written(len(look.hooks)), _CHECKS: written(wrong or None)}
        self.query_one(SectionBar).show(_TABS, self._tab, counts)
        drawn = self.query_one(HealthWay).display
        rows = hook_rows(look) if self._tab else check_rows(look, self._unfolded, way=not drawn)
        self.query_one(RowList).show(rows, key=key)

    def _show_header(self) -> None:
        self.query_one(HealthHeader).show(self._look, self._busy)

    def on_resize(self) -> None:
        """Draw the way of a memory where there is room for it, else as rows of the list."""
        picture, room = self.query_one(HealthWay), has_room(*self.size)
        if picture.display != room:
            if picture.has_focus:
                self.query_one(RowList).focus()
            picture.display = room
            self._show_rows()

    def on_descendant_focus(self) -> None:
        """Show what the cursor of the list is on, where it has the focus again."""
        if self.query_one(RowList).has_focus:
            self.on_row_list_moved()

    def on_health_way_moved(self) -> None:
        """Show what the station is about."""
        self.on_row_list_moved()

    def on_row_list_moved(self) -> None:
        """Show what the row is about."""
        if self._look is not None:
            self.query_one(HealthDetail).show_row(self._look, self._key, self._key_for)

    def _key_for(self, action_id: str) -> str:
        return key_for(action_id, getattr(self.app, "keymap", {}))

    @property
    def _key(self) -> str:
        picture = self.query_one(HealthWay)
        if picture.has_focus:
            return STATION + picture.cursor
        return self.query_one(RowList).key or ""

    @property
    def _finding(self) -> Finding | None:
        """The finding under the cursor, or the worst of the area under it."""
        if self._look is None:
            return None
        if self._key.startswith(AREA):
            area = self._key.removeprefix(AREA)
            mine = [f for f in self._look.report.findings if f.area == area]
            return next((f for f in mine if f.fix is not None), None)
        if (station := station_at(self._look.report, self._key)) is not None:
            mine = list(station.findings)
            return next((f for f in mine if f.fix is not None), next(iter(mine), None))
        return find(self._look.report, self._key) if self._key.startswith(FINDING) else None

    def action_tab(self) -> None:
        """Checks, or what Codex runs at each event."""
        self.on_section_bar_chosen(SectionBar.Chosen(1 - self._tab))

    def on_section_bar_chosen(self, event: SectionBar.Chosen) -> None:
        """Show the tab, with the cursor where it was there."""
        self._keys[self._tab] = self.query_one(RowList).key
        self._tab = event.index
        self._show_rows(self._keys.get(self._tab))
        self.query_one(RowList).focus()

    def action_fold(self) -> None:
        """Show what follows from this finding, or no longer."""
        finding = self._finding
        if finding is not None and not self._tab and self._key.startswith(FINDING):
            root = finding.cause or finding.id
            self._unfolded ^= {root}
            self._show_rows(FINDING + root)

    # -- repairing

    def action_fix(self) -> None:
        """Show the repair of this finding, or else of the first that has one."""
        look = self._look
        if look is None or self._is_locked():
            return
        finding = self._finding
        fix = self._fix_of(finding) if finding else next(iter(look.report.fixes), None)
        if fix is None:
            self.tell("there is no repair for this one" if finding else "nothing to repair")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.write(self._apply(fix))

        self.app.push_screen(FixView(fix, look.report.home, self._key_for), answered)

    def _is_locked(self) -> bool:
        """Whether nothing can be repaired in this session, which is said then."""
        if self._locked:
            self.tell(self._locked, "warning")
        return bool(self._locked)

    def _fix_of(self, finding: Finding) -> Fix | None:
        """Its own repair, or that of what it follows from."""
        while finding.fix is None and finding.cause is not None and self._look is not None:
            cause = find(self._look.report, finding.cause)
            if cause is None:
                break
            finding = cause
        return finding.fix

    async def _apply(self, fix: Fix) -> None:
        try:
            resolved = await self._during(f"applying {fix.id}", lambda: self._service.apply(fix))
        finally:
            await self._look_and_show(self._service.latest)
        if resolved:
            self.tell(f"repaired: {fix.summary}\n{self._key_for('health.undo')} takes it back")
        else:
            self.tell(f"{fix.id} was applied, and the finding is still there", "warning")

    def action_undo(self) -> None:
        """Ask, then take the newest repair back."""
        if self._is_locked():
            return
        if self._look is None or self._look.undoable is None:
            self.tell("there is no repair to take back")
            return
        question = f"Take {safe(self._look.undoable, '')} back, byte for byte?"

        def answered(yes: bool | None) -> None:
            if yes:
                self.write(self._undo())

        self.app.push_screen(Confirm("Undo a repair", question, yes="Undo", no="Leave"), answered)

    async def _undo(self) -> None:
        try:
            undone = await self._during("taking it back", self._service.undo)
        finally:
            await self._look_and_show(self._service.latest)
        self.tell(f"{undone} was taken back")

    # -- asking

    def action_live(self) -> None:
        """Ask Codex and the server; the first time, say what that does."""
        if self._look is None or self._busy:
            return
        if self._asked:
            self.write(self._live())
            return
        server = target(self._look.install)
        sent = f", and sends your key to {safe(server.host, '')}" if server else ""
        question = (
            f"This starts `codex app-server` and with it the MCP servers that you have{sent}."
            " One search is sent; nothing is changed."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self._asked = True
                self.write(self._live())

        self.app.push_screen(Confirm("Live check", question, yes="Ask", no="Leave"), answered)

    async def _live(self) -> None:
        def tell(doing: str) -> None:
            loop.call_soon_threadsafe(self._say_busy, doing)

        loop = asyncio.get_running_loop()
        self._show(await self._during("asking", lambda: _worked_out(self._service.live(tell))))
        self.tell("Codex and the server were asked")

    async def _during(self, doing: str, work: Callable[[], R]) -> R:
        self._say_busy(doing)
        try:
            return await in_background(work)
        finally:
            self._say_busy("")

    def _say_busy(self, doing: str) -> None:
        self._busy = doing
        if self.is_mounted:
            self._show_header()

    # -- files and reports

    def action_edit(self) -> None:
        """Open the file that the row is about, at its line; of a station, go to its finding."""
        if self._key.startswith(STATION):
            self.on_health_way_chosen()
            return
        from mem0_tui.tui.editor import open_file

        place = next(iter(spots(self._look, self._key)), None) if self._look else None
        if place is None:
            self.tell("this one is not about a file")
            return
        try:
            with self.app.suspend():
                open_file(place.path, place.line, os.environ)
        except SuspendNotSupported:
            self.tell("this terminal cannot be handed to an editor", "warning")
        except Mem0TuiError as error:
            self.show_error(error)
        self.action_rescan()

    def on_health_way_chosen(self) -> None:
        """Go to the row of the station's worst finding, or else of its area."""
        station = station_at(self._look.report, self._key) if self._look else None
        if station is None or self._look is None:
            return
        finding = next(iter(station.findings), None)
        root = finding
        while root is not None and root.cause is not None:
            root = find(self._look.report, root.cause)
        if finding is not None and root is not None and finding is not root:
            self._unfolded.add(root.id)
        area = AREA_OF[station.station]
        self._tab = 0
        self._show_rows(FINDING + finding.id if finding is not None else AREA + area)
        self.query_one(RowList).focus()

    def on_row_list_chosen(self) -> None:
        """A double click opens the file."""
        self.action_edit()

    def action_copy(self) -> None:
        """Copy the report, without keys and without the home folder's name."""
        if self._look is not None:
            report = self._look.report
            text = self._service.render(report).replace(report.home, "~")
            self.app.copy_to_clipboard(text)
            self.tell("the report was copied, if your terminal allows it")

    def action_leave(self) -> None:
        """Back to the main screen."""
        self.dismiss(None)


def _worked_out(look: InstallState) -> InstallState:
    """*look* with its repairs worked out, which reads files: for a thread, not for the screen."""
    for fix in look.report.fixes:
        _ = fix.edits
    return look
