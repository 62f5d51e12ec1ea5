"""The counts by day, kind and source stay those of the memories, whatever is done with them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.filter import EVERYTHING
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.model.tally import Tallies, tallied
from mem0_tui.store import tallies
from mem0_tui.store.query.conditions import equip
from mem0_tui.store.rows import COLUMNS, DERIVED, derived_of, memory_of, row_of
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.store import MemoryStore, open_store
from tests.store.counting import SOME, count_in

pytestmark = pytest.mark.anyio


async def counted(store: MemoryStore, *, expired: bool = False) -> Tallies:
    return await tallies.asked(store, EVERYTHING, include_expired=expired)


async def agree(store: MemoryStore) -> bool:
    """Whether what is counted is what there is, with and without what has expired."""
    there = (await store.page(limit=1000, include_expired=True)).items
    today = DEMO_NOW.date()
    every = await counted(store, expired=True)
    current = await counted(store)
    return (
        summed(every) == summed(tallied(there))
        and summed(current) == summed(tallied(m for m in there if not m.expired(today)))
        and not store.database.read_now(tallies.damaged)
    )


def summed(found: Tallies) -> Counter[tuple[object, ...]]:
    counts: Counter[tuple[object, ...]] = Counter()
    for each in found:
        counts[each[:4]] += each.amount
    return counts


def kept(store: MemoryStore) -> int:
    """How many memories are counted in."""
    return int(
        store.database.read_now(
            lambda c: c.execute("SELECT ifnull(sum(count), 0) FROM tallies").fetchone()[0]
        )
    )


async def test_what_is_added_is_counted_without_slowing_adding_down(store: MemoryStore) -> None:
    await store.restore(SOME)
    assert kept(store) == 0
    assert await agree(store)
    count_in(store)
    assert kept(store) == len(SOME)
    await store.add_many([Draft("one more", metadata={"source": "hand"})])
    assert kept(store) == len(SOME)
    assert await agree(store)


async def test_each_change_of_what_was_counted_is_counted(store: MemoryStore) -> None:
    await store.restore(SOME)
    count_in(store)
    ids = [memory.id for memory in SOME if not memory.immutable]
    await store.update(ids[0], Edit(metadata={"source": ["hook", "hand"], "type": "decision"}))
    await store.update(ids[1], Edit(metadata={}))
    await store.update(ids[2], Edit(text="other words, and nothing else"))
    await store.update(ids[3], Edit(expires_on=DEMO_NOW.date() - timedelta(days=2)))
    earlier = DEMO_NOW - timedelta(days=30_000)
    await store.update(ids[4], Edit(text="from long ago"), created_at=earlier)
    assert await agree(store)
    await store.delete(ids[:20])
    await store.restore_deleted(ids[:5])
    await store.delete_where(parse("type:decision").filter(DEMO_NOW))
    await store.erase(ids[30:40])
    assert await agree(store)
    count_in(store)
    assert await agree(store)
    await store.delete_where(EVERYTHING)
    assert await agree(store)
    rows = store.database.read_now(lambda c: c.execute("SELECT * FROM tallies").fetchall())
    assert rows == [], "nothing stays of what is gone"


async def test_many_new_ones_are_counted_in_once_somebody_asks(store: MemoryStore) -> None:
    copies = [
        replace(memory, id=f"{copy:08}{memory.id[8:]}")
        for copy in range(tallies.MANY // len(SOME) + 1)
        for memory in SOME
    ]
    await store.restore(copies)
    assert (await counted(store, expired=True)).total == len(copies)
    assert kept(store) == len(copies)
    assert not store.database.read_now(tallies.damaged)


async def test_counts_that_cannot_be_right_are_not_used_and_made_anew(store: MemoryStore) -> None:
    await store.restore(SOME)
    count_in(store)
    store.database.write(lambda c: c.execute("UPDATE tallies SET count = count + 7")).result()
    assert (await counted(store, expired=True)).total == len(SOME)
    count_in(store)
    assert await agree(store)


async def test_a_damaged_row_is_counted_and_can_be_deleted(store: MemoryStore) -> None:
    await store.restore(SOME[:3])
    count_in(store)
    spoil = "UPDATE memories SET metadata = '{\"source' WHERE id = ?"
    store.database.write(lambda c: c.execute(spoil, (SOME[0].id,))).result()
    found = await counted(store, expired=True)
    assert found.total == 3
    await store.delete([SOME[0].id])
    assert (await counted(store, expired=True)).total == 2
    assert await agree(store)


async def test_a_store_of_the_version_before_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    at = [migration.name for migration in MIGRATIONS].index("tallies")
    old = Database(path, MIGRATIONS[:at], durable=False, equip=equip)
    _fill(old, SOME)
    old.close()
    store = open_store(path, FrozenClock(DEMO_NOW), durable=False)
    assert kept(store) == len(SOME)
    assert await agree(store)
    store.close()


def _fill(old: Database, memories: list[Memory]) -> None:
    rows = [row_of(memory, FrozenClock(DEMO_NOW)) for memory in memories]
    marks = ", ".join("?" * (len(rows[0]) + DERIVED.count(",") + 1))

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            f"INSERT INTO memories ({COLUMNS}, {DERIVED}) VALUES ({marks})",
            [(*row, *derived_of(memory_of(row))) for row in rows],
        )

    old.write(work).result()
