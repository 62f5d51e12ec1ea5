"""What SQLite says, in words that say what happened."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from mem0_tui.model.errors import StoreAccessError, StoreFullError
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.errors import from_os, translated
from tests.store.sqlite.test_database import NOTES, add, texts


def test_a_file_that_is_read_only_is_said_to_be_that(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    Database(path, [NOTES]).close()
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with pytest.raises(StoreAccessError, match=r"n\.db: it is read-only$"), translated(path):
        connection.execute("INSERT INTO notes (text) VALUES ('x')")
    connection.close()


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.EROFS, "name a place that can be written to"),
        (errno.ENOTDIR, "check the path: a part of it is a file"),
        (errno.ENOENT, "check the path"),
        (errno.EACCES, "check the permissions of the file and its folder"),
    ],
)
def test_the_hint_fits_what_is_wrong_with_a_file(number: int, hint: str, tmp_path: Path) -> None:
    error = from_os(OSError(number, os.strerror(number)), tmp_path)
    assert isinstance(error, StoreAccessError)
    assert error.title == "A file cannot be read or written", "not only the store's"
    assert error.hint == hint


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "n.db", [NOTES])
    add(database, "kept").result()
    # A limit on the file's size, which SQLite reports as it does a full disk.
    database.write(lambda c: c.execute("PRAGMA max_page_count = 4")).result()
    with pytest.raises(StoreFullError, match="no room") as raised:
        add(database, "x" * 100_000).result()
    assert "what was stored before is unharmed" in raised.value.hint
    database.write(lambda c: c.execute("PRAGMA max_page_count = 1000000")).result()
    add(database, "after").result()
    assert texts(database) == ["kept", "after"]
    database.close()
