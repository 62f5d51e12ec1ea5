"""What the plugin's evidence database says of its own work: paused, sent, failed, recalled.

Plugin 0.3 keeps it as ``evidence.sqlite3``; older cores of it lack columns (mem0 plugin 0.3.0 to
0.3.4). It is read without a lock and without leaving a file beside it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mem0_tui.codex.files.text_file import note
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.store.sqlite.foreign import ForeignDatabase

FILE = "evidence.sqlite3"
SENT = frozenset({"semantic-succeeded", "explicitly-stored"})
FAILED = frozenset({"error", "semantic-failed", "semantic-timeout", "semantic-missing"})
GIVEN_UP = "gave-up"
"""What the status of a delivery says: that it arrived, that it failed and will be tried again, that
it is not tried any more; any other is under way."""
_TABLES = ("settings", "flushes", "operations", "retrievals")
_LOOKED_AT = 50
"""The newest searches that are looked at."""


class Failure(Record):
    """Something that went wrong *count* times in a row, last *at* this moment."""

    count: int
    error: str
    at: datetime | None


class Activity(Record):
    """What the database holds; every moment is in UTC."""

    path: str
    problem: str | None = None
    """Why it cannot be read."""
    paused: bool = False
    paused_at: datetime | None = None
    sent: int = 0
    """Parts of sessions that reached Mem0."""
    last_sent: datetime | None = None
    failing: Failure | None = None
    """Deliveries that failed since the last one that succeeded."""
    given_up: Failure | None = None
    """Deliveries that are not tried any more, since whenever."""
    waiting: tuple[datetime | None, ...] = ()
    """When each part that is not delivered yet was touched last, the oldest first."""
    searched: datetime | None = None
    """The last search at the start of a session that was answered."""
    searches_failing: Failure | None = None
    """Searches that failed since then."""
    recalled: datetime | None = None
    """When a memory was given to the model last."""
    recorded: datetime | None = None
    """The last event of a session."""


def read_activity(folder: str) -> Activity | None:
    """What the database in *folder* says; None where there is none."""
    path = os.path.join(folder, FILE)
    for name in (path, f"{path}-wal"):
        note(name)
    if not os.path.isfile(path):
        return None
    from mem0_tui.model.errors import StoreError
    from mem0_tui.store.sqlite.foreign import read_foreign

    try:
        with read_foreign(path) as database:
            return _read(path, database)
    except StoreError as error:
        return Activity(path, error.message.removeprefix(f"{path}: ").removeprefix(f"{path} "))


def _read(path: str, database: ForeignDatabase) -> Activity:
    known = {name: database.columns(name) for name in _TABLES}
    if not any(known.values()):
        empty = not database.rows("SELECT 1 FROM sqlite_master LIMIT 1")
        return Activity(path, None if empty else "is a database of something else")
    found: dict[str, object] = {}
    if {"key", "value"} <= known["settings"]:
        found |= _settings(database, known["settings"])
    if {"status", "updated_at"} <= known["flushes"]:
        found |= _deliveries(database, known["flushes"])
    if {"operation", "success", "created_at"} <= known["operations"]:
        found |= _searches(database)
    if "injected_at" in known["retrievals"]:
        found["recalled"] = _one(database, "SELECT max(injected_at) FROM retrievals")
    if "created_at" in database.columns("events"):
        latest = "SELECT created_at FROM events ORDER BY id DESC LIMIT 1"
        found["recorded"] = _one(database, latest)
    return Activity(path).replace(**found)


def _settings(database: ForeignDatabase, columns: frozenset[str]) -> dict[str, object]:
    when = "updated_at" if "updated_at" in columns else "NULL"
    rows = database.rows(f"SELECT value, {when} FROM settings WHERE key = 'paused'")
    paused = bool(rows) and str(rows[0][0]).strip().lower() == "true"
    return {"paused": paused, "paused_at": moment(rows[0][1]) if paused else None}


def _deliveries(database: ForeignDatabase, columns: frozenset[str]) -> dict[str, object]:
    error = "error" if "error" in columns else "NULL"
    rows = [
        (str(status), str(reason or ""), moment(at))
        for status, reason, at in database.rows(
            f"SELECT status, {error}, updated_at FROM flushes ORDER BY updated_at DESC"
        )
    ]
    done = [row for row in rows if row[0] in SENT]
    first = next((at for at, row in enumerate(rows) if row[0] in SENT), len(rows))
    waiting = [at for status, _, at in rows if status not in (*SENT, *FAILED, GIVEN_UP)]
    return {
        "sent": len(done),
        "last_sent": done[0][2] if done else None,
        "failing": _failure([row for row in rows[:first] if row[0] in FAILED]),
        "given_up": _failure([row for row in rows if row[0] == GIVEN_UP]),
        "waiting": tuple(reversed(waiting)),
    }


def _searches(database: ForeignDatabase) -> dict[str, object]:
    rows = [
        ("" if success else "failed", str(reason or ""), moment(at))
        for success, reason, at in database.rows(
            "SELECT success, error, created_at FROM operations WHERE operation LIKE '%search%'"
            f" ORDER BY id DESC LIMIT {_LOOKED_AT}"
        )
    ]
    first = next((at for at, row in enumerate(rows) if not row[0]), len(rows))
    return {
        "searched": rows[first][2] if first < len(rows) else None,
        "searches_failing": _failure(rows[:first]),
    }


def _failure(rows: list[tuple[str, str, datetime | None]]) -> Failure | None:
    """The newest of *rows*, which are newest first, with what it says."""
    if not rows:
        return None
    reason = next((error for _, error, _ in rows if error), "")
    return Failure(len(rows), reason, rows[0][2])


def _one(database: ForeignDatabase, statement: str) -> datetime | None:
    rows = database.rows(statement)
    return moment(rows[0][0]) if rows else None


def moment(value: object) -> datetime | None:
    """A time as the plugin writes it, ISO 8601, or in seconds since 1970; None for neither."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
