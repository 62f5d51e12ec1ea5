"""Counts of memories by day, kind and source, so that a million of them need not be looked at.

Memories up to some place are counted in a table, which triggers keep right where one of them is
changed or removed; adding takes no longer for it. What was added since is counted when somebody
asks, and what the counts leave open, a query for example, from the memories themselves.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from mem0_tui.model.errors import StoreError
from mem0_tui.model.filter import Filter
from mem0_tui.model.tally import Tallies, Tally, sources_in
from mem0_tui.store import scope_counts
from mem0_tui.store.memories import Selection
from mem0_tui.store.sqlite.migrations import Migration

if TYPE_CHECKING:
    from mem0_tui.store.store import MemoryStore

MANY = 2_000
"""Memories from which on counting those added since takes longer than it should."""
_DAY = 86_400_000_000
"""Microseconds."""
_Row: TypeAlias = tuple[int, str, str, int]
"""Day, kind and source, as the table has them, and how many memories."""


def _key(row: str = "") -> str:
    """What *row* (``new.`` and the like) is counted under; the day rounds down before 1970, too. A
    damaged row must not stop what is done with it."""
    at, metadata = f"{row}created_at", f"{row}metadata"
    source = f"json_extract({metadata}, '$.source', '$[0]')"
    return (
        f"({at} - (({at} % {_DAY}) + {_DAY}) % {_DAY}) / {_DAY}, ifnull({row}kind, ''),"
        f" CASE WHEN json_valid({metadata}) THEN {source} ELSE '' END"
    )


_OLD, _NEW = (f"{_key(row)}, ifnull({row}expires_on, '')" for row in ("old.", "new."))
_UNCOUNT = (
    f"UPDATE tallies SET count = count - 1 WHERE (day, kind, source, expires_on) = ({_OLD});"
    f" DELETE FROM tallies WHERE count < 1 AND (day, kind, source, expires_on) = ({_OLD});"
)
_COUNT = f"INSERT INTO tallies VALUES ({_NEW}, 1) ON CONFLICT DO UPDATE SET count = count + 1;"
_COUNTED = "old.seq <= (SELECT seq FROM tallied)"
_ALL = f"SELECT {_key()}, ifnull(expires_on, ''), count(*) FROM memories"
_BY_ALL = "GROUP BY 1, 2, 3, 4"
MIGRATION = Migration(
    "tallies",
    f"""
CREATE TABLE tallies (
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, kind, source, expires_on)
) WITHOUT ROWID;
CREATE TABLE tallied (seq INTEGER NOT NULL);
INSERT INTO tallied SELECT ifnull(max(seq), 0) FROM memories;
INSERT INTO tallies {_ALL} {_BY_ALL};
CREATE TRIGGER tallies_removed AFTER DELETE ON memories WHEN {_COUNTED} BEGIN {_UNCOUNT} END;
CREATE TRIGGER tallies_changed AFTER UPDATE OF created_at, kind, metadata, expires_on ON memories
    WHEN {_COUNTED} AND (old.created_at <> new.created_at OR old.kind IS NOT new.kind
    OR old.metadata <> new.metadata OR old.expires_on IS NOT new.expires_on)
    BEGIN {_UNCOUNT} {_COUNT} END;
""",
)
"""``source`` is a JSON list with ``metadata.source`` first, ``null`` where there is none: of a
value alone SQLite would give back something else (``true`` as 1, no ``\\u0000``). It is blank where
the row is damaged. Blank is also what has no kind, or no expiry. ``tallied`` holds the last place
that was counted."""


async def asked(store: MemoryStore, condition: Filter, *, include_expired: bool) -> Tallies:
    """How many memories that pass *condition* there are of each day, kind and source, perhaps in
    several parts. Where many were added since somebody asked last, they are counted in."""
    selection = store.selection(condition, include_expired=include_expired)

    def work(connection: sqlite3.Connection) -> tuple[Tallies, int]:
        return tallies(connection, selection), uncounted(connection)

    found, added = await store.database.aread(work)
    if added >= MANY and not store.database.frozen:
        with suppress(StoreError):  # another process writes, or the file is read-only
            await store.database.awrite(count_in)
    return found


def tallies(connection: sqlite3.Connection, selection: Selection) -> Tallies:
    """How many selected memories there are of each day, kind and source, perhaps in two parts."""
    if selection.unconditional and are_right(connection):
        rows = _kept(connection, selection)
        rows += _counted(connection, selection, "seq > (SELECT seq FROM tallied) AND ")
    else:
        rows = _counted(connection, selection)
    return _read(rows)


def kinds(connection: sqlite3.Connection, selection: Selection) -> dict[str | None, int]:
    """How many selected memories there are per kind; None counts those without one."""
    found: dict[str | None, int] = {}
    today = "" if selection.today is None else selection.today.isoformat()
    rows = connection.execute(
        "SELECT kind, sum(count) FROM tallies WHERE expires_on = '' OR expires_on >= ?"
        " GROUP BY kind",
        (today,),
    ).fetchall()
    rows += connection.execute(
        "SELECT ifnull(kind, ''), count(*) FROM memories NOT INDEXED"
        f" WHERE seq > (SELECT seq FROM tallied) AND {selection.where.sql} GROUP BY 1",
        selection.where.parameters,
    ).fetchall()
    for kind, count in rows:
        found[kind or None] = found.get(kind or None, 0) + count
    return found


def serve(connection: sqlite3.Connection) -> bool:
    """Whether counting from here is right, and not slower than from the memories."""
    return uncounted(connection) < MANY and are_right(connection)


def uncounted(connection: sqlite3.Connection) -> int:
    """How many memories were added since the last were counted in; up to :data:`MANY`, for more do
    not matter."""
    (found,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM memories WHERE seq > (SELECT seq FROM tallied)"
        " LIMIT ?)",
        (MANY,),
    ).fetchone()
    return int(found)


def count_in(connection: sqlite3.Connection) -> None:
    """Count in what was added since, or everything where the counts are not right; those of
    scopes, too."""
    if not are_right(connection):
        connection.execute("DELETE FROM tallies")
        scope_counts.forget(connection)
        connection.execute("UPDATE tallied SET seq = 0")
    connection.execute(
        f"INSERT INTO tallies {_ALL} WHERE seq > (SELECT seq FROM tallied) {_BY_ALL}"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count"
    )
    scope_counts.count_in(connection)
    connection.execute("UPDATE tallied SET seq = ifnull((SELECT max(seq) FROM memories), 0)")


def damaged(connection: sqlite3.Connection) -> bool:
    """Whether the counts are not those of the memories."""
    counted = f"{_ALL} WHERE seq <= (SELECT seq FROM tallied) {_BY_ALL}"
    kept = "SELECT day, kind, source, expires_on, count FROM tallies"
    found = connection.execute(
        f"SELECT EXISTS ({counted} EXCEPT {kept}) OR EXISTS ({kept} EXCEPT {counted})"
    )
    return bool(found.fetchone()[0])


def are_right(connection: sqlite3.Connection) -> bool:
    """Whether the counts add up to all memories; those of scopes, too."""
    (added,) = connection.execute(
        "SELECT count(*) FROM memories WHERE seq > (SELECT seq FROM tallied)"
    ).fetchone()
    (kept,) = connection.execute("SELECT ifnull(sum(count), 0) FROM tallies").fetchone()
    (there,) = connection.execute("SELECT count(*) FROM memories").fetchone()
    return bool(added + kept == there) and scope_counts.add_up(connection, kept)


def _kept(connection: sqlite3.Connection, selection: Selection) -> list[_Row]:
    today = "" if selection.today is None else selection.today.isoformat()
    return connection.execute(
        "SELECT day, kind, source, sum(count) FROM tallies"
        " WHERE expires_on = '' OR expires_on >= ? GROUP BY day, kind, source",
        (today,),
    ).fetchall()


def _counted(connection: sqlite3.Connection, selection: Selection, first: str = "") -> list[_Row]:
    chosen = selection.where
    return connection.execute(
        f"SELECT {_key()}, count(*) FROM memories WHERE {first}{chosen.sql} GROUP BY 1, 2, 3",
        chosen.parameters,
    ).fetchall()


def _read(rows: list[_Row]) -> Tallies:
    known: dict[str, tuple[tuple[str, ...], bool]] = {"": ((), False)}
    for row in rows:
        if row[2] not in known:
            known[row[2]] = sources_in(json.loads(row[2])[0])
    return Tallies(
        Tally(day, kind or None, *known[source], amount) for day, kind, source, amount in rows
    )
