"""The main screen: scope, list, detail and install side by side, always of the same state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import PLUGIN_CATEGORIES
from mem0_tui.model.query import Query
from mem0_tui.model.text import one_line
from mem0_tui.review.counts import KindCounts, agreeing, of_hits
from mem0_tui.review.triage import Triage
from mem0_tui.review.view import BrowseState, order_types
from mem0_tui.tui.emptiness import Emptiness
from mem0_tui.tui.keys import Where, bindings
from mem0_tui.tui.painting.pane import Pane
from mem0_tui.tui.screens.detailing import Detailing
from mem0_tui.tui.screens.finding import make_sections
from mem0_tui.tui.screens.following import Following
from mem0_tui.tui.screens.staging import Staging
from mem0_tui.tui.screens.visiting import INSTALL_SECONDS, Visiting
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.health_sidebar import HealthSidebar, badge
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.section_bar import SectionBar
from mem0_tui.tui.widgets.status_line import Status, StatusLine
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from mem0_tui.backends.library.entities import EntityList
    from mem0_tui.codex import Report
    from mem0_tui.tui.parts import Parts

_POLL_SECONDS = 1.0
_REFRESH_SECONDS = 120.0
_SOON = 2
"""Looks at a server within which an edit by somebody else shows soon enough."""
_STALE_SECONDS = 0.1
"""How long the type bar may show the numbers of earlier rows: without them at each letter that is
typed, it would flicker."""


class BrowseScreen(Visiting, Staging, Detailing, Following):
    """Scope tree, type bar, search box, list, detail, install."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.BROWSE)
    AUTO_FOCUS = "MemoryList"
    CSS_PATH = ["../styles/app.tcss", "../styles/places.tcss"]

    def __init__(self, parts: Parts, shown: Callable[[], None] = lambda: None) -> None:
        """*shown* is called once there are rows to see, or none can be read."""
        super().__init__()
        self.parts = parts
        self._shown = shown
        self._first_rows = asyncio.Event()
        self.library = parts.library
        self.state = BrowseState()
        self.sections, self.faulty_searches = make_sections(parts.last_visit, parts.searches)
        self.section = 1
        self.triage = Triage()
        self.report: Report | None = None
        self._entities: EntityList | None = None
        self._types: KindCounts = {}
        """How many memories of each type were counted last."""
        self._expired = 0
        """How many memories are hidden only because they have expired."""

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        with Horizontal(id="main"):
            yield _pane(ScopeList(self.parts.now, id="scope"), "Scope")
            with Vertical(id="centre"):
                with Pane(id="list-pane", classes="pane"):
                    yield SectionBar(id="sections")
                    yield TypeBar(id="types")
                    yield SearchBox(id="search")
                    yield MemoryList(self.parts.now, id="list")
                    yield Static("", id="empty", markup=False)
                    yield Welcome(id="welcome")
                yield _pane(ListedMemory(self.parts.now, id="detail"), "Memory")
            yield _pane(HealthSidebar(id="health"), "Install")
        yield CommandLine(id="command")
        yield KeyFooter()

    def on_mount(self) -> None:
        self.memories = self.query_one(MemoryList)
        self.show_status()
        self.reload()
        self.read("rest", self._bring_the_rest())

    async def _load_rows(self) -> None:
        try:
            await super()._load_rows()
        finally:
            self._first_rows.set()  # also where there are none, or none can be read

    async def _bring_the_rest(self) -> None:
        """Bring what can wait until there are rows to see."""
        await self._first_rows.wait()
        self._shown()
        await self.painted()
        self.refresh_bindings()
        self.tell_what_is_left_out()
        self.read("health", self._scan_install())
        self.set_interval(_POLL_SECONDS, self.poll)
        if self.parts.install is not None:
            self.set_interval(INSTALL_SECONDS, self.poll_install)
        if self.parts.remote:
            self.set_interval(_REFRESH_SECONDS, self.refresh_quietly)

    # -- showing

    async def load_around(self, state: BrowseState) -> None:
        base = state.base_condition(self.parts.now())
        counts = await self.library.kind_counts(base, include_expired=state.include_expired)
        suggester = self.query_one(SearchBox).suggester
        # What is typed narrows the counts, and may begin like a type that then is not among them.
        kinds = [kind for kind in order_types(dict(counts)) if kind]
        suggester.learn("kind", kinds)
        suggester.learn("type", [kind for kind in kinds if kind not in PLUGIN_CATEGORIES])
        entities = await self.library.entities()
        self.query_one(ScopeList).show(entities, state)
        if entities is not self._entities:
            self._entities = entities
            for kind in EntityKind:
                suggester.know(kind.value, entities.ids(kind))
        self.total = await self.library.total()
        self._expired = 0
        if state.shows_all and self.total is not None and not self.library.partial:
            self._expired = max(0, self.total - sum(counts.values()))
        self._types = counts
        if state.searches:
            rows = self.memories.rows
            hits = [hit.memory.kind for hit in rows.hits.values()]
            self._types = of_hits(hits, counts, state)
        self._show_types()
        self.show_status()
        await self.count_inbox()

    def _show_types(self) -> None:
        """Bring the type bar up to date; what it counts is what the list shows, or nothing."""
        types = agreeing(self._types, self.state, self.memories.rows.count)
        self.query_one(TypeBar).show(types, self.state, at_least=self.library.partial)

    def show_rows_around(self) -> None:
        """Bring header, detail and emptiness up to date after other rows are shown."""
        self._first_rows.set()
        self.set_timer(_STALE_SECONDS, self._show_types, name="stale types")
        self._show_emptiness()
        self.show_status()
        self.show_detail()

    async def _scan_install(self) -> None:
        self.show_install(await asyncio.to_thread(self.parts.doctor))

    def show_install(self, report: Report) -> None:
        """Show the install's state in sidebar and header."""
        if report is not self.report:
            self.report = report
            self.query_one(HealthSidebar).show_report(report)
            self.show_status()

    def set_state(self, state: BrowseState, *, top: bool = False) -> None:
        """Show another state; *top* puts the cursor on the first row."""
        if state == self.state:
            return
        self.state = state
        self.to_top = self.to_top or top
        self.rows_will_change()
        self.reload()

    def show_status(self) -> None:
        """Bring the header up to date."""
        text, level = badge(self.report)
        self.query_one(StatusLine).status = Status(
            backend=self.parts.title,
            target=self.parts.target,
            scope=str(self.scope_words()),
            shown=self.memories.rows.count,
            total=self.total,
            expired=self._expired if self.state.shows_all else 0,
            partial=self.library.partial,
            staged=len(self.triage.staging),
            marked=len(self.triage.marked),
            hidden_marks=len(self.hidden_marks & self.triage.marked.keys()),
            read_only=self.read_only,
            busy=self.what_goes_on(),
            lag=self._lag(),
            outdated=self.unread is not None,
            remote=self.parts.remote,
            health=text,
            health_level=level,
        )

    def _lag(self) -> str:
        """How long an edit by somebody else may take to show; blank where it is soon."""
        looks = self.library.lag
        minutes = ceil(looks * _REFRESH_SECONDS / 60)
        if looks <= _SOON:
            return ""
        return f"{minutes} min" if minutes < 120 else f"{ceil(minutes / 60)} h"

    def show_progress_of_reading(self) -> None:
        """Say in the header, and in the list while it is empty, how far the reading is."""
        self.show_status()
        if not len(self.memories.rows):
            self._show_emptiness()

    def scope_words(self) -> str:
        """The chosen scope in a few words."""
        if self.state.without_entity:
            return "no entity"
        return " ".join(str(entity) for entity in sorted(self.state.scope))

    @property
    def is_reading(self) -> bool:
        """Whether memories are still to come from where they really are."""
        return self.library.partial and (self.reading or not self.has_been_read)

    def _show_emptiness(self) -> None:
        empty = not len(self.memories.rows)
        self.query_one("#list-pane").set_class(empty, "-empty")
        self.show_welcome(empty and self.parts.first_run and self.state == BrowseState())
        if empty:
            why = Emptiness(
                narrowed=self.state.narrowed,
                tab=self._tab(),
                unread=self.unread if self.library.partial and not self.reading else None,
                reading=self.is_reading,
                waiting=self.parts.waiting(),
                hidden=self.total or 0,
                remote=self.parts.remote,
            )
            self.query_one("#empty", Static).update(Content(why.words(self.parts.keymap)))

    def _tab(self) -> str:
        """The saved search, where it alone narrows."""
        only = not replace(self.state, section=Query()).narrowed and self.state.narrowed
        return one_line(self.sections[self.section].name) if only else ""

    # -- scope and types

    def on_scope_list_chosen(self, event: ScopeList.Chosen) -> None:
        if event.unscoped:
            state = replace(
                self.state, scope=frozenset(), without_entity=not self.state.without_entity
            )
        else:
            state = self.state.with_only(event.refs)
        self.set_state(state, top=True)

    def on_scope_list_toggled(self, event: ScopeList.Toggled) -> None:
        self.set_state(self.state.with_scope_toggled(event.refs), top=True)

    def on_type_bar_chosen(self, event: TypeBar.Chosen) -> None:
        if event.everything:
            state = replace(self.state, types=frozenset(), hidden_types=frozenset())
        else:
            state = self.state.with_type_toggled(event.type)
        self.set_state(state, top=True)

    def on_type_bar_hidden(self, event: TypeBar.Hidden) -> None:
        self.set_state(self.state.with_type_hidden(event.type), top=True)


def _pane(widget: Widget, title: str) -> Widget:
    """*widget* as a pane, named before it is styled for the first time."""
    widget.add_class("pane")
    widget.border_title = title
    return widget
