"""A server that stores an add twice, or names what was there before: unknown, with the ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mem0_tui.curator.applying.report import ItemReport, Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Add, Change, Delete, Edit, Update
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import Draft, Memory
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import REMOTE, START, MemoryBackend

pytestmark = pytest.mark.anyio


async def applied(curator: Curator, change: Change) -> ItemReport:
    report = await curator.apply(await curator.plan([change]))
    return report.items[0]


class Doubling(MemoryBackend):
    """Stores every add twice and answers with one of the two."""

    async def add(self, draft: Draft) -> Memory:
        await super().add(draft)
        return await super().add(draft)

    async def restore(self, memory: Memory) -> Memory:
        await super().restore(memory)
        return await super().restore(memory)


async def test_an_add_that_is_there_twice_is_unknown_and_named(curate: MakeCurator) -> None:
    backend = Doubling([memory(1)], can=REMOTE)
    curator = curate(backend)
    report = await applied(curator, Add(Draft("new", KIM)))
    assert report.outcome is Outcome.UNKNOWN
    new = set(backend.memories) - {uuid_of(1)}
    assert len(new) == 2
    assert all(each in str(report.error) for each in new)
    await curator.apply(await curator.plan_undo())
    assert len(backend.memories) == 2, "what it answered with is taken back"
    with pytest.raises(UsageError):
        await curator.plan_undo()
    assert len(backend.memories) == 2


async def test_a_memory_that_is_put_back_twice_is_not_put_back_again(curate: MakeCurator) -> None:
    backend = Doubling([memory(1)], can=REMOTE)
    curator = curate(backend)
    assert (await applied(curator, Delete(uuid_of(1)))).outcome is Outcome.DONE
    report = await curator.apply(await curator.plan_undo())
    assert report.items[0].outcome is Outcome.UNKNOWN
    assert all(each in str(report.items[0].error) for each in backend.memories)
    with pytest.raises(UsageError):
        await curator.plan_undo()
    assert len(backend.memories) == 2


class Merging(MemoryBackend):
    """Adds nothing: it writes the text into the memory that is there, as Mem0 may."""

    def __init__(self, there: Memory, *, silent: bool = False) -> None:
        super().__init__([there], can=REMOTE)
        self._there, self._silent = there, silent

    async def add(self, draft: Draft) -> Memory:
        text = self._there.text if self._silent else draft.text
        now = replace(self._there, text=text, updated_at=START)
        self.memories[now.id] = now
        return now


@pytest.mark.parametrize("silent", [False, True])
async def test_what_was_there_before_is_not_taken_for_new(
    curate: MakeCurator, silent: bool
) -> None:
    long_ago = START - timedelta(days=40)
    there = replace(memory(1), created_at=long_ago, updated_at=long_ago)
    backend = Merging(there, silent=silent)
    curator = curate(backend)
    report = await applied(curator, Add(Draft("new", there.scope)))
    assert report.outcome is Outcome.UNKNOWN
    assert report.added_id is None
    assert there.id in str(report.error)
    with pytest.raises(UsageError):
        await curator.plan_undo()
    assert there.id in backend.memories, "an undo would have deleted it"


class Astray(MemoryBackend):
    """Answers an edit with another memory."""

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        await super().update(memory_id, edit, seen=seen)
        return next(each for each in self.memories.values() if each.id != memory_id)


async def test_an_edit_that_is_answered_with_another_memory_is_unknown(
    curate: MakeCurator,
) -> None:
    curator = curate(Astray([memory(1), memory(2)], can=REMOTE))
    report = await applied(curator, Update(uuid_of(1), Edit("new")))
    assert report.outcome is Outcome.UNKNOWN
    assert uuid_of(1) in str(report.error)
    assert uuid_of(2) in str(report.error)
