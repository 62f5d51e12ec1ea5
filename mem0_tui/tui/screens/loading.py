"""The main screen's loading: the visible window first, then the order of all rows, then more."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from array import array
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from mem0_tui.model.errors import Mem0TuiError, StoppedError
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode, Sort
from mem0_tui.review.hinting import hint_for
from mem0_tui.review.row_window import RowWindow
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.runtime.threads import take_short_turns
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.search_box import SearchBox

_HITS = 200
_TYPING_PAUSE = 0.1
_FEW = 3000
"""Memories of which all are listed about as fast as the first."""
_VISIBLE = 24
"""Rows that are asked for first, at least."""
_LOOKALIKE_CANDIDATES = 3000
_WHAT_IS_SHOWN = "what was read until then is shown"


class Loading(BrowseContext):
    """Reads what the state asks for."""

    _revision: int | None = None
    _started = False
    _resume_offered = False
    _given_up = False
    reading = False
    """Whether the memories are being read from where they really are."""
    has_been_read = False
    """Whether that has come to an end once, be it a bad one."""
    to_top = False
    """Whether the rows that come next are others, and the cursor goes to the first of them."""
    _beginning: asyncio.Future[array[int]] | None = None
    """The first rows of what comes next, unless that is a search's."""
    _limit: int | None = None
    """How many these are at most; None for all."""
    row_wanted: int | None = None
    """The row that the cursor goes to when it is among those that come next."""
    total: int | None = None
    """How many memories there are in all, where that is known."""
    hidden_marks: frozenset[str] = frozenset()
    """Marked memories that the list does not show."""

    def __init__(self) -> None:
        super().__init__()
        self._rows_are_shown = asyncio.Event()
        self._window_is_read = asyncio.Event()
        self._window_is_read.set()

    def awaited_by_key(self, *, moves: bool) -> asyncio.Event | None:
        """Keys for the list are meant for the rows that were last asked for."""
        if not self._focus_has_moved.is_set():
            return self._focus_has_moved
        if not isinstance(self.focused, (MemoryList, ListedMemory)):
            return None
        if not self._rows_are_shown.is_set() or moves or self.memories.current is not None:
            return self._rows_are_shown
        return self._window_is_read

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
        if self._beginning is not None:
            self._beginning.cancel()
        self._beginning = None
        if self._revision is not None and not self.state.searches:
            # At once: painting what the key that led here has typed takes as long as this.
            self._begin()
        self.read("rows", self._load_rows())

    def _begin(self) -> asyncio.Future[array[int]]:
        """Begin to read the first rows."""
        self._limit = None if self._are_few() else self._in_sight()
        self._beginning = self.library.keys(
            self.state.condition(self.parts.now()),
            sort=self.state.sort,
            include_expired=self.state.include_expired,
            limit=self._limit,
        )
        return self._beginning

    async def _load_rows(self) -> None:
        state = self.state
        try:
            if self._revision is None:
                self._revision = await self.library.revision()
            if state.searches:
                await self._load_hits(state)
            else:
                await self._load_listing(state, self._beginning or self._begin())
            self.row_wanted = None
        finally:
            if state is self.state:
                self._rows_are_shown.set()
        await self.find_hidden_marks()
        await self.load_around(state)
        empty = not len(self.memories.rows)
        said = await hint_for(self.library, state, self.parts.now()) if empty else ""
        self.query_one(SearchBox).hint(said)
        if not self._started:
            await self.painted()
            self._started = True
            take_short_turns()
            if self.parts.started is not None:
                self.parts.started()
            self.refresh_library()
            self.ask_about_kept()
            self._offer_resume()

    def _offer_resume(self) -> None:
        """Ask about interrupted plans once; again only where it could not be told whether any
        are there."""
        if self._resume_offered:
            return
        self._resume_offered = True

        async def offer() -> None:
            try:
                await self.offer_resume()
            except BaseException:
                self._resume_offered = False
                raise

        self.read("resume", offer())

    async def painted(self) -> None:
        """Wait until what has changed is on the screen."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()

    async def _load_listing(
        self, state: BrowseState, beginning: asyncio.Future[array[int]]
    ) -> None:
        limit = self._limit
        keys = await beginning
        everything = partial(
            self.library.keys,
            state.condition(self.parts.now()),
            sort=state.sort,
            include_expired=state.include_expired,
        )
        if limit is None or len(keys) < limit:
            await self._show_everything(keys)
        elif self._is_below(keys):
            await self._show_everything(keys := await everything())
        else:
            await self.show_rows(keys, known=await self.library.memories(keys), whole=False)
            keys = await everything()
            await self.show_rows(keys, known=self.memories.rows.loaded())
        self.query_one(SearchBox).note("")  # what it said of earlier rows; these come first
        if len(keys) < self._window() and state.query.words:
            self._rows_are_shown.set()
            await self._add_lookalikes(state, keys)

    def _are_few(self) -> bool:
        """Whether all rows are listed as soon as the first of them."""
        return self.total is not None and self.total <= _FEW

    def _is_below(self, first: array[int]) -> bool:
        """Whether the cursor stays on a memory further down than *first*."""
        if self.row_wanted is not None:
            return self.row_wanted not in first
        here = self.memories.rows.key(self.memories.cursor)
        return not self.to_top and self.memories.cursor >= len(first) and here not in first

    async def _show_everything(self, keys: array[int]) -> None:
        here = self._place(RowWindow(keys))
        around = self._window() if here else self._in_sight()
        near = keys[max(0, here - around) : here + around]
        await self.show_rows(keys, known=await self.library.memories(near))

    def refresh_library(self) -> None:
        """Read everything again from where it really is."""
        self.read("refresh", self.read_library(self.reload))

    async def read_library(self, show: Callable[[], None], *, changes_only: bool = False) -> None:
        """Read a remote backend's memories, or with *changes_only* what a page shows to have
        changed; *show* is called when there are more to be shown.

        Raises:
            BackendError: they cannot be read.
        """

        def tell(read: int, of: int | None) -> None:
            self.busy = f"reading {read:,}" + (f" of {of:,}" if of else "")
            show()

        self.busy, self.reading = "reading", True
        self.show_status()
        try:
            await self.library.refresh(changes_only=changes_only, progress=tell)
            self.unread = None
        except asyncio.CancelledError:
            if not self._given_up:
                raise
            self._given_up = False
            self.unread = StoppedError("you gave up waiting for the server", hint=_WHAT_IS_SHOWN)
        except Mem0TuiError as error:
            self.unread = error
            raise
        finally:
            self.busy, self.reading, self.has_been_read = "", False, True
            show()
        if self.unread is None:
            self._offer_resume()

    def stop_reading(self) -> bool:
        """Give up on a server that has not sent all memories yet; whether one was being read."""
        if not self.reading:
            return False
        self._given_up = True
        self.workers.cancel_group(self, "refresh")
        return True

    async def find_hidden_marks(self) -> frozenset[str]:
        if self.triage.marked:
            keys = await self.library.keys_of(list(self.triage.marked))
            shown = set(self.memories.rows.keys)
            self.hidden_marks = frozenset(
                id_ for id_ in self.triage.marked if keys.get(id_) not in shown
            )
        else:
            self.hidden_marks = frozenset()
        return self.hidden_marks

    async def _add_lookalikes(self, state: BrowseState, found: array[int]) -> None:
        """Below the few that hold the words: those that hold something spelt much like them."""
        await asyncio.sleep(_TYPING_PAUSE)
        wider = replace(state, query=state.query.conditions)
        keys = await self.library.keys(
            wider.condition(self.parts.now()),
            sort=state.sort,
            include_expired=state.include_expired,
            limit=_LOOKALIKE_CANDIDATES,
        )
        shown = set(found)
        near = await self.library.memories([key for key in keys if key not in shown])

        def work() -> list[int]:
            # Imported here: the first time takes longer than a key may.
            from mem0_tui.review.fuzzy import Narrower, Rank

            order = list(near)
            matches = Narrower(list(near.values())).narrow(state.query.words)
            return [order[match.index] for match in matches if match.rank is Rank.ALIKE]

        alike = await asyncio.to_thread(work)
        if alike:
            known = {**self.memories.rows.loaded(), **{key: near[key] for key in alike}}
            keys = array("q", [*found, *alike])
            await self.show_rows(keys, known=known, matching=len(found))
            self.query_one(SearchBox).note(f"+{len(alike)} spelt alike")

    def _in_sight(self) -> int:
        """How many rows are seen from the top, and by paging down once."""
        return max(_VISIBLE, self.size.height, 2 * self.memories.size.height)

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
        mode = "by words: not embedded yet" if result.mode is SearchMode.KEYWORD else ""
        if result.unknown_words:
            mode = "by words: unknown to the model"
        self.query_one(SearchBox).note(mode)

    async def show_rows(
        self,
        keys: array[int],
        *,
        known: Mapping[int, Memory],
        hits: Mapping[int, SearchHit] | None = None,
        matching: int | None = None,
        whole: bool = True,
    ) -> None:
        """Show the rows *keys*, of which *known* are loaded; the cursor stays on its memory.

        Where they are not *whole*, more rows follow.
        """
        sort = Sort.NEWEST if hits else self.state.sort
        rows = RowWindow(keys, known=known, hits=hits, matching=matching, whole=whole, sort=sort)
        if self.range_start is not None:  # it stays with its memory, as the cursor does
            self.range_start = rows.position(self.memories.rows.key(self.range_start))
        self.memories.show(rows, cursor=self._place(rows), decorations=self.decorations())
        self.to_top = False
        self.show_rows_around()
        await asyncio.sleep(0)

    def _place(self, rows: RowWindow) -> int:
        """Where the cursor goes among *rows*: with its memory, else where it was."""
        wanted = rows.position(self.row_wanted)
        if wanted is not None:
            return wanted
        if self.to_top:
            return 0
        stay = rows.position(self.memories.rows.key(self.memories.cursor))
        return min(self.memories.cursor, len(rows)) if stay is None else stay

    async def on_memory_list_rows_wanted(self, event: MemoryList.RowsWanted) -> None:
        self._window_is_read.clear()
        self.read("window", self._load_window(event.first, event.last))

    async def _load_window(self, first: int, last: int) -> None:
        rows = self.memories.rows
        missing = rows.missing(first, last)
        try:
            if missing:
                rows.put(await self.library.memories(missing))
        finally:
            self._window_is_read.set()
        if missing and rows is self.memories.rows:
            self.memories.refresh()
            self.show_detail()
