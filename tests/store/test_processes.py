from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.filter import Compare, Field, Op, belongs_to
from mem0_tui.model.memory import Draft
from mem0_tui.store import memories
from mem0_tui.store.store import MemoryStore, open_store

pytestmark = pytest.mark.anyio


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writing_process", str(path), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def check_indexes(store: MemoryStore) -> None:
    """Have SQLite compare its full-text indexes with the texts."""

    def work(connection: sqlite3.Connection) -> None:
        for name in ("memories_words", "memories_trigrams"):
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    store.database.write(work).result()


async def test_two_processes_see_each_others_writes(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    store = open_store(path)
    with writer(path, "other", 150) as process:
        assert process.stdout is not None
        for line in process.stdout:
            other = store.get_now(line.strip())
            assert other.scope == Scope(user_id="other")
            await store.add_many([Draft(f"mine beside {other.text}", Scope(user_id="me"))])
            assert store.get_now(other.id) == other
    assert process.returncode == 0
    assert store.database.changed_elsewhere() in (True, False)
    counts = [
        await store.count(belongs_to(EntityRef(EntityKind.USER, name))) for name in ("other", "me")
    ]
    assert counts == [150, 150]
    assert await store.count() == 300
    assert await store.count(Compare(Field.TEXT, Op.ICONTAINS, "OTHER 14")) == 22
    check_indexes(store)
    seqs = [recorded.seq for recorded in await store.changes_since(0)]
    assert len(seqs) == 300
    assert seqs == sorted(set(seqs))
    store.close()


async def test_a_change_elsewhere_is_noticed_and_totals_follow(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    store = open_store(path)
    assert not store.database.changed_elsewhere()
    assert (await store.page()).total == 0
    with writer(path, "other", 3) as process:
        process.communicate()
    assert store.database.changed_elsewhere()
    assert (await store.page()).total == 3
    store.close()


@pytest.mark.parametrize("seed", range(6))
async def test_killed_in_the_middle_nothing_that_was_acknowledged_is_lost(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "m.db"
    acknowledged: list[str] = []
    with writer(path, "doomed", 100_000) as process:
        assert process.stdout is not None
        wanted = Random(seed).randrange(1, 200)
        for line in process.stdout:
            acknowledged.append(line.strip())
            if len(acknowledged) == wanted:
                process.kill()
                acknowledged += [rest.strip() for rest in process.stdout if rest.endswith("\n")]
                break
    store = open_store(path)
    found = await store.database.aread(lambda c: memories.get_many(c, acknowledged))
    assert list(found) == acknowledged
    total = await store.count()
    assert total in (len(acknowledged), len(acknowledged) + 1)
    assert len(await store.changes_since(0)) == total
    check_indexes(store)
    store.close()
