"""Entities: those that memories are keyed by, and those that outlive their memories."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TypeAlias

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.memory import JsonObject
from mem0_tui.store.history import last_seq
from mem0_tui.store.moments import from_micros
from mem0_tui.store.rows import from_json

State: TypeAlias = tuple[int, int, int | None]
"""Numbers of which one is another whenever entities or their memories have changed."""
_Known: TypeAlias = tuple[str, int, int]
_Merged: TypeAlias = tuple[str, int, int, int, str]


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """An entity with what is stored beside it."""

    entity: Entity
    metadata: JsonObject


def listed(connection: sqlite3.Connection) -> tuple[StoredEntity, ...]:
    """All entities, by kind, then the most recently active first; counts include what expired."""
    known: dict[str, dict[str, _Known]] = {kind.value: {} for kind in EntityKind}
    for kind_name, id_, *rest in connection.execute(
        "SELECT kind, id, metadata, created_at, updated_at FROM entities"
    ):
        known[kind_name][id_] = (rest[0], rest[1], rest[2])
    found: list[StoredEntity] = []
    for kind in EntityKind:
        beside, active = known[kind.value], _active(connection, kind)
        rows = [_merged(id_, beside.get(id_), active.get(id_)) for id_ in {**beside, **active}]
        rows.sort(key=lambda row: (-row[3], row[0]))
        found.extend(_entity(kind, row) for row in rows)
    return tuple(found)


def listed_after(
    connection: sqlite3.Connection, before: State | None
) -> tuple[State, tuple[StoredEntity, ...] | None]:
    """The state, and all entities unless nothing has changed since the state *before*."""
    count, latest = connection.execute("SELECT count(*), max(updated_at) FROM entities").fetchone()
    state = (last_seq(connection), count, latest)
    return state, None if state == before else listed(connection)


def forget(connection: sqlite3.Connection, entity: EntityRef) -> bool:
    """Remove the entity itself, whose memories are gone already; False if it is unknown."""
    removed = connection.execute(
        "DELETE FROM entities WHERE kind = ? AND id = ?", (entity.kind.value, entity.id)
    )
    return removed.rowcount > 0


def _active(connection: sqlite3.Connection, kind: EntityKind) -> dict[str, tuple[int, int, int]]:
    """Per id the number of memories, the first date and the last, from the index alone."""
    column = kind.id_field
    rows = connection.execute(
        f"SELECT {column}, count(*), (SELECT min(created_at) FROM memories AS own"
        f" WHERE own.{column} = memories.{column}), max(updated_at), max(created_at)"
        f" FROM memories WHERE {column} IS NOT NULL GROUP BY {column}"
    )
    return {
        id_: (count, first, max(last, updated or 0)) for id_, count, first, updated, last in rows
    }


def _merged(id_: str, known: _Known | None, active: tuple[int, int, int] | None) -> _Merged:
    """An id, how many memories it has, when it began and was last active, its metadata."""
    if known is None:
        assert active is not None
        return (id_, *active, "{}")
    metadata, created, updated = known
    if active is None:
        return (id_, 0, created, updated, metadata)
    count, first, last = active
    return (id_, count, min(first, created), max(last, updated), metadata)


def _entity(kind: EntityKind, row: _Merged) -> StoredEntity:
    id_, count, first, last, metadata = row
    return StoredEntity(
        Entity(kind, id_, count, from_micros(first), from_micros(last)), from_json(metadata)
    )
