"""What can be taken back is one question, and plans, reports and undo give one answer to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.curator.planning.plan_file import dump, load
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update, with_metadata
from mem0_tui.model.errors import UnsupportedError
from mem0_tui.model.memory import Draft, Memory
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio

WITHOUT_ADD = REMOTE - {Capability.ADD_VERBATIM}
MERGING = REMOTE - {Capability.REMOVE_METADATA}
"""What a self-hosted server can do: it merges metadata."""


async def do(curator: Curator, *changes: Change) -> str:
    report = await curator.apply(await curator.plan(changes))
    assert report.complete
    return report.transaction_id


async def undo(curator: Curator, transaction_id: str | None = None) -> None:
    assert (await curator.apply(await curator.plan_undo(transaction_id))).complete


async def test_a_delete_that_nothing_puts_back_says_so_everywhere(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=WITHOUT_ADD)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(1)), Update(uuid_of(2), Edit("new"))])
    assert "cannot add text verbatim" in plan.items[0].final
    assert plan.items[1].final == ""
    assert plan.lost_for_good == 1
    assert load(dump(plan)) == plan
    report = await curator.apply(plan)
    assert (report.complete, report.changed, report.final) == (True, True, True)
    back = await curator.plan_undo()
    assert [type(item.change) for item in back.items] == [Update]
    assert any("cannot be taken back here" in note for note in back.notes)
    assert (await curator.apply(back)).complete


async def test_an_older_change_can_be_undone_past_one_that_nothing_takes_back(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=WITHOUT_ADD)
    curator = curate(backend)
    older = await do(curator, Update(uuid_of(2), Edit("new")))
    newer = await do(curator, Delete(uuid_of(1)))
    with pytest.raises(UnsupportedError, match=newer):
        await curator.plan_undo(newer)
    plan = await curator.plan_undo()
    assert plan.undoes == older
    assert any(newer in note for note in plan.notes), "what is passed over is named"
    assert (await curator.apply(plan)).complete
    assert backend.memories == {uuid_of(2): memory(2)}
    with pytest.raises(UnsupportedError, match=newer):
        await curator.plan_undo()


async def test_what_is_resumed_promises_no_undo_either(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=WITHOUT_ADD)
    curator = curate(backend)

    def cut(call: str) -> None:
        if call == "delete":
            raise ConnectionAbortedError

    backend.before_call = cut
    plan = await curator.plan([Delete(uuid_of(1))])
    with pytest.raises(ConnectionAbortedError):
        await curator.apply(plan)
    backend.before_call = lambda _: None
    (interrupted,) = await curator.interrupted()
    report = await curator.resume(interrupted.id)
    assert (report.complete, report.changed, report.final) == (True, False, True)


async def test_where_keys_cannot_be_removed_the_rest_of_an_edit_is_taken_back(
    curate: MakeCurator,
) -> None:
    backend = MemoryBackend([memory(1, branch="main")], can=MERGING)
    curator = curate(backend)
    edit = Edit("new text", {"branch": "dev", "tag": "x"})
    plan = await curator.plan([Update(uuid_of(1), edit)])
    assert plan.items[0].final == ""
    assert any("tag" in loss for loss in plan.items[0].losses), "said before"
    await curator.apply(plan)
    back = await curator.plan_undo()
    assert "the metadata key tag will stay" in back.items[0].warnings
    assert (await curator.apply(back)).complete
    (found,) = backend.memories.values()
    assert (found.text, found.metadata) == ("memory number 1", {"branch": "main", "tag": "x"})
    assert (await curator.apply(await curator.plan_redo())).complete
    (found,) = backend.memories.values()
    assert (found.text, found.metadata) == ("new text", {"branch": "dev", "tag": "x"})


async def test_where_keys_cannot_be_removed_a_pin_is_switched_off(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=MERGING)
    curator = curate(backend)
    (start,) = backend.memories.values()
    plan = await curator.plan([Update(start.id, with_metadata(start, {"pinned": True}))])
    assert (plan.items[0].final, len(plan.items[0].losses)) == ("", 1)
    await curator.apply(plan)
    await undo(curator)
    (found,) = backend.memories.values()
    assert (found.pinned, found.metadata) == (False, {"pinned": False})
    await do(curator, Update(found.id, with_metadata(found, {"pinned": True})))
    (pinned,) = backend.memories.values()
    await do(curator, Update(pinned.id, with_metadata(pinned, {"pinned": None})))
    (found,) = backend.memories.values()
    assert found.metadata == {"pinned": False}, "also when a person unpins it"


async def test_a_first_type_stays_and_older_changes_are_undone(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1), memory(2)], can=MERGING)
    curator = curate(backend)
    await do(curator, Delete(uuid_of(2)))
    plan = await curator.plan([Update(uuid_of(1), Edit(metadata={"type": "decision"}))])
    assert "cannot remove metadata keys" in plan.items[0].final
    assert plan.lost_for_good == 0, "nothing is lost by it"
    report = await curator.apply(plan)
    assert (report.changed, report.final) == (False, True)
    await undo(curator)
    texts = sorted(found.text for found in backend.memories.values())
    assert texts == ["memory number 1", "memory number 2"]


class Picky(MemoryBackend):
    """Puts back no memory whose text is odd."""

    def restore_obstacle(self, memory: Memory) -> str:
        return "it takes no odd text" if "odd" in memory.text else ""


async def test_single_memories_that_could_not_be_put_back_are_named(curate: MakeCurator) -> None:
    backend = Picky([memory(1, "odd"), memory(2), memory(3)], can=REMOTE)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(1)), Delete(uuid_of(2))])
    assert [item.final for item in plan.items] == ["it takes no odd text", ""]
    preview = await curator.plan_scope_delete(next(iter(KIM)), delete_entity=False)
    assert preview.plan.items[0].final == ""
    assert "1 memory (it takes no odd text)" in preview.plan.items[0].losses
    await curator.apply(plan)
    await undo(curator)
    assert sorted(m.text for m in backend.memories.values()) == [
        "memory number 2",
        "memory number 3",
    ]


async def test_what_replaced_a_memory_stays_where_that_cannot_be_put_back(
    curate: MakeCurator,
) -> None:
    backend = Picky([memory(1, "odd"), memory(2)], can=REMOTE)
    curator = curate(backend)
    await do(curator, Merge(Draft("both", KIM), (uuid_of(1), uuid_of(2))))
    await undo(curator)
    assert sorted(m.text for m in backend.memories.values()) == ["both", "memory number 2"]


async def test_only_what_was_not_declared_is_undeclared(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)], can=REMOTE)
    curator = curate(backend)
    await do(curator, Delete(uuid_of(1)))
    report = await curator.apply(await curator.plan_undo())
    assert {"id", "created at"} <= set(report.items[0].differences)
    assert report.items[0].undeclared == ()
    await curator.apply(await curator.plan_redo())

    keep = backend._keep

    def oddly(memory: Memory, call: str) -> Memory:
        return keep(replace(memory, metadata={"odd": 1}), call)

    backend._keep = oddly  # type: ignore[method-assign]
    report = await curator.apply(await curator.plan_undo())
    assert report.items[0].undeclared == ("metadata",)


async def test_adds_and_merges_can_be_taken_back(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([memory(1), memory(2)], can=REMOTE))
    merge = Merge(Draft("both", KIM), (uuid_of(1), uuid_of(2)))
    plan = await curator.plan([Add(Draft("new", KIM)), merge])
    assert [item.final for item in plan.items] == ["", ""]
