"""Purge: nothing is left of what it removes, anywhere; and nothing else is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.purge.carry_out import Purger
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.purge.plan import plan_ids, plan_trash
from mem0_tui.model.change import Add, ChangeKind, Edit, Update
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import NotFoundError, RefusedError, StaleError
from mem0_tui.model.memory import Draft
from mem0_tui.model.query import parse
from mem0_tui.store.erasure.places import PLACES, WITHOUT_CONTENT, plain_tables, text_indexes
from mem0_tui.store.formats.jsonl import private_file, read_memories
from tests.curator.conftest import MakeCurator
from tests.support.everything import EARLIER, SECRET, WORDS, fill, holders, opened, purger
from tests.support.memories import memory
from tests.support.memory_backend import MemoryBackend

pytestmark = pytest.mark.anyio


async def living(folder: Path) -> dict[str, object]:
    async with opened(folder) as curator:
        return {memory.id: memory for memory in await curator.collect(parse(""))}


def tables_with_secrets(path: Path) -> set[str]:
    """The plain tables of a database with a row that holds a secret word, whatever it is called."""
    connection = sqlite3.connect(path)
    found = set()
    for table in plain_tables(connection):
        for row in connection.execute(f"SELECT * FROM {table}"):
            if any(word in str(value) for value in row for word in WORDS):
                found.add(table)
    connection.close()
    return found


async def test_every_table_is_a_known_place(tmp_path: Path) -> None:
    await fill(tmp_path)
    path = tmp_path / "data" / "memories.db"
    connection = sqlite3.connect(path)
    places = {place.table for place in PLACES}
    assert set(plain_tables(connection)) - {"migrations"} <= places | WITHOUT_CONTENT.keys()
    assert text_indexes(connection)
    connection.close()
    # The filled store has it in all of them but where it lives, for it is deleted.
    assert tables_with_secrets(path) == {"tombstones", "history", "events", "exports",
                                                "feedback"}  # fmt: skip
    assert tables_with_secrets(tmp_path / "state" / "journal.db") == {"items"}


async def test_nothing_is_left_of_a_purged_memory(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    before = await living(tmp_path)
    assert {"data/memories.db", "state/journal.db"} <= set(holders(tmp_path))
    async with opened(tmp_path) as curator:
        plan = await plan_ids(curator, [secret])
        report = await purger(curator, tmp_path).purge(plan)
        trash = await plan_trash(curator)
        assert secret not in {item.memory.id for item in trash.items}
        assert holders(tmp_path) == []
        with pytest.raises(NotFoundError):
            await curator.get(secret)
    assert (report.purged, dict(report.refused), report.finished) == ((secret,), {}, True)
    assert report.left == ()
    assert {each.place: each.found for each in report.checked} == {
        "store": 0, "journal": 0, "state": 0,
    }  # fmt: skip
    assert await living(tmp_path) == before
    (snapshot,) = (tmp_path / "state" / "snapshots").iterdir()
    kept = list(read_memories(snapshot.read_text().splitlines()[1:]))
    assert [memory.text for memory in kept] == ["a neighbour that was made of the same messages"]
    assert (tmp_path / "state" / "hooks" / "hooks.log").read_text().endswith("all is well\n")


def pid_of_the_dead() -> int:
    """The id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


async def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    snapshots, hooks = tmp_path / "state" / "snapshots", tmp_path / "state" / "hooks"
    left = [
        snapshots / "20260101T000000Z-c0ffee00-0.jsonl.0badcafe.tmp",
        hooks / f"session-2.json.{pid_of_the_dead()}",
    ]
    for path in left:
        path.write_text(f'{{"id": "x", "memory": "{WORDS[0]}", "cut o', encoding="utf-8")
    with private_file(snapshots / "somebody-else-is-writing.jsonl") as stream:
        stream.write("harmless\n")
        async with opened(tmp_path) as curator:
            report = await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
    assert report.left == ()
    assert holders(tmp_path) == []
    assert not any(path.exists() for path in left)
    kept = snapshots / "somebody-else-is-writing.jsonl"
    assert kept.read_text(encoding="utf-8") == "harmless\n"


async def test_undo_puts_back_the_rest_and_says_what_was_purged(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    async with opened(tmp_path) as curator:
        newest = (await curator.transactions(1))[0]
        await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
        plan = await curator.plan_undo()
        assert plan.undoes == newest.id
        assert [item.change.kind for item in plan.items] == [ChangeKind.RESTORE]
        assert "1 of its 2 changes was purged on" in " ".join(plan.notes)
        assert (await curator.apply(plan)).complete
        with pytest.raises(RefusedError, match=r"1 change was purged on .* cannot be taken back"):
            await curator.plan_undo(newest.id)
        redo = await curator.plan_redo()
        assert len(redo.items) == 1
        with pytest.raises(NotFoundError):
            await curator.plan_restore([secret])
        assert await curator.backend.history(secret) == ()
    assert holders(tmp_path) == []


async def test_a_memory_that_changed_since_it_was_seen_is_left(tmp_path: Path) -> None:
    await fill(tmp_path)
    async with opened(tmp_path) as curator:
        memory = (await curator.backend.list(limit=1)).items[0]
        plan = await plan_ids(curator, [memory.id])
        await curator.backend.update(memory.id, Edit(text="changed meanwhile"))
        report = await purger(curator, tmp_path).purge(plan)
        assert report.purged == ()
        assert isinstance(report.refused[memory.id], StaleError)
        assert (await curator.get(memory.id)).text == "changed meanwhile"
        with pytest.raises(RefusedError, match="once"):
            await purger(curator, tmp_path).purge(plan)


async def test_what_another_memory_says_too_is_named(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    async with opened(tmp_path) as curator:
        other = await curator.backend.add(Draft(f"as I said: {SECRET}"))
        report = await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
        assert f"memory {other.id}" in {left.place for left in report.left}
        assert (await curator.get(other.id)).text == f"as I said: {SECRET}"
        (tmp_path / "data" / "memories.db.copy").write_text(EARLIER)
        again = await plan_ids(curator, [other.id])
        report = await purger(curator, tmp_path).purge(again)
    assert holders(tmp_path) == ["data/memories.db.copy"]


async def test_a_copy_of_the_store_is_named(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    copy = tmp_path / "data" / "memories.db.copy"
    copy.write_text(f"a copy that says {SECRET}")
    async with opened(tmp_path) as curator:
        report = await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
    assert [(left.place, "copy" in left.why) for left in report.left] == [(str(copy), True)]


async def test_a_store_that_another_process_reads_is_finished_later(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    reader = sqlite3.connect(tmp_path / "data" / "memories.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM memories").fetchone()
    async with opened(tmp_path) as curator:
        backend = curator.backend
        assert isinstance(backend, LocalBackend)
        backend.store.patience = 0.0
        report = await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
        assert not report.finished
        assert any("another process" in left.why for left in report.left)
        with pytest.raises(RefusedError, match="purge .* was interrupted"):
            await curator.plan_undo()
        reader.close()
        (open_,) = await purger(curator, tmp_path).interrupted()
        report = await purger(curator, tmp_path).resume(open_.id)
        assert report.finished
        assert await purger(curator, tmp_path).interrupted() == ()
        assert holders(tmp_path) == []


READ_AND_LEAVE = """
import sqlite3, sys
for path in sys.argv[1:]:
    connection = sqlite3.connect(path)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()
"""


async def test_looking_into_the_files_gives_up_no_lock_on_them(tmp_path: Path) -> None:
    """A process that closes a file loses its POSIX locks on it, also those of SQLite: whoever
    closes the database next takes himself for the last, and removes the write-ahead log."""
    secret = await fill(tmp_path)
    databases = [tmp_path / "data" / "memories.db", tmp_path / "state" / "journal.db"]
    async with opened(tmp_path) as curator:
        await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
        await anyio.run_process([sys.executable, "-c", READ_AND_LEAVE, *map(str, databases)])
        assert all(path.with_name(path.name + "-wal").exists() for path in databases)
        plan = await curator.plan([Add(Draft("written after the purge", Scope(user_id="kim")))])
        assert (await curator.apply(plan)).complete


async def test_searches_for_other_memories_find_the_same(tmp_path: Path) -> None:
    secret = await fill(tmp_path)
    async with opened(tmp_path) as curator:
        before = await curator.search(parse("harmless gardens number"), limit=50)
        await purger(curator, tmp_path).purge(await plan_ids(curator, [secret]))
        after = await curator.search(parse("harmless gardens number"), limit=50)
        assert after == before
        assert not (await curator.search(parse("Quorbital77Vexatious"))).hits


async def test_deleted_content_is_gone_everywhere_after_its_time(tmp_path: Path) -> None:
    clock = FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))
    secret = await fill(tmp_path, clock)
    for path in (tmp_path / "state").glob("hooks/*"):
        path.unlink()
    async with opened(tmp_path, FrozenClock(clock.now() + timedelta(days=29))) as curator:
        assert secret in {entry.memory.id for entry in await curator.trash()}
    async with opened(tmp_path, FrozenClock(clock.now() + timedelta(days=31))) as curator:
        backend = curator.backend
        assert isinstance(backend, LocalBackend)
        for database in (backend.store.database, curator.journal.database):
            database.write(lambda _: None).result()  # what was begun at the opening is done
        assert await curator.trash() == ()
        with pytest.raises(RefusedError, match="kept for 30 days"):
            await curator.plan_undo()
    async with opened(tmp_path, FrozenClock(clock.now() + timedelta(days=31, hours=2))):
        pass
    assert holders(tmp_path) == []


async def test_on_a_server_it_is_deleted_there_and_erased_here(
    tmp_path: Path, curate: MakeCurator
) -> None:
    there, other = memory(1, SECRET), memory(2, "another memory")
    backend = MemoryBackend([there, other])
    curator = curate(backend)
    await curator.apply(await curator.plan([Update(there.id, Edit(text=f"{SECRET}!"))]))
    assert holders(tmp_path)
    plan = await plan_ids(curator, [there.id])
    report = await Purger(
        curator, Roots((tmp_path / "journal.db",), (tmp_path,), temporary=tmp_path)
    ).purge(plan)
    assert (report.purged, dict(report.refused), report.left) == ((there.id,), {}, ())
    assert "server's own history" in report.unseen[0]
    assert [found.id for found in await curator.collect(parse(""))] == [other.id]
    assert holders(tmp_path) == []
    with pytest.raises(RefusedError, match="purged on"):
        await curator.plan_undo()
