"""Writes to the ``memories`` table, each with its history and, for deletes, its tombstone.

Every function runs inside one transaction: what it changed and the record of it are stored
together or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from mem0_tui.model.change import Edit
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.errors import (
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    StaleError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.model.retention import KEPT
from mem0_tui.model.text import encodable
from mem0_tui.store import history, memories, tallies
from mem0_tui.store.history import Author
from mem0_tui.store.query.filters import SqlCondition
from mem0_tui.store.rows import (
    COLUMNS,
    CREATED,
    DERIVED,
    SCOPE,
    Row,
    derived_of,
    from_json,
    memory_of,
    row_of,
    sound_memory_of,
)
from mem0_tui.store.search import text_index as textindex
from mem0_tui.store.sqlite.timestamps import from_micros

_KEPT_MICROS = KEPT // timedelta(microseconds=1)

_BATCH = 1000
"""Memories that are counted in with their addition: that takes a hundredth as long."""
_ALL = f"{COLUMNS}, {DERIVED}"
_INSERT = f"INSERT INTO memories ({_ALL}) VALUES ({', '.join('?' * (_ALL.count(',') + 1))})"
_ASSIGN = ", ".join(f"{name.strip()} = ?" for name in COLUMNS.split(",")[2:])
_UPDATE = f"UPDATE memories SET {_ASSIGN}, type = ?, kind = ?, confidence = ?, pinned = ?"
_REWORD = f"{_UPDATE}, length = ?, hash = ?, folded = ?, text = ? WHERE id = ?"
_BURY = (
    f"INSERT OR REPLACE INTO tombstones ({COLUMNS}, deleted_at, deleted_by)"
    f" SELECT {COLUMNS}, ?, ? FROM memories WHERE "
)


def add(
    connection: sqlite3.Connection, rows: Sequence[Row], author: Author, event: str = history.ADD
) -> None:
    """Store new memories; StaleError if an id is taken, and then none is stored."""
    try:
        _insert(connection, rows)
    except sqlite3.IntegrityError as error:
        taken = next((row[0] for row in rows if memories.row(connection, row[0])), "")
        raise StaleError(f"there is a memory {taken!r} already") from error
    _know_entities(connection, rows)
    history.record(connection, event, author, [(None, row) for row in rows])
    if len(rows) >= _BATCH:
        tallies.count_in(connection)


def _know_entities(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    connection.executemany(
        "INSERT INTO entities (kind, id, created_at, updated_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        _entities(rows),
    )


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        values = (*rows[0], *derived_of(memory_of(rows[0])))
        seq = connection.execute(_INSERT, values).lastrowid
        assert seq is not None
        textindex.add_one(connection, seq, values[-1])
        return
    before = _last_seq(connection)
    connection.executemany(_INSERT, ((*row, *derived_of(memory_of(row))) for row in rows))
    textindex.add(connection, "seq > ?", (before,))


def _last_seq(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT max(seq) FROM memories").fetchone()[0]
    return int(found or 0)


def _entities(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """The entities of *rows* with the earliest date each has there."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        for kind, id_ in zip(EntityKind, row[SCOPE], strict=True):
            if id_ is not None:
                key = (kind.value, id_)
                first[key] = min(first.get(key, row[CREATED]), row[CREATED])
    return [(*key, at, at) for key, at in first.items()]


def update(
    connection: sqlite3.Connection,
    memory_id: str,
    edit: Edit,
    author: Author,
    clock: Clock,
    *,
    seen: str | None = None,
    created_at: int | None = None,
) -> Row:
    """Change one memory and return its row; without a difference nothing is recorded.

    Args:
        connection: inside a write transaction.
        memory_id: the whole id.
        edit: the fields that change.
        author: who is written down as having changed it.
        clock: the time of the change.
        seen: the content hash that the change is based on; None where any will do.
        created_at: microseconds since 1970, in place of the date of its creation.

    Raises:
        NotFoundError: it is gone.
        StaleError: its content hash is not *seen*.
        InvalidRequestError: it is immutable.
        StoreCorruptError: its row is damaged.
    """
    row = memories.row(connection, memory_id)
    if row is None:
        raise NotFoundError(f"there is no memory {memory_id!r}")
    before = sound_memory_of(row)
    if seen is not None and before.content_hash != seen:
        raise StaleError(f"memory {memory_id} has changed since it was seen")
    if before.immutable and not edit.only_moves:
        raise InvalidRequestError(
            f"memory {memory_id} is immutable", hint="delete it and add it again"
        )
    after = edit.applied_to(before)
    if created_at is not None:
        after = replace(after, created_at=from_micros(created_at))
    after = memory_of(row_of(after, clock))
    if after == before:
        return row
    changed = row_of(replace(after, updated_at=from_micros(author.at)), clock)
    store_changed(connection, row, changed)
    if changed[SCOPE] != row[SCOPE]:
        _know_entities(connection, [changed])
    history.record(connection, history.UPDATE, author, [(row, changed)])
    return changed


def store_changed(connection: sqlite3.Connection, row: Row, changed: Row) -> None:
    """Put *changed* in the place of *row*; the text indexes are left alone if the text is."""
    type_, kind, confidence, pinned, length, hash_, folded = derived_of(memory_of(changed))
    values = (*changed[2:], type_, kind, confidence, pinned)
    if changed[1] == row[1]:
        connection.execute(f"{_UPDATE} WHERE id = ?", (*values, row[0]))
    else:
        textindex.remove(connection, "id = ?", (row[0],))
        connection.execute(_REWORD, (*values, length, hash_, folded, changed[1], row[0]))
        textindex.add(connection, "id = ?", (row[0],))


def delete(
    connection: sqlite3.Connection,
    memory_ids: Sequence[str],
    author: Author,
    *,
    seen: Mapping[str, str] | None = None,
) -> dict[str, Mem0TuiError | None]:
    """Delete these memories; per id None, NotFoundError, or StaleError where *seen* differs."""
    found = memories.rows(connection, memory_ids)
    answers: dict[str, Mem0TuiError | None] = {}
    doomed: list[str] = []
    for id_ in dict.fromkeys(memory_ids):
        if id_ not in found:
            answers[id_] = NotFoundError(f"there is no memory {id_!r}")
        elif seen and id_ in seen and memory_of(found[id_]).content_hash != seen[id_]:
            answers[id_] = StaleError(f"memory {id_} has changed since it was seen")
        else:
            answers[id_] = None
            doomed.append(id_)
    for chunk in memories.chunks(doomed):
        delete_where(
            connection, SqlCondition(f"id IN ({memories.marks(chunk)})", tuple(chunk)), author
        )
    return answers


def delete_where(connection: sqlite3.Connection, chosen: SqlCondition, author: Author) -> int:
    """Delete every memory that passes *chosen*, into the trash, and say how many."""
    found = connection.execute(f"SELECT seq FROM memories WHERE {chosen.sql}", chosen.parameters)
    seqs = [row[0] for row in found]
    if seqs:
        # By number from here on, for a condition may ask the indexes that are taken apart.
        doomed, numbers = "seq IN (SELECT value FROM json_each(?))", (json.dumps(seqs),)
        connection.execute(_BURY + doomed, (author.at, author.actor, *numbers))
        history.record_deleted(connection, author, doomed, numbers)
        textindex.remove(connection, doomed, numbers)
        connection.execute(f"DELETE FROM memories WHERE {doomed}", numbers)
    return len(seqs)


def restore(
    connection: sqlite3.Connection, restored: Sequence[Memory], author: Author, clock: Clock
) -> list[Row]:
    """Store memories under their own ids and dates again, and return their rows.

    One that is there just so is left alone; StaleError if an id is in use otherwise, and then none
    is restored. Fields of Mem0's that the memory does not carry come from its tombstone.
    """
    rows = [row_of(_with_extra(connection, memory), clock) for memory in restored]
    live = memories.rows(connection, [row[0] for row in rows])
    missing = [row for row in rows if live.get(row[0]) != row]
    add(connection, missing, author, history.RESTORE)
    connection.executemany("DELETE FROM tombstones WHERE id = ?", [(row[0],) for row in rows])
    return rows


def _with_extra(connection: sqlite3.Connection, memory: Memory) -> Memory:
    if memory.raw:
        return memory
    found = connection.execute(
        "SELECT extra FROM tombstones WHERE id = ?", (encodable(memory.id),)
    ).fetchone()
    return replace(memory, raw=from_json(found[0])) if found else memory


def is_expiry_due(connection: sqlite3.Connection, now: int) -> bool:
    """Whether :func:`expire` would find something; reads only."""
    oldest = connection.execute("SELECT min(deleted_at) FROM tombstones").fetchone()[0]
    return oldest is not None and oldest < now - _KEPT_MICROS


def expire(connection: sqlite3.Connection, now: int) -> int:
    """Erase, from everywhere in the store, what was deleted more than
    :data:`~mem0_tui.model.retention.KEPT` before *now* (microseconds); how many those were."""
    from mem0_tui.store.erasure.places import Erasure, erase, staying_traces, texts_of
    from mem0_tui.store.erasure.sweep import mark_unmerged

    rows = connection.execute(
        "SELECT id, EXISTS (SELECT 1 FROM memories WHERE memories.id = tombstones.id)"
        " FROM tombstones WHERE deleted_at < ?",
        (now - _KEPT_MICROS,),
    ).fetchall()
    for id_, lives in rows:
        if lives:
            connection.execute("DELETE FROM tombstones WHERE id = ?", (id_,))
    gone = frozenset(id_ for id_, lives in rows if not lives)
    if gone:
        texts = chain.from_iterable(texts_of(connection, sorted(gone)).values())
        traces = staying_traces(connection, texts, gone)
        erase(connection, Erasure(gone, traces))
        mark_unmerged(connection)
    return len(rows)
