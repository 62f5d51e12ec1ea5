"""Opens SQLite connections on one file, private to its owner from the moment it exists."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

from mem0_tui.model.errors import StoreAccessError, StoreError, StoreMovedError
from mem0_tui.store.sqlite.errors import is_busy

_KEPT = 8
"""Idle reader connections kept open."""
_WRITER_CACHE, _READER_CACHE = 2048, 256
"""KiB of pages that a connection keeps. There are several readers, and what they read again is at
hand in the operating system."""
_LOG_PAGES = 4000
"""Pages (16 MB) after which the write-ahead log is folded in: small commits touch the same pages
again and again, so a longer log saves most of that work."""
_PAUSE = 0.002
"""Seconds between two tries for a lock: transactions are far shorter than SQLite's own back-off."""


def create_private(path: Path) -> None:
    """Create *path* (0600) and its missing folders (0700); tighten a file that is there.

    SQLite gives the ``-wal`` and ``-shm`` files beside it the same mode. A folder that exists
    keeps its mode, for it may hold other things.

    Raises:
        StoreAccessError: it is a folder, or a device, whose mode holds for the whole machine.
    """
    if path.is_dir():
        raise StoreAccessError(f"{path} is a folder", hint="name a file")
    if path.exists() and not path.is_file():
        raise StoreAccessError(f"{path} is a device or a pipe", hint="name a file")
    missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if os.name == "posix" and path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
            for suffix in ("", "-wal", "-shm"):
                beside = path.with_name(path.name + suffix)
                if beside.exists():
                    beside.chmod(beside.stat().st_mode & 0o700)


def is_frozen(path: Path) -> bool:
    """Whether *path* is a file in a folder in which nothing can be written."""
    return path.is_file() and not os.access(path.parent, os.W_OK)


def connect(path: Path, *, patience: float, frozen: bool = False) -> sqlite3.Connection:
    """A connection without implicit transactions, usable from any one thread at a time.

    A file that is missing is not made: SQLite would make one that others can read.

    Args:
        path: the file.
        patience: how many seconds a statement waits for a lock.
        frozen: whether nothing can be written beside the file, as SQLite otherwise does to read it.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?{_manner(path) if frozen else 'mode=rw'}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    with closed_on_failure(connection):
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    return connection


@contextmanager
def closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    """Close *connection* if what prepares it for its owner fails, who then never gets it."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def read_undecodable(connection: sqlite3.Connection) -> bool:
    """Have *connection* read texts that are not UTF-8 with U+FFFD in them; False if it does.

    A byte that was turned over in one text must not hide all others. Only what is damaged needs
    this, and it takes time for each text.
    """
    if connection.text_factory is not str:
        return False
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return True


def _manner(path: Path) -> str:
    """How to read what cannot be written: no locks are needed where nobody has it open."""
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    return "mode=ro" if any(each.exists() for each in beside) else "immutable=1"


def use_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    """Switch the database to WAL, which its file then remembers."""
    deadline = time.monotonic() + patience
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            if mode == "wal" or _switch(connection) == "wal":
                return
        except sqlite3.Error as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            raise StoreAccessError("the file system does not allow a write-ahead log")


def _switch(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])


def begin_immediate(connection: sqlite3.Connection, patience: float) -> None:
    """Begin a write transaction, waiting at most *patience* seconds for other writers."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


class Presence:
    """Whether the files that were opened are still the ones under their names.

    SQLite goes on with a file that was removed or replaced, and what it commits there is lost with
    the last connection.
    """

    def __init__(self, path: Path) -> None:
        """Remember which file *path* is now.

        A connection to it has to stay open, or another file may get its number.
        """
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._file = os.stat(path)
        self._log_file: os.stat_result | None = None

    def check(self) -> None:
        """Raise StoreMovedError if there is no file, or another one."""
        _check(self._path, self._file)

    def check_written(self, committed: bool) -> None:
        """The same for the writer, whose write-ahead log must be in place too.

        The log is known from the first commit on; it then stays while the connection is open.
        """
        self.check()
        if self._log_file is not None:
            _check(self._log, self._log_file)
        elif committed and self._log.exists():  # another program may have switched it off
            self._log_file = os.stat(self._log)


def _check(path: Path, known: os.stat_result) -> None:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        raise StoreMovedError(f"{path} was removed while it was open") from None
    if not os.path.samestat(there, known):
        raise StoreMovedError(f"{path} was replaced by another file while it was open")


def _reading(connection: sqlite3.Connection) -> sqlite3.Connection:
    with closed_on_failure(connection):
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE}")
        connection.execute("PRAGMA query_only = ON")
    return connection


class ReaderPool:
    """Read-only connections that are handed out one caller at a time."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False

    def take(self) -> sqlite3.Connection:
        """A connection that must be given back."""
        with self._lock:
            if self._closed:
                raise StoreError("the store is closed")
            if self._idle:
                return self._idle.pop()
        return _reading(self._connect())

    def keep(self, connection: sqlite3.Connection) -> None:
        """Take in a connection that was made for something else."""
        self.give_back(_reading(connection))

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Take *connection* in again, with no transaction open on it."""
        if connection.in_transaction:
            with closed_on_failure(connection):
                connection.execute("ROLLBACK")
        with self._lock:
            if not self._closed and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close the idle connections now, the others when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
