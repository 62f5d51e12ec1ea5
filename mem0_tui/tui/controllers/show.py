"""Paints what the session holds: header, tabs, type bar, gutter, and why a list is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.filter import Filter
from mem0_tui.model.memory import PLUGIN_CATEGORIES
from mem0_tui.model.query import Query, Word
from mem0_tui.model.text import one_line
from mem0_tui.review.counts import KindCounts, agreeing, in_view, of_hits, with_looks
from mem0_tui.review.loader import REFRESH_SECONDS
from mem0_tui.review.placing import TabsCounted
from mem0_tui.review.tabs import EVERYTHING, Section
from mem0_tui.review.view import BrowseState, order_types
from mem0_tui.tui.controllers.controller import Controller
from mem0_tui.tui.empty_state import EmptyState
from mem0_tui.tui.runtime.delay import Delayed
from mem0_tui.tui.visits import Navigation
from mem0_tui.tui.widgets.health_sidebar import HealthSidebar, badge
from mem0_tui.tui.widgets.memory_list import Decorations
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.section_bar import SectionBar
from mem0_tui.tui.widgets.status_line import HeaderStatus, StatusLine
from mem0_tui.tui.widgets.type_bar import TypeBar

if TYPE_CHECKING:
    from mem0_tui.backends.library.entities import EntityList
    from mem0_tui.backends.library.library import Overview
    from mem0_tui.codex import InstallReport
    from mem0_tui.review.row_window import RowWindow
    from mem0_tui.tui.screens.browse import BrowseScreen

_LONG = 2.0
"""Seconds after which a request that is not answered is worth a word."""
_TRY_LATER = 429
"""The least HTTP status after which a request is sent again."""
_SOON = 2
"""Looks at a server within which an edit by somebody else shows soon enough."""
_STALE_SECONDS = 0.1
"""How long header and type bar may say what was so a moment ago: what is over by then need not be
said, and without the numbers of earlier rows the bar would flicker at each letter that is
typed."""


class ShowController(Controller):
    """What is on the screen beside the rows themselves."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self.library = screen.parts.library
        self.total: int | None = None
        """How many memories there are in all, where that is known."""
        self.report: InstallReport | None = None
        """The state of the install, once it was looked at."""
        self._entities: EntityList | None = None
        self.totals_due = True
        """Whether entities and total may be others than when they were read last."""
        self._types: KindCounts = {}
        """How many memories of each type were counted last."""
        self._counted_for: RowWindow | None = None
        """The rows that were in the list when they were."""
        self._begun: tuple[BrowseState, asyncio.Future[Overview | None]] | None = None
        """What there is, while it is read beside the first rows."""
        self._expired = 0
        """How many memories are hidden only because they have expired."""
        self._tab_title = ""
        self._stale: Delayed | None = None
        """Brings header and type bar up to date, unless something else does so before."""

    # -- around the rows

    def begin(self) -> None:
        """Begin to read what :meth:`load_around` shows, beside the first rows of all."""
        view = self.session.view
        base, expired = view.base_condition(self.parts.now()), view.shows_expired
        there: asyncio.Future[Overview | None] = asyncio.get_running_loop().create_future()
        self._begun = view, there

        async def read() -> None:
            found = None
            with suppress(Mem0TuiError):  # then it is read again, and told
                found = await self.library.overview(base, include_expired=expired, all_runs=False)
            if not there.done():
                there.set_result(found)

        self.screen.read("overview", read())

    async def load_around(self, view: BrowseState, *, first: bool = False) -> None:
        """Read and show counts, entities and totals; at *first*, when it is to be called again,
        without the runs where they take a while."""
        base = view.base_condition(self.parts.now())
        if self._entities is None or self.total is None:
            self.totals_due = True
        counts = {} if self.totals_due else await self._kinds(base, view)
        if self.totals_due or sum(counts.values()) > (self.total or 0):
            counts = await self._read_totals(base, view, first=first)
        suggester = self.screen.box.suggester
        # What is typed narrows the counts, and may begin like a type that then is not among them.
        kinds = [kind for kind in order_types(dict(counts)) if kind]
        suggester.learn("kind", kinds)
        suggester.learn("type", [kind for kind in kinds if kind not in PLUGIN_CATEGORIES])
        assert self._entities is not None, "they were read with the totals"
        self.screen.query_one(ScopeList).show(self._entities, view)
        self._expired = 0
        if view.shows_all and self.total is not None and not self.library.partial:
            self._expired = max(0, self.total - sum(counts.values()))
        self._types, self._counted_for = counts, self.screen.memories.rows
        if view.searches:
            hits = [hit.memory.kind for hit in self.screen.memories.rows.hits.values()]
            self._types = of_hits(hits, counts, view)
        self._show_numbers()
        self.screen.counted.set()
        await self.count_tabs()

    async def _kinds(self, base: Filter, view: BrowseState) -> Mapping[str | None, int]:
        return await self.library.kind_counts(base, include_expired=view.shows_expired)

    async def _read_totals(
        self, base: Filter, view: BrowseState, *, first: bool
    ) -> Mapping[str | None, int]:
        """The counts, after entities and total have been read along with them."""
        self.totals_due = False
        try:
            there = await self._overview(base, view, first=first)
        except BaseException:
            self.totals_due = True
            raise
        self.total = there.total
        self.totals_due = there.entities.lacks_runs
        if there.entities is not self._entities:
            self._entities = there.entities
            for kind in EntityKind:
                self.screen.box.suggester.know(kind.value, there.entities.ids(kind))
        return there.kinds

    async def _overview(self, base: Filter, view: BrowseState, *, first: bool) -> Overview:
        """What there is: read already, if not before the rows were."""
        begun, self._begun = self._begun, None
        if begun is not None and begun[0] == view:
            there = await begun[1]
            at = self.screen.controllers.load.revision or 0
            if (
                there is not None
                and there.revision >= at
                and (first or not there.entities.lacks_runs)
            ):
                return there
        return await self.library.overview(
            base, include_expired=view.shows_expired, all_runs=not first
        )

    @property
    def _shown(self) -> int | None:
        """How many memories the list is about; while only the first rows are in it, how many were
        counted after these."""
        rows = self.screen.memories.rows
        if not rows.whole and self._counted_for is rows:
            return in_view(self._types, self.session.view)
        return rows.count

    def _show_types(self) -> None:
        """Bring the type bar up to date; what it counts is what the list shows, or nothing."""
        view = self.session.view
        types = agreeing(self._types, view, self._shown)
        self.screen.query_one(TypeBar).show(types, view, at_least=self.library.partial)

    def around_rows(self) -> None:
        """Bring header, detail and empty state up to date after other rows are shown."""
        self.screen.first_rows.set()
        self.header_soon()
        if self.total is None or not self.totals_due:
            self.header()  # what it says beside their number is known already, or is not soon
        self._show_empty_state()
        self.screen.controllers.queues.show_reason()
        self.screen.controllers.detail.show()
        self.screen.controllers.use.look()

    def triage(self) -> None:
        """Bring gutter, header and detail up to date after marks or staged changes changed."""
        self.screen.memories.decorate(self.decorations())
        self.screen.controllers.queues.show_reason()
        if self.session.loader.rows_pending:  # they bring number and memory
            self.header_soon()
        else:
            self.header()
            self.screen.controllers.detail.show()

    def decorations(self) -> Decorations:
        """What is marked, staged and searched for."""
        session = self.session
        words: tuple[str, ...] = ()
        if not session.view.searches:
            terms = session.view.query.terms
            words = tuple(t.value.text for t in terms if isinstance(t, Word) and not t.negated)
        marked = frozenset(session.triage.marked)
        used = self.screen.controllers.use.signs
        stale = session.queues.outdated
        return Decorations(
            marked, session.triage.letters(), session.range_start, words, dict(used), stale
        )

    def _show_numbers(self) -> None:
        """Bring header and type bar up to date, which count the same."""
        if self._stale is not None:
            self._stale.call_off()
            self._stale = None
        self._show_types()
        self.header()

    # -- the header

    def header_soon(self) -> None:
        """Bring the header up to date in a moment, with what comes until then."""
        if self._stale is None:
            self._stale = Delayed(self.screen, _STALE_SECONDS, self._show_what_is_stale)

    def _show_what_is_stale(self) -> None:
        if self.screen.memories.is_attached:  # else the app has ended meanwhile
            self._show_numbers()

    @property
    def is_stale(self) -> bool:
        """Whether the header is to be brought up to date in a moment."""
        return self._stale is not None

    def header(self) -> None:
        """Bring the header up to date."""
        session, triage = self.session, self.session.triage
        text, level = badge(self.report)
        self.screen.query_one(StatusLine).status = HeaderStatus(
            backend=self.parts.title,
            target=self.parts.target,
            scope=self.scope_words(),
            shown=self._shown,
            total=self.total,
            expired=self._expired if session.view.shows_all else 0,
            partial=self.library.partial,
            staged=len(triage.staging),
            marked=len(triage.marked),
            hidden_marks=len(session.hidden_marks & triage.marked.keys()),
            read_only=self.screen.read_only,
            busy=self.what_goes_on(),
            lag=self._lag(),
            outdated=session.loader.unread is not None,
            remote=self.parts.remote,
            health=text,
            health_level=level,
        )
        if isinstance(app := self.screen.app, Navigation):
            app.tell_unsaved(len(triage.staging) > 0)

    def _lag(self) -> str:
        """How long an edit by somebody else may take to show; blank where it is soon."""
        looks = self.library.lag
        minutes = ceil(looks * REFRESH_SECONDS / 60)
        if looks <= _SOON:
            return ""
        return f"{minutes} min" if minutes < 120 else f"{ceil(minutes / 60)} h"

    def reading(self) -> None:
        """Say in the header, and in the list while it is empty, how far the reading is."""
        self.header()
        if not len(self.screen.memories.rows):
            self._show_empty_state()

    def what_goes_on(self) -> str:
        """What is going on, and whether the server keeps it waiting."""
        words = self.session.words
        waiting = self.parts.waiting() if words else None
        if waiting is not None and waiting.seconds >= _LONG:
            again = f", try {waiting.attempt} of {waiting.attempts}" if waiting.attempt > 1 else ""
            return f"no answer for {waiting.seconds:,.0f} s{again} · {words}"
        sent = self.parts.requests() if words and self.parts.requests is not None else ()
        if not sent or sent[-1].withdrawn or (sent[-1].status or 500) < _TRY_LATER:
            return words
        answer = f"HTTP {sent[-1].status}" if sent[-1].status else "no answer"
        return f"{answer}, trying again · {words}"

    def scope_words(self) -> str:
        """The chosen scope in a few words."""
        view = self.session.view
        if view.without_entity:
            return "no entity"
        return " ".join(str(entity) for entity in sorted(view.scope))

    def install(self, report: InstallReport) -> None:
        """Show the install's state in sidebar and header."""
        if report is not self.report:
            self.report = report
            self.screen.query_one(HealthSidebar).show_report(report)
            self.header()

    # -- an empty list

    @property
    def is_reading(self) -> bool:
        """Whether memories are still to come from where they really are."""
        loader = self.session.loader
        return self.library.partial and (loader.reading or not loader.has_been_read)

    def _show_empty_state(self) -> None:
        view, loader = self.session.view, self.session.loader
        empty = not len(self.screen.memories.rows)
        self.screen.query_one("#list-pane").set_class(empty, "-empty")
        is_first_run = empty and self.parts.first_run and view == BrowseState()
        self.screen.controllers.go.show_welcome(is_first_run)
        if empty:
            why = EmptyState(
                narrowed=view.narrowed,
                tab=self._tab(),
                queue=view.members is not None,
                about=self._about_tab(),
                unread=loader.unread if self.library.partial and not loader.reading else None,
                reading=self.is_reading,
                scanning=view.members is not None and not view.members.known,
                waiting=self.parts.waiting(),
                hidden=self.total or 0,
                remote=self.parts.remote,
            )
            words = Content(why.words(self.parts.keymap))
            self.screen.query_one("#empty", Static).update(words)

    def _tab(self) -> str:
        """The saved search, where it alone narrows."""
        view = self.session.view
        only = not replace(view, section=Query(), members=None).narrowed and view.narrowed
        return one_line(self.session.tabs.chosen.name) if only else ""

    def _about_tab(self) -> str:
        tab = self.session.tabs.chosen
        if tab != self.session.tabs.inbox:
            return ""
        if tab.queue is None:
            return "the Inbox holds what is new since your last visit"
        return "every memory was reviewed"

    # -- tabs

    def tabs(self) -> None:
        """Bring the tabs up to date."""
        tabs = self.session.tabs
        bar = self.screen.query_one(SectionBar)
        bar.show(tabs.sections, tabs.index, tabs.counts)
        if self.session.queues.outdated != self.screen.memories.decorations.stale:
            self.screen.memories.decorate(self.decorations())
        hidden = not bar.display and tabs.chosen != EVERYTHING
        title = bar.chosen if hidden else ""
        if title != self._tab_title:  # Textual draws the whole pane for a title, also for the same
            self._tab_title = title
            self.screen.query_one("#list-pane").border_title = Content(title)

    async def count_tabs(self) -> None:
        """Count what is to be decided on in the Inbox and the queues, as far as this view shows
        it: the numbers that an audit gives."""
        tabs, view = self.session.tabs, self.session.view
        counts: dict[str, str] = {}
        for section in tabs.sections if not view.searches else ():
            count = await self._count_of(section)
            if count is not None:
                partial = self.library.partial
                counts[section.name] = with_looks(*count, at_least=partial)
        self.screen.send(TabsCounted(counts))
        self.tabs()

    async def _count_of(self, section: Section) -> tuple[int, int] | None:
        """How many memories of *section* are to be decided on, and how many are only worth a look;
        None where that is not said, or not known."""
        view, tabs = self.session.view, self.session.tabs
        if section.queue is None and (section != tabs.inbox or not section.query):
            return None
        within = self.session.in_tab(view, section)
        members = within.members
        if members is not None and not members.known:
            return None
        if members is None or members.excludes:
            return await self._how_many(within), 0
        if not replace(within, members=None).narrowed:
            return len(members.found), len(members.looks)
        found, looks = (members.only(ids) for ids in (members.found, members.looks))
        return (
            await self._how_many(replace(within, members=found)),
            await self._how_many(replace(within, members=looks)) if looks.ids else 0,
        )

    async def _how_many(self, view: BrowseState) -> int:
        counts = await self.library.kind_counts(
            view.condition(self.parts.now()), include_expired=view.shows_expired
        )
        return sum(counts.values())
