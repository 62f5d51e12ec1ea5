"""Memories that are parsed when they are looked at, and rows that do not parse."""

from __future__ import annotations

import copy
import pickle
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import Sort
from mem0_tui.store.rows import DAMAGED, memory_of, row_of
from mem0_tui.store.store import open_store
from tests.store.made import START

pytestmark = pytest.mark.anyio

WHOLE = Memory(
    "m-1",
    "Tabs, not spaces.",
    Scope("kim", app_id="shop"),
    {"type": "convention", "files": ["a.py"]},
    ("style",),
    START,
    START,
    date(2026, 5, 31),
    immutable=True,
    replaced_by="m-2",
    synthesized=True,
    feedback="POSITIVE",
    raw={"owner": "team"},
)


def unread() -> Memory:
    """:data:`WHOLE` as a row that nobody has looked at."""
    return memory_of(row_of(WHOLE, FrozenClock(START)))


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = LocalBackend(open_store(tmp_path / "m.db", FrozenClock(START), durable=False))
    yield backend
    await backend.aclose()


def test_a_memory_that_nobody_has_looked_at_is_like_any_other() -> None:
    assert unread() == WHOLE
    assert unread().raw == WHOLE.raw
    assert repr(unread()) == repr(WHOLE)
    assert replace(unread(), text="New.") == replace(WHOLE, text="New.")
    assert pickle.loads(pickle.dumps(unread())) == WHOLE
    assert copy.copy(unread()) == copy.deepcopy(unread()) == WHOLE
    assert unread().content_hash == WHOLE.content_hash
    assert not hasattr(unread(), "colour")
    assert not hasattr(WHOLE, "colour")
    with pytest.raises(AttributeError):
        unread().text = "Other."  # type: ignore[misc]


def test_threads_may_look_at_one_memory_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(200):
            memory = unread()
            looks = threads.map(
                getattr, [memory] * 8, ["metadata", "scope", "created_at", "raw"] * 2
            )
            found = list(looks)
            assert found[:4] == [WHOLE.metadata, WHOLE.scope, WHOLE.created_at, WHOLE.raw]


@pytest.mark.parametrize(
    "damage",
    [
        "metadata = '{\"type\": '",
        "metadata = '[]'",
        "metadata = x'00'",
        "categories = 'null'",
        "created_at = 1 << 62",
        "updated_at = 'yesterday'",
        "expires_on = '2026-02-31'",
        "extra = '{'",
    ],
)
async def test_a_damaged_row_is_listed_and_deleted_but_not_changed(
    backend: LocalBackend, damage: str
) -> None:
    added = [await backend.add(Draft(text, Scope("kim"))) for text in ("First.", "Second.")]
    hurt = added[0].id
    await backend.store.database.awrite(
        lambda c: c.execute(f"UPDATE memories SET {damage} WHERE id = ?", (hurt,))
    )
    for sort in Sort:
        page = await backend.list(sort=sort, include_expired=True)
        listed = {memory.text: memory for memory in page.items}
        assert list(listed["First."].metadata) == [DAMAGED]
        assert listed["First."].scope == Scope("kim")
        assert listed["Second."] == added[1]
    with pytest.raises(StoreCorruptError, match=hurt):
        await backend.get(hurt)
    with pytest.raises(StoreCorruptError, match=hurt):
        await backend.get_many([hurt])
    with pytest.raises(StoreCorruptError, match=hurt):
        await backend.update(hurt, Edit(metadata={}))
    assert await backend.delete([hurt]) == {hurt: None}
    with pytest.raises(StoreCorruptError, match=hurt):
        await backend.restore_deleted([hurt])
