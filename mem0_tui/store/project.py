"""What a Mem0 server keeps beside memories: project settings, exports and feedback."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.memory import JsonObject
from mem0_tui.model.text import encodable
from mem0_tui.store.rows import from_json, to_json
from mem0_tui.store.sqlite.timestamps import to_micros

_OURS = "project."
"""What the names of project settings begin with in the table, which the store uses as well."""

_PREFIX = "project."
"""Tells the project's settings from what the store itself keeps in the same table."""


def settings(connection: sqlite3.Connection) -> dict[str, Any]:
    """All project settings by name: ``custom_categories``, ``custom_instructions``, …"""
    rows = connection.execute("SELECT name, value FROM settings WHERE name GLOB ?", (f"{_OURS}*",))
    return {name.removeprefix(_OURS): json.loads(value)["value"] for name, value in rows}


def set_settings(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Set these project settings; the others stay."""
    connection.executemany(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
        [(_OURS + encodable(name), to_json({"value": value})) for name, value in values.items()],
    )


def add_export(
    connection: sqlite3.Connection, request: JsonObject, result: JsonObject, at: datetime
) -> str:
    """Store an export that was finished *at* that moment and return its id."""
    id_ = str(uuid4())
    connection.execute(
        "INSERT INTO exports (id, request, result, created_at) VALUES (?, ?, ?, ?)",
        (id_, to_json(request), to_json(result), to_micros(at)),
    )
    return id_


def export(connection: sqlite3.Connection, export_id: str | None = None) -> JsonObject:
    """The result of one export, or of the latest; NotFoundError if there is none."""
    chosen, parameters = ("id = ?", (export_id,)) if export_id else ("1", ())
    row = connection.execute(
        f"SELECT result FROM exports WHERE {chosen} ORDER BY created_at DESC, rowid DESC LIMIT 1",
        parameters,
    ).fetchone()
    if row is None:
        raise NotFoundError("there is no such export")
    return from_json(row[0])


def add_feedback(
    connection: sqlite3.Connection,
    memory_id: str,
    verdict: str | None,
    reason: str,
    at: datetime,
) -> str:
    """Rate a memory *at* that moment (None takes the rating back) and return the rating's id.

    Raises:
        NotFoundError: there is no such memory.
    """
    changed = connection.execute(
        "UPDATE memories SET feedback = ? WHERE id = ?", (verdict, memory_id)
    )
    if not changed.rowcount:
        raise NotFoundError(f"there is no memory {memory_id!r}")
    id_ = str(uuid4())
    connection.execute(
        "INSERT INTO feedback (id, memory_id, verdict, reason, created_at) VALUES (?, ?, ?, ?, ?)",
        (id_, memory_id, verdict, reason, to_micros(at)),
    )
    return id_
