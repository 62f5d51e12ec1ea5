"""Reading a server that numbers its pages and takes the Platform's filters, over whatever way: the
Platform's REST API and Mem0's MCP tools answer with the same JSON."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from mem0_tui.backends.paging.changes import changed_page, numbered_page, since
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.filters import forms
from mem0_tui.backends.paging.listing import Chunk, Fetch
from mem0_tui.backends.paging.ordering import by_kind_and_activity
from mem0_tui.backends.paging.reader import ReadQuestion, RemoteReader, hit_of
from mem0_tui.model.entity import Entity, EntityRef
from mem0_tui.model.errors import BackendError, InvalidRequestError, NotFoundError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Event, JsonObject, Memory
from mem0_tui.model.page import Page, SearchHit, Sort
from mem0_tui.wire.memory import MemoryDocument, memory_from_wire
from mem0_tui.wire.platform import (
    MAX_PAGE_SIZE,
    MAX_TOP_K,
    EntityRow,
    EventRow,
    PageDocument,
    SearchAnswer,
)
from mem0_tui.wire.tofilters import EVERY_ENTITY, FilterJson

_IDS_AT_ONCE = 100


class NumberedReader(RemoteReader):
    """A subclass sends one request: for a page, or for a search."""

    _no_listing: ClassVar[tuple[type[BackendError], ...]] = (InvalidRequestError,)
    """The errors that say that the server cannot list by id."""

    async def changed_since(self, moment: datetime) -> Page[Memory] | None:
        """One page of what was added or edited at *moment* or later; None where the server cannot
        tell."""
        return await changed_page(self._fetch(since(moment), MAX_PAGE_SIZE, True), moment)

    async def numbered(self, number: int) -> Page[Memory]:
        """The *number*-th page of everything, counted from 1."""
        return await numbered_page(self._fetch(EVERY_ENTITY, MAX_PAGE_SIZE, True), number)

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """These memories, listed by id; what a listing does not show is asked for by itself."""
        found, _ = await self._present(memory_ids)
        return found

    @abstractmethod
    async def _page(
        self, form: FilterJson, number: int, size: int, include_expired: bool
    ) -> PageDocument:
        """The *number*-th page, counted from 1, of at most *size* memories that pass *form*."""

    @abstractmethod
    async def _ranked(
        self, question: ReadQuestion, form: FilterJson, top_k: int
    ) -> Sequence[SearchHit]:
        """The server's best *top_k* of the memories that pass *form*."""

    async def _answers(self, question: ReadQuestion) -> Iterable[Sequence[SearchHit]]:
        wanted = forms(question.condition)
        top_k = min(question.limit, MAX_TOP_K) if wanted.residual == EVERYTHING else MAX_TOP_K
        return await together(self._ranked(question, form, top_k) for form in wanted.filters)

    def _page_size(self, condition: Filter, sort: Sort, limit: int | None) -> int:
        everything = sort is not Sort.NEWEST or forms(condition).residual != EVERYTHING
        return MAX_PAGE_SIZE if limit is None or everything else min(MAX_PAGE_SIZE, max(1, limit))

    def _fetches(self, condition: Filter, size: int, include_expired: bool) -> Sequence[Fetch]:
        return [self._fetch(form, size, include_expired) for form in forms(condition).filters]

    def _fetch(self, form: FilterJson, size: int, include_expired: bool) -> Fetch:
        async def fetch(number: int) -> Chunk:
            try:
                document = await self._page(form, number, size, include_expired)
            except NotFoundError:
                # «Invalid page.»: rows went away since the page before.
                if number == 1:
                    raise
                return Chunk((), None, last=True)
            rows = [memory_from_wire(row) for row in document.results]
            return Chunk(rows, document.count, last=document.next is None or not rows)

        return fetch

    async def _present(self, memory_ids: Sequence[str]) -> tuple[dict[str, Memory], set[str]]:
        """The memories of these ids, and which of the ids a listing shows."""
        wanted = [id_ for id_ in dict.fromkeys(memory_ids) if self._may_exist(id_)]
        try:
            listed = await self._listed(wanted)
        except self._no_listing:
            listed = {}
        alone = await together(self._maybe(id_) for id_ in wanted if id_ not in listed)
        found = listed | {memory.id: memory for memory in alone if memory is not None}
        return {id_: found[id_] for id_ in wanted if id_ in found}, set(listed)

    async def _left(self, memory_ids: Sequence[str], listed: set[str]) -> set[str]:
        """Which of these are still there. Those that a listing showed before are looked for in a
        listing, the others one by one."""
        shown = await self._listed([id_ for id_ in memory_ids if id_ in listed])
        alone = await together(self._maybe(id_) for id_ in memory_ids if id_ not in listed)
        return set(shown) | {memory.id for memory in alone if memory is not None}

    async def _listed(self, memory_ids: Sequence[str]) -> dict[str, Memory]:
        """Those of *memory_ids* that listings by id, of at most 100 each, show."""

        async def one_listing(ids: Sequence[str]) -> Sequence[Memory]:
            form: FilterJson = {"AND": [EVERY_ENTITY, {"memory_ids": list(ids)}]}
            return (await self._fetch(form, len(ids), True)(1)).rows

        starts = range(0, len(memory_ids), _IDS_AT_ONCE)
        slices = [memory_ids[at : at + _IDS_AT_ONCE] for at in starts]
        wanted = set(memory_ids)
        rows = [row for rows in await together(map(one_listing, slices)) for row in rows]
        return {memory.id: memory for memory in rows if memory.id in wanted}


def page_in(answer: Any) -> PageDocument:
    """The page in a server's *answer*, also where it is the bare list.

    Raises:
        ResponseError: it is no page.
    """
    return PageDocument.read({"results": answer} if isinstance(answer, list) else answer)


def hits_in(answer: Any) -> list[SearchHit]:
    """The hits in a server's *answer*, best first, also where it is the bare list.

    Raises:
        ResponseError: it holds none.
    """
    found = SearchAnswer.read({"results": answer} if isinstance(answer, list) else answer)
    documents = [MemoryDocument.read(row) for row in found.results]
    return [hit_of(document, document.to_memory()) for document in documents]


def entities_in(rows: Iterable[JsonObject]) -> tuple[Entity, ...]:
    """The entities in *rows*, each once, by kind, then the most recently active first."""
    found: dict[EntityRef, Entity] = {}
    for entity in (EntityRow.read(row).to_entity() for row in rows):
        if entity is not None:
            found.setdefault(entity.ref, entity)
    return by_kind_and_activity(found.values())


def events_in(rows: Iterable[JsonObject]) -> tuple[Event, ...]:
    """The jobs in *rows*, newest first."""
    events = [EventRow.read(row).to_event() for row in rows]
    events.sort(key=lambda event: event.created_at.timestamp() if event.created_at else 0.0)
    return tuple(reversed(events))
