"""The journal: what was going to be done, written before it is done, and what became of it.

Append-only and durable: an item's intent, with the full JSON of what it changes, is on the disk
before the first request goes out; its outcome follows. What crashed in between can be told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import (
    JournalDamagedError,
    Mem0TuiError,
    NotFoundError,
    RefusedError,
    StoreError,
    UnfinishedError,
    UsageError,
)
from mem0_tui.model.retention import KEPT
from mem0_tui.store.erasure import journalled
from mem0_tui.store.erasure.sweep import empty_log
from mem0_tui.store.integrity import Damage, file_damage
from mem0_tui.store.journal import baselines, claims
from mem0_tui.store.journal.file import JournalFile, of_journal, set_aside
from mem0_tui.store.journal.rows import (
    ITEM_COLUMNS,
    ITEM_WIDTH,
    TRANSACTION_COLUMNS,
    Counterpart,
    ItemState,
    JournalItem,
    JournalTarget,
    Transaction,
    item_from_row,
    item_row,
    of_target,
    outcome_row,
    transaction_from_row,
)
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.lock import FileLock, is_held


class Journal:
    """One journal file, shared by every process of this user."""

    def __init__(self, path: Path, *, clock: Clock, tolerant: bool = False) -> None:
        """Open *path*, creating it (0600).

        Args:
            path: the file.
            clock: dates what is written.
            tolerant: raise what goes wrong here at the first use only: who just reads memories
                needs no journal.

        Raises:
            StoreError: it cannot be opened, is damaged or of a later version.
        """
        self.path = path
        self._clock = clock
        self._locks: dict[str, FileLock] = {}
        self._file: JournalFile | StoreError
        try:
            self._file = JournalFile(path)
            self._forget_old()
        except StoreError as error:
            self._file = of_journal(error)
            if not tolerant:
                raise self._file from error

    async def set_aside(self) -> Path:
        """Move a damaged journal out of the way, and go on with an empty one; returns the path
        that keeps the old one.

        Raises:
            RefusedError: it is not damaged.
        """
        try:
            sound = not await self._database.aread(lambda c: tuple(file_damage(c)))
        except JournalDamagedError:
            sound = False
        if sound:
            raise RefusedError(f"{self.path} is not damaged", hint="`mem0-tui journal` shows it")
        if isinstance(self._file, JournalFile):
            self._file.close()
        aside = set_aside(self.path, self._clock.now())
        self._file = JournalFile(self.path)
        return aside

    async def begin(self, transaction: Transaction, items: Sequence[JournalItem]) -> None:
        """Write the intent of *transaction*; from here on this process is at work on it.

        Raises:
            AppliedError: its plan was applied before, or something that it takes back is.
            UnfinishedError: another transaction has to be finished or closed first.
        """
        self._claim(transaction.id)
        at = transaction.at.isoformat()
        target = transaction.target

        def work(connection: sqlite3.Connection) -> None:
            claims.check_claims(connection, transaction, items, self.running)
            connection.execute(
                "INSERT INTO transactions (id, at, backend, target, account, undoes, redoes,"
                " summary, by_query, plan_id, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')",
                (
                    transaction.id,
                    at,
                    target.backend,
                    target.target,
                    target.account,
                    transaction.undoes,
                    transaction.redoes,
                    transaction.summary,
                    transaction.by_query,
                    transaction.plan_id,
                ),
            )
            rows = [item_row(item, at) for item in items]
            marks = ", ".join("?" * ITEM_WIDTH)
            connection.executemany(f"INSERT INTO items VALUES ({marks})", rows)

        try:
            await self._database.awrite(work)
        except BaseException:
            self._release(transaction.id)
            raise

    async def record(self, items: Iterable[JournalItem]) -> None:
        """Write where *items* stand now, and what they are aimed at where that is newer."""
        at, items = self._clock.now().isoformat(), tuple(items)

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE items SET state = ?, before = coalesce(?, before), added_id = ?, after = ?,"
                " removed = ?, witness = ?, error_kind = ?, error = ?, snapshot = ?, remaining = ?,"
                " at = ? WHERE transaction_id = ? AND position = ?",
                (outcome_row(item, at) for item in items),
            )

        if items:
            await self._database.awrite(work)

    async def finish(self, transaction_id: str) -> None:
        """Close the transaction and let go of it."""
        at = self._clock.now().isoformat()

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE transactions SET state = 'finished', finished_at = ? WHERE id = ?",
                (at, transaction_id),
            )
            claims.release_plan(connection, transaction_id)
            baselines.forget(connection, transaction_id)

        await self._database.awrite(work)
        self._release(transaction_id)

    def claim(self, transaction_id: str) -> None:
        """Take on an interrupted transaction.

        Raises:
            UnfinishedError: a living process is still at work on it.
        """
        self._claim(transaction_id)

    def abandon(self, transaction_id: str) -> None:
        """Let go of a transaction that stays unfinished."""
        self._release(transaction_id)

    def running(self, transaction_id: str) -> bool:
        """Whether a living process is at work on it."""
        return transaction_id in self._locks or is_held(self._lock_path(transaction_id))

    async def transactions(
        self, limit: int | None = None, *, target: JournalTarget | None = None
    ) -> tuple[Transaction, ...]:
        """The transactions (of *target*), newest first."""

        def work(connection: sqlite3.Connection) -> tuple[Transaction, ...]:
            where, values = of_target(target)
            rows = connection.execute(
                f"SELECT {TRANSACTION_COLUMNS} FROM transactions t WHERE {where}"
                " ORDER BY t.sequence DESC LIMIT ?",
                (*values, -1 if limit is None else limit),
            ).fetchall()
            return tuple(_with_counts(connection, transaction_from_row(row)) for row in rows)

        return await self._database.aread(work)

    async def transaction(self, reference: str) -> Transaction:
        """The transaction whose id is or begins with *reference* (at least two characters).

        Raises:
            NotFoundError: there is none.
            UsageError: it begins several.
        """

        def work(connection: sqlite3.Connection) -> list[Transaction]:
            rows = connection.execute(
                f"SELECT {TRANSACTION_COLUMNS} FROM transactions t"
                " WHERE t.id = ?1 OR (length(?1) >= 2 AND substr(t.id, 1, length(?1)) = ?1)"
                " ORDER BY t.id = ?1 DESC LIMIT 2",
                (reference,),
            ).fetchall()
            return [_with_counts(connection, transaction_from_row(row)) for row in rows]

        found = await self._database.aread(work)
        if not found:
            raise NotFoundError(f"the journal has no transaction {reference!r}")
        if len(found) > 1 and found[0].id != reference:
            raise UsageError(
                f"{reference!r} begins several transactions", hint="give more of its id"
            )
        return found[0]

    async def unfinished(self, target: JournalTarget) -> tuple[Transaction, ...]:
        """The transactions of *target* that were begun and not finished, newest first; some may
        be :meth:`running`."""

        def work(connection: sqlite3.Connection) -> tuple[Transaction, ...]:
            return tuple(_with_counts(connection, t) for t in claims.unfinished(connection, target))

        return await self._database.aread(work)

    async def of_plan(self, plan_id: str) -> Transaction | None:
        """The transaction that applies the plan of this id, if one does."""

        def work(connection: sqlite3.Connection) -> Transaction | None:
            row = connection.execute(
                f"SELECT {TRANSACTION_COLUMNS} FROM transactions t WHERE t.plan_id = ?", (plan_id,)
            ).fetchone()
            return _with_counts(connection, transaction_from_row(row)) if row else None

        return await self._database.aread(work)

    async def items(self, *transaction_ids: str) -> tuple[JournalItem, ...]:
        """The items of these transactions, in the order in which they were to be applied."""

        def work(connection: sqlite3.Connection) -> tuple[JournalItem, ...]:
            marks = ", ".join("?" * len(transaction_ids))
            rows = connection.execute(
                f"SELECT {ITEM_COLUMNS} FROM items i JOIN transactions t ON t.id = i.transaction_id"
                f" WHERE t.id IN ({marks}) ORDER BY t.sequence, i.position",
                transaction_ids,
            )
            return tuple(map(item_from_row, rows))

        return await self._database.aread(work)

    async def items_after(self, transaction: Transaction) -> tuple[JournalItem, ...]:
        """The items of every later transaction on the same target, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[JournalItem, ...]:
            where, values = of_target(transaction.target)
            rows = connection.execute(
                f"SELECT {ITEM_COLUMNS} FROM items i JOIN transactions t ON t.id = i.transaction_id"
                f" WHERE t.sequence > ? AND {where} ORDER BY t.sequence, i.position",
                (transaction.sequence, *values),
            )
            return tuple(map(item_from_row, rows))

        return await self._database.aread(work)

    async def damage(self) -> tuple[Damage, ...]:
        """What is wrong in the file, and which transactions cannot be read."""
        found = list(await self._database.aread(lambda c: tuple(file_damage(c))))
        ids = await self._database.aread(
            lambda c: [row[0] for row in c.execute("SELECT id FROM transactions ORDER BY sequence")]
        )
        for id_ in ids:
            try:
                await self.transaction(id_)
                await self.items(id_)
            except Mem0TuiError as error:
                found.append(Damage(f"the transaction {id_} cannot be read: {error.message}"))
        return tuple(found)

    async def family(self, root: str) -> tuple[Transaction, ...]:
        """The transaction *root* with all that undid and redid it, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[Transaction, ...]:
            rows = connection.execute(
                f"SELECT {TRANSACTION_COLUMNS} FROM transactions t"
                " WHERE t.id = ?1 OR t.undoes = ?1 OR t.redoes = ?1 ORDER BY t.sequence",
                (root,),
            ).fetchall()
            return tuple(_with_counts(connection, transaction_from_row(row)) for row in rows)

        return await self._database.aread(work)

    async def reversed_parts(self, target: JournalTarget) -> Mapping[Counterpart, str]:
        """The parts of applied changes of *target* that were taken back, and by which
        transaction."""

        def work(connection: sqlite3.Connection) -> dict[Counterpart, str]:
            where, values = of_target(target)
            rows = connection.execute(
                "SELECT i.reverses, i.reverses_position, i.reverses_part, t.id FROM items i"
                " JOIN transactions t ON t.id = i.transaction_id"
                f" WHERE {where} AND i.reverses IS NOT NULL AND (i.state = 'done'"
                " OR (i.state = 'unknown' AND i.added_id IS NOT NULL))"
                " ORDER BY t.sequence",
                values,
            )
            return {Counterpart(row[0], row[1], row[2]): row[3] for row in rows}

        return await self._database.aread(work)

    async def new_ids(self, target: JournalTarget) -> Mapping[str, str]:
        """Old id to new id of every memory of *target* that came back under another id."""

        def work(connection: sqlite3.Connection) -> dict[str, str]:
            where, values = of_target(target)
            rows = connection.execute(
                "SELECT i.memory_id, i.added_id FROM items i"
                " JOIN transactions t ON t.id = i.transaction_id"
                f" WHERE {where} AND i.kind = 'restore' AND i.added_id <> i.memory_id"
                " ORDER BY t.sequence, i.position",
                values,
            )
            return dict(rows.fetchall())

        return await self._database.aread(work)

    async def removals(self, target: JournalTarget) -> tuple[tuple[Transaction, JournalItem], ...]:
        """Every item that removed memories of *target*, newest first."""

        def work(connection: sqlite3.Connection) -> list[tuple[Transaction, JournalItem]]:
            where, values = of_target(target)
            rows = connection.execute(
                f"SELECT {TRANSACTION_COLUMNS}, {ITEM_COLUMNS} FROM items i"
                f" JOIN transactions t ON t.id = i.transaction_id WHERE {where}"
                " AND i.removed IS NOT NULL"
                " ORDER BY t.sequence DESC, i.position",
                values,
            )
            split = TRANSACTION_COLUMNS.count(",") + 1
            return [(transaction_from_row(row[:split]), item_from_row(row[split:])) for row in rows]

        return tuple(await self._database.aread(work))

    @property
    def database(self) -> Database:
        """The journal's file."""
        return self._database

    def _forget_old(self) -> None:
        """Begin, without waiting for it, to erase content that was kept for long enough."""
        now = self._clock.now()
        before = now - KEPT
        if not self._database.frozen and self._database.read_now(
            lambda c: journalled.is_old(c, before), statements=1
        ):
            self._database.write(lambda c: journalled.erase_old(c, before, now))
            self._database.maintain(lambda c: empty_log(c, 0))

    def close(self) -> None:
        """Finish what was begun and close the file. May be called twice."""
        for transaction_id in list(self._locks):
            self._release(transaction_id)
        if isinstance(self._file, JournalFile):
            self._file.close()

    @property
    def _database(self) -> JournalFile:
        if isinstance(self._file, StoreError):
            raise self._file
        return self._file

    def _lock_path(self, transaction_id: str) -> Path:
        return self.path.with_name(f"{self.path.name}-{transaction_id}.lock")

    def _claim(self, transaction_id: str) -> None:
        lock = FileLock(self._lock_path(transaction_id))
        if transaction_id in self._locks or not lock.acquire():
            raise UnfinishedError(
                f"{transaction_id} is still being applied",
                transaction_id=transaction_id,
                running=True,
            )
        self._locks[transaction_id] = lock

    def _release(self, transaction_id: str) -> None:
        lock = self._locks.pop(transaction_id, None)
        if lock is not None:
            lock.release()


def _with_counts(connection: sqlite3.Connection, transaction: Transaction) -> Transaction:
    rows = connection.execute(
        "SELECT state, count(*) FROM items WHERE transaction_id = ? GROUP BY state",
        (transaction.id,),
    )
    return replace(transaction, counts={ItemState(state): count for state, count in rows})
