"""Whether what the store holds is what was stored.

A disk or a copy may turn a byte over without SQLite seeing it. A memory's text is checked against
the hash that was stored with it, what is derived from it (type, pin, length, folded text) against
what it would be now, and text, metadata, scope and, where they were recorded, categories against
the last change that the history has of it. Dates have no second copy: it is only checked that they
parse. What is counted by day, kind and scope is counted again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.model.late import late_dataclass
from mem0_tui.store import scope_counts, tallies
from mem0_tui.store.history import DELETE
from mem0_tui.store.query.conditions import SqlCondition
from mem0_tui.store.rows import (
    CATEGORIES,
    COLUMNS,
    DERIVED,
    METADATA,
    SCOPE,
    TEXT,
    WIDTH,
    Row,
    derived_of,
    memory_of,
    sound_memory_of,
    text_hash,
)
from mem0_tui.store.sqlite.errors import is_damage

_DERIVED = tuple(name.strip() for name in DERIVED.split(","))
_ROWS = f"SELECT {COLUMNS}, {DERIVED} FROM memories ORDER BY seq"
_BURIED = f"SELECT {COLUMNS} FROM tombstones ORDER BY deleted_at, id"
_LAST = (
    "SELECT new_text, new_metadata, new_categories, user_id, agent_id, app_id, run_id FROM history"
    " WHERE memory_id = ? AND event != ? ORDER BY seq DESC LIMIT 1"
)
_LAST_DELETED = (
    "SELECT old_text, old_metadata, old_categories, user_id, agent_id, app_id, run_id FROM history"
    " WHERE memory_id = ? AND event = ? ORDER BY seq DESC LIMIT 1"
)
_CHAIN = (
    "SELECT memory_id, old_text, new_text, old_metadata, new_metadata, old_categories,"
    " new_categories FROM history ORDER BY memory_id, seq"
)
_INDEXES = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5(%' ORDER BY name"
)


@late_dataclass(frozen=True)
class Damage:
    """Something that is not as it was stored."""

    what: str
    """What it is, as a clause: ``its text does not fit its hash``."""
    memory_id: str = ""
    """Whose it is, empty where it belongs to no memory."""


def damaged_texts(connection: sqlite3.Connection, chosen: SqlCondition) -> tuple[str, ...]:
    """The ids of the memories passing *chosen* whose text does not fit its hash."""
    sql = f"SELECT id, text, hash FROM memories WHERE {chosen.sql} ORDER BY seq"
    rows = connection.execute(sql, chosen.parameters)
    return tuple(id_ for id_, text, hash_ in rows if text_hash(text) != hash_)


def damage(connection: sqlite3.Connection) -> Iterator[Damage]:
    """All that is wrong in a store, file first; reads everything there is."""
    yield from file_damage(connection)
    try:
        for row in connection.execute(_ROWS).fetchall():
            yield from _of_memory(connection, row)
        for row in connection.execute(_BURIED).fetchall():
            yield from _of_deleted(connection, row)
        yield from _of_history(connection)
        if tallies.damaged(connection):
            yield Damage("the counts by day, kind and source are not those of the memories")
        if scope_counts.damaged(connection):
            yield Damage("the counts by user, agent, app and run are not those of the memories")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield Damage(f"not all of it can be read: {error}")


def file_damage(connection: sqlite3.Connection) -> Iterator[Damage]:
    """What SQLite itself finds wrong in the file."""
    try:
        for (found,) in connection.execute("PRAGMA integrity_check"):
            if found != "ok":
                yield Damage(f"SQLite finds: {' '.join(str(found).split())}")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield Damage(f"SQLite finds: {error}")


def index_damage(connection: sqlite3.Connection) -> tuple[Damage, ...]:
    """Which indexes of words do not fit the texts; needs a connection that may write."""
    found: list[Damage] = []
    for (name,) in connection.execute(_INDEXES).fetchall():
        try:
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            found.append(Damage(f"the index {name} does not fit the texts"))
    return tuple(found)


def _of_memory(connection: sqlite3.Connection, row: Row) -> Iterator[Damage]:
    stored, derived, id_ = row[:WIDTH], row[WIDTH:], row[0]
    try:
        sound_memory_of(stored)
    except StoreCorruptError:
        yield Damage("its metadata, categories or dates cannot be read", id_)
        if text_hash(stored[TEXT]) != derived[_DERIVED.index("hash")]:
            yield Damage("its text does not fit its hash", id_)
        return
    wrong = [
        name
        for name, kept, right in zip(_DERIVED, derived, derived_of(memory_of(stored)), strict=True)
        if kept != right
    ]
    if "hash" in wrong:
        yield Damage("its text does not fit its hash", id_)
    elif wrong:
        yield Damage(f"what was derived from it does not fit it: {', '.join(wrong)}", id_)
    last = connection.execute(_LAST, (id_, DELETE)).fetchone()
    if "hash" not in wrong:
        yield from _compared(stored, last, id_, "it is not as the last change of it left it")


def _of_deleted(connection: sqlite3.Connection, row: Row) -> Iterator[Damage]:
    last = connection.execute(_LAST_DELETED, (row[0], DELETE)).fetchone()
    yield from _compared(row, last, row[0], "in the trash it is not as it was deleted")


def _compared(row: Row, last: Row | None, id_: str, what: str) -> Iterator[Damage]:
    """*what* if *row* differs from what the history has of it, where that has anything."""
    if last is None or last[0] is None:
        return
    pairs = (("text", row[TEXT], last[0]), ("metadata", row[METADATA], last[1]))
    names = [name for name, kept, recorded in pairs if kept != recorded]
    names += ["categories"] if last[2] not in (None, row[CATEGORIES]) else []
    names += ["scope"] if tuple(row[SCOPE]) != tuple(last[3:]) else []
    if names:
        yield Damage(f"{what}: {', '.join(names)}", id_)


def _of_history(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Where a change does not begin with what the change before it left."""
    before: Row | None = None
    for row in connection.execute(_CHAIN).fetchall():
        linked = before is not None and before[0] == row[0] and before[2] is not None
        if before is not None and linked and row[1] is not None:
            parts = [("text", before[2], row[1]), ("metadata", before[4], row[3])]
            if before[6] is not None and row[5] is not None:
                parts.append(("categories", before[6], row[5]))
            if names := [name for name, left, found in parts if left != found]:
                yield Damage(f"two changes in its history disagree: {', '.join(names)}", row[0])
        before = row
