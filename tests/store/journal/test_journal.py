"""The journal: private, durable, read back whole, shared between processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mem0_tui.model.change import (
    UNSET,
    Add,
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import (
    NotFoundError,
    RefusedError,
    StoreCorruptError,
    UsageError,
)
from mem0_tui.model.memory import Draft
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import (
    Counterpart,
    ItemState,
    JournalItem,
    JournalTarget,
    Transaction,
)
from tests.support.memories import KIM, memory, uuid_of

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE = JournalTarget("local", "here")
CHANGES: list[Change] = [
    Add(Draft("a\x00\ud800", KIM, {"x": [1, None]}, date(2026, 5, 31), NOW, immutable=True)),
    Update(uuid_of(1), Edit("t", {}, None)),
    Update(uuid_of(2), Edit(expires_on=date(2026, 1, 1))),
    Update(uuid_of(3), Edit(metadata={"a": {"b": 1}}, expires_on=UNSET)),
    Delete(uuid_of(4)),
    Restore(replace(memory(5), feedback="", replaced_by=uuid_of(6), categories=("a", "b"))),
    Merge(Draft(""), (uuid_of(7), uuid_of(8))),
    DeleteScope(EntityRef(EntityKind.USER, "kim"), (uuid_of(9),)),
    DeleteEntity(EntityRef(EntityKind.APP, "ä"), ()),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, clock=FrozenClock(NOW))
    yield journal
    journal.close()


def transaction(
    name: str, target: JournalTarget = HERE, *, undoes: str | None = None, redoes: str | None = None
) -> Transaction:
    return Transaction(name, NOW, target, summary="Delete 1", undoes=undoes, redoes=redoes)


def items(name: str, changes: list[Change]) -> list[JournalItem]:
    return [JournalItem(name, n, change, (memory(n),)) for n, change in enumerate(changes)]


async def test_every_change_and_its_memories_come_back_after_a_restart(
    journal: Journal, path: Path
) -> None:
    written = items("aaaa", CHANGES)
    await journal.begin(transaction("aaaa"), written)
    journal.close()
    again = Journal(path, clock=FrozenClock(NOW))
    read = await again.items("aaaa")
    assert list(read) == written
    assert [item.before[0].raw for item in read] == [item.before[0].raw for item in written]
    assert not (await again.transaction("aaaa")).finished
    again.close()


async def test_outcomes_are_written_and_counted(journal: Journal) -> None:
    await journal.begin(transaction("aaaa"), items("aaaa", CHANGES[:3]))
    first, second, third = await journal.items("aaaa")
    done = replace(
        first,
        state=ItemState.DONE,
        added_id="new",
        after=memory(77),
        removed=("x", "y"),
        witness=("w",),
        snapshot="/some/where",
        remaining=3,
    )
    sent = replace(second, state=ItemState.SENT, before=(memory(99),))
    failed = replace(third, state=ItemState.FAILED, error_kind="ServerError", error="no")
    await journal.record([done, sent, failed])
    assert await journal.items("aaaa") == (done, sent, failed)
    await journal.finish("aaaa")
    (found,) = await journal.transactions()
    assert found.finished
    assert found.counts == {ItemState.DONE: 1, ItemState.SENT: 1, ItemState.FAILED: 1}


async def test_the_memories_seen_last_before_sending_are_kept(journal: Journal) -> None:
    await journal.begin(transaction("aaaa"), items("aaaa", [Delete(uuid_of(0))]))
    (item,) = await journal.items("aaaa")
    await journal.record([replace(item, state=ItemState.SENT, before=(memory(0, "later"),))])
    await journal.record([replace(item, state=ItemState.DONE)])
    (item,) = await journal.items("aaaa")
    assert item.before[0].text == "later"


async def test_a_transaction_is_found_by_its_beginning(journal: Journal) -> None:
    for name in ("aa11", "aa22", "bb33"):
        await journal.begin(transaction(name), [])
    assert (await journal.transaction("bb")).id == "bb33"
    assert (await journal.transaction("aa11")).id == "aa11"
    with pytest.raises(UsageError):
        await journal.transaction("aa")
    with pytest.raises(NotFoundError):
        await journal.transaction("b")


async def test_transactions_are_listed_newest_first_per_target(journal: Journal) -> None:
    for name in ("one", "two", "three"):
        target = JournalTarget("local", "elsewhere") if name == "two" else HERE
        await journal.begin(transaction(name, target), [])
    assert [found.id for found in await journal.transactions(target=HERE)] == ["three", "one"]
    assert [found.id for found in await journal.transactions(1)] == ["three"]


async def test_a_family_is_all_that_undid_and_redid(journal: Journal) -> None:
    await journal.begin(transaction("root"), [])
    await journal.begin(transaction("back", undoes="root"), [])
    await journal.begin(transaction("forth", redoes="root"), [])
    await journal.begin(transaction("other"), [])
    family = await journal.family("root")
    assert [found.id for found in family] == ["root", "back", "forth"]
    assert {found.root for found in family} == {"root"}


async def test_reversed_parts_new_ids_and_removals(journal: Journal) -> None:
    part = Counterpart("root", 0, 0)
    back = JournalItem("back", 0, Restore(memory(1)), reverses=part)
    gone = JournalItem("root", 0, Delete(uuid_of(1)), (memory(1),))
    await journal.begin(transaction("root"), [gone])
    await journal.record([replace(gone, state=ItemState.DONE, removed=(uuid_of(1),))])
    await journal.begin(transaction("back", undoes="root"), [back])
    assert await journal.reversed_parts(HERE) == {}
    await journal.record([replace(back, state=ItemState.DONE, added_id="new")])
    assert await journal.reversed_parts(HERE) == {part: "back"}
    assert await journal.new_ids(HERE) == {uuid_of(1): "new"}
    ((found, item),) = await journal.removals(HERE)
    assert (found.id, item.removed) == ("root", (uuid_of(1),))
    assert await journal.new_ids(JournalTarget("local", "elsewhere")) == {}


async def test_one_process_at_a_time_is_at_work_on_a_transaction(
    journal: Journal, path: Path
) -> None:
    other = Journal(path, clock=FrozenClock(NOW))
    await journal.begin(transaction("aaaa"), [])
    assert other.running("aaaa")
    with pytest.raises(RefusedError, match="still being applied"):
        other.claim("aaaa")
    journal.abandon("aaaa")
    assert not other.running("aaaa")
    other.claim("aaaa")
    assert journal.running("aaaa")
    await other.finish("aaaa")
    assert not journal.running("aaaa")
    other.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
async def test_the_journal_is_private(journal: Journal, path: Path) -> None:
    await journal.begin(transaction("aaaa"), items("aaaa", CHANGES))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes.keys() >= {"journal.db", "journal.db-aaaa.lock"}
    assert set(modes.values()) == {0o600}


async def test_a_memory_store_is_no_journal(tmp_path: Path) -> None:
    from mem0_tui.store.store import open_store

    open_store(tmp_path / "memories.db").close()
    with pytest.raises(StoreCorruptError):
        Journal(tmp_path / "memories.db", clock=FrozenClock(NOW))
