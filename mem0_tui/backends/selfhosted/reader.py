"""Reading from the open-source REST server: lists, searches, single memories, history, entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.detect import kind_of
from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.listing import Chunk, Fetch, Listing, Listings
from mem0_tui.backends.paging.ordering import best_hits
from mem0_tui.backends.platform.reader import Passes, by_kind_and_activity, hit_of
from mem0_tui.backends.selfhosted.enumeration import Enumeration, has_blank
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.errors import InvalidRequestError, NotFoundError, ResponseError
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, Op, Or
from mem0_tui.model.memory import HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchHit, SearchResult, Sort
from mem0_tui.model.text import one_line
from mem0_tui.wire.memory import HistoryRow, MemoryDocument
from mem0_tui.wire.selfhosted import LIST_CAP, Rows, memory_from_row
from mem0_tui.wire.tofilters import conjuncts

_NOTHING = Or()
_OWNERS = {
    Field.USER: EntityKind.USER,
    Field.AGENT: EntityKind.AGENT,
    Field.RUN: EntityKind.RUN,
}


class SelfHostedReader:
    """The reading half of :class:`~mem0_tui.backends.selfhosted.backend.SelfHostedBackend`."""

    def __init__(self, http: HttpClient, *, clock: Clock | None = None) -> None:
        self.http = http
        self._clock = clock or SystemClock()
        self._listings = Listings()
        self._enumeration = Enumeration(http)

    async def info(self) -> BackendInfo:
        """Which server this is, and whether it takes the key: it is asked for no memory.

        Raises:
            ResponseError: something else answers at the URL.
        """
        if await kind_of(self.http) != "selfhosted":
            raise ResponseError(f"{self.http.address} is no self-hosted Mem0 server")
        await self.http.request("GET", f"/memories/{uuid4()}")
        return BackendInfo("selfhosted", str(self.http.address))

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page, of rows that are all read first. After the last page, ``missing`` says what
        the server cannot be made to show, and the total is then not known."""
        if cursor is not None:
            return await self._listings.resume(cursor, limit)
        listing = self._listing(condition, sort, include_expired)
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
        """The server's own ranking. It searches within one user, agent or run, so without one in
        *condition* each is asked."""
        if not text.strip():
            raise InvalidRequestError("there are no words to search for")
        # The server refuses an id with a blank; with the wildcard, its memories are searched too.
        scope = {name: "*" if has_blank(id_) else id_ for name, id_ in owners_in(condition).items()}
        scopes = [scope] if scope else [{e.kind.id_field: e.id} for e in await self._owners()]
        types = _types(condition)
        plain = condition == EVERYTHING or (len(conjuncts(condition)) == len(scope) + len(types))
        body = {
            "query": text,
            "top_k": min(limit, LIST_CAP) if plain else LIST_CAP,
            "threshold": min(1.0, max(0.0, threshold)),
            "show_expired": include_expired,
        }
        sent = [] if condition == _NOTHING else scopes
        answers = await together(
            self._search({**body, "filters": {**ids, **types}}) for ids in sent
        )
        return best_hits(answers, Passes(condition, self._clock, include_expired), limit)

    async def get(self, memory_id: str) -> Memory:
        """One memory by id; the server answers 200 and null to one that it does not know."""
        missing = NotFoundError(f"no memory {one_line(memory_id)}")
        if not _is_uuid(memory_id):
            raise missing
        try:
            row = await self.http.request("GET", f"/memories/{segment(memory_id)}")
        except NotFoundError:
            raise missing from None
        if row is None:
            raise missing
        return memory_from_row(row)

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """These memories, one call each."""

        async def maybe(memory_id: str) -> Memory | None:
            try:
                return await self.get(memory_id)
            except NotFoundError:
                return None

        found = await together(maybe(id_) for id_ in dict.fromkeys(memory_ids))
        return {memory.id: memory for memory in found if memory is not None}

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first, also of one that was deleted."""
        if not _is_uuid(memory_id):
            return ()
        rows = await self.http.request("GET", f"/memories/{segment(memory_id)}/history")
        if not isinstance(rows, list):
            raise ResponseError("the history is no list")
        entries = [HistoryRow.read(row).to_entry(memory_id) for row in rows]
        return tuple(sorted(entries, key=lambda entry: (entry.at is not None, entry.at)))

    async def entities(self) -> tuple[Entity, ...]:
        """Users, agents, runs and apps, counted over the memories where all of them can be read,
        else as the server counts them; apps are known from memories only."""
        found = await self._enumeration.everything()
        memories = [memory_from_row(row) for row in found.rows]
        counted = _counted(memories, found.whole)
        if found.whole:
            return by_kind_and_activity(counted)
        census = await self._enumeration.census()
        listed = {entity.ref: entity for entity in counted}
        for entity in census.entities:
            listed[entity.ref] = replace(entity, memory_count=None) if census.capped else entity
        return by_kind_and_activity(listed.values())

    async def marks(self) -> Mapping[EntityRef, object]:
        """The count and the date of the last change of each user, agent and run."""
        census = await self._enumeration.census()
        return {e.ref: (e.memory_count, e.updated_at) for e in census.entities}

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        """Counted here, over what the server shows."""
        return await self._listing(condition, Sort.NEWEST, include_expired).kind_counts()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    def _listing(self, condition: Filter, sort: Sort, include_expired: bool) -> Listing:
        scope = owners_in(condition)
        return Listing(
            [] if condition == _NOTHING else [self._fetch(scope)],
            Passes(condition, self._clock, include_expired),
            page_size=LIST_CAP,
            sort=sort,
            streamed=False,
        )

    def _fetch(self, scope: Mapping[str, str]) -> Fetch:
        async def fetch(_page: int) -> Chunk:
            found = await (self._enumeration.of(scope) if scope else self._enumeration.everything())
            memories = [memory_from_row(row) for row in found.rows]
            return Chunk(memories, None, last=True, missing=found.missing)

        return fetch

    async def _search(self, body: Mapping[str, object]) -> Sequence[SearchHit]:
        answer = await self.http.request("POST", "/search", body=body, repeatable=True)
        return [hit_of(MemoryDocument.read(row), memory_from_row(row)) for row in Rows.of(answer)]

    async def _owners(self) -> Sequence[EntityRef]:
        """Every user, agent and run that a search can name."""
        found = [entity.ref for entity in (await self._enumeration.census()).entities]
        if not found:  # On some vector stores the server lists no entities at all.
            found = [e.ref for e in await self.entities() if e.kind is not EntityKind.APP]
        return [ref for ref in found if not has_blank(ref.id)]


def owners_in(condition: Filter) -> dict[str, str]:
    """The ids of the user, agent and run that every memory passing *condition* has."""
    return {
        _OWNERS[part.key].id_field: part.value
        for part in conjuncts(condition)
        if isinstance(part, Compare)
        and isinstance(part.key, Field)
        and part.key in _OWNERS
        and part.op is Op.EQ
        and isinstance(part.value, str)
        and part.value.strip() == part.value != ""
    }


def _types(condition: Filter) -> dict[str, str]:
    """The type that every memory passing *condition* has, as the server's flat filter."""
    wanted = [
        part.value
        for part in conjuncts(condition)
        if isinstance(part, Compare) and part.key is Field.TYPE and part.op is Op.EQ
    ]
    value = wanted[0] if len(wanted) == 1 else None
    return {"type": value} if isinstance(value, str) and value.strip() and value != "*" else {}


def _counted(memories: Iterable[Memory], whole: bool) -> Sequence[Entity]:
    """The entities that *memories* belong to; counts only where these are all."""
    found: dict[EntityRef, Entity] = {}
    for memory in memories:
        for ref in memory.scope:
            known = found.get(ref, Entity(ref.kind, ref.id, 0, memory.created_at, None))
            moments = [m for m in (known.updated_at, memory.updated_at, memory.created_at) if m]
            births = [m for m in (known.created_at, memory.created_at) if m]
            found[ref] = replace(
                known,
                memory_count=(known.memory_count or 0) + 1,
                created_at=min(births, default=None),
                updated_at=max(moments, default=None),
            )
    if whole:
        return list(found.values())
    return [replace(entity, memory_count=None) for entity in found.values()]


def _is_uuid(memory_id: str) -> bool:
    """Whether *memory_id* can be one of this server's: all are UUIDs, and its database fails on
    anything else."""
    try:
        UUID(memory_id)
    except ValueError:
        return False
    return True
