"""Reads what can still be read of a damaged store, and changes nothing in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.model.memory import Memory
from mem0_tui.store.rows import COLUMNS, WIDTH, sound_memory_of, text_hash
from mem0_tui.store.sqlite.connections import connect
from mem0_tui.store.sqlite.errors import translated

_PATIENCE = 5.0
_NOTHING = "nothing can be read of it: restore a copy, or import an export into a new store"
_ROWS = f"SELECT {COLUMNS}, hash FROM memories WHERE seq BETWEEN ? AND ?"


@dataclass(slots=True)
class Salvage:
    """What came out of a damaged store."""

    memories: list[Memory] = field(default_factory=list)
    lost: int = 0
    """Places of a memory that could not be read; some may have been empty, of deleted ones."""


def salvage(path: Path) -> Salvage:
    """The memories of the store at *path* that are whole.

    Raises:
        StoreCorruptError: not even the list of its tables can be read.
        StoreAccessError: the file cannot be opened.
    """
    try:
        with (
            translated(path),
            _whole_length(path) as readable,
            closing(connect(readable, patience=_PATIENCE)) as connection,
        ):
            connection.execute("PRAGMA query_only = ON")
            found = Salvage()
            _read(connection, 1, _last(connection), found)
    except StoreCorruptError as error:
        raise StoreCorruptError(error.message, hint=_NOTHING) from error
    return found


@contextmanager
def _whole_length(path: Path) -> Iterator[Path]:
    """*path*; for a file that was cut off, which SQLite refuses as a whole, a copy of the length
    that its header names."""
    with path.open("rb") as file:
        header = file.read(32)
    page = int.from_bytes(header[16:18], "big")
    length = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    if not header.startswith(b"SQLite format 3\0") or not 0 < path.stat().st_size < length:
        yield path
        return
    with TemporaryDirectory(prefix="mem0-tui-") as folder:
        copy = Path(folder) / path.name
        copyfile(path, copy)
        with copy.open("r+b") as file:
            file.truncate(length)
        yield copy


def _last(connection: sqlite3.Connection) -> int:
    """The highest place that a memory had."""
    with suppress(sqlite3.Error):
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'memories'")
        return int((row.fetchone() or (0,))[0])
    return int(connection.execute("SELECT max(seq) FROM memories").fetchone()[0] or 0)


def _read(connection: sqlite3.Connection, first: int, last: int, found: Salvage) -> None:
    """Take the memories from *first* to *last*; where one is damaged, halve, and halve again."""
    if first > last:
        return
    try:
        rows = connection.execute(_ROWS, (first, last)).fetchall()
    except sqlite3.Error:
        if first == last:
            found.lost += 1
            return
        middle = (first + last) // 2
        _read(connection, first, middle, found)
        _read(connection, middle + 1, last, found)
        return
    for row in rows:
        try:
            memory = sound_memory_of(row[:WIDTH])
            whole = text_hash(memory.text) == row[WIDTH]
        except (StoreCorruptError, AttributeError, UnicodeError):
            whole = False
        if whole:
            found.memories.append(memory)
        else:
            found.lost += 1
