"""A purge on a server that deletes more than it was told to: noticed, said, and put back; what was
purged stays gone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.curator.purge.carry_out import Purger, PurgeReport
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.purge.plan import plan_ids
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete
from mem0_tui.model.errors import NothingToDoError
from tests.curator.conftest import MakeCurator
from tests.support.greedy import Greedy, KilledError, killed_after, texts
from tests.support.memories import memory, uuid_of

pytestmark = pytest.mark.anyio


def purger(curator: Curator, folder: Path) -> Purger:
    roots = Roots((folder / "journal.db",), (folder / "snapshots",), temporary=folder / "none")
    return Purger(curator, roots)


async def purged(curator: Curator, folder: Path, *numbers: int) -> PurgeReport:
    plan = await plan_ids(curator, [uuid_of(number) for number in numbers])
    return await purger(curator, folder).purge(plan)


@pytest.mark.parametrize("taken", [7, 950])
async def test_what_a_purge_took_along_is_named_and_put_back(
    curate: MakeCurator, tmp_path: Path, taken: int
) -> None:
    backend = Greedy(20, [taken])
    before = texts(backend)
    curator = curate(backend)
    report = await purged(curator, tmp_path, 3, 4)
    assert report.finished
    assert report.purged == (uuid_of(3), uuid_of(4))
    assert report.taken is not None
    assert report.taken.memory_ids == (uuid_of(taken),)
    assert uuid_of(taken) in report.taken.error.message
    assert [entry.memory.id for entry in await curator.trash()] == [uuid_of(taken)]

    undo = await curator.plan_undo(report.taken.transaction_id)
    assert (await curator.apply(undo)).complete
    assert texts(backend) == before - {"text 3", "text 4"}
    with pytest.raises(NothingToDoError):
        await curator.plan_redo(report.taken.transaction_id)
    assert not {"text 3", "text 4"} & words_in(tmp_path)


@pytest.mark.parametrize("moment", ["at once", "before the look"])
async def test_after_a_crash_it_is_noticed_all_the_same(
    curate: MakeCurator, tmp_path: Path, moment: str
) -> None:
    backend = Greedy(20, [7], batch_size=1)
    before = texts(backend)
    curator = curate(backend)
    killed_after(backend, "delete", moment)
    with pytest.raises(KilledError):
        await purged(curator, tmp_path, 3, 4)

    curator = curate(backend)
    backend.memories[uuid_of(960)] = memory(960, "of another client")
    await curator.apply(await curator.plan([Delete(uuid_of(9))]))
    (left,) = await curator.interrupted_purges()
    report = await purger(curator, tmp_path).resume(left.id)
    assert report.finished
    assert report.taken is not None
    assert report.taken.memory_ids == (uuid_of(7),), "9 was deleted on purpose"
    assert (await curator.apply(await curator.plan_undo(report.taken.transaction_id))).complete
    assert texts(backend) == (before | {"of another client"}) - {"text 3", "text 4", "text 9"}


async def test_what_was_noticed_before_a_crash_is_put_back_once(
    curate: MakeCurator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Greedy(20, [7])
    curator = curate(backend)

    async def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("mem0_tui.store.erasure.purge_log.PurgeLog.forget_bystanders", killed)
        with pytest.raises(KilledError):
            await purged(curator, tmp_path, 3)
    curator = curate(backend)
    (left,) = await curator.interrupted_purges()
    report = await purger(curator, tmp_path).resume(left.id)
    (transaction,) = await curator.transactions()
    assert report.taken is not None
    assert report.taken.transaction_id == transaction.id
    assert (await curator.apply(await curator.plan_undo())).complete
    assert sum(each.text == "text 7" for each in backend.memories.values()) == 1


async def test_what_is_on_no_page_is_counted(curate: MakeCurator, tmp_path: Path) -> None:
    backend = Greedy(80, [1], page_size=10)
    report = await purged(curate(backend), tmp_path, 70)
    assert report.taken is not None
    assert "1 further memory" in report.taken.error.message
    assert report.taken.transaction_id is None


async def test_an_honest_server_is_believed(curate: MakeCurator, tmp_path: Path) -> None:
    backend = Greedy(40, [], page_size=10)
    report = await purged(curate(backend), tmp_path, *range(3, 30))
    assert report.taken is None
    assert report.finished


async def test_nothing_of_the_first_look_stays(curate: MakeCurator, tmp_path: Path) -> None:
    """Not of what another purge removes meanwhile either."""
    backend = Greedy(20, [], batch_size=1)
    curator = curate(backend)
    killed_after(backend, "delete", "at once")
    with pytest.raises(KilledError):
        await purged(curator, tmp_path, 3, 4)
    assert "text 9" in words_in(tmp_path)
    assert "text 4" not in words_in(tmp_path)
    curator = curate(backend)
    await purged(curator, tmp_path, 9)
    assert "text 9" not in words_in(tmp_path)
    (left,) = await curator.interrupted_purges()
    await purger(curator, tmp_path).resume(left.id)
    assert words_in(tmp_path) == set()


def words_in(folder: Path) -> set[str]:
    """The texts of memories that the journal's files hold."""
    data = b"".join(path.read_bytes() for path in folder.glob("journal.db*"))
    return {f"text {number}" for number in range(1, 20) if b'"text %d"' % number in data}
