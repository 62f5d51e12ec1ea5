"""A file that was removed or replaced while it is open takes no more writes, and says so."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mem0_tui.model.errors import StoreMovedError
from mem0_tui.store.sqlite.database import Database
from tests.store.sqlite.test_database import NOTES, add, texts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "notes.db", [NOTES])
    yield database
    database.close()


def files(path: Path) -> list[Path]:
    return [each for each in path.parent.iterdir() if each.name.startswith(path.name)]


def remove(path: Path) -> None:
    path.unlink()


def remove_all(path: Path) -> None:
    for each in files(path):
        each.unlink()


def rename(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replace(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copyfile(path, copy)
    os.replace(copy, path)


def make_anew(path: Path) -> None:
    remove_all(path)
    Database(path, [NOTES]).close()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


WAYS = [remove, remove_all, rename, replace, make_anew, remove_folder]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("written", [False, True], ids=["first write", "later write"])
def test_neither_writes_nor_reads_go_to_a_file_that_is_gone(
    database: Database, way: Callable[[Path], None], written: bool
) -> None:
    if written:
        add(database, "before").result()
    way(database.path)
    before = (
        {path: path.stat() for path in files(database.path)} if way is not remove_folder else {}
    )
    together = [add(database, f"lost {number}") for number in range(20)]
    for future in together:
        with pytest.raises(StoreMovedError, match="while it was open"):
            future.result()
    with pytest.raises(StoreMovedError):
        texts(database)
    with pytest.raises(StoreMovedError):
        database.read(lambda c: c.execute("SELECT 1").fetchone()).result()
    # Nothing is made in its place, which the next start would take for the store.
    assert {path for path in before if not path.exists()} == set()
    assert database.path.exists() == (database.path in before)


def test_a_log_that_is_gone_takes_no_writes_either(database: Database) -> None:
    add(database, "before").result()
    database.path.with_name("notes.db-wal").unlink()
    with pytest.raises(StoreMovedError, match="notes.db-wal was removed"):
        add(database, "lost").result()


def test_what_was_replaced_during_the_commit_is_not_called_stored(database: Database) -> None:
    add(database, "before").result()

    with pytest.raises(StoreMovedError):
        database.write(lambda _: replace(database.path)).result()


def test_the_same_file_under_another_name_first_is_no_difference(database: Database) -> None:
    add(database, "before").result()
    os.link(database.path, database.path.with_name("link.db"))
    other = Database(database.path, [NOTES])
    add(other, "elsewhere").result()
    other.close()
    add(database, "after").result()
    assert texts(database) == ["before", "elsewhere", "after"]


def test_a_store_that_another_program_took_the_log_from_still_takes_writes(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    Database(path, [NOTES]).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()
    database = Database(path, [NOTES])
    add(database, "kept").result()
    assert texts(database) == ["kept"]
    database.close()
