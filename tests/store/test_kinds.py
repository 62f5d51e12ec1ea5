"""A store of before there were kinds gets them, and then answers as any other does."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from mem0_tui.model.filter import matches
from mem0_tui.model.memory import kind_of
from mem0_tui.model.query import parse
from mem0_tui.store.memories import Selection, kind_counts
from mem0_tui.store.query import row_ids as positions
from mem0_tui.store.query.conditions import equip
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.store import MemoryStore, open_store
from tests.store import made

_SORTS: tuple[tuple[str | None, str], ...] = (
    ("decision", "[]"),
    (None, '["workflows"]'),
    ("task_learning", '["bug_fixes", "workflows"]'),
    (None, "[]"),
    (None, '["", "results"]'),
    (None, '[" ", "\\u8bc4\\u5ba1"]'),
    ("session_summary", "[]"),
    ("convention", "damaged"),
    (None, "damaged"),
    (None, "{}"),
    (None, "7"),
    (None, "[7]"),
)
"""Types and categories as the columns hold them, sound ones and others."""
ROWS = int(os.environ.get("MEM0_TUI_KINDS_ROWS", "3000"))
"""How many memories the old store has; the time is measured with 100,000."""
_SPARE = 60.0
"""Seconds within which 100,000 rows are ready, also on a busy machine."""


def old_store(path: Path, count: int) -> None:
    """A store as the version before made it, with *count* memories of all sorts."""
    at = [migration.name for migration in MIGRATIONS].index("kinds")
    old = Database(path, MIGRATIONS[:at], durable=False, equip=equip)
    rows = [
        (
            f"{n:08}",
            f"memory {n}",
            "kim" if n % 3 else None,
            None if n % 3 else "shop-b1c397fde9",
            "shop" if n % 2 else "other",
            json.dumps({} if type_ is None else {"type": type_}),
            categories,
            n,
            type_,
            f"memory {n}",
        )
        for n, (type_, categories) in enumerate(islice(cycle(_SORTS), count))
    ]
    statement = (
        "INSERT INTO memories (id, text, user_id, agent_id, app_id, metadata, categories,"
        " created_at, type, immutable, synthesized, extra, pinned, length, hash, folded)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '{}', 0, 9, '', ?)"
    )
    old.write(lambda c: c.executemany(statement, rows)).result()
    old.close()


def expected(type_: str | None, categories: str) -> str | None:
    try:
        return kind_of(type_, json.loads(categories))
    except (ValueError, TypeError, AttributeError):
        return type_


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryStore]:
    path = tmp_path_factory.mktemp("kinds") / "old.db"
    old_store(path, ROWS)
    began = time.monotonic()
    store = open_store(path, durable=False)
    took = time.monotonic() - began
    assert took < _SPARE * max(1, ROWS / 100_000), f"{ROWS:,} rows took {took:.1f} s"
    yield store
    store.close()


def read(store: MemoryStore, sql: str) -> list[tuple[object, ...]]:
    return store.database.read(lambda c: c.execute(sql).fetchall()).result()


def test_every_memory_has_the_kind_that_the_model_says(upgraded: MemoryStore) -> None:
    rows = read(upgraded, "SELECT type, categories, kind FROM memories ORDER BY seq")
    assert len(rows) == ROWS
    for (type_, categories, kind), sort in zip(rows, cycle(_SORTS), strict=False):
        assert (type_, categories) == sort
        assert kind == expected(*sort), sort


def test_the_counts_of_all_kinds_are_all_memories(upgraded: MemoryStore) -> None:
    everything = Selection(parse("").filter(made.START), None)
    counts = upgraded.database.read(lambda c: kind_counts(c, everything)).result()
    sorts = Counter(expected(*sort) for sort in islice(cycle(_SORTS), ROWS))
    assert counts == dict(sorts)
    assert sum(counts.values()) == ROWS


@pytest.mark.parametrize(
    "query", ["kind:workflows", "kind:none", "kind:评审", "kind:decision,results"]
)
def test_queries_for_kinds_find_what_the_counts_say(upgraded: MemoryStore, query: str) -> None:
    condition = parse(query).filter(made.START)
    selection = Selection(condition, None)
    keys = upgraded.database.read(lambda c: positions.keys(c, selection)).result()
    counts = upgraded.database.read(lambda c: kind_counts(c, selection)).result()
    assert len(keys) == sum(counts.values()) > 0
    sample = list(keys[:50])
    found = upgraded.database.read(lambda c: positions.by_keys(c, sample)).result()
    assert all(matches(condition, memory) for memory in found.values())


def test_parts_of_apps_are_counted_from_the_index_alone(upgraded: MemoryStore) -> None:
    plan = read(
        upgraded,
        "EXPLAIN QUERY PLAN SELECT app_id, agent_id, user_id, count(*) FROM memories"
        " WHERE app_id IS NOT NULL GROUP BY app_id, agent_id, user_id",
    )
    assert any("COVERING INDEX memories_parts" in str(row[-1]) for row in plan)
