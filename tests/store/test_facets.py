"""What memories carry, counted in SQL: the same as by reading each of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store import facets
from mem0_tui.store.store import MemoryStore, open_store

pytestmark = pytest.mark.anyio

KIM = Scope(user_id="kim", app_id="shop")
LANE = Scope(agent_id="shop-b1c397fde9", app_id="shop")
ODD: list[dict[str, Any]] = [
    {"source": 3, "branch": ["main"], "author": ""},
    {"source": 'a "quoted" one', "branch": "Größe/评审", "author": " kim "},
    {"source": None, "dirs": ["src", "src", 4, "./src/"], "files": "a/b/c.py"},
    {"file": "x/y.py", "files_touched": ["x/z.py", {}], "files": {"no": "list"}},
    {"not": {"source": "inner", "dirs": ["inner"]}},
    {"dirs": [], "branch": "main\nnext"},
]


def one_by_one(memories: Iterable[Memory]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for memory in memories:
        counts.update(("category", name) for name in set(memory.categories))
        for key in ("source", "branch", "author"):
            value = memory.metadata.get(key)
            if isinstance(value, str) and value:
                counts[key, value] += 1
        counts.update(("folder", folder) for folder in memory.folders)
        counts["shared", "yes" if memory.shared else "no"] += 1
    return counts


async def filled(path: Path) -> MemoryStore:
    store = open_store(path, FrozenClock(DEMO_NOW), durable=False)
    await store.restore(list(generate(300, now=DEMO_NOW)))
    await store.add_many([Draft(f"an odd one, {n}", KIM, each) for n, each in enumerate(ODD)])
    await store.add_many([Draft("ours", LANE, categories=("a", "Größe, 90%"))])
    return store


@pytest.mark.parametrize(
    "query", ["", "kind:workflows,decision", "user:kim -branch:main", '"an odd one"']
)
async def test_it_counts_what_reading_each_memory_does(tmp_path: Path, query: str) -> None:
    store = await filled(tmp_path / "memories.db")
    condition = parse(query).filter(DEMO_NOW)
    selection = store.selection(condition, include_expired=True)
    listed = LocalBackend(store).list(condition, include_expired=True, limit=1000)
    found = (await listed).items
    assert found
    assert await store.database.aread(lambda c: facets.carried(c, selection)) == one_by_one(found)
    store.close()


async def test_a_damaged_memory_does_not_keep_the_others_from_being_counted(tmp_path: Path) -> None:
    path = tmp_path / "memories.db"
    (await filled(path)).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE memories SET metadata = substr(metadata, 2) WHERE text = 'an odd one, 1'"
    )
    connection.execute("UPDATE memories SET categories = '[\"a' WHERE text = 'an odd one, 2'")
    connection.commit()
    connection.close()
    store = open_store(path, FrozenClock(DEMO_NOW), durable=False)
    selection = store.selection(parse('"an odd one"').filter(DEMO_NOW), include_expired=True)
    counts = await store.database.aread(lambda c: facets.carried(c, selection))
    assert counts["shared", "no"] == len(ODD)
    assert counts["folder", "x"] == 1
    assert counts["branch", "Größe/评审"] == 0
    store.close()
