"""Opens the statistics, lists what is chosen there, and comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.errors import StoreError
from mem0_tui.model.query import Query, parse
from mem0_tui.review.events import BackRequested
from mem0_tui.review.tabs import EVERYTHING, section_of
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.keys import key_for

if TYPE_CHECKING:
    from datetime import date

    from mem0_tui.presenting.stats.statistics import CountCell, Statistics
    from mem0_tui.tui.screens.browse import BrowseScreen


class StatsController(Controller):
    """From the list to the statistics, and from a number to the list."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self._listed: tuple[CountCell, BrowseState] | None = None
        """The number that was chosen last, and what the list showed for it."""

    def actions(self) -> Mapping[str, Act]:
        return {"stats.open": self.open}

    def open(self, cell: CountCell | None = None) -> None:
        """Open the statistics of what the list shows, with the cursor on *cell*."""
        from mem0_tui.tui.screens.stats import StatsScreen

        view = self.session.view
        of_view = view.members is None and not view.searches
        base = view.as_query() if of_view else Query()

        def count() -> AsyncIterator[Statistics]:
            return self._count(base, include_expired=view.shows_expired)

        self.screen.app.push_screen(StatsScreen(count, self.parts.title, cell), self._closed)

    def come_back(self) -> bool:
        """Open the statistics again if the list shows what was chosen there last."""
        if self._listed is None or _same(self.session.view) != _same(self._listed[1]):
            return False
        cell, _ = self._listed
        self._listed = None
        self.screen.send(BackRequested())
        self.open(cell)
        return True

    def _closed(self, cell: CountCell | None) -> None:
        if cell is None:
            return
        section = EVERYTHING if cell.queue is None else section_of(cell.queue)
        if cell.queue is not None and not self.session.queues.scanned:
            self.screen.tell("the memories are still being looked through")
            return
        self.screen.controllers.link.remember()
        before = self.session.view
        view = BrowseState(
            query=parse(cell.query), sort=before.sort, include_expired=before.include_expired
        )
        self.screen.controllers.link.show(Place(view, section, cell.query, None))
        self._listed = cell, self.session.view
        key = key_for("find.clear", self.parts.keymap)
        self.screen.tell(f"{key} goes back to the statistics")

    async def _count(self, base: Query, *, include_expired: bool) -> AsyncIterator[Statistics]:
        """The statistics of what *base* matches: first what is counted at once."""
        from mem0_tui.detect.unused import NOT_RECORDED
        from mem0_tui.presenting.stats.statistics import USE_QUERIES, statistics

        library, now = self.parts.library, self.parts.now()
        asked = await self._told(base)
        condition = asked.filter(now)
        tallies = await library.tallies(condition, include_expired=include_expired)
        audits = await self._audits()
        why = NOT_RECORDED if self.parts.recorded is None else "looking through Codex's sessions …"
        yield statistics(base, tallies, now.date(), use_missing=why, audits=audits)
        if self.parts.recorded is None:
            return
        use: list[int] = []
        for part in USE_QUERIES:
            both = Query((*asked.terms, *(await self._told(part)).terms)).filter(now)
            counts = await library.kind_counts(both, include_expired=include_expired)
            use.append(sum(counts.values()))
        yield statistics(base, tallies, now.date(), use=use, audits=audits)

    async def _told(self, query: Query) -> Query:
        recorded = self.parts.recorded
        return query if recorded is None else await recorded.told(query)

    async def _audits(self) -> list[tuple[date, Mapping[str, int]]]:
        try:
            audits = await self.parts.curator().audits()
            return [(each.day, each.counts) for each in await audits.all()]
        except StoreError:  # of the journal, of which others tell
            return []


def _same(view: BrowseState) -> BrowseState:
    """*view* without what makes no other memories of it."""
    return replace(view, sort=BrowseState().sort, include_expired=False)
