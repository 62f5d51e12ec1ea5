"""Events: what the server was asked to do, and what became of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from uuid import uuid4

from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Event, JsonObject
from mem0_tui.store.rows import Row, from_json, to_json
from mem0_tui.store.sqlite.timestamps import from_micros, to_micros

_COLUMNS = (
    "id, type, status, payload, metadata, results, error, created_at, started_at, completed_at"
)


@late_dataclass(frozen=True)
class StoredEvent:
    """A job with its request."""

    event: Event
    payload: JsonObject = field(default_factory=dict)
    metadata: JsonObject = field(default_factory=dict)
    started_at: datetime | None = None


def begun(
    connection: sqlite3.Connection,
    type_: str,
    at: datetime,
    *,
    payload: JsonObject | None = None,
    metadata: JsonObject | None = None,
    status: str = "PENDING",
) -> str:
    """Store a new event of *type_*, made *at* that moment, and return its id."""
    id_ = str(uuid4())
    connection.execute(
        "INSERT INTO events (id, type, status, payload, metadata, results, created_at, started_at)"
        " VALUES (?, ?, ?, ?, ?, '[]', ?, ?)",
        (
            id_,
            type_,
            status,
            to_json(payload or {}),
            to_json(metadata or {}),
            to_micros(at),
            None if status == "PENDING" else to_micros(at),
        ),
    )
    return id_


def finished(
    connection: sqlite3.Connection,
    event_id: str,
    at: datetime,
    *,
    results: Sequence[JsonObject] = (),
    error: str | None = None,
) -> None:
    """Mark an event as succeeded *at* that moment or, with an *error*, as failed."""
    connection.execute(
        "UPDATE events SET status = ?, results = ?, error = ?, completed_at = ?,"
        " started_at = ifnull(started_at, ?) WHERE id = ?",
        (
            "FAILED" if error else "SUCCEEDED",
            to_json(list(results)),
            error,
            to_micros(at),
            to_micros(at),
            event_id,
        ),
    )


def get(connection: sqlite3.Connection, event_id: str) -> StoredEvent:
    """One event; NotFoundError if there is none of that id."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM events WHERE id = ?", (event_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no event {event_id!r}")
    return _event(row)


def latest(
    connection: sqlite3.Connection, *, offset: int = 0, limit: int = 50
) -> tuple[StoredEvent, ...]:
    """Events, newest first: *limit* at most, after the first *offset*."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM events ORDER BY seq DESC LIMIT ? OFFSET ?", (limit, offset)
    )
    return tuple(map(_event, rows))


def count(connection: sqlite3.Connection) -> int:
    """How many events there are."""
    return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def _event(row: Row) -> StoredEvent:
    id_, type_, status, payload, metadata, results, error, created, started, completed = row
    event = Event(
        id=id_,
        type=type_,
        status=status,
        created_at=from_micros(created),
        completed_at=None if completed is None else from_micros(completed),
        error=error,
        results=tuple(json.loads(results)),
    )
    return StoredEvent(
        event,
        from_json(payload),
        from_json(metadata),
        None if started is None else from_micros(started),
    )
