"""One SQLite file: a writer thread, pooled readers, and errors a person can act on.

Writes are serial and durable when their future is done; a read sees one consistent snapshot.
Several processes may hold the same file open.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from threading import Lock
from typing import TypeVar

from mem0_tui.model.errors import (
    StoreAccessError,
    StoreCorruptError,
    StoreError,
    StoreNewerError,
)
from mem0_tui.store.sqlite.connections import (
    Presence,
    ReaderPool,
    begin_immediate,
    closed_on_failure,
    connect,
    create_private,
    is_frozen,
    read_undecodable,
    use_write_ahead_log,
)
from mem0_tui.store.sqlite.errors import from_os, from_sqlite, is_undecodable, translated
from mem0_tui.store.sqlite.migrations import Migration, check_names, migrate, pending
from mem0_tui.store.sqlite.writer import Writer

T = TypeVar("T")

APPLICATION_ID = 0x6D656D30
"""Marks a file as a memory store (``mem0`` in ASCII); other kinds of file here use another."""

_READERS = 4
_STRIDE, _STRIDES = 1_000, 20
"""Steps of SQLite's machine that a short read may take, and how often they are counted: one or two
milliseconds of work, or a few hundred rows."""


class Database:
    """A database file, opened, migrated, and private to its owner."""

    def __init__(
        self,
        path: Path | str,
        migrations: Sequence[Migration],
        *,
        durable: bool = True,
        application_id: int = APPLICATION_ID,
        equip: Callable[[sqlite3.Connection], None] | None = None,
        patience: float = 10.0,
    ) -> None:
        """Open *path*, creating it and its folder where they are missing.

        In a folder that cannot be written, a file that is up to date can be read all the same.

        Args:
            path: the file.
            migrations: all that the schema has ever needed, oldest first.
            durable: whether a commit waits until the disk has it (``synchronous`` FULL or NORMAL).
            application_id: what kind of file this is.
            equip: called with each new connection, to give it SQL functions.
            patience: seconds to wait for another process's lock.

        Raises:
            StoreNewerError: a later version wrote it; nothing was changed.
            StoreCorruptError: it is damaged, or no such file at all; nothing was changed.
            StoreAccessError: it cannot be read or written.
            StoreFullError: there is no room for it.
        """
        check_names(migrations)
        self.path = Path(path).expanduser().absolute()
        self._durable = durable
        self._patience = patience
        self._application_id = application_id
        self._migrations = tuple(migrations)
        self._equip = equip
        self._pool = ReaderPool(self._connect)
        self._writer = Writer(self._connect_writer, self._fault, patience, self._check_written)
        self._executor: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._closed = False
        self._seen_version: int | None = None
        self.frozen = is_frozen(self.path)
        """Whether it can be read only, because its folder cannot be written."""
        with translated(self.path):
            if not self.frozen:
                create_private(self.path)
            self._prepare()

    def write(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run *work* as one transaction in the writer thread; the future is done once it is stored.

        *work* depends on its connection only, for it may be run again after a failed group commit.
        What it raises undoes what it did and is raised by the future, SQLite's failures as
        StoreError. If the file was removed or replaced meanwhile, that is a StoreMovedError.
        """
        return self._writer.submit(work)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run *work* on a snapshot in a reader thread; what goes wrong is raised by the future."""
        with self._lock:
            if self._closed:
                closed: Future[T] = Future()
                closed.set_exception(StoreError("the store is closed"))
                return closed
            if self._executor is None:
                self._executor = ThreadPoolExecutor(_READERS, "store-reader")
            return self._executor.submit(self.read_now, work)

    def read_now(
        self, work: Callable[[sqlite3.Connection], T], *, statements: int | None = None
    ) -> T:
        """Run *work* on a snapshot in the calling thread: for reads of a few rows.

        One that runs a single statement may say so, for a statement is a snapshot by itself.
        """
        with translated(self.path):
            self._presence.check()
            connection = self._pool.take()
            try:
                if statements != 1:
                    connection.execute("BEGIN")
                try:
                    return work(connection)
                except sqlite3.OperationalError as error:
                    if not is_undecodable(error) or not read_undecodable(connection):
                        raise
                return work(connection)
            finally:
                self._pool.give_back(connection)

    async def awrite(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """:meth:`write`, awaited; cancelled, it is still done if it had begun."""
        return await asyncio.wrap_future(self.write(work))

    async def aread(self, work: Callable[[sqlite3.Connection], T], *, short: bool = False) -> T:
        """:meth:`read`, awaited.

        One that is likely to be *short* begins in the calling thread, for handing it to another
        costs as much as reading fifty rows. If SQLite is not done with it in a millisecond or two,
        it begins again in a reader thread.
        """
        if short:
            try:
                return self.read_now(lambda connection: _shortly(connection, work))
            except _LongReadError:
                pass
        return await asyncio.wrap_future(self.read(work))

    def maintain(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run *work*, which begins and ends its own transactions, in the writer thread."""
        return self._writer.submit(work, transaction=False)

    def changed_elsewhere(self) -> bool:
        """Whether another process (or Database) has committed since this was last asked.

        The first answer is False."""
        version = self._writer.submit(_data_version, transaction=False).result()
        before, self._seen_version = self._seen_version, version
        return before is not None and before != version

    @property
    def change_count(self) -> int:
        """How many transactions this Database has committed since it was opened."""
        return self._writer.commits

    def close(self) -> None:
        """Finish what was begun, then close the file. May be called twice."""
        self._writer.close()
        with self._lock:
            self._closed = True
            executor = self._executor
        if executor is not None:
            executor.shutdown(wait=True)
        self._pool.close()

    def _fault(self, error: BaseException) -> BaseException:
        if isinstance(error, sqlite3.Error):
            return from_sqlite(error, self.path)
        return from_os(error, self.path) if isinstance(error, OSError) else error

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self.path, patience=self._patience, frozen=self.frozen)
        if self._equip is not None:
            with closed_on_failure(connection):
                self._equip(connection)
        return connection

    def _check_written(self, committed: bool) -> None:
        self._presence.check_written(committed)

    def _connect_writer(self) -> sqlite3.Connection:
        self._presence.check()
        connection = self._connect()
        with closed_on_failure(connection):
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            connection.execute(f"PRAGMA fullfsync = {'ON' if self._durable else 'OFF'}")
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        return connection

    def _prepare(self) -> None:
        """Look before anything is changed; then bring the schema up to date."""
        connection = self._connect()
        with closed_on_failure(connection):  # which rolls back what was begun
            try:
                if pending(connection, self._migrations, self._application_id):
                    self._migrate(connection)
            except (StoreNewerError, StoreCorruptError) as error:
                message = f"{self.path}: {error.message}"
                raise type(error)(message, hint=error.hint) from error
            self._presence = Presence(self.path)
        self._pool.keep(connection)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if self.frozen:
            raise StoreAccessError(
                f"{self.path}: it has to be brought up to date, and its folder is read-only"
            )
        use_write_ahead_log(connection, self._patience)
        begin_immediate(connection, self._patience)
        migrate(connection, self._migrations, self._application_id)
        connection.execute("COMMIT")


class _LongReadError(Exception):
    """A read that was taken for a short one needs more steps than that."""


def _shortly(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """What *work* returns, if SQLite takes few steps for it."""
    strides = repeat(False, _STRIDES)
    connection.set_progress_handler(lambda: next(strides, True), _STRIDE)
    try:
        return work(connection)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise _LongReadError from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
