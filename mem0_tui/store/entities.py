"""Entities: those that memories are keyed by, and those that outlive their memories."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.store import scope_counts, tallies
from mem0_tui.store.history import last_seq
from mem0_tui.store.sqlite.timestamps import from_micros

State: TypeAlias = tuple[int, int, int | None]
"""Numbers of which one is another whenever entities or their memories have changed."""
EntityRow: TypeAlias = tuple[EntityKind, str, int, int, int]
"""Kind, id, number of memories, and in microseconds since 1970 the first date and the last."""
PartRow: TypeAlias = tuple[str, str | None, str | None, int]
"""App, agent, user, and the number of memories that belong to just these."""

_MANY_RUNS = 1000


def listed(connection: sqlite3.Connection) -> tuple[Entity, ...]:
    """All entities, by kind, then the most recently active first; counts include what expired."""
    return tuple(
        Entity(kind, id_, count, from_micros(first), from_micros(last))
        for kind, id_, count, first, last in rows(connection, kept=tallies.serve(connection))
    )


def rows(
    connection: sqlite3.Connection, kinds: Iterable[EntityKind] = EntityKind, *, kept: bool
) -> Iterator[EntityRow]:
    """:func:`listed` as rows, those of *kinds*; *kept* says that the counts that are kept
    :func:`~mem0_tui.store.tallies.serve`."""
    counted = scope_counts.entities_sql if kept else _counted
    for kind in kinds:
        for row in connection.execute(
            f"SELECT id, sum(count), min(first), max(last) FROM ({counted(kind)}"
            " UNION ALL SELECT id, 0, created_at, updated_at FROM entities WHERE kind = ?"
            ") GROUP BY id ORDER BY max(last) DESC, id",
            (kind.value,),
        ):
            yield (kind, *row)


def has_many_runs(connection: sqlite3.Connection) -> bool:
    """Whether reading all runs takes a while: every session of Codex is one."""
    (found,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM entities WHERE kind = ? LIMIT ?)",
        (EntityKind.RUN.value, _MANY_RUNS),
    ).fetchone()
    return bool(found == _MANY_RUNS)


def _counted(kind: EntityKind) -> str:
    """Rows of id, count, first and last, from the memories."""
    column = kind.id_field
    return (
        f"SELECT {column} AS id, count(*) AS count, (SELECT min(created_at) FROM memories AS own"
        f" WHERE own.{column} = memories.{column}) AS first,"
        " max(max(created_at), ifnull(max(updated_at), 0)) AS last"
        f" FROM memories WHERE {column} IS NOT NULL GROUP BY {column}"
    )


def parts(connection: sqlite3.Connection, *, kept: bool) -> Iterator[PartRow]:
    """How the memories of each app are shared out among its agents and users; *kept* as in
    :func:`rows`."""
    yield from connection.execute(
        scope_counts.PARTS_SQL
        if kept
        else "SELECT app_id, agent_id, user_id, count(*) FROM memories WHERE app_id IS NOT NULL"
        " GROUP BY app_id, agent_id, user_id"
    )


def state(connection: sqlite3.Connection) -> State:
    """What :func:`rows` depends on, in short."""
    count, latest = connection.execute("SELECT count(*), max(updated_at) FROM entities").fetchone()
    return last_seq(connection), count, latest


def forget(connection: sqlite3.Connection, entity: EntityRef) -> bool:
    """Remove the entity itself, whose memories are gone already; False if it is unknown."""
    removed = connection.execute(
        "DELETE FROM entities WHERE kind = ? AND id = ?", (entity.kind.value, entity.id)
    )
    return removed.rowcount > 0
