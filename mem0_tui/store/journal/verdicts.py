"""What people said of memories, kept beside the journal: it outlives the store's file and index.

Append-only: of one memory, queue and text, the newest line counts, and taking back what was said
last removes its lines, so that what was said before counts again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mem0_tui.model.clock import Clock
from mem0_tui.model.holding_back import KEPT_TEXTS
from mem0_tui.model.verdict import Judgement, Verdict
from mem0_tui.store.formats.jsonl import write_private
from mem0_tui.store.sqlite.migrations import Migration

if TYPE_CHECKING:
    from mem0_tui.store.journal.journal import Journal
    from mem0_tui.store.journal.rows import JournalTarget

MIGRATION = Migration(
    "verdicts on memories",
    """
    CREATE TABLE verdicts (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        batch INTEGER NOT NULL,
        at TEXT NOT NULL,
        backend TEXT NOT NULL,
        target TEXT NOT NULL,
        queue TEXT NOT NULL,
        memory_id TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        judgement TEXT NOT NULL,
        until TEXT
    );
    CREATE INDEX verdicts_of ON verdicts (backend, target, memory_id);
    """,
)

State: TypeAlias = tuple[int, int]
"""How many lines there are, and the number of the newest: another pair for other verdicts."""

_OF_CODEX = "instructions"
"""The queue in which one says whether Codex is given a memory."""
_COLUMNS = "queue, memory_id, text_hash, judgement, until"
_READ = f"{_COLUMNS}, at"
_HERE = "backend = ? AND target = ?"


class Verdicts:
    """The verdicts on the memories of one *target*, of every process."""

    def __init__(self, journal: Journal, target: JournalTarget, clock: Clock) -> None:
        self._journal = journal
        self._target = target
        self._place = target.place
        self._clock = clock

    async def record(self, verdicts: Sequence[Verdict]) -> int | None:
        """Write *verdicts* down, as one that can be taken back; returns its number, None for
        none."""
        if not verdicts:
            return None
        at = self._clock.now().isoformat()

        def work(connection: sqlite3.Connection) -> int:
            last = connection.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'verdicts'"
            ).fetchone()
            batch = (last[0] if last else 0) + 1
            connection.executemany(
                f"INSERT INTO verdicts (batch, at, backend, target, {_COLUMNS})"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        *(batch, at, *self._place, each.queue, each.memory_id, each.text_hash),
                        *(each.judgement.value, each.until.isoformat() if each.until else None),
                    )
                    for each in verdicts
                ),
            )
            write_kept(connection, self._journal.path)
            return batch

        return await self._journal.database.awrite(work)

    async def take_back(self, batch: int | None = None) -> tuple[Verdict, ...]:
        """Take back what was said at once as *batch*, by default what was said last; returns it,
        and nothing where there is no such batch."""

        def work(connection: sqlite3.Connection) -> tuple[Verdict, ...]:
            chosen = batch
            if chosen is None:
                (chosen,) = connection.execute(
                    f"SELECT max(batch) FROM verdicts WHERE {_HERE}", self._place
                ).fetchone()
            where, values = f"{_HERE} AND batch = ?", (*self._place, chosen)
            rows = connection.execute(
                f"SELECT {_READ} FROM verdicts WHERE {where} ORDER BY sequence", values
            ).fetchall()
            connection.execute(f"DELETE FROM verdicts WHERE {where}", values)
            write_kept(connection, self._journal.path)
            return tuple(map(_verdict, rows))

        return await self._journal.database.awrite(work)

    async def state(self) -> State:
        """What differs once anybody has judged something, or taken a verdict back."""

        def work(connection: sqlite3.Connection) -> State:
            count, last = connection.execute(
                f"SELECT count(*), coalesce(max(sequence), 0) FROM verdicts WHERE {_HERE}",
                self._place,
            ).fetchone()
            return count, last

        return await self._journal.database.aread(work)

    async def all(self) -> tuple[Verdict, ...]:
        """All that counts, also of memories that have another text now or are gone; those that
        came back under another id are judged under that, too."""
        new_ids = await self._journal.new_ids(self._target)

        def work(connection: sqlite3.Connection) -> dict[tuple[str, str, str], Verdict]:
            rows = connection.execute(
                f"SELECT {_READ} FROM verdicts WHERE {_HERE} ORDER BY sequence", self._place
            )
            return {row[:3]: _verdict(row) for row in rows}

        found = await self._journal.database.aread(work)
        for (queue, memory_id, hash_), verdict in list(found.items()):
            seen = {memory_id}
            while (memory_id := new_ids.get(memory_id, "")) and memory_id not in seen:
                seen.add(memory_id)
                again = replace(verdict, memory_id=memory_id)
                found.setdefault((queue, memory_id, hash_), again)
        return tuple(found.values())


def erase(connection: sqlite3.Connection, ids: Collection[str], place: tuple[str, str]) -> None:
    """Erase all verdicts on these memories of the backend and target *place*."""
    connection.executemany(
        f"DELETE FROM verdicts WHERE {_HERE} AND memory_id = ?", ((*place, id_) for id_ in ids)
    )


def write_kept(connection: sqlite3.Connection, journal: Path) -> None:
    """Write down, beside the *journal*, which texts Codex is given although they have hard signs
    of a planted order: hooks and ``serve`` cannot look into the journal.

    Called within the transaction that changes verdicts, so that no two processes do it at once.
    """
    path = journal.with_name(KEPT_TEXTS)
    found = connection.execute(
        "SELECT DISTINCT text_hash FROM verdicts AS one WHERE queue = ? AND judgement = ?"
        " AND sequence = (SELECT max(sequence) FROM verdicts AS other"
        " WHERE other.backend = one.backend AND other.target = one.target"
        " AND other.queue = one.queue AND other.memory_id = one.memory_id"
        " AND other.text_hash = one.text_hash) ORDER BY text_hash",
        (_OF_CODEX, Judgement.KEEP.value),
    ).fetchall()
    if found or path.exists():
        write_private(path, [f"{hash_}\n" for (hash_,) in found])


def _verdict(row: Sequence[str]) -> Verdict:
    until = date.fromisoformat(row[4]) if row[4] else None
    at = datetime.fromisoformat(row[5])
    return Verdict(row[0], row[1], row[2], Judgement(row[3]), until, at)
