"""Takes the content of memories out of the journal's items; ids, kinds and outcomes stay."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mem0_tui.store.erasure import files
from mem0_tui.store.erasure.gone import Gone, Reason, stand_in
from mem0_tui.store.erasure.traces import Traces
from mem0_tui.store.formats.json_fields import to_json

_COLUMNS = "i.transaction_id, i.position, i.change, i.before, i.after, i.added_id, i.error"
_READ = f"SELECT {_COLUMNS} FROM items i JOIN transactions t ON t.id = i.transaction_id WHERE "
_WRITE = (
    "UPDATE items SET change = ?, before = ?, after = ?, error = ?"
    " WHERE transaction_id = ? AND position = ?"
)


def texts_of(
    connection: sqlite3.Connection, ids: Collection[str], where: str, values: tuple[str | None, ...]
) -> dict[str, set[str]]:
    """Per memory that the journal knows, every text that it is known to have had."""
    found: dict[str, set[str]] = {}

    def note(memory_id: str | None, part: object) -> None:
        text = _text_of(part)
        if memory_id is not None and memory_id in ids and text:
            found.setdefault(memory_id, set()).add(text)

    for row in connection.execute(_READ + where, values):
        change, before, after, added_id = _parsed(row)
        for memory in (*before, *([after] if after else [])):
            note(memory.get("id"), memory)
        for name in _PARTS:
            for memory_id in {added_id, _own_id(change)}:
                note(memory_id, change.get(name))
    return found


def erase(
    connection: sqlite3.Connection,
    ids: Collection[str],
    traces: Traces,
    gone: Gone,
    where: str,
    values: tuple[str | None, ...],
) -> None:
    """Take what the memories of these *ids* said out of the items that pass *where*."""

    def is_gone(memory_id: object) -> bool:
        return memory_id in ids

    rows = connection.execute(_READ + where, values).fetchall()
    for row in rows:
        if any(id_ in written for written in row[2:6] if written for id_ in _some(ids, written)):
            _rewrite(connection, row, is_gone, ids, traces, gone)
        elif row[5] is None and traces.held_by(_text_of(_parsed(row)[0].get("draft")) or ""):
            # The same text was to be added, and never was.
            _rewrite(connection, row, is_gone, {None}, traces, gone)


def erase_old(connection: sqlite3.Connection, before: datetime, now: datetime) -> int:
    """Take all content out of the transactions finished before *before*, and remove their
    snapshots; how many those were."""
    rows = connection.execute(
        "SELECT id FROM transactions WHERE state = 'finished' AND emptied_at IS NULL"
        " AND finished_at < ?",
        (before.isoformat(),),
    ).fetchall()
    gone = Gone(now, Reason.AGE)
    for (transaction_id,) in rows:
        for path in snapshots(connection, "t.id = ?", (transaction_id,)):
            with contextlib.suppress(OSError):
                files.remove(Path(path))
        for row in connection.execute(_READ + "t.id = ?", (transaction_id,)).fetchall():
            _rewrite(connection, row, lambda _: True, None, Traces(frozenset()), gone)
        connection.execute(
            "UPDATE transactions SET emptied_at = ? WHERE id = ?", (now.isoformat(), transaction_id)
        )
    return len(rows)


def is_old(connection: sqlite3.Connection, before: datetime) -> bool:
    """Whether :func:`erase_old` would find something; reads only."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM transactions WHERE state = 'finished'"
        " AND emptied_at IS NULL AND finished_at < ?)",
        (before.isoformat(),),
    ).fetchone()
    return bool(row[0])


def snapshots(
    connection: sqlite3.Connection, where: str, values: tuple[str | None, ...]
) -> Iterator[str]:
    """The paths of the snapshots that the items passing *where* name."""
    rows = connection.execute(
        "SELECT DISTINCT i.snapshot FROM items i JOIN transactions t ON t.id = i.transaction_id"
        f" WHERE i.snapshot IS NOT NULL AND {where}",
        values,
    )
    return iter([row[0] for row in rows.fetchall()])


_PARTS = ("draft", "memory", "edit")
"""Where a change holds content."""
_MANY = 64


def _some(ids: Collection[str], written: str) -> Collection[str]:
    """The *ids* to look for in *written*: where there are many, those that it names."""
    if len(ids) <= _MANY:
        return ids
    return [each for each in written.split('"') if each in ids]


def _rewrite(
    connection: sqlite3.Connection,
    row: tuple[Any, ...],
    is_gone: Callable[[object], bool],
    ids: Collection[str | None] | None,
    traces: Traces,
    gone: Gone,
) -> None:
    change, before, after, added_id = _parsed(row)

    def emptied(memory: dict[str, Any]) -> dict[str, Any]:
        return stand_in(memory, gone) if is_gone(memory.get("id")) else memory

    if ids is None or _is_about(change, added_id, ids):
        for name in _PARTS:
            if isinstance(change.get(name), dict):
                change[name] = _empty(name, change[name], gone)
    written = (
        to_json(change),
        to_json({"memories": [emptied(each) for each in before]}),
        to_json(emptied(after)) if after else None,
        None if row[6] and (ids is None or traces.held_by(row[6])) else row[6],
    )
    if written != (row[2], row[3], row[4], row[6]):
        connection.execute(_WRITE, (*written, row[0], row[1]))


def _empty(name: str, part: dict[str, Any], gone: Gone) -> dict[str, Any]:
    if name == "memory":
        return stand_in(part, gone)
    scope = {"scope": part["scope"]} if "scope" in part else {}
    return {"text": "", "scope": {}, **scope} if name == "draft" else scope


def _is_about(change: dict[str, Any], added_id: str | None, ids: Collection[str | None]) -> bool:
    """Whether what *change* holds is the content of one of *ids*."""
    return _own_id(change) in ids or added_id in ids


def _own_id(change: dict[str, Any]) -> str | None:
    """The id of the memory that *change* edits, keeps or puts back."""
    memory = change.get("memory")
    named = change.get("id") or change.get("keep")
    own = memory.get("id") if isinstance(memory, dict) else named
    return own if isinstance(own, str) else None


def _text_of(part: object) -> str | None:
    text = part.get("text") if isinstance(part, dict) else None
    return text if isinstance(text, str) else None


def _parsed(
    row: tuple[Any, ...],
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None, str | None]:
    before = json.loads(row[3])["memories"]
    return json.loads(row[2]), before, json.loads(row[4]) if row[4] else None, row[5]
