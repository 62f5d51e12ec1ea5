"""What happened to memories: an append-only record that doubles as a feed of changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from uuid import UUID

from mem0_tui.model.entity import Scope
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import HistoryEntry, JsonObject
from mem0_tui.store.rows import CATEGORIES, METADATA, SCOPE, TEXT, Row, from_json
from mem0_tui.store.sqlite.timestamps import from_micros

ADD, UPDATE, DELETE, RESTORE = "ADD", "UPDATE", "DELETE", "RESTORE"
"""The events that are recorded."""

_COLUMNS = (
    "memory_id, event, at, old_text, new_text, old_metadata, new_metadata,"
    " user_id, agent_id, app_id, run_id, actor, input, old_categories, new_categories"
)
_MARKS = ", ".join("?" * (_COLUMNS.count(",") + 1))
_INSERT = f"INSERT INTO history ({_COLUMNS}) VALUES ({_MARKS})"
_UUID4 = 4 << 76 | 2 << 62
"""The bits that make a number a UUID of version 4."""


@late_dataclass(frozen=True)
class Author:
    """Who makes a change, when, and from what."""

    at: int
    """Microseconds since 1970."""
    actor: str | None
    input: str | None = None
    """The messages that caused it, as JSON."""


@late_dataclass(frozen=True)
class Recorded:
    """A change with its place in the feed."""

    seq: int
    """Grows with every change and is never used twice."""
    entry: HistoryEntry
    scope: Scope
    """Whose memory it was."""
    old_metadata: JsonObject | None
    """The metadata before; None where the memory is new."""
    old_categories: tuple[str, ...] | None
    """The categories before; None where the memory is new, or not recorded."""


def record(
    connection: sqlite3.Connection,
    event: str,
    author: Author,
    changes: Sequence[tuple[Row | None, Row | None]],
) -> None:
    """Append one entry per pair of a memory's rows before and after, either of which may lack."""
    connection.executemany(_INSERT, (_values(event, author, *pair) for pair in changes))


def record_deleted(
    connection: sqlite3.Connection, author: Author, chosen: str, parameters: Sequence[object]
) -> None:
    """Append an entry per memory that passes the SQL condition *chosen*, about to be deleted."""
    connection.execute(
        f"INSERT INTO history ({_COLUMNS}) SELECT id, ?, ?, text, NULL, metadata, NULL,"
        f" user_id, agent_id, app_id, run_id, ?, ?, categories, NULL FROM memories"
        f" WHERE {chosen} ORDER BY seq",
        (DELETE, author.at, author.actor, author.input, *parameters),
    )


def of_memory(connection: sqlite3.Connection, memory_id: str) -> tuple[Recorded, ...]:
    """The changes of one memory, oldest first."""
    return _select(connection, "memory_id = ? ORDER BY seq", (memory_id,))


def knows(connection: sqlite3.Connection, memory_id: str) -> bool:
    """Whether any change of *memory_id* is recorded."""
    try:
        found = connection.execute(
            "SELECT 1 FROM history WHERE memory_id = ? LIMIT 1", (memory_id,)
        )
    except UnicodeEncodeError:
        return False
    return found.fetchone() is not None


def since(connection: sqlite3.Connection, seq: int, limit: int) -> tuple[Recorded, ...]:
    """The changes after *seq*, oldest first, at most *limit*."""
    return _select(connection, "seq > ? ORDER BY seq LIMIT ?", (seq, limit))


def latest(connection: sqlite3.Connection, offset: int, limit: int) -> tuple[Recorded, ...]:
    """The changes of all memories, newest first: *limit* at most, after the first *offset*."""
    return _select(connection, "1 ORDER BY seq DESC LIMIT ? OFFSET ?", (limit, offset))


def last_seq(connection: sqlite3.Connection) -> int:
    """The place of the newest change in the feed; 0 when nothing was ever changed."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
    return int(found[0]) if found else 0


def changed_since(connection: sqlite3.Connection, seq: int, most: int) -> frozenset[str] | None:
    """The ids of the memories that were added, changed or deleted after *seq*; None where more
    than *most* changes were made, or some were erased from the feed."""
    made = last_seq(connection) - seq
    if not 0 <= made <= most:
        return None
    rows = connection.execute("SELECT memory_id FROM history WHERE seq > ?", (seq,)).fetchall()
    return frozenset(row[0] for row in rows) if len(rows) == made else None


def _values(event: str, author: Author, old: Row | None, new: Row | None) -> tuple[object, ...]:
    present = new or old
    assert present is not None
    return (
        present[0],
        event,
        author.at,
        old[TEXT] if old else None,
        new[TEXT] if new else None,
        old[METADATA] if old else None,
        new[METADATA] if new else None,
        *present[SCOPE],
        author.actor,
        author.input,
        old[CATEGORIES] if old else None,
        new[CATEGORIES] if new else None,
    )


def _select(
    connection: sqlite3.Connection, rest: str, parameters: tuple[object, ...]
) -> tuple[Recorded, ...]:
    found = connection.execute(f"SELECT seq, {_COLUMNS} FROM history WHERE {rest}", parameters)
    return tuple(map(_recorded, found))


def _recorded(row: Row) -> Recorded:
    seq, memory_id, event, at, old_text, new_text, old_metadata, new_metadata, *rest = row
    *ids, actor, input_, old_categories, new_categories = rest
    entry = HistoryEntry(
        id=str(UUID(int=seq | _UUID4)),
        memory_id=memory_id,
        event=event,
        at=from_micros(at),
        old_text=old_text,
        new_text=new_text,
        metadata=from_json(new_metadata or old_metadata or "{}"),
        categories=_names(new_categories or old_categories),
        actor=actor,
        input=tuple(json.loads(input_)) if input_ else (),
        scope=Scope(*ids),
    )
    before = from_json(old_metadata) if old_metadata else None
    return Recorded(seq, entry, Scope(*ids), before, _names(old_categories))


def _names(written: str | None) -> tuple[str, ...] | None:
    return tuple(json.loads(written)) if written else None
