"""The plugin's database: what a session did, what was sent of it, and what was recalled."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.codex.plugin3.core.repository import Repository

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id TEXT, app_id TEXT, session_id TEXT,
    created_at TEXT, kind TEXT, payload_json TEXT, flush_id TEXT);
CREATE INDEX IF NOT EXISTS events_session_idx ON events (session_id, id);
CREATE TABLE IF NOT EXISTS session_scopes (
    session_id TEXT PRIMARY KEY, repo_id TEXT, app_id TEXT, root TEXT, branch TEXT, head_sha TEXT,
    created_at TEXT, directory TEXT);
CREATE TABLE IF NOT EXISTS flushes (
    packet_id TEXT PRIMARY KEY, repo_id TEXT, app_id TEXT, session_id TEXT, reason TEXT,
    event_start INTEGER, event_end INTEGER, status TEXT, episode_event_id TEXT,
    semantic_event_id TEXT, error TEXT, attempts INTEGER, created_at TEXT, updated_at TEXT);
CREATE TABLE IF NOT EXISTS retrievals (
    session_id TEXT, repo_id TEXT, memory_id TEXT, injected_at TEXT, rank INTEGER, score REAL,
    memory_text TEXT, context_chars INTEGER, PRIMARY KEY (session_id, repo_id, memory_id));
CREATE TABLE IF NOT EXISTS operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT, repo_id TEXT, session_id TEXT,
    operation TEXT, duration_ms REAL, success INTEGER, item_count INTEGER, request_chars INTEGER,
    response_chars INTEGER, error TEXT);
CREATE TABLE IF NOT EXISTS sidekick_runs (
    repo_id TEXT, session_id TEXT, agent_id TEXT, agent_type TEXT, started_at TEXT,
    stopped_at TEXT, transcript_path TEXT, context_chars INTEGER, final_message TEXT,
    PRIMARY KEY (repo_id, session_id, agent_id));
CREATE INDEX IF NOT EXISTS sidekick_runs_repo_idx ON sidekick_runs (repo_id);
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
"""
OF_A_REPOSITORY = (
    "events",
    "session_scopes",
    "flushes",
    "retrievals",
    "operations",
    "sidekick_runs",
)
"""The tables whose rows ``forget`` deletes."""
Payload = dict[str, Any]
Event = tuple[int, str, Payload]
"""Number, kind, payload."""


def now() -> str:
    """This moment as the plugin writes it."""
    return datetime.fromtimestamp(time.time_ns() / 1e9, UTC).isoformat()


class Evidence:
    """The database in one data folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._path = folder / "evidence.sqlite3"
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def rows(self, statement: str, *values: object) -> list[Any]:
        with self._open() as connection:
            return connection.execute(statement, values).fetchall()

    def put(self, table: str, how: str = "REPLACE", **values: object) -> None:
        marks = ", ".join("?" * len(values))
        statement = f"INSERT OR {how} INTO {table} ({', '.join(values)}) VALUES ({marks})"
        self.rows(statement, *values.values())

    @property
    def paused(self) -> bool:
        found = self.rows("SELECT value FROM settings WHERE key = 'paused'")
        return bool(found) and found[0][0] == "true"

    def pinned(self, session: str) -> Repository | None:
        """The repository of *session*, if one of its events was seen before."""
        columns = "repo_id, app_id, root, directory, branch, head_sha"
        statement = f"SELECT {columns} FROM session_scopes WHERE session_id = ?"
        found = self.rows(statement, session)
        return Repository(*found[0]) if found else None

    def pin(self, session: str, repository: Repository) -> None:
        self.put(
            "session_scopes",
            "IGNORE",
            session_id=session,
            repo_id=repository.identity,
            app_id=repository.app,
            root=repository.root,
            branch=repository.branch,
            head_sha=repository.head,
            created_at=now(),
            directory=repository.directory,
        )

    def record(self, session: str, repository: Repository, kind: str, payload: Payload) -> None:
        self.put(
            "events",
            repo_id=repository.identity,
            app_id=repository.app,
            session_id=session,
            created_at=now(),
            kind=kind,
            payload_json=json.dumps(payload),
        )

    def events(self, session: str, *, of: str | None = None, unsent: bool = False) -> list[Event]:
        """The events of *session*: those of one flush, those that none has, or all."""
        where = "flush_id = ?" if of else "flush_id IS NULL" if unsent else "1"
        statement = f"SELECT id, kind, payload_json FROM events WHERE session_id = ? AND {where}"
        values = (session, of) if of else (session,)
        found = self.rows(f"{statement} ORDER BY id", *values)
        return [(number, kind, json.loads(payload)) for number, kind, payload in found]

    def prepare(self, session: str, repository: Repository, reason: str) -> str | None:
        """A flush of what *session* did since the last one; its id, or None for nothing."""
        events = self.events(session, unsent=True)
        if not any(kind in ("user_prompt", "assistant_stop") for _, kind, _ in events):
            return None
        start, end = events[0][0], events[-1][0]
        whole = "\0".join((repository.identity, session, str(start), str(end)))
        packet = hashlib.sha256(whole.encode()).hexdigest()[:32]
        self.put(
            "flushes",
            "IGNORE",
            packet_id=packet,
            repo_id=repository.identity,
            app_id=repository.app,
            session_id=session,
            reason=reason,
            event_start=start,
            event_end=end,
            status="prepared",
            attempts=0,
            created_at=now(),
            updated_at=now(),
        )
        self.rows(
            "UPDATE events SET flush_id = ? WHERE session_id = ? AND id BETWEEN ? AND ?",
            *(packet, session, start, end),
        )
        return packet

    def mark(
        self, packet: str, status: str, *, ids: list[str] | None = None, error: str = ""
    ) -> None:
        """How a flush stands; a failure counts as one more attempt."""
        failed = status in ("error", "semantic-failed", "semantic-timeout", "semantic-missing")
        self.rows(
            "UPDATE flushes SET status = ?, error = ?, attempts = attempts + ?, updated_at = ?,"
            " semantic_event_id = coalesce(?, semantic_event_id) WHERE packet_id = ?",
            *(status, error or None, int(failed), now(), json.dumps(ids) if ids else None, packet),
        )

    def forget(self, repository: Repository) -> None:
        """Delete all that the tables hold of *repository*."""
        for table in OF_A_REPOSITORY:
            self.rows(f"DELETE FROM {table} WHERE repo_id = ?", repository.identity)
