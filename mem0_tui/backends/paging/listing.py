"""A listing of a server that pages by number: several requests seen as one sequence of memories.

What a listing hands out has passed its condition here, and each id comes once. Its total is known
only when one request's count says it, or when everything has been loaded and the counts agree.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeAlias

from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.ordering import ordered
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import KindCounts, Page, Sort

_AHEAD = 4
"""Pages asked for at once after the first."""
_ROUNDS = 8
"""Rounds of requests that one page may take when few rows pass the condition."""
_RESTARTS = 2
"""How often a listing begins again because the server's count changed meanwhile."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One page as a server gave it."""

    rows: Sequence[Memory]
    count: int | None
    """How many rows the server says there are in all."""
    last: bool
    missing: tuple[str, ...] = ()
    """Why the server may hold more than it can be made to show, as short clauses."""


Fetch: TypeAlias = Callable[[int], Awaitable[Chunk]]
"""Gets the page of a number, counted from 1."""


class Listing:
    """Rows of several requests, merged newest first or, for other orders, loaded and sorted."""

    def __init__(
        self,
        fetches: Sequence[Fetch],
        keep: Callable[[Memory], bool],
        *,
        page_size: int,
        sort: Sort = Sort.NEWEST,
        streamed: bool = True,
    ) -> None:
        """Begin a listing.

        Args:
            fetches: one per request; together they give every row.
            keep: whether a row passes the condition.
            page_size: the rows of one full page.
            sort: the order.
            streamed: whether the server gives its rows newest first.
        """
        self._streams = [_Stream(fetch, page_size) for fetch in fetches]
        self._keep = keep
        self._sort = sort
        self._whole = not streamed or sort is not Sort.NEWEST
        self._seen: set[str] = set()
        self._dropped = False
        self._lock = asyncio.Lock()
        self.items: list[Memory] = []
        self.complete = not self._streams

    @property
    def missing(self) -> tuple[str, ...]:
        """Once it is complete: why there may be more than came, as short clauses."""
        if not self.complete:
            return ()
        return tuple(dict.fromkeys(part for stream in self._streams for part in stream.missing))

    @property
    def total(self) -> int | None:
        """How many memories there are, or None while that is unknown."""
        if self.complete:
            return None if self.missing else len(self.items)
        only = self._streams[0] if len(self._streams) == 1 else None
        return None if only is None or self._dropped or self._whole else only.count

    async def page(self, start: int, limit: int) -> tuple[list[Memory], int | None]:
        """At most *limit* items from index *start*, and the index of the next page, if any."""
        async with self._lock:
            await self._load(start + limit)
        items = self.items[start : start + limit]
        end = start + len(items)
        return items, (None if self.complete and end >= len(self.items) else end)

    async def all(self) -> list[Memory]:
        """Every item."""
        async with self._lock:
            while not self.complete:
                await self._load(len(self.items) + 1)
        return self.items

    async def kind_counts(self) -> KindCounts:
        """How many of its items are of each kind."""
        counts = KindCounts(Counter(memory.kind for memory in await self.all()))
        counts.missing = self.missing
        return counts

    async def _load(self, wanted: int) -> None:
        rounds = 0
        while not self.complete and (self._whole or len(self.items) < wanted):
            dry = [stream for stream in self._streams if stream.dry]
            if dry:
                if rounds >= _ROUNDS and not self._whole:
                    return
                rounds += 1
                await together(stream.more() for stream in dry)
                continue
            ready = [stream for stream in self._streams if stream.buffer]
            if ready:
                self._take(min(ready, key=_Stream.order))
            else:
                self._finish()

    def _take(self, stream: _Stream) -> None:
        memory = stream.buffer.popleft()
        if memory.id not in self._seen and self._keep(memory):
            self._seen.add(memory.id)
            self.items.append(memory)
        else:
            self._dropped = True

    def _finish(self) -> None:
        self.complete = True
        if self._whole:
            self.items = ordered(self.items, self._sort)


class _Stream:
    """The pages of one request, one after the other."""

    def __init__(self, fetch: Fetch, page_size: int) -> None:
        self._fetch = fetch
        self._page_size = page_size
        self._page = 0
        self._ids: set[str] = set()
        self._ended = False
        self._gaps: list[str] = []
        self._restarts = 0
        self.count: int | None = None
        self.buffer: deque[Memory] = deque()

    @property
    def dry(self) -> bool:
        """Whether it must fetch before anything more can be taken."""
        return not self.buffer and not self._ended

    @property
    def missing(self) -> list[str]:
        """Why this may not be all that there is."""
        came = len(self._ids)
        if self._gaps or self.count is None or came == self.count:
            return self._gaps
        return [f"the server counts {self.count:,} and shows {came:,}"]

    def order(self) -> tuple[float, str]:
        """The sort key of the first row in the buffer: the newest is the least."""
        first = self.buffer[0]
        return -(first.created_at or _LONG_AGO).timestamp(), first.id

    async def more(self) -> None:
        """Fetch the next page, or the next few when it is known that they exist."""
        chunks = await together(self._chunk(page) for page in self._next_pages())
        for chunk in chunks:
            if self._ended:
                break
            self._page += 1
            self._take(chunk)
            if self.count is not None and chunk.count not in (None, self.count):
                self._restart()
                break
            self.count = self.count if chunk.count is None else chunk.count

    def _take(self, chunk: Chunk) -> None:
        new = {memory.id for memory in chunk.rows} - self._ids
        self._ids |= new
        self.buffer.extend(chunk.rows)
        self._gaps += chunk.missing
        self._ended = chunk.last
        if not new and not chunk.last:
            # It would never end.
            self._ended = True
            self._gaps.append(f"page {self._page:,} of the server repeats earlier ones")
        past_the_count = chunk.count is not None and len(self._ids) > chunk.count
        if past_the_count and len(chunk.rows) < self._page_size:
            # Nor would this: a page that is not full is the last one, or nothing can be believed.
            self._ended = True

    def _restart(self) -> None:
        """Begin again: memories came or went meanwhile, so that rows may have moved past the page
        that was asked for. What was seen already is seen again, and dropped."""
        if not self._restarts:
            self._gaps.append("the memories changed while they were read")
        if self._restarts >= _RESTARTS:
            return
        self._restarts += 1
        self._page = 0
        self._ids = set()
        self._ended = False
        self.count = None

    async def _chunk(self, page: int) -> Chunk:
        return await self._fetch(page)

    def _next_pages(self) -> range:
        first = self._page + 1
        if self._page == 0 or self.count is None:
            return range(first, first + 1)
        known = -(-self.count // self._page_size)
        return range(first, max(first, min(first + _AHEAD - 1, known)) + 1)


class Listings:
    """The listings that have more to give; the oldest are forgotten when there are too many."""

    def __init__(self, size: int = 16) -> None:
        self._kept: OrderedDict[str, Listing] = OrderedDict()
        self._size = size
        self._numbers = count(1)

    async def begin(self, listing: Listing, limit: int) -> Page[Memory]:
        """The first page of *listing*."""
        token = str(next(self._numbers))
        self._kept[token] = listing
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return await self._page(token, 0, limit)

    async def resume(self, cursor: str, limit: int) -> Page[Memory]:
        """The page at *cursor*.

        Raises:
            InvalidRequestError: it is no cursor, or its listing is no longer kept.
        """
        token, _, start = cursor.partition(":")
        if token not in self._kept or not start.isdecimal():
            raise InvalidRequestError(
                "this listing has expired", hint="list again from the first page"
            )
        self._kept.move_to_end(token)
        return await self._page(token, int(start), limit)

    async def _page(self, token: str, start: int, limit: int) -> Page[Memory]:
        listing = self._kept[token]
        items, following = await listing.page(start, max(1, limit))
        if following is None:
            self._kept.pop(token, None)
            return Page(tuple(items), total=listing.total, missing=listing.missing)
        return Page(tuple(items), total=listing.total, next=f"{token}:{following}")
