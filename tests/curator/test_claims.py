"""A plan is applied once, a part is taken back once, and a crash is dealt with before an undo."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.plan_file import dump, load
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Add, Change, Delete, Edit, Update
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.errors import AppliedError, Mem0TuiError, UnfinishedError
from mem0_tui.model.memory import Draft
from mem0_tui.model.query import parse
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio
TwoCurators: TypeAlias = Callable[[MemoryBackend], tuple[Curator, Curator]]


@pytest.fixture
def two_curators(tmp_path: Path) -> Iterator[TwoCurators]:
    """Opens two curators of one backend and one journal, as two processes are."""
    clock = SystemClock()
    journals = [Journal(tmp_path / "journal.db", clock=clock) for _ in range(2)]

    def make(backend: MemoryBackend) -> tuple[Curator, Curator]:
        first, second = (
            Curator(backend, j, clock=clock, snapshot_folder=tmp_path) for j in journals
        )
        return first, second

    yield make
    for journal in journals:
        journal.close()


async def do(curator: Curator, *changes: Change) -> str:
    report = await curator.apply(await curator.plan(changes))
    assert report.complete
    return report.transaction_id


class PowerCutError(Exception):
    """Ends the process, as far as the journal can tell."""


async def interrupt(curator: Curator, plan: Plan, *, sent: bool) -> str:
    """Apply *plan* as a process does that ends before, or after, the first request; its id."""
    backend = curator.backend
    assert isinstance(backend, MemoryBackend)

    def cut(_: str) -> None:
        raise PowerCutError

    if sent:
        backend.after_call = cut
    else:
        backend.before_call = cut
    with pytest.raises(PowerCutError):
        await curator.apply(plan)
    backend.after_call = backend.before_call = lambda _: None
    (found,) = await curator.interrupted()
    return found.id


@pytest.mark.parametrize("sent", [False, True])
async def test_an_older_transaction_is_not_undone_while_one_is_interrupted(
    curate: MakeCurator, sent: bool
) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    older = await do(curator, Delete(uuid_of(1)))
    name = await interrupt(curator, await curator.plan([Delete(uuid_of(2))]), sent=sent)
    if sent:
        assert (await curator.plan_undo()).undoes == name
    else:
        with pytest.raises(UnfinishedError, match=name):
            await curator.plan_undo()
    for plan in (curator.plan_undo(older), curator.plan_redo(), curator.plan_redo(older)):
        with pytest.raises(UnfinishedError, match=name):
            await plan
    assert [found.id for found in await curator.interrupted()] == [name]
    await curator.resume(name, finish=False)
    assert (await curator.plan_undo()).undoes == (name if sent else older)


async def test_looking_at_an_undo_leaves_an_interrupted_plan_to_be_resumed(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend([memory(n) for n in range(4)], batch_size=2)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(n)) for n in range(4)])
    name = await interrupt(curator, plan, sent=True)
    assert len((await curator.plan_undo()).items) == 2
    assert (await curator.resume(name)).complete
    assert backend.memories == {}


async def test_an_undo_closes_what_it_takes_back(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(n) for n in range(4)], batch_size=2)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(n)) for n in range(4)])
    await interrupt(curator, plan, sent=True)
    assert (await curator.apply(await curator.plan_undo())).complete
    assert len(backend.memories) == 4
    assert await curator.interrupted() == ()


async def test_what_a_later_plan_did_is_not_taken_for_an_interrupted_one(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=REMOTE)
    curator = curate(backend)
    changes: list[Change] = [Delete(uuid_of(1)), Update(uuid_of(2), Edit("new"))]
    name = await interrupt(curator, await curator.plan(changes[:1]), sent=False)
    later = await do(curator, *changes)
    report = await curator.resume(name, finish=False)
    assert not report.changed
    assert (await curator.plan_undo()).undoes == later
    assert (await curator.apply(await curator.plan_undo())).complete
    assert sorted(found.text for found in backend.memories.values()) == [
        "memory number 1",
        "memory number 2",
    ]


async def test_an_undo_that_was_planned_before_the_crash_is_refused(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)])
    curator = curate(backend)
    await do(curator, Delete(uuid_of(1)))
    back = await curator.plan_undo()
    name = await interrupt(curator, await curator.plan([Delete(uuid_of(2))]), sent=False)
    with pytest.raises(UnfinishedError, match=name):
        await curator.apply(back)
    assert list(backend.memories) == [uuid_of(2)]


async def test_a_plan_is_applied_once(curate: MakeCurator) -> None:
    backend = MemoryBackend()
    curator = curate(backend)
    plan = await curator.plan([Add(Draft("one", KIM))])
    report = await curator.apply(plan)
    for again in (plan, load(dump(plan))):
        with pytest.raises(AppliedError, match=f"as transaction {report.transaction_id}"):
            await curator.apply(again)
        with pytest.raises(AppliedError):
            await curator.check_new(again)
    assert len(backend.memories) == 1


async def test_a_plan_of_which_nothing_came_is_applied_again(curate: MakeCurator) -> None:
    seen = memory(1)
    backend = MemoryBackend([seen])
    curator = curate(backend)
    plan = await curator.plan([Delete(seen.id)])
    backend.memories[seen.id] = replace(seen, text="something else")
    for _ in range(2):
        assert (await curator.apply(plan)).counts == {Outcome.REFUSED: 1}
    backend.memories[seen.id] = seen
    assert (await curator.apply(plan)).complete
    assert backend.memories == {}
    with pytest.raises(AppliedError):
        await curator.apply(plan)


async def test_an_interrupted_plan_is_resumed_not_applied_again(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(1)), Add(Draft("one", KIM))])
    name = await interrupt(curator, plan, sent=False)
    with pytest.raises(UnfinishedError, match=name) as refusal:
        await curator.apply(plan)
    assert f"resume {name}" in refusal.value.hint


async def test_a_plan_that_was_changed_on_the_screen_is_another_plan(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([memory(1), memory(2)]))
    plan = await curator.plan([Delete(uuid_of(1)), Update(uuid_of(2), Edit("new"))])
    others = [plan.without([0]), plan.moved(0, 1), plan.with_item(0, plan.items[0])]
    assert len({plan.id, *(other.id for other in others)}) == 4


async def test_two_undos_of_one_transaction_take_it_back_once(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=REMOTE)
    curator = curate(backend)
    await do(curator, Delete(uuid_of(1)))
    first, second = await curator.plan_undo(), await curator.plan_undo()
    assert (await curator.apply(first)).complete
    with pytest.raises(AppliedError, match="taken back"):
        await curator.apply(second)
    assert len(backend.memories) == 1
    assert (await curator.apply(await curator.plan_redo())).complete
    assert backend.memories == {}


async def test_two_deletes_of_one_memory_at_once(two_curators: TwoCurators) -> None:
    """On a server that says yes to both, only one of them may say that it was the one."""
    backend = MemoryBackend([memory(1)], can=REMOTE)
    first, second = two_curators(backend)
    plans = [await each.plan([Delete(uuid_of(1))]) for each in (first, second)]
    refusals: list[Mem0TuiError] = []

    async def meanwhile() -> None:
        try:
            await second.apply(plans[1])
        except UnfinishedError as error:
            refusals.append(error)

    sent = asyncio.Event()
    backend.before_call = lambda name: sent.set() if name == "delete" else None
    delete = backend.delete

    async def slow(*args: object, **options: object) -> object:
        await meanwhile()
        return await delete(*args, **options)  # type: ignore[arg-type]

    backend.delete = slow  # type: ignore[assignment,method-assign]
    assert (await first.apply(plans[0])).complete
    assert len(refusals) == 1
    assert "is being applied right now" in str(refusals[0])


async def test_a_plan_that_another_process_is_applying_is_waited_for_not_resumed(
    two_curators: TwoCurators,
) -> None:
    backend = MemoryBackend([memory(1)], can=REMOTE)
    first, second = two_curators(backend)
    plan = await first.plan([Delete(uuid_of(1))])
    hints: list[str] = []
    delete = backend.delete

    async def slow(*args: object, **options: object) -> object:
        for again in (second.apply, second.check_new):
            with pytest.raises(UnfinishedError, match="being applied right now") as refusal:
                await again(plan)
            hints.append(refusal.value.hint)
        return await delete(*args, **options)  # type: ignore[arg-type]

    backend.delete = slow  # type: ignore[assignment,method-assign]
    assert (await first.apply(plan)).complete
    assert hints == ["wait until it is done"] * 2


async def test_an_undo_that_another_process_is_at_work_on_is_refused_and_then_told_as_done(
    two_curators: TwoCurators, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the second has read by then: the first at work, or the first as it was at work."""
    backend = MemoryBackend([memory(1)], can=REMOTE)
    first, second = two_curators(backend)
    root = await do(first, Delete(uuid_of(1)))
    plans = [await each.plan_undo(root) for each in (first, second)]
    read_meanwhile: list[object] = []
    restore = backend.restore

    async def slow(*args: object, **options: object) -> object:
        read_meanwhile.append(await second.journal.family(root))
        assert await second.interrupted() == ()
        with pytest.raises(UnfinishedError, match="still being applied") as refusal:
            await second.apply(plans[1])
        assert refusal.value.running
        return await restore(*args, **options)  # type: ignore[arg-type]

    backend.restore = slow  # type: ignore[assignment,method-assign]
    assert (await first.apply(plans[0])).complete
    (family,) = read_meanwhile

    async def read_before(_root: str) -> object:
        return family

    monkeypatch.setattr(second.journal, "family", read_before)
    with pytest.raises(AppliedError, match="has been taken back"):
        await second.apply(plans[1])
    assert len(backend.memories) == 1


async def test_what_was_finished_since_it_was_read_is_not_interrupted(
    curate: MakeCurator, monkeypatch: pytest.MonkeyPatch
) -> None:
    curator = curate(MemoryBackend([memory(1)]))
    name = await interrupt(curator, await curator.plan([Delete(uuid_of(1))]), sent=False)
    running = curator.journal.running

    def finished_meanwhile(transaction_id: str) -> bool:
        with closing(sqlite3.connect(curator.journal.path)) as connection, connection:
            connection.execute("UPDATE transactions SET state = 'finished' WHERE id = ?", (name,))
        return running(transaction_id)

    monkeypatch.setattr(curator.journal, "running", finished_meanwhile)
    assert await curator.interrupted() == ()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Curator]:
    clock = SystemClock()
    backend = LocalBackend(open_store(folder / "memories.db"))
    journal = Journal(folder / "journal.db", clock=clock)
    try:
        yield Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    finally:
        journal.close()
        await backend.aclose()


ROUNDS = 12


def both(folder: Path, what: str) -> list[list[str]]:
    """What two processes that do *what* at the same time say of each round."""
    command = [sys.executable, "-m", "tests.support.racing", str(folder), what, str(ROUNDS)]
    root = Path(__file__).parents[2]
    racers = [
        subprocess.Popen(
            [*command, name], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    outputs = [racer.communicate() for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], outputs
    return [json.loads(out) for out, _ in outputs]


@pytest.mark.parametrize("what", ["undo", "apply", "delete", "move"])
def test_two_processes_at_once(tmp_path: Path, what: str) -> None:
    """Two real processes that wait for each other and then do the same: once each."""
    for number, answers in enumerate(zip(*both(tmp_path, what), strict=True)):
        kinds = Counter(answers)
        assert kinds.pop("done", 0) == 1, (number, answers)
        assert kinds.keys() <= {"AppliedError", "UnfinishedError", "refused"}
    asyncio.run(check_after_race(tmp_path, what))


async def check_after_race(tmp_path: Path, what: str) -> None:
    async with opened(tmp_path) as curator:
        assert await curator.interrupted() == ()
        texts = Counter(found.text for found in await curator.collect(parse("")))
        assert all(count == 1 for count in texts.values())
        if what == "undo":
            plan = await curator.plan_redo()
            assert (await curator.apply(plan)).complete
