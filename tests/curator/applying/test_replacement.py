"""Moves by a copy, and merges, on a backend that fails as servers do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from mem0_tui.curator.applying.report import Outcome, Report
from mem0_tui.curator.planning.merging import merged
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.plan_file import dump, load
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit, Merge, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import NetworkError, StaleError
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio

THERE = Scope(user_id="kim", app_id="elsewhere")
MOVE = Update(uuid_of(1), Edit(scope=THERE))


def remote() -> MemoryBackend:
    return MemoryBackend([memory(1, pinned=True), memory(2)], can=REMOTE)


def found(backend: MemoryBackend) -> dict[str, str]:
    return {each.text: str(each.scope) for each in backend.memories.values()}


async def test_the_copy_is_there_before_the_memory_goes(curate: MakeCurator) -> None:
    backend = remote()
    curator = curate(backend)
    plan = await curator.plan([MOVE])
    assert load(dump(plan)) == plan
    assert plan.items[0].change == Update(uuid_of(1), Edit(scope=THERE), copies=True)
    assert plan.destroys == 0
    report = await curator.apply(plan)
    assert report.complete
    assert backend.calls == ["restore", "delete"]
    assert found(backend) == {"memory number 1": str(THERE), "memory number 2": str(KIM)}
    assert list(report.id_map) == [uuid_of(1)]


async def test_a_lost_answer_is_not_taken_for_a_failure(curate: MakeCurator) -> None:
    backend = remote()
    curator = curate(backend)
    plan = await curator.plan([MOVE])

    def lose(call: str) -> None:
        if call == "restore":
            raise NetworkError("the answer is lost")

    backend.after_call = lose
    assert (await curator.apply(plan)).complete
    assert found(backend) == {"memory number 1": str(THERE), "memory number 2": str(KIM)}


async def applied_without(
    curator: Curator, backend: MemoryBackend, plan: Plan, call: str
) -> Report:
    """What became of *plan* while every *call* fails before it arrives."""

    def fail(name: str) -> None:
        if name == call:
            raise NetworkError("no way")

    backend.before_call = fail
    report = await curator.apply(plan)
    backend.before_call = lambda _: None
    return report


@pytest.mark.parametrize("call", ["restore", "delete"])
async def test_what_fails_leaves_the_memory_and_undo_leaves_it_alone(
    curate: MakeCurator, call: str
) -> None:
    backend = remote()
    curator = curate(backend)
    plan = await curator.plan([MOVE])
    report = await applied_without(curator, backend, plan, call)
    assert report.items[0].outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    assert memory(1, pinned=True) in backend.memories.values()
    if call == "delete":
        assert report.items[0].added_id is not None
        assert (await curator.apply(await curator.plan_undo())).complete
    assert set(backend.memories) == {uuid_of(1), uuid_of(2)}


async def test_a_copy_that_reads_back_elsewhere_costs_nothing(curate: MakeCurator) -> None:
    backend = remote()
    curator = curate(backend)
    plan = await curator.plan([MOVE])

    def stray(call: str) -> None:
        if call == "restore":
            for id_, each in backend.memories.items():
                if each.scope == THERE:
                    backend.memories[id_] = memory(9, each.text, scope=Scope(user_id="other"))

    backend.after_call = stray
    report = await curator.apply(plan)
    assert not report.complete
    assert uuid_of(1) in backend.memories


async def test_where_an_equal_memory_is_there_nothing_is_moved(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2, "memory number 1", scope=THERE)], can=REMOTE)
    backend.dedupes = True
    curator = curate(backend)
    plan = await curator.plan([MOVE])
    assert any("identical memory exists" in each for each in plan.items[0].warnings)


async def test_pinned_memories_are_not_moved_by_a_query(curate: MakeCurator) -> None:
    backend = remote()
    curator = curate(backend)
    plan = await curator.plan([MOVE, Update(uuid_of(2), MOVE.edit)], by_query=True)
    assert [item.before[0].id for item in plan.items] == [uuid_of(2)]
    backend.memories[uuid_of(2)] = memory(2, pinned=True)
    report = await curator.apply(plan)
    assert report.items[0].outcome is Outcome.REFUSED
    assert isinstance(report.items[0].error, StaleError)


async def test_an_edit_before_a_move_is_undone_after_the_move_is(curate: MakeCurator) -> None:
    backend = remote()
    curator = curate(backend)
    edited = await curator.apply(await curator.plan([Update(uuid_of(1), Edit("edited"))]))
    assert (await curator.apply(await curator.plan([MOVE]))).complete
    early = await curator.apply(await curator.plan_undo(edited.transaction_id))
    assert early.items[0].outcome is Outcome.REFUSED
    assert (await curator.apply(await curator.plan_undo())).complete
    assert (await curator.apply(await curator.plan_undo())).complete
    assert found(backend) == {"memory number 1": str(KIM), "memory number 2": str(KIM)}


# -- merges that keep one of the memories


def kept(backend: MemoryBackend, text: str = "both") -> Merge:
    pair = [backend.memories[uuid_of(number)] for number in (1, 2)]
    return merged(backend, pair[0], pair, replace(pair[0], text=text))


def both() -> MemoryBackend:
    return MemoryBackend([memory(1), memory(2), memory(3)], can=REMOTE)


async def test_the_survivor_is_edited_before_the_rest_goes(curate: MakeCurator) -> None:
    backend = both()
    curator = curate(backend)
    plan = await curator.plan([kept(backend)])
    assert load(dump(plan)) == plan
    assert plan.destroys == 1
    report = await curator.apply(plan)
    assert report.complete
    assert backend.calls == ["update", "delete"]
    assert {id_: m.text for id_, m in backend.memories.items()} == {
        uuid_of(1): "both",
        uuid_of(3): "memory number 3",
    }
    assert (await curator.apply(await curator.plan_undo())).complete
    texts = Counter(found.text for found in backend.memories.values())
    assert texts == {f"memory number {n}": 1 for n in (1, 2, 3)}


async def test_an_edit_whose_answer_is_lost_is_looked_for(curate: MakeCurator) -> None:
    backend = both()
    curator = curate(backend)
    plan = await curator.plan([kept(backend)])

    def lose(call: str) -> None:
        if call == "update":
            raise NetworkError("the answer is lost")

    backend.after_call = lose
    assert (await curator.apply(plan)).complete
    assert set(backend.memories) == {uuid_of(1), uuid_of(3)}


@pytest.mark.parametrize("call", ["update", "delete"])
async def test_what_fails_of_a_merge_is_taken_back(curate: MakeCurator, call: str) -> None:
    backend = both()
    start = dict(backend.memories)
    curator = curate(backend)
    plan = await curator.plan([kept(backend)])
    report = await applied_without(curator, backend, plan, call)
    assert report.items[0].outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    assert set(backend.memories) == set(start)
    assert report.changed is (call == "delete")
    if report.changed:
        assert backend.memories[uuid_of(1)].text == "both"
        assert (await curator.apply(await curator.plan_undo())).complete
    assert backend.memories == start


async def test_nothing_goes_where_the_survivor_was_changed_meanwhile(curate: MakeCurator) -> None:
    backend = both()
    curator = curate(backend)
    plan = await curator.plan([kept(backend)])

    def interfere(call: str) -> None:
        if call == "update":
            backend.memories[uuid_of(1)] = memory(1, "somebody else's")

    backend.after_call = interfere
    report = await curator.apply(plan)
    assert report.items[0].outcome is Outcome.FAILED
    assert uuid_of(2) in backend.memories


async def test_what_the_backend_cannot_edit_is_added(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2), memory(3)], can=REMOTE - {Capability.EDIT_TEXT})
    curator = curate(backend)
    change = kept(backend)
    assert change.keep is None
    assert (await curator.apply(await curator.plan([change]))).complete
    assert backend.calls == ["add", "delete"]


async def test_a_survivor_edited_before_a_power_cut_can_be_taken_back_later(
    curate: MakeCurator,
) -> None:
    """Even where the undo that was planned first was itself cut off before it did anything."""
    backend = both()
    start = dict(backend.memories)
    plan = await curate(backend).plan([kept(backend)])

    class PowerCutError(Exception):
        pass

    def cut(call: str) -> None:
        if call == "update":
            raise PowerCutError

    backend.after_call = cut
    with pytest.raises(PowerCutError):
        await curate(backend).apply(plan)
    assert backend.memories[uuid_of(1)].text == "both"
    backend.after_call = lambda _: None
    backend.before_call = cut
    curator = curate(backend)
    undo = await curator.plan_undo()
    with pytest.raises(ExceptionGroup):
        await curator.apply(undo)
    backend.before_call = lambda _: None
    curator = curate(backend)
    for left in await curator.interrupted():
        await curator.resume(left.id, finish=False)
    assert (await curator.apply(await curator.plan_undo())).complete
    assert backend.memories == start
