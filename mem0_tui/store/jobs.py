"""What a server is asked to do, one transaction each: the change and the event that reports it are
stored together or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from mem0_tui.model.change import Edit
from mem0_tui.model.clock import Clock, today
from mem0_tui.model.entity import EntityRef
from mem0_tui.model.memory import Draft, JsonObject, Memory
from mem0_tui.store import changes, entities, history, memories, project
from mem0_tui.store.history import Author
from mem0_tui.store.query.filters import SqlCondition
from mem0_tui.store.rows import COLUMNS, Row, drafted, memory_of, row_of, text_hash, to_json

EVENTS_KEPT = 10_000
"""Events that are remembered; the oldest go first."""
RESULTS_KEPT = 1_000
"""Deleted memories that an event lists; its metadata counts all of them."""
EXPORTS_KEPT = 20

_EQUAL = (
    f"SELECT {COLUMNS} FROM memories WHERE substr(hash, 1, 8) = ? AND text = ?"
    " AND user_id IS ? AND agent_id IS ? AND app_id IS ? AND (run_id IS ? OR ?)"
    " AND replaced_by IS NULL AND (expires_on IS NULL OR expires_on >= ?) ORDER BY seq LIMIT 1"
)
SKIPPED_SHOWN = 200
"""Characters that an event shows of a message that was not stored."""
_EVENT = (
    "INSERT INTO events (id, type, status, payload, metadata, results, created_at, started_at,"
    " completed_at) VALUES (?, ?, 'SUCCEEDED', ?, ?, ?, ?, ?, ?)"
)
_SUPERSEDED = (
    "WITH RECURSIVE chain (id) AS (SELECT id FROM memories WHERE replaced_by = ?"
    " UNION SELECT older.id FROM memories AS older JOIN chain ON older.replaced_by = chain.id)"
    " SELECT id FROM chain WHERE id <> ?"
)


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked for, as its event will tell it."""

    type: str
    """``ADD``, ``DELETE_ALL`` or ``DELETE_USER``."""
    author: Author
    payload: JsonObject
    metadata: JsonObject


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may become a memory."""

    draft: Draft
    message: JsonObject
    """Which message it comes from."""
    skipped: str | None = None
    """Why it is not to be stored, as a noun phrase."""


def add(
    connection: sqlite3.Connection,
    candidates: Sequence[Candidate],
    job: Job,
    clock: Clock,
    *,
    any_run: bool = False,
) -> tuple[str, list[JsonObject]]:
    """Store what is to be stored; the event's id and a result per candidate.

    A text that its scope has already, word for word, is not stored again: its result names the
    memory that is there. Such a result, and one of what was skipped, has the event ``NONE`` and
    says why.

    Args:
        candidates: in the order in which they were said.
        job: what the event tells.
        clock: tells what has expired.
        any_run: whether a text counts as repeated, too, where another run has it.
    """
    results: list[JsonObject] = []
    for candidate in candidates:
        if candidate.skipped is not None:
            results.append(_skipped(candidate.draft, candidate.skipped))
            continue
        row = row_of(drafted(candidate.draft, str(uuid4()), clock), clock)
        there = _equal(connection, row, today(clock).isoformat(), any_run=any_run)
        if there is None:
            author = Author(job.author.at, job.author.actor, to_json([candidate.message]))
            changes.add(connection, [row], author)
            results.append(_result(memory_of(row), "ADD"))
        else:
            results.append({**_result(memory_of(there), "NONE"), "reason": "stored already"})
    return _report(connection, job, results), results


def delete_where(
    connection: sqlite3.Connection, chosen: SqlCondition, job: Job, entity: EntityRef | None = None
) -> str:
    """Delete the memories that pass *chosen*, and *entity* if there is one; the event's id."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM memories WHERE {chosen.sql} ORDER BY created_at DESC, id LIMIT ?",
        (*chosen.parameters, RESULTS_KEPT),
    )
    results = [_result(memory_of(row), "DELETE") for row in rows.fetchall()]
    gone = changes.delete_where(connection, chosen, job.author)
    if entity is not None:
        entities.forget(connection, entity)
    counted = Job(job.type, job.author, job.payload, {**job.metadata, "deleted": gone})
    return _report(connection, counted, results)


def update_all(
    connection: sqlite3.Connection, edits: Mapping[str, Edit], author: Author, clock: Clock
) -> None:
    """Change several memories, all or none; what the first one that cannot be raises is raised."""
    for memory_id, edit in edits.items():
        changes.update(connection, memory_id, edit, author, clock)


def superseded_by(connection: sqlite3.Connection, memory_id: str) -> list[str]:
    """The ids of the memories that this one replaced, and of those that they had replaced."""
    return [row[0] for row in connection.execute(_SUPERSEDED, (memory_id, memory_id))]


def inputs(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Per memory the messages that it was made of, where they are known."""
    found: dict[str, list[Any]] = {}
    for chunk in memories.chunks(memory_ids):
        rows = connection.execute(
            f"SELECT memory_id, input FROM history WHERE memory_id IN ({memories.marks(chunk)})"
            " AND event = ? AND input IS NOT NULL ORDER BY seq",
            (*chunk, history.ADD),
        )
        found.update((memory_id, json.loads(input_)) for memory_id, input_ in rows)
    return found


def history_count(connection: sqlite3.Connection) -> int:
    """How many changes are remembered."""
    return int(connection.execute("SELECT count(*) FROM history").fetchone()[0])


def add_count(connection: sqlite3.Connection) -> int:
    """How many of the remembered events are adds."""
    found = connection.execute("SELECT count(*) FROM events WHERE type = 'ADD'").fetchone()
    return int(found[0])


def keep_export(
    connection: sqlite3.Connection, request: JsonObject, result: JsonObject, at: datetime
) -> str:
    """Keep an export made *at* that moment and drop the oldest of more than
    :data:`EXPORTS_KEPT`; its id."""
    export_id = project.add_export(connection, request, result, at)
    connection.execute(
        "DELETE FROM exports WHERE rowid NOT IN"
        " (SELECT rowid FROM exports ORDER BY created_at DESC, rowid DESC LIMIT ?)",
        (EXPORTS_KEPT,),
    )
    return export_id


def latest_export(connection: sqlite3.Connection, condition: str) -> str | None:
    """The id of the newest export whose request has this ``condition``, or None."""
    row = connection.execute(
        "SELECT id FROM exports WHERE json_extract(request, '$.condition') = ?"
        " ORDER BY created_at DESC, rowid DESC LIMIT 1",
        (condition,),
    ).fetchone()
    return None if row is None else str(row[0])


def _equal(connection: sqlite3.Connection, row: Row, day: str, *, any_run: bool) -> Row | None:
    """The memory of the same text and scope, not counting the run with *any_run*."""
    found: Row | None = connection.execute(
        _EQUAL, (text_hash(row[1])[:8], row[1], *row[2:6], any_run, day)
    ).fetchone()
    return found


def _result(memory: Memory, event: str) -> JsonObject:
    scope = memory.scope
    return {
        "id": memory.id,
        "event": event,
        "data": {"memory": memory.text},
        "memory": memory.text,
        "user_id": scope.user_id,
        "agent_id": scope.agent_id,
        "app_id": scope.app_id,
        "run_id": scope.run_id,
        "categories": list(memory.categories),
    }


def _skipped(draft: Draft, reason: str) -> JsonObject:
    """The result of what was not stored. Its id is blank: Mem0's clients print it as it is."""
    text = draft.text
    shown = text if len(text) <= SKIPPED_SHOWN else text[: SKIPPED_SHOWN - 1] + "…"
    return {**_result(Memory("", shown, draft.scope), "NONE"), "reason": reason}


def _report(connection: sqlite3.Connection, job: Job, results: Sequence[JsonObject]) -> str:
    event_id, at = str(uuid4()), job.author.at
    values = (to_json(job.payload), to_json(job.metadata), to_json(list(results)), at, at, at)
    connection.execute(_EVENT, (event_id, job.type, *values))
    connection.execute(
        "DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?", (EVENTS_KEPT,)
    )
    return event_id
