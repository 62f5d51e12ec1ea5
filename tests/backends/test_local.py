from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mem0_tui.backends.base import Backend, BackendInfo, scan
from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Entity, EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    InvalidRequestError,
    NotFoundError,
    StaleError,
    UnsafeScopeError,
)
from mem0_tui.model.filter import Compare, Field, Op
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import Sort
from mem0_tui.store.store import open_store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KIM = Scope(user_id="kim", app_id="shop")


async def test_a_moved_memory_keeps_all_but_its_scope(backend: LocalBackend) -> None:
    """An immutable one, too: what it says stays as it is."""
    added = await backend.add(Draft("Use pnpm", KIM, {"type": "decision"}, immutable=True))
    moved = await backend.update(added.id, Edit(scope=Scope(app_id="other")))
    assert replace(moved, updated_at=added.updated_at) == replace(
        added, scope=Scope(app_id="other")
    )
    counts = {(each.kind, each.id): each.memory_count for each in await backend.entities()}
    assert counts[EntityKind.APP, "other"] == 1
    assert counts[EntityKind.APP, "shop"] == 0
    assert [entry.event for entry in await backend.history(added.id)] == ["ADD", "UPDATE"]
    for edit in (Edit("Use npm"), Edit("Use npm", scope=KIM)):
        with pytest.raises(InvalidRequestError, match="immutable"):
            await backend.update(added.id, edit)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def backend(tmp_path: Path, clock: FrozenClock) -> Iterator[LocalBackend]:
    store = open_store(tmp_path / "m.db", clock, "kim", durable=False)
    yield LocalBackend(store)
    store.close()


def full(id_: str = "8d2f3a4e-0000-4000-8000-000000000001") -> Memory:
    """A memory with a value in every field."""
    return Memory(
        id=id_,
        text="[PINNED] Never use HS256\n«é» \U0001f600",
        scope=Scope("kim", "codex", "shop", "run-1"),
        metadata={"type": "anti_pattern", "confidence": "0.9", "files": ["a.py", "b.py"], "n": {}},
        categories=("security", "auth"),
        created_at=NOW - timedelta(days=9, microseconds=1),
        updated_at=NOW - timedelta(days=8),
        expires_on=date(2027, 1, 1),
        immutable=True,
        replaced_by="8d2f3a4e-0000-4000-8000-000000000002",
        synthesized=True,
        feedback="POSITIVE",
        raw={"linked_memory_ids": ["x"], "lifecycle_state": "active", "memory": "not kept twice"},
    )


async def test_it_is_a_backend_that_can_do_everything(
    backend: LocalBackend, tmp_path: Path
) -> None:
    protocol: Backend = backend
    assert await protocol.info() == BackendInfo("local", str(tmp_path / "m.db"))
    assert protocol.capabilities.can == frozenset(Capability)
    assert protocol.capabilities.restore_losses == ()


async def test_what_is_added_reads_back_and_says_who_added_it(backend: LocalBackend) -> None:
    draft = Draft("Use RS256", KIM, {"type": "decision", "n": 1.0}, expires_on=date(2026, 4, 1))
    added = await backend.add(draft)
    assert added == await backend.get(added.id)
    assert Draft.again(added) == replace(draft, created_at=NOW)
    (entry,) = await backend.history(added.id)
    assert (entry.event, entry.new_text, entry.actor, entry.at) == ("ADD", "Use RS256", "kim", NOW)
    backdated = await backend.add(replace(draft, created_at=NOW - timedelta(days=400)))
    assert backdated.created_at == NOW - timedelta(days=400)
    with pytest.raises(InvalidRequestError):
        await backend.add(Draft(" \n"))
    deep: dict[str, object] = {}
    for _ in range(400):
        deep = {"k": [deep]}
    for metadata in ({"when": NOW}, {"n": float("nan")}, deep):
        with pytest.raises(InvalidRequestError):
            await backend.add(Draft("x", metadata=metadata))


async def test_text_that_utf8_cannot_hold_is_stored_with_stand_ins(backend: LocalBackend) -> None:
    added = await backend.add(
        Draft("a\ud800b\0c", Scope(user_id="k\udfff"), {"\ud83d": ["\ude00", 1]})
    )
    assert added.text == "a\ufffdb\0c"
    assert added.scope == Scope(user_id="k\ufffd")
    assert added.metadata == {"\ufffd": ["\ufffd", 1]}
    with pytest.raises(NotFoundError):
        await backend.get("\ud800")
    assert await backend.get_many(["\ud800", added.id]) == {added.id: added}
    assert (await backend.delete(["\ud800"]))["\ud800"] is not None


@pytest.mark.parametrize("sort", Sort)
async def test_pages_hold_every_memory_once_in_order(backend: LocalBackend, sort: Sort) -> None:
    types = [None, "decision", "convention"]
    drafts = [
        Draft(
            "x" * (1 + number % 4),
            metadata={"type": types[number % 3], "confidence": [None, 0.5, "0.7"][number % 3]},
            created_at=NOW - timedelta(hours=number // 3),
        )
        for number in range(23)
    ]
    added = await backend.add_many(drafts)
    keys = {
        Sort.NEWEST: lambda m: -m.created_at.timestamp(),
        Sort.OLDEST: lambda m: m.created_at.timestamp(),
        Sort.UPDATED: lambda m: -m.updated_at.timestamp(),
        Sort.TYPE: lambda m: (m.type is None, m.type or ""),
        Sort.LENGTH: lambda m: -len(m.text),
        Sort.CONFIDENCE: lambda m: -(m.confidence or -1.0),
    }
    expected = sorted(sorted(added, key=lambda m: m.id), key=keys[sort])
    seen: list[Memory] = []
    cursor: str | None = None
    while True:
        page = await backend.list(sort=sort, cursor=cursor, limit=4)
        assert page.total == 23
        seen.extend(page.items)
        cursor = page.next
        if cursor is None:
            break
    assert seen == expected
    assert await backend.window(sort=sort, offset=5, limit=7) == tuple(expected[5:12])


async def test_paging_goes_on_where_it_was_though_rows_come_and_go(backend: LocalBackend) -> None:
    added = await backend.add_many(
        [Draft(f"{n}", created_at=NOW - timedelta(days=n)) for n in range(6)]
    )
    page = await backend.list(limit=3)
    await backend.delete([added[0].id, added[2].id])
    await backend.add(Draft("new"))
    rest = await backend.list(cursor=page.next, limit=3)
    assert [memory.text for memory in rest.items] == ["3", "4", "5"]
    assert rest.next is None
    assert rest.total == 5
    for damaged in ("nonsense", "%%%", "bm9uc2Vuc2U=", page.next or ""):
        with pytest.raises(InvalidRequestError):
            await backend.list(sort=Sort.OLDEST, cursor=damaged)


async def test_expired_memories_are_hidden_until_asked_for(
    backend: LocalBackend, clock: FrozenClock
) -> None:
    last_day = await backend.add(Draft("x", KIM, expires_on=NOW.date()))
    assert (await backend.list()).items == (last_day,)
    assert await backend.count() == 1
    clock.advance(timedelta(days=1))
    assert (await backend.list()).items == ()
    assert (await backend.list()).total == 0
    assert await backend.kind_counts() == {}
    assert (await backend.list(include_expired=True)).items == (last_day,)
    assert await backend.count(include_expired=True) == 1
    assert await backend.kind_counts(include_expired=True) == {None: 1}
    assert await backend.get(last_day.id) == last_day


async def test_an_edit_changes_what_it_names_and_is_recorded(
    backend: LocalBackend, clock: FrozenClock
) -> None:
    added = await backend.add(Draft("old text", KIM, {"type": "decision", "k": 1}))
    clock.advance(timedelta(hours=1))
    edit = Edit(text="new text", metadata={"type": "convention"}, expires_on=date(2026, 5, 1))
    changed = await backend.update(added.id, edit, seen=added.content_hash)
    assert changed == replace(edit.applied_to(added), updated_at=clock.now())
    assert changed == await backend.get(added.id)
    assert await backend.kind_counts() == {"convention": 1}
    texts = (
        Compare(Field.TEXT, Op.ICONTAINS, "old text"),
        Compare(Field.TEXT, Op.ICONTAINS, "NEW TEXT"),
    )
    assert [await backend.count(condition) for condition in texts] == [0, 1]
    entry = (await backend.history(added.id))[-1]
    assert (entry.event, entry.old_text, entry.new_text) == ("UPDATE", "old text", "new text")
    assert (await backend.changes_since(0))[-1].old_metadata == {"type": "decision", "k": 1}
    with pytest.raises(StaleError):
        await backend.update(added.id, Edit(text="x"), seen=added.content_hash)
    with pytest.raises(NotFoundError):
        await backend.update("gone", Edit(text="x"))
    assert await backend.update(added.id, Edit(text="new text")) == changed
    assert len(await backend.history(added.id)) == 2


async def test_an_immutable_memory_refuses_edits_but_not_its_deletion(
    backend: LocalBackend,
) -> None:
    fixed = await backend.add(Draft("x", immutable=True))
    with pytest.raises(InvalidRequestError):
        await backend.update(fixed.id, Edit(text="y"))
    assert await backend.delete([fixed.id]) == {fixed.id: None}


async def test_many_are_changed_at_once_each_with_its_own_answer(backend: LocalBackend) -> None:
    one, two = await backend.add_many([Draft("1"), Draft("2")])
    edits = {one.id: Edit(text="one"), two.id: Edit(text="two"), "gone": Edit(text="x")}
    answers = await backend.update_many(edits, seen={two.id: "another hash"})
    assert isinstance(answers[one.id], Memory)
    assert isinstance(answers[two.id], StaleError)
    assert isinstance(answers["gone"], NotFoundError)
    assert [(await backend.get(m.id)).text for m in (one, two)] == ["one", "2"]


async def test_a_deleted_memory_comes_back_to_the_field(backend: LocalBackend) -> None:
    original = await backend.restore(full())
    assert original == full()
    assert original.raw == {"linked_memory_ids": ["x"], "lifecycle_state": "active"}
    assert await backend.delete([original.id], seen={original.id: original.content_hash}) == {
        original.id: None
    }
    with pytest.raises(NotFoundError):
        await backend.get(original.id)
    (deleted,) = await backend.trash()
    assert (deleted.memory, deleted.at, deleted.by) == (original, NOW, "kim")
    assert deleted.memory.raw == original.raw
    restored = await backend.restore(replace(original, raw={}))
    assert restored == original
    assert restored.raw == original.raw
    assert await backend.trash() == ()
    assert await backend.restore(original) == original
    events = [entry.event for entry in await backend.history(original.id)]
    assert events == ["RESTORE", "DELETE", "RESTORE"]
    with pytest.raises(StaleError):
        await backend.restore(replace(original, text="another"))


async def test_deleting_says_for_each_id_what_became_of_it(backend: LocalBackend) -> None:
    one, two = await backend.add_many([Draft("1"), Draft("2")])
    answers = await backend.delete([one.id, two.id, "gone", one.id], seen={two.id: "other"})
    assert answers[one.id] is None
    assert isinstance(answers[two.id], StaleError)
    assert isinstance(answers["gone"], NotFoundError)
    assert (await backend.list()).items == (two,)


async def test_a_scope_is_deleted_exactly_and_its_entity_stays(backend: LocalBackend) -> None:
    shop, app = EntityRef(EntityKind.APP, "shop"), EntityRef(EntityKind.APP, "sho")
    await backend.add_many([Draft("1", KIM), Draft("2", KIM, expires_on=date(2020, 1, 1))])
    kept = await backend.add_many([Draft("3", Scope(user_id="kim")), Draft("4", Scope.of(app))])
    await backend.delete_scope(shop)
    left = (await backend.list(include_expired=True)).items
    assert {memory.id for memory in left} == {memory.id for memory in kept}
    entities = {entity.ref: entity.memory_count for entity in await backend.entities()}
    assert entities == {EntityRef(EntityKind.USER, "kim"): 1, app: 1, shop: 0}
    await backend.delete_entity(shop)
    assert shop not in {entity.ref for entity in await backend.entities()}
    assert len(await backend.trash()) == 2
    restored = await backend.restore_deleted([d.memory.id for d in await backend.trash()])
    assert {memory.text for memory in restored} == {"1", "2"}
    assert shop in {entity.ref for entity in await backend.entities()}
    for unsafe in ("*", " ", "a*"):
        with pytest.raises(UnsafeScopeError):
            await backend.delete_scope(EntityRef(EntityKind.USER, unsafe))
        with pytest.raises(UnsafeScopeError):
            await backend.delete_entity(EntityRef(EntityKind.USER, unsafe))


async def test_several_entities_together_mean_all_of_them(backend: LocalBackend) -> None:
    await backend.add_many([Draft("1", KIM), Draft("2", Scope(user_id="kim", app_id="infra"))])
    assert await backend.store.delete_where(KIM) == 1
    assert [memory.text for memory in (await backend.list()).items] == ["2"]
    with pytest.raises(UnsafeScopeError):
        await backend.store.delete_where(Scope())


async def test_deleting_by_a_text_condition_takes_the_same_memories(backend: LocalBackend) -> None:
    await backend.add_many([Draft("an apple"), Draft("a pear"), Draft("APPLE pie")])
    apples = Compare(Field.TEXT, Op.ICONTAINS, "apple")
    assert await backend.store.delete_where(apples) == 2
    assert [memory.text for memory in (await backend.list()).items] == ["a pear"]
    assert await backend.count(apples) == 0
    assert len(await backend.trash()) == 2


async def test_the_trash_is_emptied_after_thirty_days(
    tmp_path: Path, backend: LocalBackend, clock: FrozenClock
) -> None:
    early, late = await backend.add_many([Draft("early"), Draft("late")])
    await backend.delete([early.id])
    clock.advance(timedelta(days=29))
    await backend.delete([late.id])
    assert len(await backend.trash()) == 2
    clock.advance(timedelta(days=2))
    again = open_store(tmp_path / "m.db", clock)
    assert [deleted.memory.text for deleted in await again.trash()] == ["late"]
    await again.database.awrite(lambda _: None)  # what was begun at the opening is done
    assert again.history_now(early.id) == ()
    assert len(again.history_now(late.id)) == 2
    again.close()


async def test_entities_are_counted_and_the_most_active_come_first(backend: LocalBackend) -> None:
    def at(days: int) -> datetime:
        return NOW - timedelta(days=days)

    await backend.add_many(
        [
            Draft("1", Scope(user_id="ann"), created_at=at(9)),
            Draft("2", Scope(user_id="bob", run_id="r"), created_at=at(1)),
            Draft("3", Scope(user_id="ann"), created_at=at(5)),
        ]
    )
    assert await backend.entities() == (
        Entity(EntityKind.USER, "bob", 1, at(1), at(1)),
        Entity(EntityKind.USER, "ann", 2, at(9), at(5)),
        Entity(EntityKind.RUN, "r", 1, at(1), at(1)),
    )


async def test_feedback_is_kept_and_taken_back(backend: LocalBackend) -> None:
    added = await backend.add(Draft("x"))
    await backend.feedback(added.id, "VERY_NEGATIVE", "wrong")
    assert (await backend.get(added.id)).feedback == "VERY_NEGATIVE"
    await backend.feedback(added.id, None)
    assert (await backend.get(added.id)).feedback is None
    with pytest.raises(NotFoundError):
        await backend.feedback("gone", "POSITIVE")
    with pytest.raises(InvalidRequestError):
        await backend.feedback(added.id, "MEH")


async def test_a_blank_search_is_refused(backend: LocalBackend) -> None:
    with pytest.raises(InvalidRequestError):
        await backend.search("  ")


async def test_scanning_sees_everything(backend: LocalBackend) -> None:
    added = await backend.add_many([Draft(f"{number}") for number in range(2500)])
    seen = {memory.id async for memory in scan(backend)}
    assert seen == {memory.id for memory in added}
    answers = await backend.delete([memory.id for memory in added])
    assert set(answers.values()) == {None}
    assert (await backend.list()).total == 0
