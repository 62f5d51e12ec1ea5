"""What there was beside the memories that a transaction or a purge deletes, kept until that is
finished.

After a crash it tells whether the server removed more than it was told to. The tables are called
``glances`` and ``glanced`` as in journals that are in use; their ``transaction_id`` may be that of
a purge.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store.formats.codec import memory_from, memory_json
from mem0_tui.store.formats.json_fields import parse_json, to_json
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.migrations import Migration

MIGRATION = Migration(
    "what there was beside what is deleted",
    """
    CREATE TABLE glances (
        transaction_id TEXT NOT NULL REFERENCES transactions (id),
        position INTEGER NOT NULL,
        scope TEXT NOT NULL,
        total INTEGER,
        PRIMARY KEY (transaction_id, position)
    ) WITHOUT ROWID;
    CREATE TABLE glanced (
        transaction_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        memory_id TEXT NOT NULL,
        memory TEXT NOT NULL,
        PRIMARY KEY (transaction_id, position, memory_id)
    ) WITHOUT ROWID;
    """,
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The newest page of the memories of *scope*, before anything was deleted."""

    scope: Scope
    """Without any entity: of all that there is."""
    rows: Mapping[str, Memory]
    """By id."""
    total: int | None
    """How many the server said there are."""

    def without(self, ids: Collection[str]) -> Baseline:
        """The same without the memories of these *ids*."""
        rows = {id_: memory for id_, memory in self.rows.items() if id_ not in ids}
        return replace(self, rows=rows)


async def keep(database: Database, transaction_id: str, baselines: Sequence[Baseline]) -> None:
    """Write *baselines* down; they are on the disk afterwards."""

    def work(connection: sqlite3.Connection) -> None:
        for position, baseline in enumerate(baselines):
            connection.execute(
                "INSERT INTO glances VALUES (?, ?, ?, ?)",
                (transaction_id, position, to_json(baseline.scope.ids()), baseline.total),
            )
            connection.executemany(
                "INSERT INTO glanced VALUES (?, ?, ?, ?)",
                (
                    (transaction_id, position, id_, to_json(memory_json(memory)))
                    for id_, memory in baseline.rows.items()
                ),
            )

    if baselines:
        await database.awrite(work)


async def kept(database: Database, transaction_id: str) -> tuple[Baseline, ...]:
    """What was written down for the transaction, as long as it is not finished."""

    def work(connection: sqlite3.Connection) -> tuple[Baseline, ...]:
        rows = connection.execute(
            "SELECT position, scope, total FROM glances WHERE transaction_id = ? ORDER BY position",
            (transaction_id,),
        ).fetchall()
        return tuple(_baseline(connection, transaction_id, *row) for row in rows)

    return await database.aread(work)


def forget(connection: sqlite3.Connection, transaction_id: str) -> None:
    """Erase what was written down for the transaction or purge."""
    for table in ("glanced", "glances"):
        connection.execute(f"DELETE FROM {table} WHERE transaction_id = ?", (transaction_id,))


def erase(
    connection: sqlite3.Connection,
    ids: Collection[str],
    where: str,
    values: tuple[str | None, ...],
    *,
    table: str = "transactions",
) -> None:
    """Erase the memories of these *ids* from baselines of the unfinished rows of *table*, the
    transactions or the ``purges``, that pass *where*."""
    chosen = f"SELECT t.id FROM {table} t WHERE t.finished_at IS NULL AND {where}"
    for (transaction_id,) in connection.execute(chosen, values).fetchall():
        connection.executemany(
            "DELETE FROM glanced WHERE transaction_id = ? AND memory_id = ?",
            ((transaction_id, id_) for id_ in ids),
        )


def _baseline(
    connection: sqlite3.Connection, transaction_id: str, position: int, scope: str, total: int
) -> Baseline:
    where = f"transaction {transaction_id}, what was beside it"
    rows = connection.execute(
        "SELECT memory_id, memory FROM glanced WHERE transaction_id = ? AND position = ?",
        (transaction_id, position),
    )
    memories = {id_: memory_from(parse_json(text, where)) for id_, text in rows}
    return Baseline(Scope(**parse_json(scope, where).value), memories, total)
