"""Entities that hold no memory are removed together, each only while it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.errors import StaleError, UnsupportedError
from mem0_tui.model.memory import Draft
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import MemoryStore, open_store

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Desk:
    store: MemoryStore
    curator: Curator

    async def names(self) -> set[str]:
        return {str(entity.ref) for entity in await self.curator.backend.entities()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = SystemClock()
    store = open_store(tmp_path / "memories.db", clock, durable=False)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    folder = tmp_path / "snapshots"
    yield Desk(store, Curator(LocalBackend(store), journal, clock=clock, snapshot_folder=folder))
    journal.close()
    store.close()


async def leave_empty(desk: Desk, count: int) -> None:
    """*count* runs whose memories are deleted, and one that has a memory."""
    runs = [Scope(user_id="kim", run_id=f"run-{n}") for n in range(count)]
    added = await desk.store.add_many([Draft(f"of {scope}", scope) for scope in runs])
    await desk.store.delete([memory.id for memory in added])
    await desk.store.add_many([Draft("kept", Scope(user_id="kim", run_id="alive"))])


async def test_all_empty_ones_are_one_plan_that_needs_no_names(desk: Desk, tmp_path: Path) -> None:
    await leave_empty(desk, 30)
    plan = await desk.curator.plan_empty_entities()
    assert plan.summary == "delete 30 entities that hold no memory"
    assert (plan.scopes, plan.destroys) == ((), 0)
    report = await desk.curator.apply(plan)
    assert report.complete
    assert await desk.names() == {"user:kim", "run:alive"}
    assert await desk.store.count() == 1
    assert not (tmp_path / "snapshots").exists()
    assert not await desk.curator.plan_empty_entities()


async def test_an_entity_that_got_a_memory_meanwhile_stays_with_it(desk: Desk) -> None:
    await leave_empty(desk, 3)
    plan = await desk.curator.plan_empty_entities()
    await desk.store.add_many([Draft("just learnt", Scope(run_id="run-1"))])
    report = await desk.curator.apply(plan)
    outcomes = {item.item.change.entity.id: item for item in report.items}  # type: ignore[union-attr]
    assert outcomes["run-1"].outcome is Outcome.REFUSED
    assert isinstance(outcomes["run-1"].error, StaleError)
    assert outcomes["run-0"].outcome is outcomes["run-2"].outcome is Outcome.DONE
    assert await desk.names() == {"user:kim", "run:alive", "run:run-1"}
    assert await desk.store.count() == 2


async def test_undo_says_that_they_do_not_come_back(desk: Desk) -> None:
    await leave_empty(desk, 3)
    plan = await desk.curator.plan_empty_entities()
    assert all("comes back only with a memory" in item.final for item in plan.items)
    await desk.curator.apply(plan)
    with pytest.raises(UnsupportedError, match="3 entities deleted by .* cannot be brought back"):
        await desk.curator.plan_undo()


async def test_undo_of_what_was_done_before_says_it_too(desk: Desk) -> None:
    await leave_empty(desk, 1)
    (kept,) = (await desk.store.page()).items
    await desk.curator.apply(await desk.curator.plan([Delete(kept.id)]))
    plan = await desk.curator.plan_empty_entities()
    await desk.curator.apply(plan, confirmed_scopes={str(ref) for ref in plan.scopes})
    assert await desk.names() == set()
    plan = await desk.curator.plan_undo()
    assert plan.summary == "put back 1 memory"
    assert any("cannot be brought back" in note for note in plan.notes)
    await desk.curator.apply(plan)
    assert await desk.names() == {"user:kim", "run:alive"}


async def test_an_id_that_reaches_further_is_left_out(desk: Desk) -> None:
    await leave_empty(desk, 2)
    added = await desk.store.add_many([Draft("x", Scope(run_id="*"))])
    await desk.store.delete([memory.id for memory in added])
    plan = await desk.curator.plan_empty_entities()
    assert {item.change.entity.id for item in plan.items} == {"run-0", "run-1"}  # type: ignore[union-attr]
    assert "1 left out" in plan.notes[0]
    assert {item.change.entity.kind for item in plan.items} == {EntityKind.RUN}  # type: ignore[union-attr]
