"""Reading from the open-source REST server: lists, searches, single memories, history, entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.detect import kind_of
from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.backends.paging.listing import Chunk, Fetch
from mem0_tui.backends.paging.ordering import by_kind_and_activity
from mem0_tui.backends.paging.reader import (
    ReadQuestion,
    RemoteReader,
    history_in,
    hit_of,
    is_uuid,
)
from mem0_tui.backends.selfhosted.enumeration import Enumeration, has_blank
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.errors import ResponseError
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, Op
from mem0_tui.model.memory import HistoryEntry, Memory
from mem0_tui.model.page import SearchHit, Sort
from mem0_tui.wire.memory import MemoryDocument
from mem0_tui.wire.selfhosted import LIST_CAP, Rows, memory_from_row
from mem0_tui.wire.tofilters import conjuncts

_OWNERS = {
    Field.USER: EntityKind.USER,
    Field.AGENT: EntityKind.AGENT,
    Field.RUN: EntityKind.RUN,
}


class SelfHostedReader(RemoteReader):
    """The reading half of :class:`~mem0_tui.backends.selfhosted.backend.SelfHostedBackend`."""

    newest_first = False

    def __init__(self, http: HttpClient, *, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.http = http
        self._enumeration = Enumeration(http)

    async def info(self) -> BackendInfo:
        """Which server this is, and whether it takes the key: it is asked for no memory.

        Raises:
            ResponseError: something else answers at the URL.
        """
        if await kind_of(self.http) != "selfhosted":
            raise ResponseError(f"{self.http.address} is not a self-hosted Mem0 server")
        await self.http.request("GET", f"/memories/{uuid4()}")
        return BackendInfo("selfhosted", str(self.http.address))

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first, also of one that was deleted."""
        if not self._may_exist(memory_id):
            return ()
        answer = await self.http.request("GET", f"/memories/{segment(memory_id)}/history")
        return history_in(answer, memory_id)

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

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    def _may_exist(self, memory_id: str) -> bool:
        """All ids of this server are UUIDs, and its database fails on anything else."""
        return is_uuid(memory_id)

    async def _one(self, memory_id: str, expected: bool) -> Memory | None:
        """The server answers 200 and null to an id that it does not know."""
        missing = (404,) if expected else ()
        row = await self.http.request("GET", f"/memories/{segment(memory_id)}", expected=missing)
        return None if row is None else memory_from_row(row)

    def _page_size(self, condition: Filter, sort: Sort, limit: int | None) -> int:
        """It has no pages: what one listing shows at most."""
        del condition, sort, limit
        return LIST_CAP

    def _fetches(self, condition: Filter, size: int, include_expired: bool) -> Sequence[Fetch]:
        """One request for all rows of the owners in *condition*, expired ones too."""
        del size, include_expired
        scope = owners_in(condition)

        async def fetch(_page: int) -> Chunk:
            found = await (self._enumeration.of(scope) if scope else self._enumeration.everything())
            memories = [memory_from_row(row) for row in found.rows]
            return Chunk(memories, None, last=True, missing=found.missing)

        return [fetch]

    async def _answers(self, question: ReadQuestion) -> Sequence[Sequence[SearchHit]]:
        """The server searches within one user, agent or run, so where the condition names none,
        each is asked."""
        condition = question.condition
        # The server refuses an id with a blank; with the wildcard, its memories are searched too.
        scope = {name: "*" if has_blank(id_) else id_ for name, id_ in owners_in(condition).items()}
        scopes = [scope] if scope else [{e.kind.id_field: e.id} for e in await self._owners()]
        types = _types(condition)
        plain = condition == EVERYTHING or len(conjuncts(condition)) == len(scope) + len(types)
        top_k = min(question.limit, LIST_CAP) if plain else LIST_CAP
        return await together(self._ranked(question, {**ids, **types}, top_k) for ids in scopes)

    async def _ranked(
        self, question: ReadQuestion, filters: Mapping[str, str], top_k: int
    ) -> list[SearchHit]:
        body = {
            "query": question.text,
            "top_k": top_k,
            "threshold": question.threshold,
            "show_expired": question.include_expired,
            "filters": filters,
        }
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
