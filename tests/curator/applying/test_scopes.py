"""Scope deletes: measured in full, confirmed by name, snapshotted, counted afterwards, undoable."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import DeleteScope
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    ConfirmationError,
    NetworkError,
    RefusedError,
    ResponseError,
    StaleError,
    UnsafeScopeError,
    UnsupportedError,
)
from mem0_tui.store.formats.jsonl import read_header, read_memories
from tests.curator.conftest import MakeCurator
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import ALL, REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio

KIM = EntityRef(EntityKind.USER, "kim")
SHOP = EntityRef(EntityKind.APP, "shop-api")
LEE = Scope(user_id="lee", app_id="shop-api")


def store(
    count: int = 120, *, can: frozenset[Capability] = ALL, batch_size: int = 100
) -> MemoryBackend:
    """*count* memories of kim and one of lee."""
    memories = [memory(n, type="decision" if n % 2 else None) for n in range(count)]
    memories.append(memory(9000, scope=LEE))
    return MemoryBackend(memories, can=can, batch_size=batch_size)


async def wipe(curator: Curator, entity: EntityRef = KIM, *, entire: bool = False) -> Outcome:
    preview = await curator.plan_scope_delete(entity, delete_entity=entire)
    report = await curator.apply(preview.plan, confirmed_scopes={str(entity)})
    return report.items[0].outcome


async def test_the_preview_counts_everything_and_names_what_is_shared(
    curate: MakeCurator,
) -> None:
    backend = store()
    backend.memories[uuid_of(7)] = memory(7, pinned=True)
    preview = await curate(backend).plan_scope_delete(KIM, delete_entity=False)
    assert preview.total == 120
    assert preview.by_type == {"decision": 59, None: 61}
    assert [m.id for m in preview.newest] == [uuid_of(n) for n in (119, 118, 117, 116, 115)]
    assert [m.id for m in preview.pinned] == [uuid_of(7)]
    assert preview.shared == {SHOP: 120}
    assert preview.plan.destroys == 120
    assert preview.plan.summary == "delete all 120 memories of user:kim"


async def test_nothing_happens_without_the_name(curate: MakeCurator) -> None:
    backend = store()
    curator = curate(backend)
    preview = await curator.plan_scope_delete(KIM, delete_entity=False)
    for typed in ([], ["kim"], ["user:lee"], ["*"]):
        with pytest.raises(ConfirmationError):
            await curator.apply(preview.plan, confirmed_scopes=typed)
    assert backend.calls == []


@pytest.mark.parametrize("name", ["*", "", "  ", "ki*", " kim"])
async def test_unsafe_scopes_are_refused_before_anything_is_read(
    curate: MakeCurator, name: str
) -> None:
    curator = curate(store())
    with pytest.raises(UnsafeScopeError):
        await curator.plan_scope_delete(EntityRef(EntityKind.USER, name), delete_entity=False)


async def test_a_scope_delete_cannot_be_slipped_into_a_plan(curate: MakeCurator) -> None:
    with pytest.raises(RefusedError):
        await curate(store()).plan([DeleteScope(KIM, (uuid_of(1),))])


async def test_one_call_for_one_entity_and_a_snapshot_before_it(
    curate: MakeCurator, tmp_path: Path
) -> None:
    backend = store()
    curator = curate(backend)
    snapshots: list[list[Path]] = []
    backend.before_call = lambda call: (
        snapshots.append(sorted((tmp_path / "snapshots").glob("*.jsonl")))
        if call == "delete_scope"
        else None
    )
    preview = await curator.plan_scope_delete(KIM, delete_entity=False)
    report = await curator.apply(preview.plan, confirmed_scopes={"user:kim"})
    assert backend.calls == ["delete_scope"]
    assert report.items[0].removed == 120
    assert report.items[0].remaining == 0
    assert len(backend.memories) == 1
    assert [[report.items[0].snapshot]] == snapshots
    with snapshots[0][0].open(encoding="utf-8") as file:
        assert read_header(next(file)).query == "user:kim"
        assert len(list(read_memories(file))) == 120


async def test_ids_in_batches_where_the_backend_cannot_delete_scopes(curate: MakeCurator) -> None:
    backend = store(can=ALL - {Capability.DELETE_SCOPE}, batch_size=50)
    assert await wipe(curate(backend)) is Outcome.DONE
    assert backend.calls == ["delete"] * 3
    assert len(backend.memories) == 1


async def test_an_entity_goes_only_where_the_backend_can(curate: MakeCurator) -> None:
    backend = store()
    assert await wipe(curate(backend), entire=True) is Outcome.DONE
    assert backend.calls[0] == "delete_entity"
    lacking = store(can=ALL - {Capability.DELETE_ENTITY})
    with pytest.raises(UnsupportedError):
        await curate(lacking).plan_scope_delete(KIM, delete_entity=True)


async def test_memories_that_appeared_since_refuse_the_delete(curate: MakeCurator) -> None:
    backend = store()
    curator = curate(backend)
    preview = await curator.plan_scope_delete(KIM, delete_entity=False)
    backend.memories[uuid_of(500)] = memory(500, "the agent just learnt this")
    report = await curator.apply(preview.plan, confirmed_scopes={"user:kim"})
    assert report.items[0].outcome is Outcome.REFUSED
    assert isinstance(report.items[0].error, StaleError)
    assert backend.calls == []
    assert len(backend.memories) == 122


async def test_a_server_that_deletes_only_a_hundred_is_caught(curate: MakeCurator) -> None:
    backend = store(250)
    curator = curate(backend)
    preview = await curator.plan_scope_delete(KIM, delete_entity=False)
    kept = dict(list(backend.memories.items())[100:])

    def put_back(_: str) -> None:
        backend.memories.update(kept)

    backend.after_call = put_back
    report = await curator.apply(preview.plan, confirmed_scopes={"user:kim"})
    item = report.items[0]
    assert (item.outcome, item.removed, item.remaining) == (Outcome.FAILED, 100, 150)
    assert (await curator.apply(await curator.plan_undo())).counts == {Outcome.DONE: 100}
    assert len(backend.memories) == 251


async def test_a_lost_answer_after_everything_went_is_done(curate: MakeCurator) -> None:
    backend = store()

    def lose(_: str) -> None:
        raise NetworkError("cut off")

    backend.after_call = lose
    assert await wipe(curate(backend)) is Outcome.DONE


@pytest.mark.parametrize("can", [ALL, REMOTE])
async def test_a_wipe_is_undone_and_redone_across_restarts(
    curate: MakeCurator, can: frozenset[Capability]
) -> None:
    backend = store(can=can)
    before = sorted((m.text, str(m.metadata), str(m.scope)) for m in backend.memories.values())
    curator = curate(backend)
    assert await wipe(curator) is Outcome.DONE
    for _ in range(2):
        curator = curate(backend)
        assert (await curator.apply(await curator.plan_undo())).counts == {Outcome.DONE: 120}
        after = sorted((m.text, str(m.metadata), str(m.scope)) for m in backend.memories.values())
        assert after == before
        curator = curate(backend)
        assert (await curator.apply(await curator.plan_redo())).counts == {Outcome.DONE: 120}
        assert len(backend.memories) == 1


async def test_an_unfinished_list_is_never_taken_for_the_whole(curate: MakeCurator) -> None:
    backend = store()
    backend.hide = lambda found: found.id == uuid_of(3)
    with pytest.raises(ResponseError, match="only 119 of 120"):
        await curate(backend).plan_scope_delete(KIM, delete_entity=False)


async def test_a_server_that_cannot_for_this_kind_gets_the_ids(
    curate: MakeCurator,
) -> None:
    backend = store()

    def not_for_apps(call: str) -> None:
        if call == "delete_scope":
            raise UnsupportedError("not for apps")

    backend.before_call = not_for_apps
    assert await wipe(curate(backend), SHOP) is Outcome.DONE
    assert backend.calls == ["delete_scope", "delete", "delete"]
    assert backend.memories == {}


async def test_a_list_that_its_server_does_not_vouch_for_is_not_the_whole(
    curate: MakeCurator,
) -> None:
    backend = store()
    backend.counts = False
    with pytest.raises(ResponseError, match="there may be"):
        await curate(backend).plan_scope_delete(KIM, delete_entity=False)


async def test_an_empty_scope_makes_an_empty_plan(curate: MakeCurator) -> None:
    nobody = EntityRef(EntityKind.USER, "nobody")
    preview = await curate(store()).plan_scope_delete(nobody, delete_entity=False)
    assert not preview.plan
    assert preview.total == 0
