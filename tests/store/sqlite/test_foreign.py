"""Another program's database is read as it is now, and nothing is left beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.model.errors import StoreError
from mem0_tui.store.sqlite.foreign import read_foreign


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a ?#% b" / "evidence.sqlite3"


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """A program that keeps the database open in WAL mode, nothing of it checkpointed."""
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    yield connection
    connection.close()


def texts(path: Path) -> list[object]:
    with read_foreign(str(path)) as database:
        return [text for (text,) in database.rows("SELECT text FROM notes ORDER BY id")]


def test_what_the_log_holds_is_seen(path: Path, writer: sqlite3.Connection) -> None:
    wanted = [f"note {number} " + "x" * 3000 for number in range(200)]
    for text in wanted:
        writer.execute("INSERT INTO notes (text) VALUES (?)", (text,))
    before = tree(path.parent)

    assert texts(path) == wanted
    assert tree(path.parent) == before


def test_what_is_not_committed_is_not_seen(path: Path, writer: sqlite3.Connection) -> None:
    writer.execute("INSERT INTO notes (text) VALUES ('kept')")
    writer.execute("PRAGMA cache_size=1")  # so that pages go to the log before the commit
    writer.execute("BEGIN")
    for _ in range(50):
        writer.execute("INSERT INTO notes (text) VALUES (?)", ("y" * 4000,))

    assert texts(path) == ["kept"]
    writer.execute("ROLLBACK")
    assert texts(path) == ["kept"]


def test_a_log_that_is_used_again_is_read_from_its_start(
    path: Path, writer: sqlite3.Connection
) -> None:
    for number in range(60):
        writer.execute("INSERT INTO notes (text) VALUES (?)", (f"old {number} " + "z" * 2000,))
    writer.execute("PRAGMA wal_checkpoint(RESTART)")
    writer.execute("UPDATE notes SET text = 'new' WHERE id = 1")
    writer.execute("DELETE FROM notes WHERE id > 2")

    assert texts(path)[0] == "new"
    assert len(texts(path)) == 2


def test_a_database_that_nobody_has_open_is_read_in_place(
    path: Path, writer: sqlite3.Connection
) -> None:
    writer.execute("INSERT INTO notes (text) VALUES ('kept')")
    writer.close()
    before = tree(path.parent)
    assert list(before) == ["evidence.sqlite3"]

    assert texts(path) == ["kept"]
    assert tree(path.parent) == before


def test_a_writer_is_never_kept_waiting(path: Path, writer: sqlite3.Connection) -> None:
    writer.execute("PRAGMA busy_timeout=0")
    with read_foreign(str(path)) as database:
        writer.execute("INSERT INTO notes (text) VALUES ('meanwhile')")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert database.rows("SELECT text FROM notes") == []
    assert texts(path) == ["meanwhile"]


@pytest.mark.usefixtures("writer")
def test_columns_tell_an_older_schema(path: Path) -> None:
    with read_foreign(str(path)) as database:
        assert database.columns("notes") == {"id", "text"}
        assert database.columns("operations") == frozenset()


@pytest.mark.parametrize("data", [b"not a database at all", b"SQLite format 3\x00" + b"\xff" * 900])
@pytest.mark.parametrize("log", [None, b"\x37\x7f\x06\x82" + b"\x00" * 40])
def test_what_is_no_database_is_said(path: Path, data: bytes, log: bytes | None) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    if log is not None:
        Path(f"{path}-wal").write_bytes(log)
    before = tree(path.parent)

    with pytest.raises(StoreError), read_foreign(str(path)) as database:
        database.rows("SELECT * FROM notes")
    assert tree(path.parent) == before


def test_a_missing_file_is_said_and_not_made(path: Path) -> None:
    with pytest.raises(StoreError), read_foreign(str(path)):
        pass
    assert not os.path.exists(path)
