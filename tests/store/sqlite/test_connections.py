"""Every connection is closed by its owner, also where opening or using the file fails."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.model.errors import StoreError
from mem0_tui.store.search.bm25 import Stemmer
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.migrations import Migration

NOTES = Migration("notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """All connections that are opened from now on."""
    found: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        found.append(connection)
        return connection

    monkeypatch.setattr(sqlite3, "connect", noted)
    return found


def are_closed(connections: list[sqlite3.Connection]) -> bool:
    open_ones = []
    for connection in connections:
        try:
            open_ones.append(connection.total_changes)
        except sqlite3.ProgrammingError:
            continue
    return bool(connections) and not open_ones


def junk(path: Path) -> None:
    path.write_bytes(b"no database, but long enough to be one" * 100)


def newer(path: Path) -> None:
    Database(path, [NOTES, Migration("later", "CREATE TABLE later (id INTEGER);")]).close()


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()


@pytest.mark.parametrize("make", [junk, newer, foreign])
def test_a_file_that_cannot_be_opened_leaves_none(
    tmp_path: Path, opened: list[sqlite3.Connection], make: Callable[[Path], None]
) -> None:
    make(tmp_path / "notes.db")
    with pytest.raises(StoreError):
        Database(tmp_path / "notes.db", [NOTES])
    assert are_closed(opened)


def test_one_that_cannot_be_given_its_functions_is_closed(
    tmp_path: Path, opened: list[sqlite3.Connection]
) -> None:
    def equip(_connection: sqlite3.Connection) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        Database(tmp_path / "notes.db", [NOTES], equip=equip)
    assert are_closed(opened)


def test_a_schema_that_cannot_be_made_leaves_none(
    tmp_path: Path, opened: list[sqlite3.Connection]
) -> None:
    with pytest.raises(sqlite3.OperationalError):
        Database(tmp_path / "notes.db", [Migration("broken", "CREATE TABEL notes (id INTEGER);")])
    assert are_closed(opened)


def test_readers_and_the_writer_are_closed_with_the_database(
    tmp_path: Path, opened: list[sqlite3.Connection]
) -> None:
    database = Database(tmp_path / "notes.db", [NOTES])
    database.write(lambda c: c.execute("INSERT INTO notes (text) VALUES ('a')").lastrowid).result()
    for wait in [database.read(lambda c: c.execute("SELECT * FROM notes").fetchall())] * 3:
        wait.result()
    database.close()
    assert are_closed(opened)


def test_a_stemmer_closes_its_own_also_in_a_cycle(opened: list[sqlite3.Connection]) -> None:
    cycle: list[object] = [Stemmer()]
    cycle.append(cycle)
    del cycle
    gc.collect()
    assert are_closed(opened)
