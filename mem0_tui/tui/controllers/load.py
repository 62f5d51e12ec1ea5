"""Reads what the session asks for: the visible window first, then the order of all rows."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode, Sort
from mem0_tui.review.events import MarksHidden
from mem0_tui.review.hinting import hint_for
from mem0_tui.review.order import Order, UseOrder, led_by, listing_order
from mem0_tui.review.placing import (
    MemoryReturned,
    RangeMoved,
    RowsBegun,
    TermsTold,
    WindowBegun,
    WindowEnded,
)
from mem0_tui.review.queues.rows import InboxWindow, QueueRow, QueueWindow
from mem0_tui.review.reading import (
    RowsEnded,
    RowsPlaced,
    ViewShown,
)
from mem0_tui.review.row_window import RowWindow
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.controllers.alike import spelt_alike
from mem0_tui.tui.controllers.controller import Controller

if TYPE_CHECKING:
    from mem0_tui.backends.library.library import RowOrder
    from mem0_tui.detect.suspicion import Queue
    from mem0_tui.tui.screens.browse import BrowseScreen

_HITS = 200
_TYPING_PAUSE = 0.1
_FEW = 3000
"""Memories of which all are listed about as fast as the first."""
_SPARE = 8
"""Rows more than can be seen that are read at once: they come up when others are deleted."""
_VISIBLE = 24
"""Rows that are asked for first, at least."""


class LoadController(Controller):
    """Rows, and the memories in sight."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self.library = screen.parts.library
        self.rows_are_shown = asyncio.Event()
        self.window_is_read = asyncio.Event()
        self._top_of: BrowseState | None = None
        """The view of which the first rows were shown while the others were to come."""
        self._beginning: asyncio.Future[RowOrder] | None = None
        """The first rows of what comes next, unless that is a search's."""
        self._queue_keys: tuple[object, int | None, Mapping[str, int]] = (None, None, {})
        """The rows of the queue that was last read, at which revision, and their keys."""
        self._limit: int | None = None
        """How many these are at most; None for all."""
        self.revision: int | None = None
        """The revision that those are of which are being read."""
        self._read_at: int | None = None
        """The revision that the memories in the list are of."""

    def update_gates(self) -> None:
        """Let keys for the list pass where what they are meant for is on the screen."""
        loader = self.session.loader
        for gate, pending in (
            (self.rows_are_shown, loader.rows_pending),
            (self.window_is_read, loader.window_pending),
        ):
            if pending:
                gate.clear()
            else:
                gate.set()

    def lets_move(self) -> bool:
        """Whether the cursor may move by a page, though not all rows are in the list yet."""
        memories = self.screen.memories
        below = len(memories.rows) - memories.cursor
        return self._top_of is self.session.view and below > memories.size.height

    # -- rows

    def reload(self, *, only_view: bool = False) -> None:
        """Read the rows and counts of the current view; unless *only_view* is another than before,
        entities and totals, too."""
        if not only_view:
            self.screen.controllers.show.totals_due = True
        if self._beginning is not None:
            self._beginning.cancel()
        self._beginning = None
        view = self.session.view
        own_order = view.searches or (view.members is not None and view.members.ordered)
        own_order = own_order or isinstance(view.sort, UseOrder)
        asks = view.query.asks_records or view.section.asks_records
        if not (own_order or asks):
            # At once: painting what the key that led here has typed takes as long as this.
            self._begin()
        self.screen.read("rows", self._load_rows())

    def _begin(self) -> asyncio.Future[RowOrder]:
        """Begin to read the first rows."""
        view = self.session.view
        self._limit = None if self._are_few() else self._first()
        self._beginning = self.library.order(
            view.condition(self.parts.now()),
            sort=listing_order(view.sort),
            include_expired=view.shows_expired,
            limit=self._limit,
            since=self._read_at,
        )
        return self._beginning

    async def _load_rows(self) -> None:
        try:
            await self._load_view()
        finally:
            self.screen.first_rows.set()  # also where there are none, or none can be read

    async def _load_view(self) -> None:
        await self._tell_view()
        view, loader = self.session.view, self.session.loader
        try:
            if view.searches:
                await self._load_hits(view)
            elif view.members is not None and view.members.ordered:
                await self._load_queue(view, view.members.queue)
            elif isinstance(view.sort, UseOrder):
                await self._load_by_use(view)
            else:
                await self._load_listing(view, self._beginning or self._begin())
        except BaseException as error:
            self.screen.send(RowsEnded(view, failed=True))
            if isinstance(error, Mem0TuiError):  # no other rows bring it
                self.screen.controllers.detail.show()
            raise
        self._read_at = self.revision
        self.screen.send(RowsEnded(view))
        await self.find_hidden_marks()
        await self.screen.controllers.show.load_around(view)
        empty = not len(self.screen.memories.rows)
        hint = await hint_for(self.library, view, self.parts.now()) if empty else ""
        self.screen.box.hint(hint)
        if not loader.begun:
            await self.screen.open.wait()
            self.screen.send(ViewShown())

    def _begun(self, revision: int) -> None:
        """The rows that are being read are of *revision*: with another one, all is another."""
        self.revision = revision
        if revision != self._read_at:
            self.screen.controllers.show.totals_due = True
        self.screen.send(RowsBegun(revision))

    def _unchanged(self, changed: Collection[str] | None) -> Mapping[int, Memory]:
        """The memories in the list that are what they were, of which *changed* are not."""
        if changed is None:
            return {}
        loaded = self.screen.memories.rows.loaded()
        return {key: each for key, each in loaded.items() if each.id not in changed}

    async def _tell_view(self) -> None:
        """Tell the query, and the tab's, what their terms about Codex mean."""
        view, recorded = self.session.view, self.parts.recorded
        if recorded is None or not (view.query.asks_records or view.section.asks_records):
            return
        query, section = await recorded.told(view.query), await recorded.told(view.section)
        if view is self.session.view:
            self.screen.send(TermsTold(replace(view, query=query, section=section)))

    async def _load_listing(self, view: BrowseState, beginning: asyncio.Future[RowOrder]) -> None:
        limit = self._limit
        order = await beginning
        self._begun(order.revision)
        keys, known = order.keys, self._unchanged(order.changed)
        everything = partial(
            self.library.keys,
            view.condition(self.parts.now()),
            sort=listing_order(view.sort),
            include_expired=view.shows_expired,
        )
        if limit is None or len(keys) < limit:
            await self._show_everything(keys, known)
        elif self._is_below(keys):
            await self._show_everything(keys := await everything(), known)
        else:
            await self.show_rows(keys, known=await self._read(keys, known), whole=False)
            self._top_of = view
            if self._read_at is None:  # at the start; else what is there is right, or soon is
                await self.screen.controllers.show.load_around(view, first=True)
            await self.screen.answered.wait()  # to list a million takes half a second
            keys = await everything()
            await self.show_rows(keys, known=self.screen.memories.rows.loaded())
        self.screen.box.note("")  # what it said of earlier rows; these come first
        if len(keys) < self._window() and view.query.words:
            self.screen.send(RowsEnded(view))  # nobody waits for what is only alike
            await self._add_lookalikes(view, keys)

    async def _load_by_use(self, view: BrowseState) -> None:
        """Show what Codex was given first, then the rest, the newest first."""
        order = await self.library.order(
            view.condition(self.parts.now()),
            include_expired=view.shows_expired,
            since=self._read_at,
        )
        self._begun(order.revision)
        keys, known = order.keys, self._unchanged(order.changed)
        ids = await self.parts.recorded.order() if self.parts.recorded is not None else ()
        of = await self.library.keys_of(ids)
        used = [of[id_] for id_ in ids if id_ in of]
        keys = await asyncio.to_thread(led_by, used, keys)  # takes a moment for a million
        await self._show_everything(keys, known)
        self.screen.box.note("")

    def _are_few(self) -> bool:
        """Whether all rows are listed as soon as the first of them."""
        total = self.screen.controllers.show.total
        return total is not None and total <= _FEW

    def _is_below(self, first: array[int]) -> bool:
        """Whether the cursor stays on a memory further down than *first*."""
        loader, memories = self.session.loader, self.screen.memories
        if loader.cursor_key is not None:
            return loader.cursor_key not in first
        here = memories.rows.key(memories.cursor)
        return not loader.to_top and memories.cursor >= len(first) and here not in first

    async def _show_everything(self, keys: array[int], known: Mapping[int, Memory]) -> None:
        here = self._place(RowWindow(keys))
        around = self._window() if here else self._first()
        near = keys[max(0, here - around) : here + around]
        seen = keys[max(0, here - self._in_sight()) : here + self._in_sight()]
        if all(key in known for key in seen):  # the others are read when somebody goes there
            await self.show_rows(keys, known={key: known[key] for key in near if key in known})
        else:
            await self.show_rows(keys, known=await self._read(near, known))

    async def _read(self, keys: Sequence[int], known: Mapping[int, Memory]) -> dict[int, Memory]:
        """The memories of *keys*, of which those that are *known* are not read."""
        found = {key: known[key] for key in keys if key in known}
        if len(found) < len(keys):
            found |= await self.library.memories([key for key in keys if key not in found])
        return found

    async def _add_lookalikes(self, view: BrowseState, found: array[int]) -> None:
        """Below the few that hold the words: those that hold something spelt much like them."""
        await asyncio.sleep(_TYPING_PAUSE)
        near = await spelt_alike(self.library, view, self.parts.now(), set(found))
        if near:
            known = {**self.screen.memories.rows.loaded(), **near}
            keys = array("q", [*found, *near])
            await self.show_rows(keys, known=known, matching=len(found))
            self.screen.box.note(f"+{len(near)} spelt alike")

    def _in_sight(self) -> int:
        """How many rows are seen from the top, and by paging down once."""
        return max(_VISIBLE, self.screen.size.height, 2 * self.screen.memories.size.height)

    def _first(self) -> int:
        """How many rows are read first."""
        return self._in_sight() + _SPARE

    def _window(self) -> int:
        return max(80, 3 * self.screen.size.height)

    async def _load_queue(self, view: BrowseState, queue: Queue) -> None:
        """Show the rows of *queue* that the rest of the view lets through, in their order."""
        rows = self.session.queues.rows(queue)
        keys = await self._keys_of_queue(rows)
        if replace(view, members=None).narrowed:
            condition = view.condition(self.parts.now())
            passing = set(await self.library.keys(condition, include_expired=True))
            keys = {memory_id: key for memory_id, key in keys.items() if key in passing}
        back = keys.get(self.session.queues.wanted or "")
        if back is not None:
            self.screen.send(MemoryReturned(back))
        window = QueueWindow(rows, keys)
        here = self._place(window)
        near = window.keys[max(0, here - self._window()) : here + self._window()]
        window.put(await self.library.memories(near))
        await self.show_window(window)
        self.screen.box.note("")

    async def _keys_of_queue(self, rows: Sequence[QueueRow]) -> Mapping[str, int]:
        """The row keys of *rows* by id; read again only where the queue or the library is another,
        so that a queue is opened again at once."""
        revision = await self.library.revision()
        self._begun(revision)
        known, then, keys = self._queue_keys
        if known is not rows or then != revision:
            keys = await self.library.keys_of(list({row.memory_id: None for row in rows}))
            self._queue_keys = rows, revision, keys
        return keys

    async def _load_hits(self, view: BrowseState) -> None:
        if self.screen.controllers.show.totals_due:
            self._begun(await self.library.revision())
        result = await self.parts.curator().search(view.as_query(), limit=_HITS)
        keys = await self.library.keys_of([hit.memory.id for hit in result.hits])
        there = view.members
        hits: dict[int, SearchHit] = {
            keys[hit.memory.id]: hit
            for hit in result.hits
            if hit.memory.id in keys and (there is None or there.holds(hit.memory.id))
        }
        await self.show_rows(
            array("q", hits), known={key: hit.memory for key, hit in hits.items()}, hits=hits
        )
        mode = "by words: not embedded yet" if result.mode is SearchMode.KEYWORD else ""
        if result.unknown_words:
            mode = "by words: unknown to the model"
        self.screen.box.note(mode)

    async def show_rows(
        self,
        keys: array[int],
        *,
        known: Mapping[int, Memory],
        hits: Mapping[int, SearchHit] | None = None,
        matching: int | None = None,
        whole: bool = True,
    ) -> None:
        """Show the rows *keys*, of which *known* are loaded. Where they are not *whole*, more rows
        follow."""
        view = self.session.view
        sort: Order = Sort.NEWEST if hits else view.sort
        kind = RowWindow if view.members is None else InboxWindow
        rows = kind(keys, known=known, hits=hits, matching=matching, whole=whole, sort=sort)
        await self.show_window(rows)

    async def show_window(self, rows: RowWindow) -> None:
        """Show *rows*; the cursor stays on its memory."""
        memories, session = self.screen.memories, self.session
        if session.range_start is not None:  # it stays with its memory, as the cursor does
            first = rows.position(memories.rows.key(session.range_start))
            self.screen.send(RangeMoved(first))
        decorations = self.screen.controllers.show.decorations()
        memories.show(rows, cursor=self._place(rows), decorations=decorations)
        self.screen.send(RowsPlaced())
        self.screen.controllers.show.around_rows()
        await asyncio.sleep(0)

    def _place(self, rows: RowWindow) -> int:
        """Where the cursor goes among *rows*: with its memory, else where it was."""
        memories, loader = self.screen.memories, self.session.loader
        there = rows.position(loader.cursor_key)
        if there is not None:
            return there
        if loader.to_top:
            return 0
        stay = rows.again(memories.rows, memories.cursor)
        return min(memories.cursor, len(rows)) if stay is None else stay

    # -- memories in sight

    def read_window(self, first: int, last: int) -> None:
        """Read the memories of the rows from *first* to *last*."""
        self.screen.send(WindowBegun())
        self.screen.read("window", self._load_window(first, last))

    async def _load_window(self, first: int, last: int) -> None:
        memories = self.screen.memories
        rows, current = memories.rows, memories.current
        missing = rows.missing(first, last)
        try:
            found = await self.library.memories(missing) if missing else {}
            if rows is memories.rows:  # others ask for theirs themselves
                memories.put(found)
        finally:
            self.screen.send(WindowEnded())
        if found and rows is memories.rows:
            self.screen.controllers.use.look()
            if memories.current is not current:
                self.screen.controllers.detail.show()

    async def all_matching(self) -> list[Memory]:
        """The memories that match the query, without those that are only alike."""
        rows = self.screen.memories.rows
        found = await self.library.memories(rows.keys[: rows.matching])
        return list(found.values())

    async def find_hidden_marks(self) -> frozenset[str]:
        """Find out which marked memories the list does not show."""
        marked = self.session.triage.marked
        hidden: frozenset[str] = frozenset()
        if marked:
            keys = await self.library.keys_of(list(marked))
            shown = set(self.screen.memories.rows.keys)
            hidden = frozenset(id_ for id_ in marked if keys.get(id_) not in shown)
        self.screen.send(MarksHidden(hidden))
        return hidden
