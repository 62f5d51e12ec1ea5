"""Import: nothing twice, nothing overwritten unasked, and it can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.model.capability import Capability
from mem0_tui.model.change import ChangeKind
from mem0_tui.model.query import parse
from mem0_tui.store.formats.jsonl import read_memories
from tests.curator.conftest import MakeCurator
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import ALL, REMOTE, MemoryBackend

pytestmark = pytest.mark.anyio


async def test_an_export_fills_an_empty_backend_exactly(curate: MakeCurator) -> None:
    source = MemoryBackend([memory(n, "same", type="decision") for n in range(60)])
    lines: list[str] = []
    await curate(source).export(parse(""), lines.append)
    target = MemoryBackend()
    curator = curate(target)
    preview = await curator.plan_import(list(read_memories(lines[1:])))
    assert (await curator.apply(preview.plan)).complete
    assert target.memories == source.memories


@pytest.mark.parametrize("can", [ALL, REMOTE])
async def test_importing_again_adds_nothing_and_undo_takes_it_all_back(
    curate: MakeCurator, can: frozenset[Capability]
) -> None:
    backend = MemoryBackend(can=can)
    curator = curate(backend)
    file = [memory(n, "same" if n < 3 else None) for n in range(10)]
    report = await curator.apply((await curator.plan_import(file[:6])).plan)
    assert report.complete
    rest = await curator.plan_import(file)
    assert (rest.read, rest.present, len(rest.plan.items)) == (10, 6, 4)
    assert (await curator.apply(rest.plan)).complete
    assert len(backend.memories) == 10
    assert not (await curator.plan_import(file)).plan
    for _ in range(2):
        assert (await curator.apply(await curator.plan_undo())).complete
    assert backend.memories == {}


async def test_the_order_of_creation_is_kept_where_dates_are_not(curate: MakeCurator) -> None:
    backend = MemoryBackend(can=REMOTE)
    curator = curate(backend)
    preview = await curator.plan_import([memory(n) for n in (3, 1, 2)])
    await curator.apply(preview.plan)
    by_age = sorted(backend.memories.values(), key=lambda found: str(found.created_at))
    assert [found.text[-1] for found in by_age] == ["1", "2", "3"]


async def test_an_id_in_use_for_something_else_is_a_conflict(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(1)])
    curator = curate(backend)
    other = memory(1, "from the file")
    preview = await curator.plan_import([other, memory(2)])
    assert preview.conflicts == (other,)
    assert len(preview.plan.items) == 1
    told = await curator.plan_import([other, memory(2)], overwrite=True)
    assert told.conflicts == ()
    assert (await curator.apply(told.plan)).complete
    assert backend.memories[uuid_of(1)].text == "from the file"


async def test_what_has_no_id_is_added_as_new(curate: MakeCurator) -> None:
    backend = MemoryBackend()
    curator = curate(backend)
    preview = await curator.plan_import([replace(memory(1), id="")])
    assert preview.plan.counts == {ChangeKind.ADD: 1}
    assert (await curator.apply(preview.plan)).complete
    assert [found.text for found in backend.memories.values()] == ["memory number 1"]


async def test_the_same_memory_twice_in_a_file_comes_once(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend())
    preview = await curator.plan_import([memory(1), memory(1)])
    assert (len(preview.plan.items), preview.present) == (1, 1)
