"""Every row of a self-hosted Mem0 server, which has no pages.

As Mem0's own server does it (mem0ai 2.2.1 on PostgreSQL with pgvector):

- ``GET /memories`` gives at most 1,000 rows, in no order, of everything or of one owner.
- ``GET /entities`` counts users, agents and runs over the first 10,000 rows.
- ``POST /search`` has no upper limit for ``top_k``. With a threshold of 0 it gives every row of an
  owner, and every row that has a user at all where the user is ``*``.
- An id with a blank in it was legal before mem0 2.0.0. Now every request that names one is refused.

Nothing is called whole that was not checked: against the rows that a listing showed, and against
the server's own count of each entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.concurrency import together
from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    ResponseError,
    ServerError,
)
from mem0_tui.model.text import one_line
from mem0_tui.wire.selfhosted import LIST_CAP, SCAN_CAP, Rows, SelfHostedEntityRow, count_rows

Row: TypeAlias = dict[str, Any]

OWNERS = (EntityKind.USER, EntityKind.AGENT, EntityKind.RUN)
"""The kinds of entity that the server knows."""

_OF_THIS_REQUEST: tuple[type[BackendError], ...] = (
    InvalidRequestError,
    ResponseError,
    ServerError,
)
"""What says that one request cannot be answered; others may be."""
_ANYTHING = "memory"
"""What is searched for where everything is wanted: a search needs a word."""
_FIRST_TOP_K = 5_000
_LAST_TOP_K = 100_000
_FEW_ENTITIES = 50
"""Entities that are listed one by one before all are asked for at once."""


@dataclass(frozen=True, slots=True)
class EnumeratedRows:
    """The rows that came, and what is known to be missing."""

    rows: Sequence[Row]
    missing: tuple[str, ...] = ()
    """Why there may be more, as short clauses; empty where these are all."""

    @property
    def whole(self) -> bool:
        """Whether these are all rows."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Census:
    """The entities as the server counts them."""

    entities: Sequence[Entity]

    @property
    def capped(self) -> bool:
        """Whether the server may not have looked at all of its rows: every row that it counted
        has at least one of these owners."""
        return sum(entity.memory_count or 0 for entity in self.entities) >= SCAN_CAP


class Enumeration:
    """Reads all rows of one server, or all of one owner."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    async def everything(self) -> EnumeratedRows:
        """The rows of all entities, expired ones too; entity by entity where one call does not
        show them all or is not allowed."""
        rows = _Collected()
        try:
            answer = await self.listed({})
            rows.add(answer.rows)
            if answer.whole:
                return EnumeratedRows(rows.all())
        except AuthError:
            pass  # Only an administrator may list everything.
        census = await self.census()
        wanted = census.entities
        at_once = census.capped or len(wanted) > _FEW_ENTITIES or any(_refused(e) for e in wanted)
        every_owner = await self._by_wildcard(rows, census) if at_once else False
        for kind in OWNERS:
            short = [e for e in wanted if e.kind is kind and rows.lacks(e) and not _refused(e)]
            for part in await together(self._of_entity(entity) for entity in short):
                rows.add(part)
        return EnumeratedRows(rows.all(), _missing(census, rows, every_owner=every_owner))

    async def of(self, owners: Mapping[str, str]) -> EnumeratedRows:
        """The rows that belong to all of *owners*, ids by field, expired ones too."""
        if any(has_blank(value) for value in owners.values()):
            return await self._of_refused(owners)
        answer = await self.listed(owners)
        if answer.whole:
            return answer
        total = await self._counted(owners)
        rows = _Collected(answer.rows)
        try:
            came = await self._search(owners, total)
        except _OF_THIS_REQUEST as error:
            came = EnumeratedRows((), (error.message,))
        rows.add(came.rows)
        whole = came.whole and rows.size == len(came.rows) and rows.size >= total
        return EnumeratedRows(rows.all(), () if whole else (_shown_of(owners, rows.size, total),))

    async def census(self) -> Census:
        """The users, agents and runs that the server counts."""
        answer = await self._http.request("GET", "/entities")
        if not isinstance(answer, list):
            raise ResponseError("the entities are not a list")
        found = [SelfHostedEntityRow.read(row).to_entity() for row in answer]
        return Census([entity for entity in found if entity is not None])

    async def _of_entity(self, entity: Entity) -> Sequence[Row]:
        """The rows of one entity; none where the server fails on it, which its count then shows."""
        owners = {entity.kind.id_field: entity.id}
        try:
            answer = await self.listed(owners)
            if answer.whole:
                return answer.rows
            came = await self._search(owners, entity.memory_count or 0)
        except _OF_THIS_REQUEST:
            return ()
        return [*answer.rows, *came.rows]

    async def _of_refused(self, owners: Mapping[str, str]) -> EnumeratedRows:
        """The rows of owners of which the server refuses one: found among those of all owners."""
        found = await self.everything()
        rows = [
            row
            for row in found.rows
            if all(row_owners(row).get(name) == value for name, value in owners.items())
        ]
        return EnumeratedRows(rows, found.missing)

    async def _by_wildcard(self, rows: _Collected, census: Census) -> bool:
        """Add all rows that have a user, an agent or a run, and say whether that gave every one.

        Stores that take ``*`` for an id give none.
        """
        listed = rows.all()
        complete = True
        for kind in OWNERS:
            name = kind.id_field
            total = sum(e.memory_count or 0 for e in census.entities if e.kind is kind)
            if not total and not census.capped:
                continue
            try:
                came = await self._search({name: "*"}, total)
            except _OF_THIS_REQUEST:
                return False
            ids = {row["id"] for row in came.rows}
            rows.add(came.rows)
            known = {row["id"] for row in listed if name in row_owners(row)}
            complete = complete and came.whole and len(ids) >= total and known <= ids
        return complete

    async def _counted(self, owners: Mapping[str, str]) -> int:
        """How many rows *owners* have by the server's own count, at least; 0 where it has none."""
        if len(owners) > 1:
            return 0
        census = await self.census()
        counts = {(e.kind.id_field, e.id): e.memory_count or 0 for e in census.entities}
        return max((counts.get(item, 0) for item in owners.items()), default=0)

    async def listed(self, owners: Mapping[str, str]) -> EnumeratedRows:
        """What one listing shows of *owners*, expired rows too."""
        # Expired rows are asked for always: without them, the server drops rows after its limit.
        params: dict[str, str | int] = {**owners, "top_k": LIST_CAP, "show_expired": "true"}
        answer = await self._http.request("GET", "/memories", params=params)
        full = count_rows(answer) >= LIST_CAP
        return EnumeratedRows(Rows.of(answer), ("the server shows 1,000 at most",) if full else ())

    async def _search(self, owners: Mapping[str, str], total: int) -> EnumeratedRows:
        """All rows of *owners* by a search, of which about *total* are expected."""
        top_k = min(_LAST_TOP_K, max(_FIRST_TOP_K, 2 * total))
        while True:
            body = {
                "query": _ANYTHING,
                "filters": dict(owners),
                "top_k": top_k,
                "threshold": 0,
                "show_expired": True,
            }
            answer = await self._http.request("POST", "/search", body=body, repeatable=True)
            full = count_rows(answer) >= top_k
            if not full or top_k >= _LAST_TOP_K:
                return EnumeratedRows(
                    Rows.of(answer), (f"only {top_k:,} were asked for",) if full else ()
                )
            top_k = min(_LAST_TOP_K, 4 * top_k)


class _Collected:
    """Rows by id, and how many each entity has."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows: dict[str, Row] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self.add(rows)

    @property
    def size(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row["id"] not in self._rows:
                self._rows[row["id"]] = row
                self._counts.update(row_owners(row).items())

    def all(self) -> list[Row]:
        return list(self._rows.values())

    def of(self, ref: EntityRef) -> int:
        return self._counts[ref.kind.id_field, ref.id]

    def lacks(self, entity: Entity) -> bool:
        return self.of(entity.ref) < (entity.memory_count or 0)


def row_owners(row: Row) -> dict[str, str]:
    """The ids of the user, agent and run that *row* belongs to, by field."""
    values = {kind.id_field: row.get(kind.id_field) for kind in OWNERS}
    return {name: value for name, value in values.items() if isinstance(value, str) and value}


def _missing(census: Census, rows: _Collected, *, every_owner: bool) -> tuple[str, ...]:
    parts = []
    for entity in census.entities:
        if rows.lacks(entity):
            owners = {entity.kind.id_field: entity.id}
            count = entity.memory_count or 0
            parts.append(_shown_of(owners, rows.of(entity.ref), count))
    if not census.entities:
        parts.append("the server shows 1,000 memories at most, and lists no entities")
    elif any(not row_owners(row) for row in rows.all()):
        parts.append("the server shows only part of the memories that belong to no entity")
    if rows.size >= SCAN_CAP and not every_owner:
        parts.append("the server looks for entities in 10,000 memories only")
    return tuple(parts)


def _shown_of(owners: Mapping[str, str], came: int, total: int) -> str:
    """The clause for *owners* of which only a part came, or none."""
    names = " ".join(f"{name.removesuffix('_id')}:{value!r}" for name, value in owners.items())
    shown = f"{came:,} of {total:,}" if total > came else f"{came:,}"
    if any(has_blank(value) for value in owners.values()):
        return f"{one_line(names)}: the server refuses ids with a blank ({shown} shown)"
    return f"{one_line(names)}: the server shows {shown}"


def _refused(entity: Entity) -> bool:
    return has_blank(entity.id)


def has_blank(value: str) -> bool:
    """Whether the server refuses *value* as an id."""
    return any(character.isspace() for character in value)
