"""Row keys: a listing as numbers, so that a screen knows the order of all rows but reads few."""

from __future__ import annotations

import sqlite3
import sys
from array import array
from collections.abc import Sequence

from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.store.memories import Selection, chunks, has_stretch, marks, stretch
from mem0_tui.store.query.conditions import SqlCondition
from mem0_tui.store.query.ordering import order_by
from mem0_tui.store.rows import COLUMNS, memory_of

_CHUNK = 500
_LARGEST = 2 ** (8 * array("I").itemsize) - 1
"""Row keys up to here are held in half the memory."""


def keys(
    connection: sqlite3.Connection,
    selection: Selection,
    *,
    sort: Sort = Sort.NEWEST,
    limit: int | None = None,
) -> array[int]:
    """The row keys of the selected memories, in order; the first *limit*."""
    if limit is not None and has_stretch(selection, sort):
        first = _keys(connection, stretch(sort), selection.unindexed, sort, limit)
        if len(first) == limit:
            return first
    return _keys(connection, "memories", selection.where, sort, -1 if limit is None else limit)


def _keys(
    connection: sqlite3.Connection, source: str, chosen: SqlCondition, sort: Sort, limit: int
) -> array[int]:
    (last,) = connection.execute("SELECT max(seq) FROM memories").fetchone()
    made: array[int] = array("I" if (last or 0) <= _LARGEST else "Q")
    # One row with all of them: Python takes its lock for each row, and a screen waits for it.
    (found,) = connection.execute(
        f"SELECT group_concat(printf('%0{2 * made.itemsize}x', seq), '')"
        f" FROM (SELECT seq FROM {source}"
        f" WHERE {chosen.sql} ORDER BY {order_by(sort)} LIMIT ?)",
        (*chosen.parameters, limit),
    ).fetchone()
    made.frombytes(bytes.fromhex(found or ""))
    if sys.byteorder == "little":
        made.byteswap()
    return made


def by_keys(connection: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, Memory]:
    """The memories of these keys, those that exist, in the order asked for."""
    found: dict[int, Memory] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = list(wanted[start : start + _CHUNK])
        rows = connection.execute(
            f"SELECT seq, {COLUMNS} FROM memories WHERE seq IN ({marks(chunk)})", chunk
        )
        found.update((row[0], memory_of(row[1:])) for row in rows)
    return {key: found[key] for key in wanted if key in found}


def keys_of(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> dict[str, int]:
    """The row keys of those of these memories that exist."""
    found: dict[str, int] = {}
    for chunk in chunks(memory_ids):
        found.update(
            connection.execute(f"SELECT id, seq FROM memories WHERE id IN ({marks(chunk)})", chunk)
        )
    return found
