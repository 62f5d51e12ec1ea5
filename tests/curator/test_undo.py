"""Undo and redo, at any depth, across restarts, and with servers that give new ids."""

from __future__ import annotations

import pytest

from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Restore, Update
from mem0_tui.model.errors import NotFoundError, RefusedError, UsageError
from mem0_tui.model.memory import Draft
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio


async def do(curator: Curator, *changes: Change) -> str:
    report = await curator.apply(await curator.plan(changes))
    assert report.complete
    return report.transaction_id


async def undo(curator: Curator, transaction_id: str | None = None) -> None:
    assert (await curator.apply(await curator.plan_undo(transaction_id))).complete


async def redo(curator: Curator, transaction_id: str | None = None) -> None:
    assert (await curator.apply(await curator.plan_redo(transaction_id))).complete


def texts(backend: MemoryBackend) -> list[str]:
    return sorted(memory.text for memory in backend.memories.values())


async def test_undo_gives_back_every_field_where_the_backend_keeps_ids(
    curate: MakeCurator,
) -> None:
    start = {uuid_of(n): memory(n, type="decision") for n in range(3)}
    backend = MemoryBackend(start.values())
    curator = curate(backend)
    await do(curator, Delete(uuid_of(0)), Update(uuid_of(1), Edit("x", {"a": 1})))
    await undo(curator)
    assert backend.memories == start


async def test_many_levels_with_new_ids_each_time(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=REMOTE)
    curator = curate(backend)
    await do(curator, Update(uuid_of(1), Edit("edited")))
    await do(curator, Delete(uuid_of(1)))
    for _ in range(3):
        await undo(curator)
        assert texts(backend) == ["edited"]
        curator = curate(backend)  # a restart changes nothing
        await redo(curator)
        assert backend.memories == {}
    await undo(curator)
    await undo(curator)
    assert texts(backend) == ["memory number 1"]
    assert uuid_of(1) not in backend.memories
    await redo(curator)
    await redo(curator)
    assert backend.memories == {}


async def test_undo_and_redo_walk_through_the_stack(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(n) for n in range(3)])
    curator = curate(backend)
    for number in range(3):
        await do(curator, Delete(uuid_of(number)))
    await undo(curator)
    await undo(curator)
    assert texts(backend) == ["memory number 1", "memory number 2"]
    await redo(curator)
    assert texts(backend) == ["memory number 2"]
    await undo(curator)
    await undo(curator)
    assert len(backend.memories) == 3
    with pytest.raises(UsageError, match="nothing to undo"):
        await curator.plan_undo()
    for _ in range(3):
        await redo(curator)
    assert backend.memories == {}
    with pytest.raises(UsageError, match="nothing to redo"):
        await curator.plan_redo()


async def test_redo_without_a_name_stops_at_something_newer(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    first = await do(curator, Delete(uuid_of(1)))
    await undo(curator)
    await do(curator, Delete(uuid_of(2)))
    with pytest.raises(RefusedError, match="since"):
        await curator.plan_redo()
    await redo(curator, first)
    assert backend.memories == {}


async def test_a_memory_edited_since_is_not_overwritten(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    await do(curator, Update(uuid_of(1), Edit("a")), Update(uuid_of(2), Edit("b")))
    backend.memories[uuid_of(1)] = memory(1, "the agent wrote this")
    plan = await curator.plan_undo()
    assert any("changed" in warning for item in plan.items for warning in item.warnings)
    report = await curator.apply(plan)
    assert report.counts == {Outcome.DONE: 1, Outcome.REFUSED: 1}
    assert texts(backend) == ["memory number 2", "the agent wrote this"]


async def test_undoing_an_add_spares_it_when_it_was_edited(curate: MakeCurator) -> None:
    backend = MemoryBackend()
    curator = curate(backend)
    await do(curator, Add(Draft("added", KIM)))
    (added,) = backend.memories
    backend.memories[added] = memory(9, "edited")
    report = await curator.apply(await curator.plan_undo())
    assert report.counts == {Outcome.REFUSED: 1}
    assert added in backend.memories


async def test_a_merge_is_taken_apart_and_put_together_again(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=REMOTE)
    curator = curate(backend)
    await do(curator, Merge(Draft("both", KIM), (uuid_of(1), uuid_of(2))))
    for _ in range(2):
        await undo(curator)
        assert texts(backend) == ["memory number 1", "memory number 2"]
        await redo(curator)
        assert texts(backend) == ["both"]


async def test_undo_covers_only_what_was_done(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(1)), Delete(uuid_of(2))])
    backend.memories[uuid_of(2)] = memory(2, "changed")
    await curator.apply(plan)
    back = await curator.plan_undo()
    assert [item.change for item in back.items] == [Restore(memory(1))]
    assert (await curator.apply(back)).complete
    assert texts(backend) == ["changed", "memory number 1"]


async def test_a_half_failed_undo_can_be_finished_by_name(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    transaction = await do(curator, Delete(uuid_of(1)), Delete(uuid_of(2)))
    plan = await curator.plan_undo()
    await curator.apply(plan.without([0]))
    assert len(backend.memories) == 1
    await undo(curator, transaction)
    assert len(backend.memories) == 2
    with pytest.raises(UsageError, match="nothing"):
        await curator.plan_undo(transaction)


async def test_undoing_an_undo_is_a_redo(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    await do(curator, Delete(uuid_of(1)))
    back = await curator.apply(await curator.plan_undo())
    await undo(curator, back.transaction_id)
    assert backend.memories == {}


async def test_the_trash_gives_back_one_and_undo_knows(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=REMOTE)
    curator = curate(backend)
    transaction = await do(curator, Delete(uuid_of(1)), Delete(uuid_of(2)))
    assert {entry.memory.id for entry in await curator.trash()} == {uuid_of(1), uuid_of(2)}
    assert (await curator.apply(await curator.plan_restore([uuid_of(1)[:8]]))).complete
    assert [entry.memory.id for entry in await curator.trash()] == [uuid_of(2)]
    await undo(curator, transaction)
    assert texts(backend) == ["memory number 1", "memory number 2"]
    assert await curator.trash() == ()
    with pytest.raises(NotFoundError):
        await curator.plan_restore([uuid_of(1)])


async def test_losses_are_said_before_and_differences_after(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=REMOTE)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(1))])
    assert plan.items[0].losses == ("the id", "the creation date")
    await curator.apply(plan)
    back = await curator.plan_undo()
    assert "new id" in " ".join(back.items[0].warnings)
    report = await curator.apply(back)
    assert {"id", "created at"} <= set(report.items[0].differences)
    assert report.items[0].added_id not in (None, uuid_of(1))
    assert report.id_map == {uuid_of(1): report.items[0].added_id}


async def test_another_backends_transaction_is_not_undone_here(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    transaction = await do(curator, Delete(uuid_of(1)))
    backend.target = "elsewhere"
    with pytest.raises(RefusedError, match="elsewhere"):
        await curator.plan_undo(transaction)
    with pytest.raises(UsageError):
        await curator.plan_undo()
