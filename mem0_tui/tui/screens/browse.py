"""The main screen: scope, list, detail and install side by side, always of the same session.

It holds bindings, workers and messages. What a key means is in the controllers, what becomes of it
in the session, and how it looks in the widgets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import containers
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from mem0_tui.review.events import PlanBegun, PlanEnded
from mem0_tui.review.loader import REFRESH_SECONDS
from mem0_tui.review.placing import Covered
from mem0_tui.review.session import Session
from mem0_tui.review.tabs import Tabs
from mem0_tui.tui.keys import KeyContext, bindings, find_action, key_for
from mem0_tui.tui.painting.pane import Pane
from mem0_tui.tui.painting.plain_ground import PlainGround
from mem0_tui.tui.painting.quiet_start import QuietStart
from mem0_tui.tui.runtime.delay import Delayed
from mem0_tui.tui.runtime.key_queue import KeyQueue
from mem0_tui.tui.runtime.threads import in_background, take_short_turns
from mem0_tui.tui.runtime.workers import WorkScreen
from mem0_tui.tui.style_sheets import read_later_styles
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.health_sidebar import HealthSidebar
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.reason_line import ReasonLine
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.section_bar import SectionBar
from mem0_tui.tui.widgets.status_line import StatusLine
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from mem0_tui.review.events import Event
    from mem0_tui.tui.parts import Parts

INSTALL_SECONDS = 2.0
"""How often the files of the install are looked at for changes."""
_POLL_SECONDS = 1.0
_LOOK, _MOST_LOOKS = 0.02, 50
"""Seconds between looks at whether keys are answered, and how often to look."""
_MOMENT = 0.1
"""Seconds that the first paint waits for counts, once there are rows."""
_SOON = 0.5
"""Seconds after which the header says that something is being prepared."""


class PaneRow(containers.Horizontal, PlainGround):
    """Panes side by side."""


class PaneColumn(containers.Vertical, PlainGround):
    """Panes one below the other."""


class BrowseScreen(WorkScreen[None], QuietStart, PlainGround):
    """Scope tree, type bar, search box, list, detail, install."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(KeyContext.BROWSE)
    AUTO_FOCUS = "MemoryList"

    memories: MemoryList
    box: SearchBox

    def __init__(self, parts: Parts, shown: Callable[[], None] = lambda: None) -> None:
        """*shown* is called once there are rows to see, or none can be read."""
        from mem0_tui.tui.controllers.controllers import Controllers

        super().__init__()
        self.parts = parts
        self.read_only = parts.read_only
        """Whether writing is switched off."""
        self.session = Session(
            Tabs(parts.last_visit, parts.searches),
            remote=parts.remote,
            scans=parts.queues is not None,
            key=lambda action: key_for(action, parts.keymap),
        )
        self.first_rows = asyncio.Event()
        """Set once there are rows to see, or none can be read."""
        self.counted = asyncio.Event()
        """Set once types and scopes were counted, and shown."""
        self.answered = asyncio.Event()
        """Set once rows have been seen and what was typed before that is answered: what takes long
        may begin."""
        self.open = asyncio.Event()
        """Set once all is imported that acts on memories, too."""
        self._shown = shown
        self._focus_has_moved = asyncio.Event()
        self._focus_has_moved.set()
        self._opening: Worker[None] | None = None
        """Prepares what is to be opened."""
        self.controllers = Controllers(self)

    @property
    def why_read_only(self) -> str:
        """Why nothing can be applied, as modals say it; blank where writing is allowed."""
        if not self.read_only:
            return ""
        return self.parts.locked or "read-only: W on the main screen allows writing"

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        with PaneRow(id="main"):
            yield _pane(ScopeList(self.parts.now, id="scope"), "Scope")
            with PaneColumn(id="centre"):
                with Pane(id="list-pane", classes="pane"):
                    yield SectionBar(id="sections")
                    yield TypeBar(id="types")
                    yield SearchBox(id="search")
                    yield MemoryList(self.parts.now, id="list")
                    yield ReasonLine(id="reason")
                    yield Static("", id="empty", markup=False)
                    yield Welcome(id="welcome")
                yield _pane(ListedMemory(self.parts.now, id="detail"), "Memory")
            yield _pane(HealthSidebar(id="health"), "Install")
        yield CommandLine(id="command")
        yield KeyFooter()

    def on_mount(self) -> None:
        take_short_turns()  # the first rows are read in a thread
        self.memories = self.query_one(MemoryList)
        self.box = self.query_one(SearchBox)
        self.watch(self.box, "asked", self.controllers.find.narrow, init=False)
        self.controllers.show.header()
        self.controllers.load.reload()
        self.controllers.show.begin()
        self.read("rest", self._bring_the_rest())

    async def _bring_the_rest(self) -> None:
        """Bring what can wait until there are rows to see."""
        await self.first_rows.wait()
        await self._complete()
        self._shown()
        await self.painted()
        await self._keys_answered()
        self.answered.set()
        await in_background(self.parts.prepare)
        self.open.set()
        self.refresh_bindings()
        self.controllers.find.tell_what_is_left_out()
        self.read("health", self.controllers.go.scan_install())
        self.set_interval(_POLL_SECONDS, self.controllers.poll)
        if self.parts.install is not None:
            self.set_interval(INSTALL_SECONDS, self.controllers.go.poll_install)
        if self.parts.remote:
            self.set_interval(REFRESH_SECONDS, self.controllers.ask_for_changes)
        await read_later_styles(self.app)

    async def _complete(self) -> None:
        """Wait for what is read beside the first rows, if it does not take long: to paint all of
        the screen takes longer, and else is done twice."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                await self.laid_out.wait()
                await self.counted.wait()

    async def _keys_answered(self) -> None:
        """Wait until no key is under way; not for ever, for somebody may hold one down."""
        app = self.app
        for _ in range(_MOST_LOOKS):
            await asyncio.sleep(_LOOK)
            if not (isinstance(app, KeyQueue) and app.is_busy_with_keys(_LOOK)):
                return

    # -- events in, effects out

    @property
    def covered(self) -> bool:
        """Whether another screen lies over this one."""
        return self.app.screen is not self

    def send(self, event: Event) -> None:
        """Tell the session of *event*, and carry out what comes of it."""
        if self.covered != self.session.covered:
            self.session.handle(Covered(self.covered))
        for effect in self.session.handle(event):
            self.controllers.carry_out(effect)
        self.controllers.load.update_gates()

    async def action_act(self, action_id: str) -> None:
        """Do what the action of that id does; the keys that follow wait for it."""
        waits = self.controllers.actions[action_id]()
        if isawaitable(waits):
            await waits

    async def action_quit(self) -> None:
        """Leave; Textual's own keys lead here, too."""
        await self.action_act("quit")

    def action_memory_step(self, by: int) -> None:
        """Go to another memory without leaving the pane that shows it."""
        self.memories.move(by)

    @property
    def foremost_keys(self) -> Sequence[str]:
        """The actions that the footer shows before others, in this order."""
        return self.controllers.queues.foremost

    def looked_at_again(self) -> None:
        self.controllers.look_again()

    # -- keys and what they are meant for

    def awaited_by_key(self, *, moves: bool) -> asyncio.Event | None:
        """What must be on the screen before the next key means anything, if there is such.

        *moves* says that the key does no more than move a cursor. Keys for the list are meant for
        the rows that were last asked for.
        """
        if not self._focus_has_moved.is_set():
            return self._focus_has_moved
        if not isinstance(self.focused, (MemoryList, ListedMemory)):
            return None
        load = self.controllers.load
        if moves and load.lets_move():
            return None
        if not load.rows_are_shown.is_set() or moves or self.memories.current is not None:
            return load.rows_are_shown
        return load.window_is_read

    def focus_pane(self, pane: Widget) -> None:
        """Give *pane* the focus once it is displayed; the keys that follow are meant for it."""
        moved = self._focus_has_moved = asyncio.Event()

        def arrived() -> None:
            self.set_focus(pane)
            moved.set()

        self.call_after_refresh(arrived)

    def open_with(self, work: Coroutine[Any, Any, None]) -> None:
        """Run *work*, which reads something and opens a modal with it; the keys that follow are
        meant for that."""
        opened = self._focus_has_moved = asyncio.Event()

        async def work_then_let_keys_in() -> None:
            slow = Delayed(self, _SOON, lambda: self.send(PlanBegun()))
            try:
                await work
            finally:
                slow.call_off()
                self.send(PlanEnded())
                self.app.screen.call_after_refresh(opened.set)

        self._opening = self.read("plan", work_then_let_keys_in())

    @property
    def is_opening(self) -> bool:
        """Whether something is being prepared that a key has asked for."""
        return self._opening is not None and not self._opening.is_finished

    def call_off(self) -> bool:
        """Do without what is being prepared; whether something was."""
        if self._opening is None or self._opening.is_finished:
            return False
        self._opening.cancel()
        self.tell("cancelled: what was being prepared is not opened")
        return True

    async def painted(self) -> None:
        """Wait until what has changed is on the screen."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()

    # -- messages

    def on_resize(self) -> None:
        """Name the tab above the list where there is no line for the tabs."""
        self.call_after_refresh(self.controllers.show.tabs)

    def on_descendant_focus(self) -> None:
        """Look for the nearest memories as soon as somebody is in the detail pane."""
        if isinstance(self.focused, ListedMemory):
            self.controllers.detail.show()

    def on_memory_list_moved(self) -> None:
        self.controllers.queues.show_reason()
        self.controllers.detail.show()

    def on_memory_list_window_requested(self, event: MemoryList.WindowRequested) -> None:
        self.controllers.load.read_window(event.first, event.last)

    def on_memory_list_ticked(self) -> None:
        self.controllers.stage.toggle()

    def on_memory_list_chosen(self) -> None:
        self.controllers.edit.edit()

    async def on_text_view_followed(self, event: ListedMemory.Followed) -> None:
        await self.controllers.link.follow(event.link)

    def on_search_box_left(self, event: SearchBox.Left) -> None:
        if event.clear:
            self.box.clear()
        self.memories.focus()

    def on_section_bar_chosen(self, event: SectionBar.Chosen) -> None:
        self.controllers.find.choose_tab(event.index)

    def on_scope_list_chosen(self, event: ScopeList.Chosen) -> None:
        self.controllers.find.choose_scope(event.refs, unscoped=event.unscoped)

    def on_scope_list_toggled(self, event: ScopeList.Toggled) -> None:
        self.controllers.find.show(self.session.view.with_scope_toggled(event.refs))

    def on_type_bar_chosen(self, event: TypeBar.Chosen) -> None:
        self.controllers.find.choose_type(event.type, everything=event.everything)

    def on_type_bar_hidden(self, event: TypeBar.Hidden) -> None:
        self.controllers.find.show(self.session.view.with_type_hidden(event.type))

    async def on_status_line_clicked(self, event: StatusLine.Clicked) -> None:
        """Do what the piece of the header stands for."""
        await self.app.run_action(find_action(event.action_id).action)

    def on_command_line_closed(self) -> None:
        self.controllers.go.close_command_line()

    async def on_command_line_given(self, event: CommandLine.Given) -> None:
        await self.controllers.go.obey(event.command)

    def on_welcome_demo_requested(self) -> None:
        self.controllers.go.open_demo()

    def on_welcome_copy_requested(self, event: Welcome.CopyRequested) -> None:
        self.controllers.go.copy(event.text)


def _pane(widget: Widget, title: str) -> Widget:
    """*widget* as a pane, named before it is styled for the first time."""
    widget.add_class("pane", update=False)
    widget.border_title = title
    return widget
