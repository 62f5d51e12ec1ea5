"""The journal's record of purges: which ids, when, how far; never what they said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mem0_tui.model.errors import RefusedError
from mem0_tui.model.memory import as_moment
from mem0_tui.store.sqlite.migrations import Migration

MIGRATION = Migration(
    "purges, and journals that lose old content",
    """
    CREATE TABLE purges (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        finished_at TEXT,
        backend TEXT NOT NULL,
        target TEXT NOT NULL,
        account TEXT
    );
    CREATE TABLE purged (
        purge_id TEXT NOT NULL REFERENCES purges (id),
        memory_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        hash TEXT,
        state TEXT NOT NULL,
        PRIMARY KEY (purge_id, memory_id)
    ) WITHOUT ROWID;
    ALTER TABLE transactions ADD COLUMN emptied_at TEXT;
    """,
)


class PurgeState(StrEnum):
    """Where the purge of one memory stands."""

    INTENT = "intent"
    DONE = "done"
    REFUSED = "refused"
    """It was changed since it was seen, or the server kept it."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Purge:
    """One purge as the journal holds it."""

    id: str
    at: datetime
    finished_at: datetime | None
    hashes: Mapping[str, str | None]
    """Id to content hash of the memory as it was seen; None where it was deleted before, and for
    all once the purge is finished."""
    states: Mapping[str, PurgeState]

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        count = len(self.hashes)
        return f"purge {count:,} {'memory' if count == 1 else 'memories'}"


Values = Sequence[str | None]


def begin(
    connection: sqlite3.Connection,
    purge_id: str,
    at: datetime,
    target: tuple[str, str, str | None],
    hashes: Mapping[str, str | None],
) -> None:
    """Write the intent; RefusedError if this purge was begun before.

    Args:
        connection: inside a write transaction.
        purge_id: the id of the plan, which is carried out once.
        at: when it begins.
        target: backend, place and account of the memories.
        hashes: the content hash of each memory by id; None where it is not known.
    """
    try:
        connection.execute(
            "INSERT INTO purges (id, at, backend, target, account) VALUES (?, ?, ?, ?, ?)",
            (purge_id, at.isoformat(), *target),
        )
    except sqlite3.IntegrityError:
        raise RefusedError(f"purge {purge_id} was begun before; a plan is applied once") from None
    connection.executemany(
        "INSERT INTO purged VALUES (?, ?, ?, ?, 'intent')",
        [(purge_id, id_, position, hash_) for position, (id_, hash_) in enumerate(hashes.items())],
    )


def mark(
    connection: sqlite3.Connection, purge_id: str, ids: Iterable[str], state: PurgeState
) -> None:
    """Write where these memories stand."""
    connection.executemany(
        "UPDATE purged SET state = ? WHERE purge_id = ? AND memory_id = ?",
        [(state.value, purge_id, id_) for id_ in ids],
    )


def finish(connection: sqlite3.Connection, purge_id: str, at: datetime) -> None:
    """Close it, as of *at*: what is not refused is done; the hashes have served."""
    connection.execute(
        "UPDATE purged SET hash = NULL, state = iif(state = 'intent', 'done', state)"
        " WHERE purge_id = ?",
        (purge_id,),
    )
    connection.execute("UPDATE purges SET finished_at = ? WHERE id = ?", (at.isoformat(), purge_id))


def purges(
    connection: sqlite3.Connection, where: str, values: Values, limit: int | None = None
) -> tuple[Purge, ...]:
    """The purges that pass the condition *where* (of the columns ``t.…``), newest first,
    *limit* of them at most."""
    rows = connection.execute(
        f"SELECT t.id, t.at, t.finished_at FROM purges t WHERE {where}"
        " ORDER BY t.sequence DESC LIMIT ?",
        (*values, -1 if limit is None else limit),
    ).fetchall()
    return tuple(_purge(connection, *row) for row in rows)


def _purge(
    connection: sqlite3.Connection, purge_id: str, at: str, finished_at: str | None
) -> Purge:
    rows = connection.execute(
        "SELECT memory_id, hash, state FROM purged WHERE purge_id = ? ORDER BY position",
        (purge_id,),
    ).fetchall()
    moment = as_moment(at)
    assert moment is not None, "the journal writes ISO dates only"
    return Purge(
        purge_id,
        moment,
        as_moment(finished_at),
        {row[0]: row[1] for row in rows},
        {row[0]: PurgeState(row[2]) for row in rows},
    )
