"""Reading from the Platform: lists, searches, single memories, history, entities, events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.changes import changed_page, numbered_page, since
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.filters import forms
from mem0_tui.backends.paging.listing import Chunk, Fetch, Listing, Listings
from mem0_tui.backends.paging.ordering import best_hits
from mem0_tui.model.clock import Clock, SystemClock, today
from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.errors import InvalidRequestError, NotFoundError, ResponseError
from mem0_tui.model.filter import EVERYTHING, Filter, Or, matches
from mem0_tui.model.memory import Event, HistoryEntry, Memory, canonical_json
from mem0_tui.model.page import KindCounts, Page, SearchHit, SearchResult, Sort
from mem0_tui.model.text import one_line
from mem0_tui.wire.memory import HistoryRow, MemoryDocument, memory_from_wire
from mem0_tui.wire.platform import (
    MAX_PAGE_SIZE,
    MAX_TOP_K,
    EntityRow,
    EventRow,
    PageDocument,
    Ping,
    SearchAnswer,
)
from mem0_tui.wire.tofilters import EVERY_ENTITY, FilterJson

_NOTHING = Or()
_IDS_AT_ONCE = 100
_PARTS = {"semantic": "semantic", "bm25": "words", "entity": "entity"}


class PlatformReader:
    """The reading half of :class:`~mem0_tui.backends.platform.backend.PlatformBackend`."""

    def __init__(self, http: HttpClient, *, clock: Clock | None = None) -> None:
        self.http = http
        self._clock = clock or SystemClock()
        self._listings = Listings()

    async def info(self) -> BackendInfo:
        """Ping: which account the key belongs to."""
        ping = Ping.read(await self.http.request("GET", "/v1/ping/"))
        return BackendInfo("platform", str(self.http.address), ping.account)

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page; orders other than newest first load everything before the first page."""
        if cursor is not None:
            return await self._listings.resume(cursor, limit)
        listing = self._listing(condition, sort, limit, include_expired)
        return await self._listings.begin(listing, limit)

    async def changed_since(self, moment: datetime) -> Page[Memory] | None:
        """One page of what was added or edited since."""
        return await changed_page(self._fetch(since(moment), MAX_PAGE_SIZE, True), moment)

    async def numbered(self, number: int) -> Page[Memory]:
        """One page of everything."""
        return await numbered_page(self._fetch(EVERY_ENTITY, MAX_PAGE_SIZE, True), number)

    async def search(
        self,
        text: str,
        condition: Filter = EVERYTHING,
        *,
        limit: int = 20,
        threshold: float = 0.1,
        include_expired: bool = False,
    ) -> SearchResult:
        """The Platform's own ranking, of those rows that pass *condition* here."""
        if not text.strip():
            raise InvalidRequestError("there are no words to search for")
        wanted = forms(condition)
        limit = max(1, min(limit, MAX_TOP_K))
        body = {
            "query": text,
            "top_k": limit if wanted.residual == EVERYTHING else MAX_TOP_K,
            "threshold": min(1.0, max(0.0, threshold)),
            "show_expired": include_expired,
        }
        sent = () if condition == _NOTHING else wanted.filters
        answers = await together(self._search({**body, "filters": form}) for form in sent)
        return best_hits(answers, self._passes(condition, include_expired), limit)

    async def get(self, memory_id: str, *, expected: bool = False) -> Memory:
        """One memory by id; the Platform answers 400 to what is no UUID. That it is not there may
        be *expected*, and is no failed request then."""
        try:
            path = f"/v1/memories/{segment(memory_id)}/"
            missing = (400, 404) if expected else ()
            return memory_from_wire(await self.http.request("GET", path, expected=missing))
        except (InvalidRequestError, NotFoundError):
            raise NotFoundError(f"no memory {one_line(memory_id)}") from None

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """These memories, listed by id; what a listing does not show is asked for by itself."""
        found, _ = await self._present(memory_ids)
        return found

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first."""
        try:
            path = f"/v1/memories/{segment(memory_id)}/history/"
            rows = await self.http.request("GET", path)
        except (InvalidRequestError, NotFoundError):
            return ()
        if not isinstance(rows, list):
            raise ResponseError("the history is no list")
        entries = [HistoryRow.read(row).to_entry(memory_id) for row in rows]
        return tuple(sorted(entries, key=lambda entry: (entry.at is not None, entry.at)))

    async def entities(self) -> tuple[Entity, ...]:
        """All entities; the Platform does not say how many memories they have."""
        found: dict[tuple[EntityKind, str], Entity] = {}
        async for row in self._rows("/v1/entities/", MAX_PAGE_SIZE):
            entity = EntityRow.read(row).to_entity()
            if entity is not None:
                found.setdefault((entity.kind, entity.id), entity)
        return by_kind_and_activity(found.values())

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        """Counted here, over everything that passes *condition*."""
        listing = self._listing(condition, Sort.NEWEST, MAX_PAGE_SIZE, include_expired)
        return await listing.kind_counts()

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The latest jobs, newest first."""
        events: list[Event] = []
        async for row in self._rows("/v1/events/", min(max(1, limit), 100)):
            events.append(EventRow.read(row).to_event())
            if len(events) >= limit:
                break
        events.sort(key=lambda event: event.created_at.timestamp() if event.created_at else 0.0)
        return tuple(reversed(events))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    def _passes(self, condition: Filter, include_expired: bool) -> Passes:
        return Passes(condition, self._clock, include_expired)

    def _listing(self, condition: Filter, sort: Sort, limit: int, include_expired: bool) -> Listing:
        wanted = forms(condition)
        plain = wanted.residual == EVERYTHING and sort is Sort.NEWEST
        size = min(MAX_PAGE_SIZE, max(1, limit)) if plain else MAX_PAGE_SIZE
        sent = () if condition == _NOTHING else wanted.filters
        return Listing(
            [self._fetch(form, size, include_expired) for form in sent],
            self._passes(condition, include_expired),
            page_size=size,
            sort=sort,
        )

    def _fetch(self, form: FilterJson, size: int, include_expired: bool) -> Fetch:
        async def fetch(page: int) -> Chunk:
            try:
                answer = await self.http.request(
                    "POST",
                    "/v3/memories/",
                    params={"page": page, "page_size": size},
                    body={"filters": form, "show_expired": include_expired},
                    repeatable=True,
                )
            except NotFoundError:
                # «Invalid page.»: rows went away since the page before.
                if page == 1:
                    raise
                return Chunk((), None, last=True)
            document = PageDocument.read(answer)
            rows = [memory_from_wire(row) for row in document.results]
            last = document.next is None or not rows
            return Chunk(rows, document.count, last)

        return fetch

    async def _search(self, body: dict[str, Any]) -> Sequence[SearchHit]:
        answer = await self.http.request("POST", "/v3/memories/search/", body=body, repeatable=True)
        documents = [MemoryDocument.read(row) for row in SearchAnswer.read(answer).results]
        return [hit_of(document, document.to_memory()) for document in documents]

    async def _present(self, memory_ids: Sequence[str]) -> tuple[dict[str, Memory], set[str]]:
        """The memories of these ids, and which of the ids a listing shows."""
        wanted = list(dict.fromkeys(memory_ids))
        slices = [wanted[at : at + _IDS_AT_ONCE] for at in range(0, len(wanted), _IDS_AT_ONCE)]
        try:
            listed = dict(
                item for part in await together(map(self._listed, slices)) for item in part.items()
            )
        except InvalidRequestError:
            listed = {}
        rest = [id_ for id_ in wanted if id_ not in listed]
        alone = await together(map(self._maybe, rest))
        found = listed | {memory.id: memory for memory in alone if memory is not None}
        return {id_: found[id_] for id_ in wanted if id_ in found}, set(listed)

    async def _listed(self, memory_ids: Sequence[str]) -> dict[str, Memory]:
        """Those of at most 100 ids that a listing by id shows."""
        form: FilterJson = {"AND": [EVERY_ENTITY, {"memory_ids": list(memory_ids)}]}
        chunk = await self._fetch(form, len(memory_ids), True)(1)
        wanted = set(memory_ids)
        return {memory.id: memory for memory in chunk.rows if memory.id in wanted}

    async def _maybe(self, memory_id: str) -> Memory | None:
        try:
            return await self.get(memory_id, expected=True)
        except NotFoundError:
            return None

    async def _rows(self, path: str, size: int) -> AsyncIterator[dict[str, Any]]:
        page = 1
        seen: set[str] = set()
        while True:
            try:
                answer = await self.http.request(
                    "GET", path, params={"page": page, "page_size": size}
                )
            except NotFoundError:
                if page == 1:
                    raise
                return
            document = PageDocument.read(
                {"results": answer} if isinstance(answer, list) else answer
            )
            fresh = {canonical_json(row): row for row in document.results}
            new = fresh.keys() - seen
            for text in fresh:
                if text in new:
                    yield fresh[text]
            seen |= new
            if document.next is None or not new:  # A page that brings nothing new would never end.
                return
            page += 1


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


def by_kind_and_activity(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """*entities* by kind, then the most recently active first."""
    kinds = list(EntityKind)

    def key(entity: Entity) -> tuple[int, float, str]:
        active = entity.updated_at or entity.created_at
        return kinds.index(entity.kind), -active.timestamp() if active else 0.0, entity.id

    return tuple(sorted(entities, key=key))
