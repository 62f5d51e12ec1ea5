"""A memory is moved to another app, user, agent or run: the same on every backend, in place where
it can, else by a copy whose losses are said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.errors import UnsafeScopeError, UnsupportedError, UsageError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store.journal.journal import Journal
from tests.contract.conftest import NOW, Bench
from tests.contract.test_curating import LOSSES

pytestmark = pytest.mark.anyio

KIM = Scope(user_id="kim", app_id="Shop API")
DRAFT = Draft("Use RS256\nfor tokens", KIM, {"type": "decision", "files": ["a.py"], "n": 1})
OTHER = Draft("Stays where it is", KIM, {"type": "decision"}, expires_on=date(2026, 7, 1))
TARGETS = {
    "app": replace(KIM, app_id="shop-api"),
    "user": replace(KIM, user_id="lee"),
    "agent": replace(KIM, agent_id="shop-b1c397fde9"),
    "no app": KIM.without(EntityKind.APP),
    "another of all": Scope(user_id="lee", agent_id="bot", app_id="shop-api", run_id="r1"),
}


@pytest.fixture
async def curator(bench: Bench, tmp_path: Path) -> AsyncIterator[Curator]:
    clock = FrozenClock(NOW)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    curator = Curator(bench.backend, journal, clock=clock, snapshot_folder=tmp_path / "snapshots")
    for draft in (DRAFT, OTHER):
        await bench.backend.add(draft)
    yield curator
    journal.close()


async def stored(curator: Curator) -> list[Memory]:
    return list(await curator.collect(parse("user:kim,lee")))


async def content(curator: Curator) -> Counter[str]:
    return Counter(each.content_hash for each in await stored(curator))


async def the_one(curator: Curator, text: str = DRAFT.text) -> Memory:
    (found,) = [each for each in await stored(curator) if each.text == text]
    return found


async def planned(curator: Curator, edit: Edit) -> Plan:
    return await curator.plan([Update((await the_one(curator)).id, edit)])


def in_place(curator: Curator, target: str) -> bool:
    if Capability.EDIT_SCOPE in curator.backend.capabilities:
        return True
    return curator.backend.name == "selfhosted" and target == "app"


@pytest.mark.parametrize("target", TARGETS)
async def test_a_memory_is_moved_undone_and_redone(curator: Curator, target: str) -> None:
    before, start = await the_one(curator), await content(curator)
    plan = await planned(curator, Edit(scope=TARGETS[target]))
    report = await curator.apply(plan)
    assert report.complete, [item.error for item in report.items]
    assert [name for item in report.items for name in item.undeclared] == []
    after = await the_one(curator)
    assert (after.scope, after.text) == (TARGETS[target], before.text)
    assert after.metadata == before.metadata
    assert (after.id == before.id) is in_place(curator, target)
    assert report.id_map == ({} if in_place(curator, target) else {before.id: after.id})
    assert await curator.trash() == ()
    end = await content(curator)
    assert end.total() == start.total()
    for _ in range(2):
        assert (await curator.apply(await curator.plan_undo())).complete
        assert await content(curator) == start
        assert (await curator.apply(await curator.plan_redo())).complete
        assert await content(curator) == end


@pytest.mark.parametrize("target", TARGETS)
async def test_what_a_move_loses_was_said_before(curator: Curator, target: str) -> None:
    before = await the_one(curator)
    plan = await planned(curator, Edit(scope=TARGETS[target]))
    (item,) = plan.items
    said = " ".join(item.warnings)
    assert ("new id" in said) is not in_place(curator, target)
    assert (await curator.apply(plan)).complete
    after = await the_one(curator)
    for name in ("id", "created_at", "categories", "immutable", "feedback", "replaced_by"):
        if getattr(before, name) != getattr(after, name):
            assert LOSSES[name.replace("_", " ")] in f"the id {said}", (name, said)
    assert (await curator.apply(await curator.plan_undo())).complete
    back = await the_one(curator)
    for name in ("id", "created_at", "categories", "immutable", "feedback", "replaced_by"):
        if getattr(before, name) != getattr(back, name):
            lost = LOSSES[name.replace("_", " ")]
            assert any(lost in loss for loss in item.losses), (name, item.losses)


async def test_a_memory_is_edited_and_moved_in_one_change(curator: Curator) -> None:
    start = await content(curator)
    edit = Edit("Use RS512", expires_on=date(2026, 9, 1), scope=TARGETS["another of all"])
    report = await curator.apply(await planned(curator, edit))
    assert report.complete, [item.error for item in report.items]
    after = await the_one(curator, "Use RS512")
    assert (after.scope, after.expires_on) == (edit.scope, date(2026, 9, 1))
    assert (await curator.apply(await curator.plan_undo())).complete
    assert await content(curator) == start


@pytest.mark.parametrize(
    "scope", [Scope(), replace(KIM, app_id="*"), replace(KIM, app_id=" "), Scope(user_id="kim ")]
)
async def test_no_memory_is_moved_where_it_cannot_be_found(curator: Curator, scope: Scope) -> None:
    start = await content(curator)
    with pytest.raises((UnsafeScopeError, UsageError)):
        await planned(curator, Edit(scope=scope))
    assert await content(curator) == start


async def test_a_move_that_the_server_would_refuse_is_not_planned(curator: Curator) -> None:
    start = await content(curator)
    alone = Edit(scope=Scope(app_id="shop-api"))
    if curator.backend.name in ("selfhosted", "mcp"):
        with pytest.raises(UnsupportedError, match="an agent or a run|verbatim"):
            await planned(curator, alone)
        assert await content(curator) == start
        return
    assert (await curator.apply(await planned(curator, alone))).complete
    (moved,) = await curator.collect(parse("app:shop-api"))
    assert moved.text == DRAFT.text


async def test_a_memory_that_was_changed_meanwhile_is_not_moved(curator: Curator) -> None:
    plan = await planned(curator, Edit(scope=TARGETS["user"]))
    await curator.backend.update((await the_one(curator)).id, Edit("Somebody else was here"))
    start = await content(curator)
    report = await curator.apply(plan)
    assert not report.complete
    assert await content(curator) == start
