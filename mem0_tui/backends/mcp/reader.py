"""Reading over MCP: lists, searches, single memories, entities, events.

The tools answer with the Platform's JSON, so rows and filters are the Platform's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.capabilities import MCP
from mem0_tui.backends.mcp.capabilities import abilities
from mem0_tui.backends.mcp.session import McpLink, Offer
from mem0_tui.backends.paging.changes import changed_page, numbered_page, since
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.filters import forms
from mem0_tui.backends.paging.listing import Chunk, Fetch, Listing, Listings
from mem0_tui.backends.paging.ordering import best_hits
from mem0_tui.backends.platform.reader import Passes, by_kind_and_activity, hit_of
from mem0_tui.model.capability import Capabilities, Capability
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.errors import (
    InvalidRequestError,
    NotFoundError,
    ResponseError,
    ServerError,
)
from mem0_tui.model.filter import EVERYTHING, Filter, Or
from mem0_tui.model.memory import Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchHit, SearchResult, Sort
from mem0_tui.model.text import one_line
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

_NOTHING = Or()
_IDS_AT_ONCE = 100
_NAMED = 12
"""Tools of a server that are named where others are missing."""
_NEEDED = ("get_memories", "get_memory", "list_entities")


class McpReader:
    """The reading half of :class:`~mem0_tui.backends.mcp.backend.McpBackend`."""

    name = "mcp"

    def __init__(self, link: McpLink, *, clock: Clock | None = None) -> None:
        self.link = link
        self._clock = clock or SystemClock()
        self._listings = Listings()
        self._abilities: Capabilities | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What this server can do; before the first call, what any can."""
        return self._abilities or MCP

    async def info(self) -> BackendInfo:
        """Which server this is, and whether it takes the key: entities need one."""
        await self.entities()
        return BackendInfo("mcp", self.link.place)

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
        await self._offer()
        listing = self._listing(condition, sort, limit, include_expired)
        return await self._listings.begin(listing, limit)

    async def changed_since(self, moment: datetime) -> Page[Memory] | None:
        """One page of what was added or edited since."""
        await self._offer()
        return await changed_page(self._fetch(since(moment), MAX_PAGE_SIZE, True), moment)

    async def numbered(self, number: int) -> Page[Memory]:
        """One page of everything."""
        await self._offer()
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
        """The server's own ranking, of those rows that pass *condition* here."""
        if not text.strip():
            raise InvalidRequestError("there are no words to search for")
        offer = await self._offer()
        wanted = forms(condition)
        limit = max(1, min(limit, MAX_TOP_K))
        count = "top_k" if offer.takes("search_memories", "top_k") else "limit"
        asked: dict[str, Any] = {
            "query": text,
            count: limit if wanted.residual == EVERYTHING else MAX_TOP_K,
        }
        if offer.takes("search_memories", "threshold"):
            asked["threshold"] = min(1.0, max(0.0, threshold))
        if include_expired and offer.takes("search_memories", "show_expired"):
            asked["show_expired"] = True
        sent = () if condition == _NOTHING else wanted.filters
        answers = await together(
            self._search({**asked, "filters": _with_user(form)}) for form in sent
        )
        good = ([hit for hit in hits if hit.score >= threshold] for hits in answers)
        return best_hits(good, Passes(condition, self._clock, include_expired), limit)

    async def get(self, memory_id: str, *, expected: bool = False) -> Memory:
        """One memory by its whole id, also an expired one. That it is not there may be *expected*,
        and is no failed request then."""
        missing = NotFoundError(f"no memory {one_line(memory_id)}")
        if not _is_uuid(memory_id):
            raise missing
        try:
            asked = {"memory_id": memory_id}
            value = await self.link.call(
                "get_memory", asked, repeatable=True, expects_absence=expected
            )
        except NotFoundError:
            raise missing from None
        if value is None:
            raise missing
        found = memory_from_wire(value)
        if found.id != memory_id:
            raise missing
        return found

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """These memories, listed by id; what a listing does not show is asked for by itself."""
        return (await self._present(memory_ids))[0]

    async def _present(self, memory_ids: Sequence[str]) -> tuple[dict[str, Memory], set[str]]:
        """The memories of these ids, and which of the ids a listing shows."""
        wanted = list(dict.fromkeys(id_ for id_ in memory_ids if _is_uuid(id_)))
        await self._offer()
        slices = [wanted[at : at + _IDS_AT_ONCE] for at in range(0, len(wanted), _IDS_AT_ONCE)]
        try:
            parts = await together(map(self._listed, slices))
        except (InvalidRequestError, ServerError):
            parts = []
        found = {id_: memory for part in parts for id_, memory in part.items()}
        listed = set(found)
        alone = await together(self._maybe(id_) for id_ in wanted if id_ not in found)
        found |= {memory.id: memory for memory in alone if memory is not None}
        return {id_: found[id_] for id_ in wanted if id_ in found}, listed

    async def _left(self, memory_ids: Sequence[str], listed: set[str]) -> set[str]:
        """Which of these are still there. Those that a listing showed before are looked for in a
        listing, the others one by one."""
        shown = [id_ for id_ in memory_ids if id_ in listed]
        slices = [shown[at : at + _IDS_AT_ONCE] for at in range(0, len(shown), _IDS_AT_ONCE)]
        parts = await together(map(self._listed, slices))
        alone = await together(self._maybe(id_) for id_ in memory_ids if id_ not in listed)
        return {id_ for part in parts for id_ in part} | {m.id for m in alone if m is not None}

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """None is known: there is no tool for it."""
        del memory_id
        return ()

    async def entities(self) -> tuple[Entity, ...]:
        """All entities."""
        await self._offer()
        answer = await self.link.call("list_entities", {}, repeatable=True)
        rows = _page(answer).results
        found: dict[tuple[EntityKind, str], Entity] = {}
        for entity in (EntityRow.read(row).to_entity() for row in rows):
            if entity is not None:
                found.setdefault((entity.kind, entity.id), entity)
        return by_kind_and_activity(found.values())

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        """Counted here, over everything that passes *condition*."""
        await self._offer()
        listing = self._listing(condition, Sort.NEWEST, MAX_PAGE_SIZE, include_expired)
        return await listing.kind_counts()

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The latest jobs, newest first."""
        await self._offer()
        self.capabilities.require(Capability.EVENTS, self.name)
        asked = {"page": 1, "page_size": max(1, min(limit, MAX_PAGE_SIZE))}
        answer = await self.link.call("list_events", asked, repeatable=True)
        found = [EventRow.read(row).to_event() for row in _page(answer).results]
        found.sort(key=lambda event: event.created_at.timestamp() if event.created_at else 0.0)
        return tuple(reversed(found))[:limit]

    async def aclose(self) -> None:
        """End the session."""
        await self.link.aclose()

    async def _offer(self) -> Offer:
        """What the server offers, and with that, what it can do.

        Raises:
            ResponseError: it has no memory tools.
        """
        offer = await self.link.offer()
        missing = [tool for tool in _NEEDED if tool not in offer.tools]
        if missing:
            lacks = f"{'tool' if len(missing) == 1 else 'tools'} {', '.join(missing)}"
            offered = sorted(map(one_line, offer.tools))
            rest = f" and {len(offered) - _NAMED:,} more" if len(offered) > _NAMED else ""
            offers = f"it offers {', '.join(offered[:_NAMED])}{rest}" if offered else "it has none"
            raise ResponseError(
                f"{self.link.place} lacks the {lacks}: {offers}",
                hint="name an MCP server with Mem0's tools",
            )
        if self._abilities is None:
            self._abilities = abilities(offer)
        return offer

    def _listing(self, condition: Filter, sort: Sort, limit: int, include_expired: bool) -> Listing:
        wanted = forms(condition)
        plain = wanted.residual == EVERYTHING and sort is Sort.NEWEST
        size = min(MAX_PAGE_SIZE, max(1, limit)) if plain else MAX_PAGE_SIZE
        sent = () if condition == _NOTHING else wanted.filters
        return Listing(
            [self._fetch(form, size, include_expired) for form in sent],
            Passes(condition, self._clock, include_expired),
            page_size=size,
            sort=sort,
        )

    def _fetch(self, form: FilterJson, size: int, include_expired: bool) -> Fetch:
        asked: dict[str, Any] = {"filters": _with_user(form), "page_size": size}
        if include_expired and Capability.SHOW_EXPIRED in self.capabilities:
            asked["show_expired"] = True

        async def fetch(page: int) -> Chunk:
            try:
                answer = await self.link.call(
                    "get_memories", {**asked, "page": page}, repeatable=True
                )
            except NotFoundError:
                # «Invalid page.»: rows went away since the page before.
                if page == 1:
                    raise
                return Chunk((), None, last=True)
            document = _page(answer)
            rows = [memory_from_wire(row) for row in document.results]
            return Chunk(rows, document.count, last=document.next is None or not rows)

        return fetch

    async def _search(self, asked: Mapping[str, Any]) -> Sequence[SearchHit]:
        answer = await self.link.call("search_memories", asked, repeatable=True)
        rows = SearchAnswer.read({"results": answer} if isinstance(answer, list) else answer)
        documents = [MemoryDocument.read(row) for row in rows.results]
        return [hit_of(document, document.to_memory()) for document in documents]

    async def _listed(self, memory_ids: Sequence[str]) -> dict[str, Memory]:
        """Those of at most 100 ids that a listing by id shows."""
        form: FilterJson = {"AND": [EVERY_ENTITY, {"memory_ids": [*memory_ids]}]}
        chunk = await self._fetch(form, len(memory_ids), True)(1)
        wanted = set(memory_ids)
        return {memory.id: memory for memory in chunk.rows if memory.id in wanted}

    async def _maybe(self, memory_id: str) -> Memory | None:
        try:
            return await self.get(memory_id, expected=True)
        except NotFoundError:
            return None


def _page(answer: Any) -> PageDocument:
    return PageDocument.read({"results": answer} if isinstance(answer, list) else answer)


def _with_user(form: FilterJson) -> FilterJson:
    """*form* in which a user is mentioned, without a change of meaning: Mem0's own server adds its
    default user to filters that mention none."""
    if '"user_id"' in json.dumps(form):
        return form
    return {"AND": [EVERY_ENTITY, *(form["AND"] if set(form) == {"AND"} else [form])]}


def _is_uuid(memory_id: str) -> bool:
    """Whether *memory_id* is a whole id, which is all that is ever sent: servers may take the
    beginning of one for it."""
    try:
        return str(UUID(memory_id)) == memory_id.lower()
    except ValueError:
        return False
