"""What every backend promises about writing: done and read back, or refused and untouched."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from mem0_tui.backends.base import scan
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit, with_metadata
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    StaleError,
    UnsafeScopeError,
    UnsupportedError,
)
from mem0_tui.model.memory import Draft, Memory
from tests.contract.conftest import NOW, Bench

pytestmark = pytest.mark.anyio

SHOP = Scope(user_id="kim", app_id="shop-api")
GONE = "00000000-0000-4000-8000-000000000000"

LOSSES = {
    "the id": "id",
    "fractions of a second of the creation date": "created_at",
    "the date of the last update": "updated_at",
    "categories (the server assigns them anew)": "categories",
    "categories": "categories",
    "immutability": "immutable",
    "feedback": "feedback",
    "links to superseding memories": "replaced_by",
    "the history": None,
    "who said it (the actor; the role comes back)": None,
}
"""Which field of a memory a declared loss is about."""


async def add(bench: Bench, text: str = "Auth uses JWT", **metadata: object) -> Memory:
    return await bench.backend.add(Draft(text, SHOP, metadata, created_at=NOW - timedelta(days=30)))


async def everything(bench: Bench) -> dict[str, Memory]:
    found = scan(bench.backend, include_expired=True)
    return {memory.id: memory async for memory in found}


async def test_what_is_added_is_what_was_asked_for(bench: Bench) -> None:
    draft = Draft(
        "Deploy with make release",
        Scope(user_id="kim", agent_id="bot", app_id="shop-api", run_id="r1"),
        {"type": "convention", "n": 1.5, "deep": {"a": [1, None, True]}},
        expires_on=date(2027, 1, 31),
        created_at=NOW.replace(year=2025),
    )
    added = await bench.backend.add(draft)
    assert (added.text, added.scope, added.metadata) == (draft.text, draft.scope, draft.metadata)
    assert added.expires_on == draft.expires_on
    if Capability.BACKDATE in bench.backend.capabilities:
        assert added.created_at == draft.created_at
    assert await bench.backend.get(added.id) == added


EDITS = (
    Edit(text="new \x1b text"),
    Edit(metadata={"type": "decision", "branch": "dev", "more": [1]}),
    Edit(expires_on=date(2027, 2, 28)),
    Edit(text="all", metadata={"type": "b", "branch": "x"}, expires_on=date(2026, 1, 1)),
    Edit(expires_on=None),
)


async def test_an_edit_changes_what_it_names_and_nothing_else(bench: Bench) -> None:
    bystander = await add(bench, "untouched")
    for number, edit in enumerate(EDITS):
        metadata = {"type": "decision", "branch": "main"}
        draft = Draft(f"old {number}", SHOP, metadata, date(2026, 12, 31), NOW)
        before = await bench.backend.add(draft)
        after = await bench.backend.update(before.id, edit, seen=before.content_hash)
        expected = edit.applied_to(before)
        assert replace(after, updated_at=None) == replace(expected, updated_at=None)
        assert await bench.backend.get(before.id) == after
    assert await bench.backend.get(bystander.id) == bystander


async def test_an_empty_edit_changes_nothing(bench: Bench) -> None:
    memory = await add(bench)
    assert await bench.backend.update(memory.id, Edit()) == memory


async def test_metadata_keys_are_removed_or_the_edit_is_refused(bench: Bench) -> None:
    memory = await add(bench, type="decision", branch="main")
    edit = with_metadata(memory, {"branch": None})
    if Capability.REMOVE_METADATA in bench.backend.capabilities:
        after = await bench.backend.update(memory.id, edit)
        assert after.metadata == {"type": "decision"}
    else:
        with pytest.raises(UnsupportedError, match="branch|metadata"):
            await bench.backend.update(memory.id, edit)
        assert await bench.backend.get(memory.id) == memory


async def test_an_edit_of_what_changed_meanwhile_is_refused(bench: Bench) -> None:
    memory = await add(bench)
    changed = await bench.backend.update(memory.id, Edit(text="by somebody else"))
    with pytest.raises(StaleError):
        await bench.backend.update(memory.id, Edit(text="mine"), seen=memory.content_hash)
    assert await bench.backend.get(memory.id) == changed


async def test_an_edit_of_what_is_gone_is_not_found(bench: Bench) -> None:
    for memory_id in (GONE, "..", "", "a/b"):
        with pytest.raises(NotFoundError):
            await bench.backend.update(memory_id, Edit(text="x"))


async def test_a_delete_answers_for_every_id(bench: Bench) -> None:
    kept, stale, doomed = [await add(bench, text) for text in ("kept", "stale", "doomed")]
    seen = {memory.id: memory.content_hash for memory in (stale, doomed)}
    changed = await bench.backend.update(stale.id, Edit(text="edited meanwhile"))
    outcome = await bench.backend.delete([stale.id, GONE, doomed.id], seen=seen)
    assert isinstance(outcome[stale.id], StaleError)
    assert isinstance(outcome[GONE], NotFoundError)
    assert outcome[doomed.id] is None
    assert await everything(bench) == {kept.id: kept, changed.id: changed}
    with pytest.raises(NotFoundError):
        await bench.backend.get(doomed.id)


async def test_a_whole_batch_is_deleted(bench: Bench) -> None:
    size = min(bench.backend.capabilities.batch_size, 60)
    added = [await add(bench, f"number {number}") for number in range(size)]
    last = await add(bench, "stays")
    outcome: dict[str, Mem0TuiError | None] = {}
    outcome |= await bench.backend.delete([memory.id for memory in added])
    assert outcome == {memory.id: None for memory in added}
    assert set(await everything(bench)) == {last.id}


async def test_what_is_put_back_lacks_only_what_was_declared(bench: Bench) -> None:
    created = NOW.replace(microsecond=250_000) - timedelta(days=30)
    before = await bench.backend.add(
        Draft(
            "put me back \x1b[31m",
            Scope(user_id="kim", app_id="shop-api", run_id="r"),
            {"type": "decision", "files": ["a"], "confidence": "0.7"},
            expires_on=date(2026, 12, 31),
            created_at=created,
        )
    )
    before = await bench.backend.update(before.id, Edit(text="put me back, edited"))
    assert await bench.backend.delete([before.id]) == {before.id: None}
    after = await bench.backend.restore(before)
    declared = {LOSSES[loss] for loss in bench.backend.capabilities.restore_losses}
    lost = {
        field.name
        for field in fields(Memory)
        if field.name != "raw" and getattr(after, field.name) != getattr(before, field.name)
    }
    assert lost <= declared
    assert ("id" in lost) == ("id" in declared)
    assert (Capability.KEEP_ID in bench.backend.capabilities) == ("id" not in declared)
    assert after.created_at is not None
    assert abs(after.created_at - created) < timedelta(seconds=1)
    assert after.content_hash == before.content_hash
    assert await bench.backend.get(after.id) == after


async def test_a_scope_delete_takes_its_memories_and_no_others(bench: Bench) -> None:
    lee = await bench.backend.add(Draft("lee's", Scope(user_id="lee", app_id="shop-api")))
    for number in range(5):
        await bench.backend.add(
            Draft(f"kim's {number}", SHOP, expires_on=date(2026, 1, 1) if number else None)
        )
    await bench.backend.delete_scope(EntityRef(EntityKind.USER, "kim"))
    assert await everything(bench) == {lee.id: lee}


async def test_an_apps_scope_is_deleted_exactly_or_not_at_all(bench: Bench) -> None:
    shop = await add(bench, "shop")
    infra = await bench.backend.add(Draft("infra", Scope(user_id="kim", app_id="infra")))
    app = EntityRef(EntityKind.APP, "shop-api")
    try:
        await bench.backend.delete_scope(app)
    except UnsupportedError:
        assert await everything(bench) == {shop.id: shop, infra.id: infra}
    else:
        assert await everything(bench) == {infra.id: infra}


async def test_an_entity_is_deleted_with_its_memories(bench: Bench) -> None:
    lee = await bench.backend.add(Draft("lee's", Scope(user_id="lee")))
    kim = "a/ü" if bench.backend.name == "selfhosted" else "a b/ü"  # That one refuses blanks.
    await bench.backend.add(Draft("kim's", Scope(user_id=kim)))
    await bench.backend.delete_entity(EntityRef(EntityKind.USER, kim))
    assert await everything(bench) == {lee.id: lee}
    assert [entity.id for entity in await bench.backend.entities()] == ["lee"]


async def test_an_unsafe_scope_is_refused_and_nothing_is_touched(bench: Bench) -> None:
    memory = await add(bench)
    for id_ in ("", "  ", "*", "ki*", " kim", "kim\n"):
        for call in (bench.backend.delete_scope, bench.backend.delete_entity):
            with pytest.raises(UnsafeScopeError):
                await call(EntityRef(EntityKind.USER, id_))
    assert await everything(bench) == {memory.id: memory}


async def test_the_same_text_in_another_scope_is_another_memory(bench: Bench) -> None:
    mine = await bench.backend.add(Draft("same", Scope(user_id="kim")))
    theirs = await bench.backend.add(Draft("same", Scope(user_id="lee")))
    assert mine.id != theirs.id
    assert set(await everything(bench)) == {mine.id, theirs.id}


async def test_an_exact_repeat_is_another_memory_or_refused(bench: Bench) -> None:
    first = await add(bench, "same", type="decision")
    try:
        second = await add(bench, "same", type="decision")
    except InvalidRequestError:
        assert await everything(bench) == {first.id: first}
    else:
        assert await everything(bench) == {first.id: first, second.id: second}


async def test_feedback_is_taken_or_refused(bench: Bench) -> None:
    memory = await add(bench)
    if Capability.FEEDBACK not in bench.backend.capabilities:
        with pytest.raises(UnsupportedError, match="feedback"):
            await bench.backend.feedback(memory.id, "POSITIVE")
        return
    for verdict in ("POSITIVE", "VERY_NEGATIVE", None):
        await bench.backend.feedback(memory.id, verdict, "because")
    with pytest.raises(NotFoundError):
        await bench.backend.feedback(GONE, "NEGATIVE")


async def test_every_claimed_edit_works(bench: Bench) -> None:
    memory = await add(bench)
    edits = {
        Capability.EDIT_TEXT: Edit(text="new"),
        Capability.EDIT_METADATA: with_metadata(memory, {"branch": "dev"}),
        Capability.EDIT_EXPIRY: Edit(expires_on=date(2027, 1, 1)),
    }
    for capability, edit in edits.items():
        before = await bench.backend.get(memory.id)
        if capability not in bench.backend.capabilities:
            with pytest.raises(UnsupportedError):
                await bench.backend.update(memory.id, edit)
            assert await bench.backend.get(memory.id) == before
            continue
        after = await bench.backend.update(memory.id, edit)
        assert after.content_hash != before.content_hash
