"""Plan, apply, undo, redo, scope deletes, export and import: the same on every backend, with the
losses that each one declares and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update, with_metadata
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UnsupportedError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store.formats.jsonl import read_memories
from mem0_tui.store.journal.journal import Journal
from tests.contract.conftest import NOW, REFERENCE, Bench

pytestmark = pytest.mark.anyio

KIM = Scope(user_id="kim", app_id="shop")
LEE = Scope(user_id="lee", app_id="shop")
DRAFTS = [
    Draft("Use RS256 for tokens", KIM, {"type": "decision", "confidence": 1}),
    Draft("Never log a token\nnot even masked", KIM, {"type": "anti_pattern", "files": ["a.py"]}),
    Draft("Session ended", KIM, {"type": "session_summary"}, expires_on=date(2026, 7, 1)),
    Draft("Long gone", KIM, expires_on=date(2026, 1, 1)),
    Draft("Belongs to Lee", LEE, {"type": "decision"}),
]
LOSSES = {
    "id": "the id",
    "updated at": "the date of the last update",
    "created at": "creation date",
    "categories": "categories",
    "immutable": "immutability",
    "feedback": "feedback",
    "replaced by": "links",
}


@pytest.fixture
async def curator(bench: Bench, tmp_path: Path) -> AsyncIterator[Curator]:
    clock = FrozenClock(NOW)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    yield Curator(bench.backend, journal, clock=clock, snapshot_folder=tmp_path / "snapshots")
    journal.close()


async def do(curator: Curator, *changes: Change) -> None:
    report = await curator.apply(await curator.plan(changes))
    assert report.complete, [item.error for item in report.items]


async def undo(curator: Curator) -> None:
    report = await curator.apply(await curator.plan_undo())
    assert report.complete, [item.error for item in report.items]


async def redo(curator: Curator) -> None:
    report = await curator.apply(await curator.plan_redo())
    assert report.complete, [item.error for item in report.items]


@pytest.mark.parametrize(
    "bench", [pytest.param(REFERENCE, marks=pytest.mark.clients)], indirect=True
)
async def test_what_mem0s_own_mcp_server_cannot_do_is_refused_with_the_reason(
    bench: Bench, curator: Curator
) -> None:
    with pytest.raises(UnsupportedError, match="cannot add text verbatim: .* takes no infer"):
        await curator.plan([Add(DRAFTS[0])])
    there = await bench.backend.add(DRAFTS[0])
    edit = with_metadata(there, {"type": "convention"})
    with pytest.raises(UnsupportedError, match="cannot edit metadata: .* takes no metadata"):
        await curator.plan([Update(there.id, edit)])
    assert await bench.backend.get(there.id) == there


async def stored(curator: Curator) -> list[Memory]:
    return list(await curator.collect(parse("user:kim,lee")))


async def content(curator: Curator) -> Counter[str]:
    return Counter(found.content_hash for found in await stored(curator))


async def by_text(curator: Curator, text: str) -> Memory:
    (found,) = [found for found in await stored(curator) if found.text == text]
    return found


async def fill(curator: Curator) -> None:
    await do(curator, *map(Add, DRAFTS))


async def test_deletes_edits_and_merges_are_undone_and_redone(curator: Curator) -> None:
    await fill(curator)
    start = await content(curator)
    first = await by_text(curator, DRAFTS[0].text)
    second = await by_text(curator, DRAFTS[1].text)
    third = await by_text(curator, DRAFTS[2].text)
    await do(curator, Delete(third.id), Update(second.id, Edit("Never log")))
    await do(curator, Update(first.id, with_metadata(first, {"type": "convention"})))
    middle = await content(curator)
    second = await by_text(curator, "Never log")
    await do(curator, Merge(Draft("One rule", KIM, {"type": "convention"}), (first.id, second.id)))
    end = await content(curator)
    for _ in range(2):
        await undo(curator)
        assert await content(curator) == middle
        await undo(curator)
        await undo(curator)
        assert await content(curator) == start
        await redo(curator)
        await redo(curator)
        await redo(curator)
        assert await content(curator) == end


async def test_what_is_lost_is_what_was_declared(curator: Curator) -> None:
    await fill(curator)
    plan = await curator.plan([Delete(found.id) for found in await stored(curator)])
    declared = {loss for item in plan.items for loss in item.losses}
    assert (await curator.apply(plan)).complete
    report = await curator.apply(await curator.plan_undo())
    assert report.complete, [item.error for item in report.items]
    observed = {name for item in report.items for name in item.differences}
    for name in observed:
        assert any(LOSSES[name] in loss for loss in declared), (name, declared)
    if Capability.KEEP_ID in curator.backend.capabilities:
        assert observed == set()


@pytest.mark.parametrize("kind", [EntityKind.USER, EntityKind.APP])
async def test_a_scope_is_deleted_whole_and_comes_back(curator: Curator, kind: EntityKind) -> None:
    await fill(curator)
    start = await content(curator)
    entity = EntityRef(kind, "kim" if kind is EntityKind.USER else "shop")
    preview = await curator.plan_scope_delete(entity, delete_entity=False)
    assert preview.total == (4 if kind is EntityKind.USER else 5)
    report = await curator.apply(preview.plan, confirmed_scopes={str(entity)})
    item = report.items[0]
    assert item.outcome is Outcome.DONE, item.error
    assert (item.removed, item.remaining) == (preview.total, 0)
    assert len(await stored(curator)) == 5 - preview.total
    assert len(await curator.trash()) == preview.total
    await undo(curator)
    assert await content(curator) == start
    assert await curator.trash() == ()


LANE = Scope(agent_id="shop-b1c397fde9", app_id="shop")


async def everywhere(curator: Curator) -> list[Memory]:
    lanes = await curator.collect(parse(f"agent:{LANE.agent_id}"))
    return [*await stored(curator), *lanes]


async def test_a_lane_is_deleted_by_both_its_ids_and_comes_back(curator: Curator) -> None:
    await fill(curator)
    lane = [
        Add(Draft("Shared by all", LANE, {"branch": "main"})),
        Add(Draft("Shared by all, and pinned", LANE, {"pinned": True})),
        Add(Draft("The agent without the app", Scope(agent_id=LANE.agent_id))),
        Add(Draft("The agent in another app", Scope(agent_id=LANE.agent_id, app_id="other"))),
    ]
    await do(curator, *lane)
    start = Counter(m.content_hash for m in await everywhere(curator))
    everything = {memory.text for memory in await everywhere(curator)}
    preview = await curator.plan_part_delete(LANE)
    assert (preview.total, preview.going) == (2, 1)
    assert "1 pinned memory left out" in preview.plan.notes
    report = await curator.apply(preview.plan)
    assert report.complete, [item.error for item in report.items]
    assert everything - {memory.text for memory in await everywhere(curator)} == {"Shared by all"}
    await undo(curator)
    assert Counter(m.content_hash for m in await everywhere(curator)) == start


async def test_what_a_user_sees_is_his_own_and_what_is_shared(curator: Curator) -> None:
    await fill(curator)
    await do(
        curator,
        Add(Draft("Shared by all", LANE)),
        Add(Draft("Shared elsewhere", Scope(agent_id="docs-b1c397fde9", app_id="docs"))),
    )
    lees = [memory.text for memory in await curator.collect(parse("user:lee app:shop shared:yes"))]
    assert sorted(lees) == ["Belongs to Lee", "Shared by all"]
    own = [memory.text for memory in await curator.collect(parse("user:lee shared:no"))]
    assert own == ["Belongs to Lee"]


async def test_an_export_is_imported_once(curator: Curator) -> None:
    await fill(curator)
    start = await content(curator)
    lines: list[str] = []
    assert await curator.export(parse("user:kim,lee"), lines.append) == 5
    memories = list(read_memories(lines[1:]))
    assert (await curator.plan_import(memories)).present == 5
    await do(curator, *(Delete(found.id) for found in memories))
    preview = await curator.plan_import(memories)
    assert (await curator.apply(preview.plan)).complete
    assert await content(curator) == start
    assert not (await curator.plan_import(memories)).plan
    await undo(curator)
    assert await stored(curator) == []


async def test_references_of_all_forms_find_their_memory(curator: Curator) -> None:
    await fill(curator)
    wanted = await by_text(curator, DRAFTS[3].text)
    for reference in (wanted.id, wanted.id[:8], f"[mem0:{wanted.id[:8]}]"):
        assert (await curator.get(reference)).id == wanted.id
