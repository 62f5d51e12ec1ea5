"""A server that deletes more than it was told to: noticed with a few pages, said, and put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, DeleteScope, Merge
from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.errors import NothingToDoError
from mem0_tui.model.memory import Draft
from mem0_tui.store.erasure.gone import Gone, Reason
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.erasure.traces import traces_of
from tests.curator.conftest import MakeCurator
from tests.support.faulty import holding, platform
from tests.support.greedy import LEE, Greedy, KilledError, killed_after, texts
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, START

pytestmark = pytest.mark.anyio


async def applied(curator: Curator, *changes: Change) -> Report:
    return await curator.apply(await curator.plan(changes))


def unknown(report: Report) -> ItemReport:
    (item,) = [each for each in report.items if each.outcome is Outcome.UNKNOWN]
    return item


@pytest.mark.parametrize("taken", [7, 950])
async def test_what_a_delete_took_along_is_named_and_put_back(
    curate: MakeCurator, taken: int
) -> None:
    backend = Greedy(20, [taken])
    before = texts(backend)
    curator = curate(backend)
    report = await applied(curator, Delete(uuid_of(3)), Delete(uuid_of(4)))
    item = unknown(report)
    assert uuid_of(taken) in str(item.error)
    assert not report.complete
    assert uuid_of(taken) in {entry.memory.id for entry in await curator.trash()}
    assert (await curator.apply(await curator.plan_undo())).complete
    assert texts(backend) == before
    redo = await curator.plan_redo()
    assert len(redo.items) == 2, "what nobody asked to delete stays"
    await curator.apply(redo)
    assert texts(backend) == before - {"text 3", "text 4"}


async def test_a_merge_that_takes_another_along_says_so_too(curate: MakeCurator) -> None:
    backend = Greedy(20, [7])
    before = texts(backend)
    curator = curate(backend)
    merge = Merge(Draft("merged", KIM), (uuid_of(3), uuid_of(4)))
    assert uuid_of(7) in str(unknown(await applied(curator, merge)).error)
    await curator.apply(await curator.plan_undo())
    assert texts(backend) == before


async def test_a_scope_delete_that_takes_others_along_says_so_too(curate: MakeCurator) -> None:
    backend = Greedy(20, [950])
    before = texts(backend)
    curator = curate(backend)
    preview = await curator.plan_scope_delete(
        EntityRef(EntityKind.USER, "kim"), delete_entity=False
    )
    report = await curator.apply(preview.plan, confirmed_scopes=["user:kim"])
    assert uuid_of(950) in str(unknown(report).error)
    await curator.apply(await curator.plan_undo())
    assert texts(backend) == before


async def test_an_empty_entity_that_takes_a_memory_along_says_so_too(curate: MakeCurator) -> None:
    backend = Greedy(20, [7])
    before = texts(backend)

    async def entities() -> tuple[Entity, ...]:
        return tuple(Entity(EntityKind.RUN, f"old-{number}", 0) for number in range(3))

    backend.entities = entities  # type: ignore[method-assign]
    curator = curate(backend)
    plan = await curator.plan_empty_entities()
    assert len(plan.items) == 3
    assert uuid_of(7) in str(unknown(await curator.apply(plan)).error)
    undo = await curator.plan_undo()
    assert "3 entities" in str(undo.notes), "none of which comes back"
    assert (await curator.apply(undo)).complete
    assert texts(backend) == before


@pytest.mark.parametrize("moment", ["at once", "before the look"])
@pytest.mark.parametrize("finish", [True, False])
async def test_after_a_crash_it_is_noticed_all_the_same(
    curate: MakeCurator, moment: str, finish: bool
) -> None:
    backend = Greedy(20, [7, 950], batch_size=1)
    before = texts(backend)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3)), Delete(uuid_of(4))])
    killed_after(backend, "delete", moment)
    with pytest.raises(KilledError):
        await curator.apply(plan)

    curator = curate(backend)
    (transaction,) = await curator.interrupted()
    report = await curator.resume(transaction.id, finish=finish)
    item = unknown(report)
    assert uuid_of(7) in str(item.error)
    assert uuid_of(950) in str(item.error)
    gone = {"text 3", "text 7", "of lee"}
    late = finish or moment == "before the look"
    assert texts(backend) == before - gone - ({"text 4"} if late else set())
    assert (await curator.apply(await curator.plan_undo())).complete
    assert texts(backend) == before


async def test_an_undo_of_what_a_crash_cut_off_puts_it_back_too(curate: MakeCurator) -> None:
    backend = Greedy(20, [7], batch_size=1)
    before = texts(backend)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3)), Delete(uuid_of(4))])
    killed_after(backend, "delete", "at once")
    with pytest.raises(KilledError):
        await curator.apply(plan)
    curator = curate(backend)
    (transaction,) = await curator.interrupted()
    assert (await curator.apply(await curator.plan_undo(transaction.id))).complete
    assert texts(backend) == before


async def half_done(curate: MakeCurator, backend: Greedy, change: Change) -> str:
    """A transaction of *change* that was killed when the first of its deletes had happened, and
    with it one that nobody asked for; its id."""
    curator = curate(backend)
    killed_after(backend, "delete", "at once")
    if isinstance(change, DeleteScope):
        preview = await curator.plan_scope_delete(change.entity, delete_entity=False)
        plan, names = preview.plan, [str(change.entity)]
    else:
        plan, names = await curator.plan([change]), []
    with pytest.raises(KilledError):
        await curator.apply(plan, confirmed_scopes=names)
    (transaction,) = await curate(backend).interrupted()
    return transaction.id


HALF_DONE = {
    "merge": Merge(Draft("merged", KIM), (uuid_of(3), uuid_of(4))),
    "merge into one": Merge(
        Draft("merged", KIM), (uuid_of(3), uuid_of(4), uuid_of(5)), keep=uuid_of(5)
    ),
    "scope": DeleteScope(EntityRef(EntityKind.USER, "lee"), ()),
}


def greedy_in_halves() -> Greedy:
    """Deletes one at a time, scopes too, and takes memory 7 along with the first."""
    backend = Greedy(20, [7], batch_size=1, can=REMOTE - {Capability.DELETE_SCOPE})
    for number in range(951, 953):
        backend.memories[uuid_of(number)] = memory(number, f"of lee {number}", scope=LEE)
    return backend


@pytest.mark.parametrize("change", HALF_DONE.values(), ids=HALF_DONE)
async def test_the_first_undo_of_a_half_done_change_puts_it_back(
    curate: MakeCurator, change: Change
) -> None:
    backend = greedy_in_halves()
    before = texts(backend)
    name = await half_done(curate, backend, change)
    assert "text 7" not in texts(backend)
    curator = curate(backend)
    assert (await curator.apply(await curator.plan_undo(name))).complete
    assert texts(backend) == before
    with pytest.raises(NothingToDoError):
        await curator.plan_undo(name)


@pytest.mark.parametrize("change", HALF_DONE.values(), ids=HALF_DONE)
@pytest.mark.parametrize("looked", [True, False])
async def test_a_half_done_change_that_is_finished_leaves_alone_what_came_back(
    curate: MakeCurator, change: Change, looked: bool
) -> None:
    """Somebody, or the server itself, puts back what it took along: nobody asked to delete it."""
    backend = greedy_in_halves()
    seventh = backend.memories[uuid_of(7)]
    name = await half_done(curate, backend, change)
    curator = curate(backend)
    if looked:
        await curator.plan_undo(name)  # notices that 7 is gone, and is not applied
    backend.memories[seventh.id] = seventh
    report = await curator.resume(name)
    assert "text 7" in texts(backend)
    assert [item.outcome for item in report.items] == [Outcome.DONE]
    assert (await curator.apply(await curator.plan_undo(name))).complete
    assert sum(each.text == "text 7" for each in backend.memories.values()) == 1


@pytest.mark.parametrize("change", HALF_DONE.values(), ids=HALF_DONE)
async def test_what_another_client_adds_to_a_half_done_change_stays(
    curate: MakeCurator, change: Change
) -> None:
    backend = greedy_in_halves()
    before = texts(backend)
    name = await half_done(curate, backend, change)
    for number, scope in ((960, KIM), (961, LEE)):
        backend.memories[uuid_of(number)] = memory(number, f"theirs {number}", scope=scope)
    curator = curate(backend)
    await curator.resume(name)
    assert texts(backend) >= {"theirs 960", "theirs 961"}
    assert (await curator.apply(await curator.plan_undo(name))).complete
    assert texts(backend) == before | {"theirs 960", "theirs 961"}


async def test_two_crashes_blame_once(curate: MakeCurator) -> None:
    backend = Greedy(20, [7])
    before = texts(backend)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3))])

    async def killed(_: str) -> None:
        raise KilledError

    curator.journal.finish = killed  # type: ignore[method-assign, assignment]
    with pytest.raises(KilledError):
        await curator.apply(plan)
    curator = curate(backend)
    (transaction,) = await curator.interrupted()
    assert uuid_of(7) in str(unknown(await curator.resume(transaction.id)).error)
    undo = await curator.plan_undo()
    assert len(undo.items) == 2
    assert (await curator.apply(undo)).complete
    assert texts(backend) == before


async def test_what_was_deleted_since_the_crash_is_put_down_to_nobody(curate: MakeCurator) -> None:
    backend = Greedy(20, [], batch_size=1)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3)), Delete(uuid_of(4))])
    killed_after(backend, "delete", "at once")
    with pytest.raises(KilledError):
        await curator.apply(plan)
    curator = curate(backend)
    assert (await applied(curator, Delete(uuid_of(9)))).complete
    (transaction,) = await curator.interrupted()
    assert (await curator.resume(transaction.id)).complete


async def test_the_first_look_is_kept_no_longer_than_the_transaction(
    curate: MakeCurator, tmp_path: Path
) -> None:
    backend = Greedy(20, [], batch_size=1)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3)), Delete(uuid_of(4))])
    killed_after(backend, "delete", "at once")
    with pytest.raises(KilledError):
        await curator.apply(plan)
    curator = curate(backend)
    assert "text 9" in looked_at(tmp_path)
    log = PurgeLog(curator.journal, await curator.target())
    await log.erase({uuid_of(9)}, traces_of(["text 9"]), Gone(START, Reason.PURGED))
    assert "text 9" not in looked_at(tmp_path)
    assert "text 8" in looked_at(tmp_path)
    (transaction,) = await curator.interrupted()
    await curator.resume(transaction.id)
    assert looked_at(tmp_path) == ""


def looked_at(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "journal.db")) as connection:
        rows = connection.execute("SELECT memory FROM glanced UNION SELECT scope FROM glances")
        return " ".join(row[0] for row in rows)


async def test_what_is_on_no_page_is_counted(curate: MakeCurator) -> None:
    backend = Greedy(80, [1], page_size=10)
    curator = curate(backend)
    report = await applied(curator, Delete(uuid_of(70)))
    assert "1 further memory" in str(unknown(report).error)
    assert "79 before, 77 now" in str(unknown(report).error)


async def test_an_honest_server_is_believed_whatever_else_is_done(curate: MakeCurator) -> None:
    backend = Greedy(40, [], page_size=10)
    curator = curate(backend)
    changes: list[Change] = [
        *(Delete(uuid_of(n)) for n in range(3, 30)),
        Merge(Draft("merged", KIM), (uuid_of(31), uuid_of(32))),
        Add(Draft("new", KIM)),
        Add(Draft("new of lee", LEE)),
    ]
    assert (await applied(curator, *changes)).complete


async def test_somebody_who_adds_meanwhile_pushes_nothing_off_the_page(
    curate: MakeCurator,
) -> None:
    backend = Greedy(40, [], page_size=10)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(3))])

    def added(name: str) -> None:
        if name == "delete":
            for number in range(500, 520):
                backend.memories[uuid_of(number)] = memory(number, f"theirs {number}")

    backend.after_call = added
    assert (await curator.apply(plan)).complete


async def test_the_look_takes_a_few_pages_however_much_is_deleted(curate: MakeCurator) -> None:
    backend = Greedy(400, [], page_size=50, batch_size=10)
    pages: list[int] = []
    listing = backend.list

    async def counted(*args: object, **options: object) -> object:
        pages.append(1)
        return await listing(*args, **options)  # type: ignore[arg-type]

    backend.list = counted  # type: ignore[method-assign, assignment]
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(n)) for n in range(1, 300)])
    pages.clear()
    assert (await curator.apply(plan)).complete
    assert len(pages) == 4, "its scope and the server, before and after"


async def test_over_the_wire_with_the_raw_json(curate: MakeCurator) -> None:
    server = holding(*(memory(n, f"text {n}", mood="good") for n in range(1, 9)))
    whole = dict(server.memories)
    async with platform(server) as backend:
        curator = curate(backend)  # type: ignore[arg-type]
        plan = await curator.plan([Delete(uuid_of(3))])
        server.takes_along = [uuid_of(5)]
        report = await curator.apply(plan)
        assert uuid_of(5) in str(unknown(report).error)
        assert (await curator.apply(await curator.plan_undo())).complete
    again = {each.text: each for each in server.memories.values()}
    assert again.keys() == {each.text for each in whole.values()}
    lost = again["text 5"]
    assert lost.metadata == whole[uuid_of(5)].metadata
    assert lost.scope == KIM
