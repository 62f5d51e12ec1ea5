"""The journal's items: the raw JSON of what was changed, with secrets taken out of it in place.

Ids, outcomes and all else stay, so that earlier changes of the memory can still be taken back; what
they put back then has no secret.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import Any

from mem0_tui.model.secret.removal import Removal, Said, said_by
from mem0_tui.store.formats.json_fields import to_json

_MANY = 64
_READ = (
    "SELECT i.transaction_id, i.position, i.change, i.before, i.after, i.added_id, i.error"
    " FROM items i JOIN transactions t ON t.id = i.transaction_id WHERE "
)
_WRITE = (
    "UPDATE items SET change = ?, before = ?, after = ?, error = ?"
    " WHERE transaction_id = ? AND position = ?"
)
_BESIDE = (
    "SELECT g.transaction_id, g.position, g.memory_id, g.memory FROM glanced g"
    " JOIN transactions t ON t.id = g.transaction_id WHERE "
)


def said(
    connection: sqlite3.Connection,
    ids: frozenset[str],
    where: str,
    values: tuple[str | None, ...],
) -> Said:
    """Every text that these memories are known to have had."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(_READ + where, values).fetchall():
        if not _names(row, ids):
            continue
        change, before, after = _parsed(row)
        for memory in (*before, *([after] if after else [])):
            if memory["id"] in ids:
                found.setdefault(memory["id"], []).extend(said_by(memory))
        for id_ in ids & {row[5], _own_id(change)}:
            found.setdefault(id_, []).extend(said_by(change))
    return found


def take_out(
    connection: sqlite3.Connection,
    ids: Collection[str],
    removal: Removal,
    where: str,
    values: tuple[str | None, ...],
) -> None:
    """Take *removal* out of the items that pass *where*: all of it out of what these memories
    were, and out of what was to be added and never was, what says it by itself."""
    for row in connection.execute(_READ + where, values).fetchall():
        if not _names(row, ids) and not (row[5] is None and '"draft"' in row[2]):
            continue
        change, before, after = _parsed(row)
        own = not {row[5], _own_id(change)}.isdisjoint(ids)
        cleaned = (
            to_json(removal.value(change, ids, own=own)) if own or row[5] is None else row[2],
            to_json({"memories": [_of(memory, ids, removal) for memory in before]}),
            to_json(_of(after, ids, removal)) if after else None,
            removal.anywhere(row[6]) if row[6] else row[6],
        )
        if cleaned != (row[2], row[3], row[4], row[6]):
            connection.execute(_WRITE, (*cleaned, row[0], row[1]))
    for transaction, position, memory_id, written in connection.execute(
        _BESIDE + where, values
    ).fetchall():
        if memory_id in ids:
            connection.execute(
                "UPDATE glanced SET memory = ?"
                " WHERE transaction_id = ? AND position = ? AND memory_id = ?",
                (
                    to_json(_of(json.loads(written), ids, removal)),
                    *(transaction, position, memory_id),
                ),
            )


def _of(memory: dict[str, Any], ids: Collection[str], removal: Removal) -> dict[str, Any]:
    if memory.get("id") not in ids:
        return memory
    cleaned: dict[str, Any] = removal.value(memory, ids, own=True)
    return cleaned


def _names(row: tuple[Any, ...], ids: Collection[str]) -> bool:
    """Whether *row* is about one of *ids*."""
    if len(ids) > _MANY:
        return any(each in ids for written in row[2:6] if written for each in written.split('"'))
    return any(id_ in written for written in row[2:6] if written for id_ in ids)


def _own_id(change: dict[str, Any]) -> str | None:
    """The id of the memory that *change* edits, keeps or puts back."""
    memory = change.get("memory")
    own = memory.get("id") if isinstance(memory, dict) else change.get("id") or change.get("keep")
    return own if isinstance(own, str) else None


def _parsed(
    row: tuple[Any, ...],
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None]:
    before = json.loads(row[3])["memories"]
    return json.loads(row[2]), before, json.loads(row[4]) if row[4] else None
