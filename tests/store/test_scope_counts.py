"""The counts by user, agent, app and run stay those of the memories, whatever is done with them."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.filter import EVERYTHING, belongs_to
from mem0_tui.model.memory import Draft
from mem0_tui.store import entities, integrity, memories, scope_counts, tallies
from mem0_tui.store.memories import Selection
from mem0_tui.store.query.conditions import equip
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.store import MemoryStore, open_store
from tests.store.counting import SOME, count_in

pytestmark = pytest.mark.anyio


def check(store: MemoryStore) -> None:
    """What is kept must serve, and say what the memories themselves say."""

    def work(connection: sqlite3.Connection) -> None:
        assert tallies.serve(connection)
        kept, counted = (list(entities.rows(connection, kept=each)) for each in (True, False))
        assert kept == counted
        kept_parts, parts = (set(entities.parts(connection, kept=each)) for each in (True, False))
        assert kept_parts == parts
        for today in (None, DEMO_NOW.date()):
            selection = Selection(EVERYTHING, today)
            assert tallies.kinds(connection, selection) == memories.kind_counts(
                connection, selection
            )
        assert not scope_counts.damaged(connection)

    store.database.read_now(work)


def kept(store: MemoryStore, what: str = "sum(count)", table: str = "part_counts") -> int:
    query = f"SELECT ifnull({what}, 0) FROM {table}"
    return int(store.database.read_now(lambda c: c.execute(query).fetchone()[0]))


async def test_each_write_is_counted(store: MemoryStore) -> None:
    await store.restore(SOME)
    check(store)
    count_in(store)
    assert kept(store) == len(SOME)
    check(store)
    ids = [memory.id for memory in SOME if not memory.immutable]
    await store.update(ids[0], Edit(text="other words"))
    await store.update(ids[1], Edit(scope=Scope(user_id="somebody", app_id="elsewhere")))
    await store.update(ids[2], Edit(scope=Scope(agent_id="alone")))
    long_ago = DEMO_NOW - timedelta(days=9_000)
    await store.update(ids[3], Edit(text="from long ago"), created_at=long_ago)
    check(store)
    await store.delete(ids[:40])
    check(store)
    await store.restore_deleted(ids[:9])
    await store.add_many([Draft("one more", Scope("somebody", run_id="new run"))])
    check(store)
    await store.erase(ids[50:70])
    assert await store.sweep()
    check(store)
    await store.delete_where(belongs_to(EntityRef(EntityKind.USER, "kim")))
    check(store)
    count_in(store)
    check(store)
    await store.delete_where(EVERYTHING)
    check(store)
    assert kept(store, "count(*)", "entity_counts") == kept(store, "count(*)") == 0


@pytest.mark.parametrize("seed", range(2))
async def test_any_sequence_of_writes_is_counted(store: MemoryStore, seed: int) -> None:
    random = Random(seed)
    await store.restore(SOME)
    scopes = [
        Scope("kim"),
        Scope("kim", app_id="shop"),
        Scope(agent_id="a", run_id="r"),
        Scope("x"),
    ]
    for number in range(40):
        there = (await store.page(limit=1000, include_expired=True)).items
        chosen = random.choice([memory for memory in there if not memory.immutable])
        moment = DEMO_NOW - timedelta(days=random.randrange(-5, 900))
        match random.randrange(7):
            case 0:
                await store.add_many([Draft(f"new {number}", random.choice(scopes))])
            case 1:
                await store.update(chosen.id, Edit(text=f"edit {number}"))
            case 2:
                await store.update(chosen.id, Edit(scope=random.choice(scopes)))
            case 3:
                await store.update(chosen.id, Edit(text=f"at {number}"), created_at=moment)
            case 4:
                newest = max(there, key=lambda each: each.updated_at or each.created_at or DEMO_NOW)
                await store.delete([newest.id, chosen.id])
            case 5:
                later = replace(chosen, id=f"{number:08}{chosen.id[8:]}", updated_at=moment)
                await store.restore([later])
            case 6:
                count_in(store)
        check(store)


async def test_what_another_process_writes_is_counted_at_once(store: MemoryStore) -> None:
    await store.restore(SOME)
    count_in(store)
    library = LocalLibrary(store)
    before = await library.overview()
    path = str(store.database.path)
    writer = [sys.executable, "-m", "tests.store.writing_process", path, "newcomer", "3"]
    await asyncio.to_thread(
        subprocess.run, writer, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2]
    )
    after = await library.overview()
    assert after.revision > before.revision
    assert after.total == (before.total or 0) + 3
    found = {entity.ref: entity.memory_count for entity in after.entities}
    assert found[EntityRef(EntityKind.USER, "newcomer")] == 3
    assert sum(after.kinds.values()) == sum(before.kinds.values()) + 3
    check(store)


async def test_a_large_batch_is_counted_in_with_its_addition(store: MemoryStore) -> None:
    await store.add_many([Draft(f"memory {number}", Scope("kim")) for number in range(1000)])
    assert kept(store) == 1000
    await store.add_many([Draft("one more", Scope("kim"))])
    assert kept(store) == 1000
    check(store)


async def test_many_single_additions_are_counted_in_once_somebody_asks(store: MemoryStore) -> None:
    for start in range(0, tallies.MANY, 500):
        await store.add_many([Draft(f"{start} {at}", Scope("kim")) for at in range(500)])
    assert kept(store) == 0
    assert (await LocalLibrary(store).overview()).total == tallies.MANY
    store.database.write(lambda _: None).result()  # writes take their turn
    assert kept(store) == tallies.MANY
    check(store)


async def test_counts_that_cannot_be_right_are_not_used_and_made_anew(store: MemoryStore) -> None:
    await store.restore(SOME)
    count_in(store)
    spoil = "UPDATE part_counts SET count = count + 7"
    store.database.write(lambda c: c.execute(spoil)).result()
    library = LocalLibrary(store)
    there = await library.overview(include_expired=True)
    assert sum(there.kinds.values()) == there.total == len(SOME)
    assert not store.database.read_now(tallies.serve)
    found = store.database.read_now(lambda c: list(integrity.damage(c)))
    assert any("by user, agent, app and run" in each.what for each in found)
    count_in(store)
    check(store)


async def test_the_runs_may_be_left_out_where_there_are_many(store: MemoryStore) -> None:
    await store.add_many(
        [Draft(f"of {number}", Scope("kim", run_id=f"run {number}")) for number in range(1200)]
    )
    library = LocalLibrary(store)
    first = (await library.overview(all_runs=False)).entities
    assert first.lacks_runs
    assert (list(first.ids(EntityKind.USER)), list(first.ids(EntityKind.RUN))) == (["kim"], [])
    every = (await library.overview()).entities
    assert not every.lacks_runs
    assert len(every.ids(EntityKind.RUN)) == 1200
    assert (await library.overview(all_runs=False)).entities is every


async def test_a_store_of_the_version_before_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    newer = open_store(tmp_path / "new.db", FrozenClock(DEMO_NOW), durable=False)
    await newer.restore(SOME)
    at = [migration.name for migration in MIGRATIONS].index("scope counts")
    old = Database(path, MIGRATIONS[:at], durable=False, equip=equip)

    def fill(connection: sqlite3.Connection) -> None:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(memories)")]
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        with closing(sqlite3.connect(newer.database.path)) as there:
            rows = there.execute(f"SELECT {names} FROM memories").fetchall()
        connection.executemany(f"INSERT INTO memories ({names}) VALUES ({marks})", rows)
        connection.execute("UPDATE tallied SET seq = 200")
        connection.execute(f"INSERT INTO tallies {tallies._ALL} WHERE seq <= 200 {tallies._BY_ALL}")

    old.write(fill).result()
    old.close()
    newer.close()
    store = open_store(path, FrozenClock(DEMO_NOW), durable=False)
    assert kept(store) == 200
    check(store)
    store.close()
