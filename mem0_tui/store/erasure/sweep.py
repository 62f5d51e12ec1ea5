"""Rewrites a database file so that nothing is left in it of what was deleted."""

from __future__ import annotations

import sqlite3
import time

from mem0_tui.store.erasure.places import text_indexes
from mem0_tui.store.sqlite.connections import begin_immediate

_PAUSE = 0.02


def rebuild_indexes(connection: sqlite3.Connection) -> None:
    """Write every full-text index anew: FTS5 marks what is deleted, and keeps it until it happens
    to merge. Inside a transaction."""
    for name in text_indexes(connection):
        try:
            connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        except sqlite3.OperationalError:  # one that keeps no content cannot be built again
            connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")


def sweep(connection: sqlite3.Connection, patience: float) -> bool:
    """Rebuild the indexes, write the file anew, and empty its write-ahead log.

    *connection* is in no transaction. Other connections may have the file open; False means that
    one of them has been reading an older state of it for *patience* seconds, so that the log still
    holds what was there before.
    """
    connection.execute("PRAGMA secure_delete = ON")
    begin_immediate(connection, patience)
    try:
        rebuild_indexes(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    connection.execute("VACUUM")
    return empty_log(connection, patience)


def empty_log(connection: sqlite3.Connection, patience: float) -> bool:
    """Fold the write-ahead log into the file and cut it to nothing; whether that could be done
    within *patience* seconds."""
    waits = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    deadline = time.monotonic() + patience
    try:
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        return True
    finally:
        connection.execute(f"PRAGMA busy_timeout = {waits:d}")


_FLAG = "text indexes hold deleted text"
_PAGES = 250
"""Pages (1 MB) of an index that are merged at once: some ten milliseconds."""


def mark_unmerged(connection: sqlite3.Connection) -> None:
    """Remember that the indexes still hold words of what was erased; inside a transaction."""
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, '1')", (_FLAG,))


def is_unmerged(connection: sqlite3.Connection) -> bool:
    """Whether :func:`merge_step` has something to do; reads only."""
    found = connection.execute("SELECT 1 FROM settings WHERE name = ?", (_FLAG,)).fetchone()
    return found is not None


def merge_step(connection: sqlite3.Connection, *, first: bool) -> bool:
    """One small step of merging every index into one part without deleted text, inside a
    transaction; whether there is more to do. The *first* step begins it."""
    more = False
    for name in text_indexes(connection):
        before = connection.total_changes
        connection.execute(
            f"INSERT INTO {name} ({name}, rank) VALUES ('merge', ?)",
            (-_PAGES if first else _PAGES,),
        )
        more = more or connection.total_changes - before >= 2
    if not more:
        connection.execute("DELETE FROM settings WHERE name = ?", (_FLAG,))
    return more
