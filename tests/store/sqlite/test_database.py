from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from mem0_tui.model.errors import (
    StoreAccessError,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreNewerError,
)
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.migrations import Migration

NOTES = Migration("notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "folder" / "notes.db", [NOTES])
    yield database
    database.close()


def add(database: Database, text: str) -> Future[object]:
    return database.write(
        lambda c: c.execute("INSERT INTO notes (text) VALUES (?)", (text,)).lastrowid
    )


def texts(database: Database) -> list[str]:
    return database.read_now(
        lambda c: [row[0] for row in c.execute("SELECT text FROM notes ORDER BY id")]
    )


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_folder_and_files_are_private_from_the_start(database: Database) -> None:
    add(database, "secret").result()
    folder = database.path.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["notes.db", "notes.db-shm", "notes.db-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_file_that_others_can_read_is_tightened_but_a_shared_folder_is_not(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    Database(folder / "n.db", [NOTES]).close()
    (folder / "n.db").chmod(0o644)
    Database(folder / "n.db", [NOTES]).close()
    assert stat.S_IMODE((folder / "n.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_write_that_fails_leaves_nothing_and_harms_no_other(database: Database) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def holding(_: sqlite3.Connection) -> None:
        entered.set()
        go_on.wait(60)

    def failing(connection: sqlite3.Connection) -> object:
        connection.execute("INSERT INTO notes (text) VALUES ('half')")
        raise ValueError("no")

    first = database.write(holding)
    entered.wait(60)
    queued: list[Future[object]] = [
        add(database, "one"),
        database.write(failing),
        add(database, "two"),
    ]
    go_on.set()
    first.result()
    assert isinstance(queued[1].exception(), ValueError)
    assert queued[0].exception() is None
    assert queued[2].exception() is None
    assert texts(database) == ["one", "two"]


def test_what_queues_up_is_committed_together(database: Database) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def holding(_: sqlite3.Connection) -> None:
        entered.set()
        go_on.wait(60)

    first = database.write(holding)
    entered.wait(60)
    queued = [add(database, str(number)) for number in range(50)]
    before = database.change_count
    go_on.set()
    first.result()
    for future in queued:
        future.result()
    assert texts(database) == [str(number) for number in range(50)]
    assert database.change_count - before == 2


def test_a_reader_sees_one_moment(database: Database) -> None:
    add(database, "one").result()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        before = connection.execute("SELECT count(*) FROM notes").fetchone()[0]
        add(database, "two").result()
        return before, connection.execute("SELECT count(*) FROM notes").fetchone()[0]

    assert database.read(twice).result() == (1, 1)
    assert texts(database) == ["one", "two"]


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(StoreAccessError):
        database.read_now(lambda c: c.execute("DELETE FROM notes"))


def test_close_finishes_what_was_queued_and_refuses_what_comes_after(tmp_path: Path) -> None:
    database = Database(tmp_path / "n.db", [NOTES])
    futures = [add(database, str(number)) for number in range(300)]
    database.close()
    assert all(future.done() and future.exception() is None for future in futures)
    database.close()
    with pytest.raises(StoreError):
        add(database, "late")
    with pytest.raises(StoreError):
        database.read(lambda _: None).result()
    with pytest.raises(StoreError):
        texts(database)
    again = Database(tmp_path / "n.db", [NOTES])
    assert len(texts(again)) == 300
    again.close()


@pytest.mark.anyio
async def test_a_cancelled_write_that_has_begun_is_still_done(database: Database) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def work(connection: sqlite3.Connection) -> None:
        entered.set()
        go_on.wait(60)
        connection.execute("INSERT INTO notes (text) VALUES ('kept')")

    async with asyncio.TaskGroup() as group:
        task = group.create_task(database.awrite(work))
        await asyncio.to_thread(entered.wait, 60)
        task.cancel()
        go_on.set()
    await database.awrite(lambda _: None)  # what was begun comes before
    assert await database.aread(lambda c: c.execute("SELECT text FROM notes").fetchall()) == [
        ("kept",)
    ]


def test_a_change_by_another_opener_is_noticed_once(database: Database) -> None:
    assert not database.changed_elsewhere()
    add(database, "mine").result()
    assert not database.changed_elsewhere()
    other = Database(database.path, [NOTES])
    add(other, "theirs").result()
    assert database.changed_elsewhere()
    assert not database.changed_elsewhere()
    assert texts(database) == texts(other) == ["mine", "theirs"]
    other.close()


def test_migrations_run_once_in_order_and_all_or_none(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    more = Migration(
        "tags",
        """
        ALTER TABLE notes ADD COLUMN tag TEXT;
        CREATE TRIGGER tagged AFTER INSERT ON notes BEGIN
            UPDATE notes SET tag = 'a;b' WHERE id = new.id;
            UPDATE notes SET text = text || '!' WHERE id = new.id;
        END;
        """,
    )
    first = Database(path, [NOTES])
    add(first, "kept").result()
    first.close()
    second = Database(path, [NOTES, more])
    add(second, "new").result()
    assert texts(second) == ["kept", "new!"]
    second.close()
    broken = Migration("broken", "CREATE TABLE half (x); CREATE TABLE notes (x);")
    with pytest.raises(sqlite3.OperationalError):
        Database(path, [NOTES, more, broken])
    third = Database(path, [NOTES, more])
    tables = third.read_now(lambda c: c.execute("SELECT name FROM sqlite_master").fetchall())
    assert ("half",) not in tables
    third.close()
    with pytest.raises(ValueError, match="notes"):
        Database(path, [NOTES, NOTES])


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    later = Migration("from the future", "CREATE TABLE future (x);")
    database = Database(path, [NOTES, later])
    add(database, "kept").result()
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreNewerError, match="from the future"):
        Database(path, [NOTES])
    assert path.read_bytes() == before


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_bytes(b"these are my notes\n" * 100)
    with pytest.raises(StoreCorruptError, match=r"notes\.txt"):
        Database(text, [NOTES])
    assert text.read_bytes() == b"these are my notes\n" * 100
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE browser_history (url)")
    connection.commit()
    connection.close()
    before = foreign.read_bytes()
    with pytest.raises(StoreCorruptError, match="another program"):
        Database(foreign, [NOTES])
    assert foreign.read_bytes() == before
    with pytest.raises(StoreAccessError, match="folder"):
        Database(tmp_path, [NOTES])
    with pytest.raises(StoreAccessError):
        Database(text / "below" / "n.db", [NOTES])


def test_a_damaged_page_is_reported_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    database = Database(path, [NOTES])
    for _ in range(40):
        add(database, "x" * 1000).result()
    database.close()
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))
    with pytest.raises(StoreCorruptError):
        _read_all(path)


def _read_all(path: Path) -> None:
    database = Database(path, [NOTES])
    try:
        texts(database)
    finally:
        database.close()


def test_a_full_disk_loses_nothing_that_was_stored(database: Database) -> None:
    add(database, "kept").result()
    pages = database.read_now(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()).result()
    futures = [add(database, "x" * 3000) for _ in range(20)]
    errors = [future.exception() for future in futures]
    assert any(isinstance(error, StoreFullError) for error in errors)
    stored = [future for future, error in zip(futures, errors, strict=True) if error is None]
    assert len(texts(database)) == 1 + len(stored)
    database.write(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone()).result()
    add(database, "after").result()
    assert texts(database)[0] == "kept"
    assert texts(database)[-1] == "after"


def test_a_store_held_for_too_long_is_busy(tmp_path: Path) -> None:
    database = Database(tmp_path / "n.db", [NOTES], patience=0.05)
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    error = add(database, "late").exception()
    assert isinstance(error, StoreBusyError)
    assert error.retryable
    other.execute("ROLLBACK")
    other.close()
    add(database, "now").result()
    assert texts(database) == ["now"]
    database.close()


_LOCKED = """
import os, sys
import urllib.request  # as_uri() loads it when it is called, and nothing can be loaded in there
from mem0_tui.model.errors import StoreAccessError
from mem0_tui.store.sqlite.database import Database
from tests.store.sqlite.test_database import NOTES, add, texts
if os.getuid() == 0:  # whom nothing stops: let a user do it who may not
    os.chroot(sys.argv[1]); os.chdir("/"); os.setgid(65534); os.setuid(65534)
    folder = "/locked"
else:
    folder = sys.argv[1] + "/locked"
try:
    database = Database(folder + "/" + sys.argv[2], [NOTES])
    print(*texts(database), flush=True)
    add(database, "more").result()
except StoreAccessError as error:
    print(error)
database.close()
"""


def in_a_locked_folder(tmp_path: Path, name: str) -> list[str]:
    """What a user gets of the file *name* who cannot write in its folder."""
    folder = tmp_path / "locked"
    database = Database(folder / "old.db", [NOTES])
    add(database, "kept").result()
    database.close()
    Database(folder / "older.db", []).close()
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    try:
        arguments = [sys.executable, "-c", _LOCKED, str(tmp_path), name]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        return done.stdout.splitlines()
    finally:
        folder.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_file_in_a_folder_that_cannot_be_written_is_read_and_not_written(tmp_path: Path) -> None:
    read, refused = in_a_locked_folder(tmp_path, "old.db")
    assert read == "kept"
    assert "old.db" in refused
    assert "read-only" in refused


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
@pytest.mark.parametrize("name", ["new.db", "older.db"])
def test_what_has_to_be_made_in_a_locked_folder_is_an_access_error(
    tmp_path: Path, name: str
) -> None:
    (refused,) = in_a_locked_folder(tmp_path, name)
    assert name in refused


def _counted(connection: sqlite3.Connection, rows: int) -> tuple[int, int]:
    """Count to *rows* the long way; where that was done, and the sum."""
    found = connection.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " SELECT sum(i) FROM n",
        (rows,),
    ).fetchone()
    return threading.get_ident(), found[0]


def test_a_read_stays_where_it_is_only_as_long_as_it_is_short(database: Database) -> None:
    async def counted(rows: int) -> tuple[int, int]:
        return await database.aread(lambda c: _counted(c, rows), short=True)

    here = threading.get_ident()
    for _ in range(30):
        assert asyncio.run(counted(100)) == (here, 5_050)
    thread, found = asyncio.run(counted(100_000))
    assert thread != here
    assert found == 5_000_050_000
    assert asyncio.run(counted(100)) == (here, 5_050)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among the files")
def test_a_device_or_pipe_is_refused_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    path.chmod(0o666)
    with pytest.raises(StoreAccessError, match="is a device or a pipe"):
        Database(path, [NOTES])
    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]
