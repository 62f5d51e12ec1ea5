"""Plan files: they come back as they were, and edited ones are refused with the place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mem0_tui.curator.planfile import dump, load
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.errors import FileFormatError, RefusedError
from mem0_tui.model.memory import Draft
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import MemoryBackend

pytestmark = pytest.mark.anyio


def backend() -> MemoryBackend:
    return MemoryBackend([*(memory(n, type="decision") for n in range(5)), memory(9, "\ud800\n")])


CHANGES: list[Change] = [
    Delete(uuid_of(0)),
    Update(uuid_of(1), Edit("new", {"a": 1.5}, None)),
    Add(Draft("added", KIM)),
    Merge(Draft("both", KIM), (uuid_of(2), uuid_of(3))),
    Delete(uuid_of(9)),
]


async def test_a_plan_comes_back_from_its_file_and_applies(curate: MakeCurator) -> None:
    store = backend()
    curator = curate(store)
    plan = await curator.plan(CHANGES, by_query=True, include_pinned=True)
    again = load(dump(plan))
    assert again == plan
    assert again.items[0].before[0].raw == plan.items[0].before[0].raw
    assert (await curator.apply(again)).complete


async def test_undo_plans_keep_what_they_reverse(curate: MakeCurator) -> None:
    curator = curate(backend())
    await curator.apply(await curator.plan(CHANGES[:2]))
    plan = await curator.plan_undo()
    assert load(dump(plan)) == plan


def edited(text: str, *path: str | int, value: Any) -> str:
    document = json.loads(text)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


async def test_a_hand_edited_plan_is_refused_with_the_place(curate: MakeCurator) -> None:
    text = dump(await curate(backend()).plan(CHANGES))
    cases = {
        "version 2": edited(text, "version", value=2),
        r"items\[0\].before\[0\]: the hash": edited(
            text, "items", 0, "before", 0, "memory", "text", value="other"
        ),
        r"items\[0\].before: expected": edited(text, "items", 0, "id", value=uuid_of(4)),
        r"items\[1\].before: expected": edited(text, "items", 1, "before", value=[]),
        r"items\[2\].do: expected": edited(text, "items", 2, "do", value="wipe"),
        "created_at": edited(text, "created_at", value="soon"),
        "format": edited(text, "format", value="other"),
        "line 1, column 3": "{ oops",
        "expected a JSON object": "[]",
    }
    for place, broken in cases.items():
        with pytest.raises(FileFormatError, match=place):
            load(broken)


async def test_two_items_for_one_memory_are_refused(curate: MakeCurator) -> None:
    text = dump(await curate(backend()).plan(CHANGES))
    items = json.loads(text)["items"]
    for doubled in (items[0], items[3]):
        with pytest.raises(FileFormatError, match=r"items\[5\]: another item is aimed at"):
            load(edited(text, "items", value=[*items, doubled]))


async def test_items_can_be_taken_out_of_the_file(curate: MakeCurator) -> None:
    text = dump(await curate(backend()).plan(CHANGES))
    items = json.loads(text)["items"]
    assert len(load(edited(text, "items", value=items[1:])).items) == 4


async def test_a_file_for_another_store_is_refused(curate: MakeCurator) -> None:
    curator = curate(backend())
    text = dump(await curator.plan(CHANGES))
    with pytest.raises(RefusedError, match="was made for"):
        await curator.apply(load(edited(text, "target", value="elsewhere")))
