"""How many memories deserved a look, day by day: counts of finished scans, kept beside the journal.

Numbers only: no id and no text. Of each day the last count stays, and of the oldest days none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mem0_tui.model.clock import Clock, today
from mem0_tui.store.sqlite.migrations import Migration

if TYPE_CHECKING:
    from mem0_tui.store.journal.journal import Journal
    from mem0_tui.store.journal.rows import JournalTarget

MIGRATION = Migration(
    "counts of audits",
    """
    CREATE TABLE audits (
        backend TEXT NOT NULL,
        target TEXT NOT NULL,
        day TEXT NOT NULL,
        total INTEGER NOT NULL,
        counts TEXT NOT NULL,
        PRIMARY KEY (backend, target, day)
    ) WITHOUT ROWID;
    """,
)
DAYS = 366
"""Of how many days the counts are kept."""
_HERE = "backend = ? AND target = ?"


@dataclass(frozen=True, slots=True)
class AuditCounts:
    """What one scan came to."""

    day: date
    """In UTC."""
    total: int
    """How many memories were looked at."""
    counts: Mapping[str, int]
    """By queue, how many there were to decide on; without queues that were not measured."""


class Audits:
    """The counts of the memories of one *target*, of every process."""

    def __init__(self, journal: Journal, target: JournalTarget, clock: Clock) -> None:
        self._journal = journal
        self._place = target.place
        self._clock = clock

    async def keep(self, total: int, counts: Mapping[str, int]) -> None:
        """Keep the counts of a scan that has just ended, in place of those of this day.

        Raises:
            StoreError: they cannot be written.
        """
        row = (*self._place, today(self._clock).isoformat(), total, json.dumps(dict(counts)))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO audits VALUES (?, ?, ?, ?, ?)", row)
            connection.execute(
                f"DELETE FROM audits WHERE {_HERE} AND day NOT IN"
                f" (SELECT day FROM audits WHERE {_HERE} ORDER BY day DESC LIMIT {DAYS})",
                (*self._place, *self._place),
            )

        await self._journal.database.awrite(work)

    async def all(self) -> tuple[AuditCounts, ...]:
        """What is kept, the oldest day first."""

        def work(connection: sqlite3.Connection) -> tuple[AuditCounts, ...]:
            rows = connection.execute(
                f"SELECT day, total, counts FROM audits WHERE {_HERE} ORDER BY day", self._place
            )
            return tuple(
                AuditCounts(date.fromisoformat(day), total, json.loads(counts))
                for day, total, counts in rows
            )

        return await self._journal.database.aread(work)
