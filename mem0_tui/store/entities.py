"""Entities: those that memories are keyed by, and those that outlive their memories."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.memory import JsonObject
from mem0_tui.store.moments import from_micros
from mem0_tui.store.rows import from_json, to_json


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """An entity with what is stored beside it."""

    entity: Entity
    metadata: JsonObject


def listed(connection: sqlite3.Connection) -> tuple[StoredEntity, ...]:
    """All entities, by kind, then the most recently active first; counts include what expired."""
    known = {
        (kind, id_): (metadata, created, updated)
        for kind, id_, metadata, created, updated in connection.execute(
            "SELECT kind, id, metadata, created_at, updated_at FROM entities"
        )
    }
    found: list[StoredEntity] = []
    for kind in EntityKind:
        active = _active(connection, kind)
        stored = [
            _entity(kind, id_, known.get((kind.value, id_)), active.get(id_))
            for id_ in {id_ for name, id_ in known if name == kind.value} | set(active)
        ]
        stored.sort(key=lambda each: each.entity.id)
        stored.sort(key=_last_active, reverse=True)
        found.extend(stored)
    return tuple(found)


def set_metadata(connection: sqlite3.Connection, entity: EntityRef, metadata: JsonObject) -> bool:
    """Replace the metadata of one entity; False if there is no such entity."""
    changed = connection.execute(
        "UPDATE entities SET metadata = ? WHERE kind = ? AND id = ?",
        (to_json(metadata), entity.kind.value, entity.id),
    )
    return changed.rowcount > 0


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


def _entity(
    kind: EntityKind,
    id_: str,
    known: tuple[str, int, int] | None,
    active: tuple[int, int, int] | None,
) -> StoredEntity:
    count, first, last = active or (0, None, None)
    metadata, created, updated = known or ("{}", first, last)
    assert created is not None
    assert updated is not None
    return StoredEntity(
        Entity(
            kind,
            id_,
            memory_count=count,
            created_at=from_micros(created if first is None else min(first, created)),
            updated_at=from_micros(updated if last is None else max(last, updated)),
        ),
        from_json(metadata),
    )


def _last_active(stored: StoredEntity) -> float:
    moment = stored.entity.updated_at
    return moment.timestamp() if moment else 0.0
