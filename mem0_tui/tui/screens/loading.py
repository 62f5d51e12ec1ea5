"""The main screen's loading: the visible window first, then the order of all rows, then more."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from array import array
from collections.abc import Mapping
from dataclasses import replace

from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode
from mem0_tui.tui.background import take_short_turns
from mem0_tui.tui.rows import RowWindow
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.state import BrowseState
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.search_box import SearchBox

_HITS = 200
_TYPING_PAUSE = 0.1
_LOOKALIKE_CANDIDATES = 3000


class Loading(BrowseContext):
    """Reads what the state asks for."""

    _revision: int | None = None
    _started = False
    to_top = False
    """Whether the rows that come next are others, and the cursor goes to the first of them."""
    hidden_marks: frozenset[str] = frozenset()
    """Marked memories that the list does not show."""

    def __init__(self) -> None:
        super().__init__()
        self._rows_are_shown = asyncio.Event()

    def awaited_by_keys(self) -> asyncio.Event | None:
        """Keys for the list are meant for the rows that were last asked for."""
        return self._rows_are_shown if isinstance(self.focused, MemoryList) else None

    @abstractmethod
    def show_rows_around(self) -> None:
        """Bring header, detail and emptiness up to date after other rows are shown."""

    @abstractmethod
    async def load_around(self, state: BrowseState) -> None:
        """Read and show counts, entities and totals."""

    def rows_will_change(self) -> None:
        """Let keys for the list wait for :meth:`reload`."""
        self._rows_are_shown.clear()

    def reload(self) -> None:
        """Read the rows, counts and entities of the current state again."""
        self.read("rows", self._load_rows())

    async def _load_rows(self) -> None:
        state = self.state
        try:
            await (self._load_hits(state) if state.searches else self._load_listing(state))
        finally:
            if state is self.state:
                self._rows_are_shown.set()
        await self._find_hidden_marks()
        await self.load_around(state)
        if not self._started:
            await self.painted()
            self._started = True
            take_short_turns()
            if self.parts.started is not None:
                self.parts.started()
            self.refresh_library()
            self.read("resume", self.offer_resume())

    async def painted(self) -> None:
        """Wait until what has changed is on the screen."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()

    async def _load_listing(self, state: BrowseState) -> None:
        condition, expired = state.condition(self.parts.now()), state.include_expired
        first = await self.library.keys(
            condition, sort=state.sort, include_expired=expired, limit=self._window()
        )
        await self.show_rows(first, known=await self.library.memories(first))
        if len(first) >= self._window():
            everything = await self.library.keys(
                condition, sort=state.sort, include_expired=expired
            )
            await self.show_rows(everything, known=self.memories.rows.loaded())
        elif state.query.words:
            self._rows_are_shown.set()
            await self._add_lookalikes(state, first)

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
            self.hidden_marks = frozenset(
                id_ for id_ in self.triage.marked if keys.get(id_) not in shown
            )
        else:
            self.hidden_marks = frozenset()

    async def _add_lookalikes(self, state: BrowseState, found: array[int]) -> None:
        """Below the few that hold the words: those that hold something spelt much like them."""
        from mem0_tui.curator.narrow import Narrower, Rank

        await asyncio.sleep(_TYPING_PAUSE)
        wider = replace(state, query=state.query.conditions)
        keys = await self.library.keys(
            wider.condition(self.parts.now()),
            sort=state.sort,
            include_expired=state.include_expired,
            limit=_LOOKALIKE_CANDIDATES,
        )
        near = await self.library.memories([key for key in keys if key not in set(found)])

        def work() -> list[int]:
            order = list(near)
            matches = Narrower(list(near.values())).narrow(state.query.words)
            return [order[match.index] for match in matches if match.rank is Rank.ALIKE]

        alike = await asyncio.to_thread(work)
        if alike:
            known = {**self.memories.rows.loaded(), **{key: near[key] for key in alike}}
            keys = array("q", [*found, *alike])
            await self.show_rows(keys, known=known, matching=len(found))
            self.query_one(SearchBox).note(f"+{len(alike)} spelt alike")

    def _window(self) -> int:
        return max(80, 3 * self.size.height)

    async def _load_hits(self, state: BrowseState) -> None:
        curator = self.parts.curator()
        result = await curator.search(state.as_query(), limit=_HITS)
        keys = await self.library.keys_of([hit.memory.id for hit in result.hits])
        hits: dict[int, SearchHit] = {
            keys[hit.memory.id]: hit for hit in result.hits if hit.memory.id in keys
        }
        await self.show_rows(
            array("q", hits), known={key: hit.memory for key, hit in hits.items()}, hits=hits
        )
        mode = "keyword mode" if result.mode is SearchMode.KEYWORD else ""
        self.query_one(SearchBox).note(mode)

    async def show_rows(
        self,
        keys: array[int],
        *,
        known: Mapping[int, Memory],
        hits: Mapping[int, SearchHit] | None = None,
        matching: int | None = None,
    ) -> None:
        """Show the rows *keys*, of which *known* are loaded; the cursor stays on its memory."""
        rows = RowWindow(keys, known=known, hits=hits, matching=matching)
        stay = rows.position(self.memories.rows.key(self.memories.cursor))
        if self.to_top:
            self.to_top, stay = False, 0
        self.memories.show(
            rows, cursor=stay if stay is not None else min(self.memories.cursor, len(rows))
        )
        self.show_rows_around()
        await asyncio.sleep(0)

    def poll(self) -> None:
        """Look whether anybody changed something, and show it."""
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
