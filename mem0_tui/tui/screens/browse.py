"""The main screen: scope, list, detail and install side by side, always of the same state."""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode
from mem0_tui.model.query import Literal, Query, Word
from mem0_tui.tui.keys import Where, bindings
from mem0_tui.tui.rows import RowWindow
from mem0_tui.tui.screens.finding import make_sections
from mem0_tui.tui.screens.staging import Staging
from mem0_tui.tui.screens.visiting import Visiting
from mem0_tui.tui.state import BrowseState, order_types
from mem0_tui.tui.triage import Triage
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.health_sidebar import HealthSidebar, badge
from mem0_tui.tui.widgets.memory_detail import Details, MemoryDetail
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.section_bar import SectionBar
from mem0_tui.tui.widgets.status_line import Status, StatusLine
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from mem0_tui.codex import Report
    from mem0_tui.tui.app import Parts

_POLL_SECONDS = 1.0
_DETAIL_DELAY = 0.12
_HITS = 200
_NEIGHBOURS = 5


class BrowseScreen(Visiting, Staging):
    """Scope tree, type bar, search box, list, detail, install."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.BROWSE)
    AUTO_FOCUS = "MemoryList"

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.library = parts.library
        self.state = BrowseState()
        self.sections = make_sections(parts.last_visit, parts.searches)
        self.section = 1
        self.triage = Triage()
        self.report: Report | None = None
        self._revision: int | None = None
        self._total: int | None = None
        self._started = False
        self._hidden: set[str] = set()
        """Marked memories that the list does not show."""

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        with Horizontal(id="main"):
            yield ScopeList(self.parts.now, id="scope")
            with Vertical(id="centre"):
                with Vertical(id="list-pane", classes="pane"):
                    yield SectionBar(id="sections")
                    yield TypeBar(id="types")
                    yield SearchBox(id="search")
                    yield MemoryList(self.parts.now, id="list")
                    yield Static("", id="empty", markup=False)
                    yield Welcome(id="welcome")
                yield MemoryDetail(self.parts.now, id="detail")
            yield HealthSidebar(id="health")
        yield CommandLine(id="command")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        for selector, title in (("#scope", "Scope"), ("#detail", "Memory"), ("#health", "Install")):
            pane = self.query_one(selector)
            pane.add_class("pane")
            pane.border_title = title
        self.memories = self.query_one(MemoryList)
        self.show_status()
        self.reload()
        self.read("health", self._scan_install())
        self.set_interval(_POLL_SECONDS, self._poll)

    # -- loading

    def reload(self) -> None:
        """Read the rows, counts and entities of the current state again."""
        self.read("rows", self._load_rows())

    async def _load_rows(self) -> None:
        state, now = self.state, self.parts.now()
        if state.searches:
            await self._load_hits(state)
        else:
            condition = state.condition(now)
            expired = state.include_expired
            first = await self.library.keys(
                condition, sort=state.sort, include_expired=expired, limit=self._window()
            )
            await self._show_rows(first, known=await self.library.memories(first))
            if len(first) >= self._window():
                everything = await self.library.keys(
                    condition, sort=state.sort, include_expired=expired
                )
                await self._show_rows(everything, known=self.memories.rows.loaded())
        await self._find_hidden_marks()
        await self._load_around(state)
        if not self._started:
            self._started = True
            if self.parts.started is not None:
                self.parts.started()
            self.refresh_library()

    def refresh_library(self) -> None:
        """Read everything again from where it really is."""
        self.read("refresh", self._refresh_library())

    async def _refresh_library(self) -> None:
        """Read a remote backend's memories; the rows that have come are shown as they come."""

        def show(read: int, of: int | None) -> None:
            self.busy = f"reading {read:,}" + (f" of {of:,}" if of else "")
            self.reload()

        try:
            await self.library.refresh(progress=show)
        finally:
            self.busy = ""
            self.reload()

    async def _find_hidden_marks(self) -> None:
        if self.triage.marked:
            shown = set(self.memories.rows.keys)
            keys = await self.library.keys_of(list(self.triage.marked))
            self._hidden = {id_ for id_ in self.triage.marked if keys.get(id_) not in shown}
        else:
            self._hidden = set()

    def _window(self) -> int:
        return max(80, 3 * self.size.height)

    async def _load_hits(self, state: BrowseState) -> None:
        curator = self.parts.curator()
        result = await curator.search(state.as_query(), limit=_HITS)
        keys = await self.library.keys_of([hit.memory.id for hit in result.hits])
        hits: dict[int, SearchHit] = {
            keys[hit.memory.id]: hit for hit in result.hits if hit.memory.id in keys
        }
        await self._show_rows(
            array("q", hits), known={key: hit.memory for key, hit in hits.items()}, hits=hits
        )
        mode = "keyword mode" if result.mode is SearchMode.KEYWORD else ""
        self.query_one(SearchBox).note(mode)

    async def _show_rows(
        self,
        keys: array[int],
        *,
        known: object,
        hits: dict[int, SearchHit] | None = None,
    ) -> None:
        rows = RowWindow(keys, known=dict(known), hits=hits)  # type: ignore[call-overload]
        stay = rows.position(self.memories.rows.key(self.memories.cursor))
        self.memories.show(
            rows, cursor=stay if stay is not None else min(self.memories.cursor, len(rows))
        )
        self._show_emptiness()
        self.show_status()
        self.show_detail()
        await asyncio.sleep(0)

    async def _load_around(self, state: BrowseState) -> None:
        base = state.base_condition(self.parts.now())
        counts = await self.library.type_counts(base, include_expired=state.include_expired)
        self.query_one(TypeBar).show(counts, state)
        entities = await self.library.entities()
        self.query_one(ScopeList).show(entities, state)
        suggester = self.query_one(SearchBox).suggester
        suggester.know("type", [type_ for type_ in order_types(dict(counts)) if type_])
        for kind in EntityKind:
            suggester.know(kind.value, [each.id for each in entities if each.kind is kind])
        self._total = await self.library.total()
        self.show_status()
        await self.count_inbox()

    async def _scan_install(self) -> None:
        self.report = await asyncio.to_thread(self.parts.doctor)
        self.query_one(HealthSidebar).show_report(self.report)
        self.show_status()

    def _poll(self) -> None:
        self.read("poll", self._check_revision())

    async def _check_revision(self) -> None:
        revision = await self.library.revision()
        if self._revision is not None and revision != self._revision:
            self.memories.rows.forget(list(self.memories.rows.loaded()))
            self.reload()
        self._revision = revision

    async def on_memory_list_rows_wanted(self, event: MemoryList.RowsWanted) -> None:
        self.read("window", self._load_window(event.first, event.last))

    async def _load_window(self, first: int, last: int) -> None:
        rows = self.memories.rows
        missing = rows.missing(first, last)
        if missing:
            rows.put(await self.library.memories(missing))
            if rows is self.memories.rows:
                self.memories.repaint_loaded()
                self.show_detail()

    # -- showing

    def set_state(self, state: BrowseState, *, top: bool = False) -> None:
        """Show another state; *top* puts the cursor on the first row."""
        if state == self.state:
            return
        self.state = state
        if top:
            self.memories.move_to(0)
        self.reload()

    def show_status(self) -> None:
        """Bring the header up to date."""
        text, level = badge(self.report)
        self.query_one(StatusLine).status = Status(
            backend=self.parts.title,
            target=self.parts.target,
            scope=str(self.scope_words()),
            shown=len(self.memories.rows),
            total=self._total,
            partial=self.library.partial,
            staged=len(self.triage.staging),
            marked=len(self.triage.marked),
            hidden_marks=len(self._hidden & self.triage.marked.keys()),
            read_only=self.read_only,
            busy=self.busy,
            remote=self.parts.remote,
            health=text,
            health_level=level,
        )

    def scope_words(self) -> str:
        """The chosen scope in a few words."""
        if self.state.without_entity:
            return "no entity"
        return " ".join(str(entity) for entity in sorted(self.state.scope))

    def _show_emptiness(self) -> None:
        empty = not len(self.memories.rows)
        self.query_one("#list-pane").set_class(empty, "-empty")
        self.show_welcome(empty and self.parts.first_run and self.state == BrowseState())
        if not empty:
            return
        if self.state == BrowseState():
            text = (
                "No memories yet.\n\n"
                "n adds one · mem0-tui --demo shows a made-up set\n"
                "mem0-tui serve lets Codex store memories here"
            )
        else:
            text = (
                "Nothing matches.\n\nEsc clears the search · f chooses types · 1 goes to the scope"
            )
        self.query_one("#empty", Static).update(Content(text))

    def show_detail(self) -> None:
        """Show the memory under the cursor, then what must be read for it."""
        memory = self.memories.current
        hit = self.memories.rows.hits.get(self.memories.rows.key(self.memories.cursor) or 0)
        staged = self.triage.words(memory) if memory else ()
        self.query_one(MemoryDetail).show_memory(memory, Details(staged=staged), hit)
        if memory is not None:
            self.read("detail", self._load_detail(memory, hit))

    async def _load_detail(self, memory: Memory, hit: SearchHit | None) -> None:
        await asyncio.sleep(_DETAIL_DELAY)
        curator = self.parts.curator()
        history = await curator.history(memory.id)
        alike = Query((Word(Literal(memory.text[:1000], quoted=True)),))
        found = await curator.search(alike, limit=_NEIGHBOURS + 1)
        neighbours = [each for each in found.hits if each.memory.id != memory.id][:_NEIGHBOURS]
        details = Details(history=history, neighbours=neighbours, staged=self.triage.words(memory))
        self.query_one(MemoryDetail).show_memory(memory, details, hit)

    def on_descendant_focus(self) -> None:
        if self.focused is self.query_one(MemoryDetail):
            self.show_detail()

    def on_memory_list_moved(self) -> None:
        self.show_detail()

    # -- scope and types

    def on_scope_list_chosen(self, event: ScopeList.Chosen) -> None:
        if event.unscoped:
            state = replace(
                self.state, scope=frozenset(), without_entity=not self.state.without_entity
            )
        else:
            state = self.state.with_only(event.entity)
        self.set_state(state, top=True)

    def on_scope_list_toggled(self, event: ScopeList.Toggled) -> None:
        self.set_state(self.state.with_scope_toggled(event.entity), top=True)

    def on_type_bar_chosen(self, event: TypeBar.Chosen) -> None:
        if event.everything:
            state = replace(self.state, types=frozenset(), hidden_types=frozenset())
        else:
            state = self.state.with_type_toggled(event.type)
        self.set_state(state, top=True)

    def on_type_bar_hidden(self, event: TypeBar.Hidden) -> None:
        self.set_state(self.state.with_type_hidden(event.type), top=True)
