"""Reads another program's SQLite file without leaving a trace beside it: no -wal, no -shm, no lock.

SQLite itself would make those files even for reading where the database is in WAL mode. So a file
whose log is empty is opened as immutable, and one with a log is read into memory, its committed
pages laid over it, and opened there (sqlite.org, "Write-Ahead Logging" and "WAL-mode File Format").
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from mem0_tui.model.errors import StoreError
from mem0_tui.model.text import one_line

_MAX_BYTES = 128 << 20
"""A file with a log that is larger is read without it."""
_ATTEMPTS = 3
_MAGIC = b"SQLite format 3\x00"
_LOG_HEADER = struct.Struct(">II I I II II")
_FRAME_HEADER = struct.Struct(">II II II")
_LOG_MAGIC = (0x377F0682, 0x377F0683)


class ForeignDatabase:
    """One look at the rows of a database that belongs to another program."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection, self._path = connection, path

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """What a SELECT gives.

        Raises:
            StoreError: the file is damaged, or has no such table or column.
        """
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {one_line(str(error))}") from error

    def columns(self, table: str) -> frozenset[str]:
        """The names of the columns of *table*; none where there is no such table."""
        rows = self.rows("SELECT name FROM pragma_table_info(?)", table)
        return frozenset(str(name) for (name,) in rows)


@contextmanager
def read_foreign(path: str) -> Iterator[ForeignDatabase]:
    """The database at *path* as it is now.

    Another program may write meanwhile; what it commits after the look began is not seen.

    Raises:
        StoreError: there is no file, or it is no database.
    """
    connection = _opened(path)
    try:
        yield ForeignDatabase(connection, path)
    finally:
        connection.close()


def _opened(path: str) -> sqlite3.Connection:
    try:
        with open(path, "rb") as file:
            head = file.read(len(_MAGIC))
        if head and head != _MAGIC:
            raise StoreError(f"{path} is not an SQLite database")
        if _log_size(path) and os.path.getsize(path) <= _MAX_BYTES:
            return _in_memory(_with_log(path), path)
        return _immutable(path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def _immutable(path: str) -> sqlite3.Connection:
    from urllib.parse import quote

    name = quote(os.path.abspath(path).replace(os.sep, "/"))
    try:
        return sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {one_line(str(error))}") from error


def _in_memory(data: bytes, path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
    except (sqlite3.Error, OverflowError) as error:
        connection.close()
        raise StoreError(f"{path}: {one_line(str(error))}") from error
    return connection


def _log_size(path: str) -> int:
    try:
        return os.path.getsize(f"{path}-wal")
    except OSError:
        return 0


def _with_log(path: str) -> bytes:
    """The bytes of the database with what its log has committed; read again where both changed
    meanwhile."""
    for _ in range(_ATTEMPTS):
        before = _stamps(path)
        with open(path, "rb") as file:
            data = file.read()
        try:
            with open(f"{path}-wal", "rb") as file:
                log = file.read(_MAX_BYTES)
        except FileNotFoundError:  # the last program that had it open has put it away
            log = b""
        if _stamps(path) == before:
            break
    return _overlaid(data, log)


def _stamps(path: str) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for name in (path, f"{path}-wal"):
        try:
            status = os.stat(name)
            found.append((status.st_mtime_ns, status.st_size))
        except OSError:
            found.append(None)
    return found


def _overlaid(data: bytes, log: bytes) -> bytes:
    """*data* with the committed pages of *log*, marked as a database without a log."""
    pages, count, size = _committed(log)
    result = bytearray(data)
    if pages:
        wanted = count * size
        result = result[:wanted].ljust(wanted, b"\x00")
        for number, page in pages.items():
            if number <= count:
                result[(number - 1) * size : number * size] = page
    if len(result) >= 20:
        result[18:20] = b"\x01\x01"  # read and write version: rollback journal, not WAL
    return bytes(result)


def _committed(log: bytes) -> tuple[dict[int, bytes], int, int]:
    """The last committed state of each page in *log*, the number of pages, and a page's bytes."""
    if len(log) < _LOG_HEADER.size:
        return {}, 0, 0
    magic, _, size, _, salt, other, _, _ = _LOG_HEADER.unpack_from(log)
    if magic not in _LOG_MAGIC or not 512 <= size <= 65536:
        return {}, 0, 0
    pages: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    count = 0
    at = _LOG_HEADER.size
    while at + _FRAME_HEADER.size + size <= len(log):
        number, after, one, two, _, _ = _FRAME_HEADER.unpack_from(log, at)
        if (one, two) != (salt, other):  # of an earlier round through the log
            break
        at += _FRAME_HEADER.size
        pending[number] = log[at : at + size]
        at += size
        if after:  # the frame ends a transaction
            pages |= pending
            pending, count = {}, after
    return pages, count, size
