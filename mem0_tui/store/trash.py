"""Deleted memories, restorable for thirty days, whoever deleted them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.model.retention import KEPT
from mem0_tui.store import changes, memories
from mem0_tui.store.history import Author
from mem0_tui.store.rows import COLUMNS, Row, memory_of, sound_memory_of
from mem0_tui.store.sqlite.timestamps import from_micros


@late_dataclass(frozen=True)
class DeletedRow:
    """A memory in the trash."""

    memory: Memory
    """As it was, in full."""
    at: datetime
    by: str | None
    """Who deleted it, where that is known."""

    @property
    def until(self) -> datetime:
        """From then on it may be gone for good."""
        return self.at + KEPT


def listed(
    connection: sqlite3.Connection, since: int, *, offset: int = 0, limit: int | None = None
) -> tuple[DeletedRow, ...]:
    """What was deleted *since* (microseconds) and is in the trash, the latest first: *limit* at
    most, after the first *offset*."""
    rows = connection.execute(
        f"SELECT {COLUMNS}, deleted_at, deleted_by FROM tombstones WHERE deleted_at >= ?"
        " ORDER BY deleted_at DESC, id LIMIT ? OFFSET ?",
        (since, -1 if limit is None else limit, offset),
    )
    return tuple(map(_deleted, rows))


def get(connection: sqlite3.Connection, memory_id: str) -> DeletedRow:
    """One deleted memory; NotFoundError if it is not in the trash, StoreCorruptError if damaged."""
    for chunk in memories.chunks([memory_id]):
        found = connection.execute(
            f"SELECT {COLUMNS}, deleted_at, deleted_by FROM tombstones WHERE id = ?", chunk
        ).fetchone()
        if found:
            return _deleted(found, sound_memory_of)
    raise NotFoundError(f"there is no memory {memory_id!r} in the trash")


def restore(
    connection: sqlite3.Connection, memory_ids: Sequence[str], author: Author, clock: Clock
) -> list[Row]:
    """Put these memories back, all or none, and return their rows."""
    found = [get(connection, id_).memory for id_ in memory_ids]
    return changes.restore(connection, found, author, clock)


def _deleted(row: Row, read: Callable[[Row], Memory] = memory_of) -> DeletedRow:
    *columns, at, by = row
    return DeletedRow(read(tuple(columns)), from_micros(at), by)
