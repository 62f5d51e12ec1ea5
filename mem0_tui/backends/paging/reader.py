"""What every reader of a remote server does alike: lists page by page, searches, reads by id.

What a server sends is checked here against the condition, however little of it the server could
evaluate, and each memory comes once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.listing import Fetch, Listing, Listings
from mem0_tui.backends.paging.ordering import best_hits
from mem0_tui.model.clock import Clock, SystemClock, today
from mem0_tui.model.errors import InvalidRequestError, NotFoundError, ResponseError
from mem0_tui.model.filter import EVERYTHING, NOTHING, Filter, matches
from mem0_tui.model.memory import HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchHit, SearchResult, Sort
from mem0_tui.model.text import one_line
from mem0_tui.wire.memory import HistoryRow, MemoryDocument

_PARTS = {"semantic": "semantic", "bm25": "words", "entity": "entity"}


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A search."""

    text: str
    """Not blank."""
    condition: Filter
    limit: int
    """The most hits that are wanted, 1 or more."""
    threshold: float
    """The least score, 0 to 1."""
    include_expired: bool


class RemoteReader(ABC):
    """Reads one server; a subclass says what is sent to it."""

    newest_first: ClassVar[bool] = True
    """Whether the server lists its memories newest first."""

    def __init__(self, clock: Clock | None = None) -> None:
        """*clock* tells what has expired."""
        self._clock = clock or SystemClock()
        self._listings = Listings()

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page; an order that the server does not have loads everything before the first page.
        After the last page, ``missing`` says what the server cannot be made to show, and the total
        is then not known. *limit* is for one page, and from 1 up."""
        if cursor is not None:
            return await self._listings.resume(cursor, limit)
        listing = self._listing(condition, sort, limit=limit, include_expired=include_expired)
        return await self._listings.begin(listing, limit)

    async def search(
        self,
        text: str,
        condition: Filter = EVERYTHING,
        *,
        limit: int = 20,
        threshold: float = 0.1,
        include_expired: bool = False,
    ) -> SearchResult:
        """The server's own ranking, of those hits that pass *condition* here: *limit* at most, with
        scores from *threshold* (0 to 1) up; what lies outside is taken for the nearest value."""
        if not text.strip():
            raise InvalidRequestError("there are no words to search for")
        limit, threshold = max(1, limit), min(1.0, max(0.0, threshold))
        question = ReadQuestion(text, condition, limit, threshold, include_expired)
        answers = [] if condition == NOTHING else await self._answers(question)
        return best_hits(answers, Passes(condition, self._clock, include_expired), limit)

    async def get(self, memory_id: str, *, expected: bool = False) -> Memory:
        """One memory by its whole id, also an expired one.

        Args:
            memory_id: its id.
            expected: whether an absence is an answer here and no failed request, for the log.

        Raises:
            NotFoundError: there is none of that id.
        """
        missing = NotFoundError(f"no memory {one_line(memory_id)}")
        if not self._may_exist(memory_id):
            raise missing
        try:
            found = await self._one(memory_id, expected)
        except NotFoundError:
            raise missing from None
        if found is None or found.id.lower() != memory_id.lower():
            raise missing
        return found

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """These memories, one call each."""
        found = await together(map(self._maybe, dict.fromkeys(memory_ids)))
        return {memory.id: memory for memory in found if memory is not None}

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        """Counted here, over everything that passes *condition*."""
        return await self._listing(condition, include_expired=include_expired).kind_counts()

    @abstractmethod
    async def _one(self, memory_id: str, expected: bool) -> Memory | None:
        """What the server answers to *memory_id*, also an expired one; None, or a NotFoundError,
        where there is none. *expected* as for :meth:`get`."""

    @abstractmethod
    async def _answers(self, question: ReadQuestion) -> Iterable[Sequence[SearchHit]]:
        """The hits of the searches that together hold every answer to *question*."""

    @abstractmethod
    def _fetches(self, condition: Filter, size: int, include_expired: bool) -> Sequence[Fetch]:
        """The requests for pages of *size* that together give every row passing *condition*."""

    @abstractmethod
    def _page_size(self, condition: Filter, sort: Sort, limit: int | None) -> int:
        """The rows to ask for at once where *limit* are wanted, or all."""

    def _may_exist(self, memory_id: str) -> bool:
        """Whether the server can have a memory of that id: about others it is not asked."""
        del memory_id
        return True

    def _listing(
        self,
        condition: Filter,
        sort: Sort = Sort.NEWEST,
        *,
        limit: int | None = None,
        include_expired: bool,
    ) -> Listing:
        """Everything that passes *condition*, of which *limit* rows, or all, are wanted first."""
        size = self._page_size(condition, sort, limit)
        sent = () if condition == NOTHING else self._fetches(condition, size, include_expired)
        return Listing(
            sent,
            Passes(condition, self._clock, include_expired),
            page_size=size,
            sort=sort,
            streamed=self.newest_first,
        )

    async def _maybe(self, memory_id: str) -> Memory | None:
        """The memory of that id, or None."""
        try:
            return await self.get(memory_id, expected=True)
        except NotFoundError:
            return None


class Passes:
    """Whether a row passes a condition and is not past its expiry."""

    def __init__(self, condition: Filter, clock: Clock, include_expired: bool) -> None:
        self._condition = condition
        self._today = None if include_expired else today(clock)

    def __call__(self, memory: Memory) -> bool:
        hidden = self._today is not None and memory.expired(self._today)
        return not hidden and matches(self._condition, memory)


def hit_of(document: MemoryDocument, memory: Memory) -> SearchHit:
    """A search result's row as a hit; what the score is made of under our names."""
    parts = {
        _PARTS.get(name, name): value
        for name, value in document.score_breakdown.items()
        if isinstance(value, (int, float))
    }
    return SearchHit(memory, document.score or 0.0, parts=parts)


def history_in(answer: Any, memory_id: str) -> tuple[HistoryEntry, ...]:
    """The changes of one memory in a server's *answer*, oldest first.

    Raises:
        ResponseError: it is no history.
    """
    if not isinstance(answer, list):
        raise ResponseError("the history is not a list")
    entries = [HistoryRow.read(row).to_entry(memory_id) for row in answer]
    return tuple(sorted(entries, key=lambda entry: (entry.at is not None, entry.at)))


def is_uuid(memory_id: str) -> bool:
    """Whether *memory_id* is a whole UUID, written as servers write it."""
    try:
        return str(UUID(memory_id)) == memory_id.lower()
    except ValueError:
        return False
