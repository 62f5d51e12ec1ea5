"""Applying a plan: exactly what was seen is changed, and every item says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest

from mem0_tui.curator.applying.report import Outcome, Progress
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.errors import (
    NetworkError,
    NotFoundError,
    ReadOnlyError,
    RefusedError,
    StaleError,
    StoreFullError,
    UnsupportedError,
    UsageError,
)
from mem0_tui.model.memory import Draft
from mem0_tui.store.journal.rows import ItemState, JournalItem
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import ALL, MemoryBackend

pytestmark = pytest.mark.anyio


def deletes(*numbers: int) -> list[Change]:
    return [Delete(uuid_of(number)) for number in numbers]


async def test_deletes_edits_and_adds_what_was_planned(curate: MakeCurator) -> None:
    backend = MemoryBackend(memory(n) for n in range(5))
    curator = curate(backend)
    changes = [*deletes(1, 2), Update(uuid_of(3), Edit("new")), Add(Draft("added", KIM))]
    report = await curator.apply(await curator.plan(changes))
    assert report.complete
    assert {m.text for m in backend.memories.values()} == {
        "memory number 0", "new", "memory number 4", "added",
    }  # fmt: skip


async def test_one_changed_memory_is_refused_and_the_rest_goes_on(curate: MakeCurator) -> None:
    backend = MemoryBackend(memory(n) for n in range(5))
    curator = curate(backend)
    plan = await curator.plan(deletes(0, 1, 2, 3, 4))
    backend.memories[uuid_of(2)] = memory(2, "somebody edited this")
    del backend.memories[uuid_of(3)]
    report = await curator.apply(plan)
    outcomes = [item.outcome for item in report.items]
    assert outcomes == [Outcome.DONE] * 2 + [Outcome.REFUSED] * 2 + [Outcome.DONE]
    assert isinstance(report.items[2].error, StaleError)
    assert list(backend.memories) == [uuid_of(2)]


async def test_deletes_go_out_in_batches_as_large_as_the_backend_takes(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(10)), batch_size=4)
    curator = curate(backend)
    report = await curator.apply(await curator.plan(deletes(*range(10))))
    assert report.complete
    assert backend.calls == ["delete"] * 3


async def test_nothing_is_sent_in_read_only_mode(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    curator.read_only = True
    with pytest.raises(ReadOnlyError):
        await curator.apply(await curator.plan(deletes(1)))
    assert backend.calls == []


async def test_a_plan_for_another_backend_is_refused(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    plan = await curator.plan(deletes(1))
    backend.target = "elsewhere"
    with pytest.raises(RefusedError, match="elsewhere"):
        await curator.apply(plan)
    assert backend.calls == []


async def test_a_lost_answer_is_settled_by_reading_back(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(3)), batch_size=1)

    def lose_answer(_: str) -> None:
        raise NetworkError("cut off")

    backend.after_call = lose_answer
    curator = curate(backend)
    changes = [*deletes(0), Update(uuid_of(1), Edit("new")), Add(Draft("added", KIM))]
    report = await curator.apply(await curator.plan(changes))
    assert report.complete
    assert report.items[2].added_id in backend.memories


async def test_what_cannot_be_verified_is_unknown(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    down = False

    def cut_off(call: str) -> None:
        nonlocal down
        if call == "delete" or down:
            down = True
            raise NetworkError("cut off")

    backend.before_call = cut_off
    curator = curate(backend)
    report = await curator.apply(await curator.plan(deletes(1)))
    assert [item.outcome for item in report.items] == [Outcome.UNKNOWN]
    assert not report.complete


async def test_a_backend_that_is_down_ends_the_apply(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(9)), batch_size=3)
    curator = curate(backend)
    plan = await curator.plan(deletes(*range(9)))

    def refuse(_: str) -> None:
        raise NetworkError("refused")

    backend.before_call = refuse
    report = await curator.apply(plan)
    assert report.counts == {Outcome.FAILED: 3, Outcome.CANCELLED: 6}
    assert backend.calls == []


async def test_a_server_that_says_yes_and_does_nothing_has_failed(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    plan = await curator.plan([Update(uuid_of(1), Edit("new"))])

    def put_back(_: str) -> None:
        backend.memories[uuid_of(1)] = memory(1)

    backend.after_call = put_back
    report = await curator.apply(plan)
    assert report.items[0].outcome is Outcome.FAILED


async def test_a_merge_adds_and_verifies_before_it_deletes(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    merge = Merge(Draft("both", KIM), (uuid_of(1), uuid_of(2)))
    report = await curator.apply(await curator.plan([merge]))
    assert report.complete
    assert backend.calls == ["add", "delete"]
    assert [m.text for m in backend.memories.values()] == ["both"]


async def test_a_merge_whose_add_fails_deletes_nothing(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    merge = Merge(Draft("both", KIM), (uuid_of(1), uuid_of(2)))
    plan = await curator.plan([merge])

    def vanish(call: str) -> None:
        if call == "add":
            backend.memories.popitem()

    backend.after_call = vanish
    report = await curator.apply(plan)
    assert report.items[0].outcome is Outcome.UNKNOWN
    assert set(backend.memories) == {uuid_of(1), uuid_of(2)}


async def test_a_merge_into_what_the_server_says_is_there_keeps_that_one(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend([memory(1, "same"), memory(2, "same")])
    backend.dedupes = True
    curator = curate(backend)
    merge = Merge(Draft("same", KIM), (uuid_of(1), uuid_of(2)))
    report = await curator.apply(await curator.plan([merge]))
    assert report.complete
    assert list(backend.memories) == [uuid_of(1)]


async def test_an_add_answered_with_an_older_memory_is_refused(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1, "same")])
    backend.dedupes = True
    curator = curate(backend)
    plan = await curator.plan([Add(Draft("same", KIM))])
    assert "identical" in plan.items[0].warnings[0]
    report = await curator.apply(plan)
    assert report.items[0].outcome is Outcome.REFUSED
    with pytest.raises(UsageError, match="nothing to undo"):
        await curator.plan_undo()


async def test_pinned_memories_are_left_out_of_a_query_and_kept_safe(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2, pinned=True), memory(3, "[PINNED] rule")])
    curator = curate(backend)
    plan = await curator.plan(deletes(1, 2, 3), by_query=True)
    assert [item.change for item in plan.items] == deletes(1)
    assert plan.notes
    forced = replace(plan, items=(await curator.plan(deletes(2, 3))).items)
    report = await curator.apply(forced)
    assert report.counts == {Outcome.REFUSED: 2}
    meant = await curator.plan(deletes(2, 3), by_query=True, include_pinned=True)
    assert "pinned" in meant.items[0].warnings
    assert (await curator.apply(meant)).complete


async def test_progress_counts_to_the_end_and_stopping_leaves_the_rest(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend((memory(n) for n in range(5)), batch_size=1)
    curator = curate(backend)
    told: list[Progress] = []
    report = await curator.apply(
        await curator.plan(deletes(*range(5))),
        progress=told.append,
        cancelled=lambda: len(told) >= 2,
    )
    assert report.counts == {Outcome.DONE: 2, Outcome.CANCELLED: 3}
    assert [step.finished for step in told] == [1, 2, 3, 4, 5]
    assert told[0].current == "delete memory number 0"
    assert await curator.interrupted() == ()


async def test_cancelling_the_task_finishes_the_item_under_way(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(5)), batch_size=1)
    curator = curate(backend)
    plan = await curator.plan(deletes(*range(5)))
    tasks: list[asyncio.Task[object]] = []

    def cancel(_: str) -> None:
        tasks[0].cancel()

    backend.after_call = cancel
    async with asyncio.TaskGroup() as group:
        tasks.append(group.create_task(curator.apply(plan)))
    assert tasks[0].cancelled()
    assert len(backend.memories) == 4
    assert await curator.interrupted() == ()
    undo = await curator.plan_undo()
    assert (await curator.apply(undo)).complete
    assert len(backend.memories) == 5


async def test_a_plan_says_what_the_backend_cannot_do(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=ALL - {Capability.EDIT_METADATA})
    curator = curate(backend)
    with pytest.raises(UnsupportedError, match="edit metadata"):
        await curator.plan([Update(uuid_of(1), Edit(metadata={"type": "decision"}))])


async def test_plans_of_nothing_sensible_are_refused(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([memory(1)]))
    with pytest.raises(UsageError, match="two changes"):
        await curator.plan([Delete(uuid_of(1)), Update(uuid_of(1), Edit("x"))])
    with pytest.raises(NotFoundError):
        await curator.plan(deletes(7))


async def test_a_memory_gone_since_it_was_seen_is_planned_and_refused(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([memory(1)]))
    plan = await curator.plan(deletes(1, 2), seen={uuid_of(2): memory(2)})
    assert "gone" in plan.items[1].warnings[0]
    report = await curator.apply(plan)
    assert [item.outcome for item in report.items] == [Outcome.DONE, Outcome.REFUSED]


async def test_nothing_is_sent_that_the_journal_could_not_take(
    curate: MakeCurator, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = MemoryBackend((memory(n) for n in range(6)), batch_size=2)
    curator = curate(backend)
    plan = await curator.plan(deletes(*range(6)))
    record = curator.journal.record
    calls = 0

    async def full(items: Iterable[JournalItem]) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:  # the first batch is sent and written down, the second is neither
            raise StoreFullError("no room")
        await record(items)

    with monkeypatch.context() as patch:
        patch.setattr(curator.journal, "record", full)
        with pytest.raises(StoreFullError):
            await curator.apply(plan)
    assert backend.calls == ["delete"]
    (interrupted,) = await curator.interrupted()
    assert interrupted.counts == {ItemState.DONE: 2, ItemState.INTENT: 4}
    assert (await curator.apply(await curator.plan_undo())).complete
    assert len(backend.memories) == 6


async def test_a_merge_into_one_of_them_keeps_that_one(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2), memory(3)])
    curator = curate(backend)
    merge = Merge(Draft.again(memory(2)), (uuid_of(1), uuid_of(2)))
    assert (await curator.apply(await curator.plan([merge]))).complete
    assert list(backend.memories) == [uuid_of(2), uuid_of(3)]
    assert backend.calls == ["delete"]
    assert (await curator.apply(await curator.plan_undo())).complete
    assert set(backend.memories) == {uuid_of(1), uuid_of(2), uuid_of(3)}
