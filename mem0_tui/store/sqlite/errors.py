"""What SQLite and the file system report, as the store's own errors.

The message of an error names the file and what the user can see of the cause; the SQL stays out.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mem0_tui.model.errors import (
    StoreAccessError,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
)

_PRIMARY_CODE = 0xFF
"""An extended SQLite result code holds its primary code in the lowest byte."""

_BY_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_CORRUPT: StoreCorruptError,
    sqlite3.SQLITE_NOTADB: StoreCorruptError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_BUSY: StoreBusyError,
    sqlite3.SQLITE_LOCKED: StoreBusyError,
    sqlite3.SQLITE_CANTOPEN: StoreAccessError,
    sqlite3.SQLITE_READONLY: StoreAccessError,
    sqlite3.SQLITE_PERM: StoreAccessError,
    sqlite3.SQLITE_AUTH: StoreAccessError,
    sqlite3.SQLITE_IOERR: StoreError,
}
_PLAINLY: dict[int, str] = {
    sqlite3.SQLITE_FULL: "there is no room for what is to be stored",
    sqlite3.SQLITE_BUSY: "another process has been writing for too long",
    sqlite3.SQLITE_LOCKED: "another process has been writing for too long",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened, or nothing can be written beside it",
    sqlite3.SQLITE_READONLY: "it is read-only",
}
"""What it says in other words than SQLite, whose words tell of its insides."""
_HINTS = {
    errno.EROFS: "name a place that can be written to",
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path: a part of it is a file",
}
"""What helps where permissions are not what is wrong."""
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what the block raises, but failures of SQLite and of files as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from error
    except OSError as error:
        raise from_os(error, path) from error


def from_sqlite(error: sqlite3.Error, path: Path) -> Exception:
    """The store error for *error*; *error* itself where it is a mistake in this program."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return error
    kind = _BY_CODE.get(code & _PRIMARY_CODE)
    return kind(f"{path}: {_PLAINLY.get(code & _PRIMARY_CODE, error)}") if kind else error


def from_os(error: OSError, path: Path) -> StoreError:
    """The store error for a failed file operation."""
    reason = error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return StoreFullError(f"{path}: {reason}")
    return StoreAccessError(f"{path}: {reason}", hint=_HINTS.get(error.errno or 0))


def is_damage(error: sqlite3.Error) -> bool:
    """Whether *error* says that the file does not hold what was stored in it."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_undecodable(error: BaseException | None) -> bool:
    """Whether *error* says that a text in the file is not UTF-8, which nothing here writes."""
    return isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether *error* only says that somebody else holds the lock."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
