"""Counts of memories by user, agent, app and run, so that a million of them need not be looked at.

They are kept as those of :mod:`mem0_tui.store.tallies` are, and up to the same place: triggers keep
them right where a counted memory is changed or removed, and what was added since is counted when
somebody asks.
"""

from __future__ import annotations

import sqlite3

from mem0_tui.model.entity import EntityKind
from mem0_tui.store.sqlite.migrations import Migration

_LATEST = "max(max(created_at), ifnull(max(updated_at), 0))"
_SINCE = "seq > (SELECT seq FROM tallied)"
_COUNTED = "old.seq <= (SELECT seq FROM tallied)"
_PART = "(app_id, agent_id, user_id)"
_ENTITIES = [(kind.value, kind.id_field) for kind in EntityKind]


def _part(row: str = "") -> str:
    """The part that *row* (``new.`` and the like) is of; an empty blob stands for none."""
    ids = ("app_id", "agent_id", "user_id")
    return ", ".join(f"ifnull({row}{column}, x'')" for column in ids)


def _count() -> str:
    """Statements that count ``new``. What is the first or last and not known stays so."""
    dates = "new.created_at, max(new.created_at, ifnull(new.updated_at, 0))"
    counted = "".join(
        f"INSERT INTO entity_counts SELECT '{kind}', new.{column}, 1, {dates}"
        f" WHERE new.{column} IS NOT NULL ON CONFLICT DO UPDATE SET count = count + 1,"
        " first = min(first, excluded.first), last = max(last, excluded.last); "
        for kind, column in _ENTITIES
    )
    return (
        f"{counted} INSERT INTO part_counts VALUES ({_part('new.')}, 1)"
        " ON CONFLICT DO UPDATE SET count = count + 1;"
    )


def _uncount() -> str:
    """Statements that count ``old`` out."""
    counted = "".join(
        "UPDATE entity_counts SET count = count - 1, first = nullif(first, old.created_at),"
        " last = nullif(last, max(old.created_at, ifnull(old.updated_at, 0)))"
        f" WHERE kind = '{kind}' AND id = old.{column};"
        f" DELETE FROM entity_counts WHERE count < 1 AND kind = '{kind}' AND id = old.{column}; "
        for kind, column in _ENTITIES
    )
    at = f"{_PART} = ({_part('old.')})"
    return (
        f"{counted} UPDATE part_counts SET count = count - 1 WHERE {at};"
        f" DELETE FROM part_counts WHERE count < 1 AND {at};"
    )


def _all_entities(which: str) -> str:
    """All entities of the memories that pass the SQL condition *which*."""
    return " UNION ALL ".join(
        f"SELECT '{kind}', {column}, count(*), min(created_at), {_LATEST} FROM memories"
        f" WHERE {which} AND {column} IS NOT NULL GROUP BY {column}"
        for kind, column in _ENTITIES
    )


def _all_parts(which: str) -> str:
    return f"SELECT {_part()}, count(*) FROM memories WHERE {which} GROUP BY 1, 2, 3"


_DATED = ("user_id", "agent_id", "app_id", "run_id", "created_at", "updated_at")
_CHANGED = " OR ".join(f"old.{column} IS NOT new.{column}" for column in _DATED)
_THERE = "seq <= (SELECT seq FROM tallied)"
MIGRATION = Migration(
    "scope counts",
    f"""
CREATE TABLE entity_counts (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    count INTEGER NOT NULL,
    first INTEGER,
    last INTEGER,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE part_counts (
    app_id NOT NULL,
    agent_id NOT NULL,
    user_id NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (app_id, agent_id, user_id)
) WITHOUT ROWID;
INSERT INTO entity_counts {_all_entities(_THERE)};
INSERT INTO part_counts {_all_parts(_THERE)};
CREATE TRIGGER scope_counts_removed AFTER DELETE ON memories WHEN {_COUNTED}
    BEGIN {_uncount()} END;
CREATE TRIGGER scope_counts_changed AFTER UPDATE OF {", ".join(_DATED)} ON memories
    WHEN {_COUNTED} AND ({_CHANGED})
    BEGIN {_count()} {_uncount()} END;
""",
)
"""``first`` and ``last`` are when the entity's memories began and were last written, in
microseconds since 1970; NULL after that memory was removed, until somebody asks. Every memory is of
one part, also one of no app."""


def entities_sql(kind: EntityKind) -> str:
    """Rows of id, count, first and last: from the counts, and apart what was added since."""
    column = kind.id_field
    own = f"FROM memories AS own WHERE own.{column} = entity_counts.id"
    return (
        f"SELECT id, count, ifnull(first, (SELECT min(created_at) {own})) AS first,"
        f" ifnull(last, (SELECT {_LATEST} {own})) AS last"
        f" FROM entity_counts WHERE kind = '{kind.value}'"
        f" UNION ALL SELECT {column}, count(*), min(created_at), {_LATEST}"
        f" FROM memories NOT INDEXED WHERE {_SINCE} AND {column} IS NOT NULL GROUP BY {column}"
    )


PARTS_SQL = (
    "SELECT app_id, nullif(agent_id, x''), nullif(user_id, x''), sum(count) FROM ("
    "SELECT * FROM part_counts"
    f" UNION ALL SELECT {_part()}, count(*) FROM memories NOT INDEXED WHERE {_SINCE}"
    " GROUP BY 1, 2, 3) WHERE app_id <> x'' GROUP BY 1, 2, 3"
)
"""App, agent, user, and how many memories belong to just these."""


def count_in(connection: sqlite3.Connection) -> None:
    """Count in what was added since; ``tallied`` then is to be moved on."""
    connection.execute(
        f"INSERT INTO entity_counts SELECT * FROM ({_all_entities(_SINCE)}) WHERE 1"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count,"
        " first = min(first, excluded.first), last = max(last, excluded.last)"
    )
    connection.execute(
        f"INSERT INTO part_counts SELECT * FROM ({_all_parts(_SINCE)}) WHERE 1"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count"
    )


def forget(connection: sqlite3.Connection) -> None:
    """Do without the counts, which are then to be made anew."""
    connection.execute("DELETE FROM entity_counts")
    connection.execute("DELETE FROM part_counts")


def add_up(connection: sqlite3.Connection, counted: int) -> bool:
    """Whether they are of *counted* memories."""
    (kept,) = connection.execute("SELECT ifnull(sum(count), 0) FROM part_counts").fetchone()
    return bool(kept == counted)


def damaged(connection: sqlite3.Connection) -> bool:
    """Whether the counts are not those of the memories."""
    sums = (
        (_all_entities(_THERE), "SELECT kind, id, count, first, last FROM entity_counts"),
        (_all_parts(_THERE), "SELECT app_id, agent_id, user_id, count FROM part_counts"),
    )
    (entities, kept), parts = sums
    known = f"WITH there(kind, id, count, first, last) AS ({entities}), kept AS ({kept})"
    differing = (
        f"{known} SELECT EXISTS (SELECT 1 FROM there LEFT JOIN kept USING (kind, id) WHERE"
        " kept.count IS NOT there.count OR kept.first <> there.first OR kept.last <> there.last)"
        " OR (SELECT count(*) FROM there) <> (SELECT count(*) FROM kept)"
    )
    if connection.execute(differing).fetchone()[0]:
        return True
    there, kept = parts
    found = connection.execute(
        f"SELECT EXISTS (SELECT * FROM ({there}) EXCEPT {kept})"
        f" OR EXISTS ({kept} EXCEPT SELECT * FROM ({there}))"
    )
    return bool(found.fetchone()[0])
