"""Plan files: they come back as they were, and edited ones are refused with the place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mem0_tui.curator.planning.plan_file import dump, load
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.errors import FileFormatError, PlanChangedError, RefusedError
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
        "plan, column 3: not valid JSON": "{ oops",
        "plan, line 2, column 3: not valid JSON": "{\n  oops",
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


CHANGED = "changed after it was written"


def places(value: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The paths of all that is not an object or a list in *value*."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, *path, name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, *path, index)
    else:
        yield path


def other(value: Any) -> Any:
    """A value of the same type, or nearly, that is another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return "another" if value is None else value + "x"


async def test_whatever_is_changed_in_the_file_is_noticed(curate: MakeCurator) -> None:
    curator = curate(backend())
    await curator.apply(await curator.plan([Delete(uuid_of(4))]))
    for plan in (await curator.plan(CHANGES, by_query=True), await curator.plan_undo()):
        text = dump(plan)
        document = json.loads(text)
        for path in places(document):
            value = document
            for step in path:
                value = value[step]
            with pytest.raises(FileFormatError):
                load(edited(text, *path, value=other(value)))
        for name in document:
            with pytest.raises(FileFormatError):
                load(json.dumps({key: value for key, value in document.items() if key != name}))


async def test_an_edited_plan_says_that_it_was_changed(curate: MakeCurator) -> None:
    text = dump(await curate(backend()).plan(CHANGES))
    items = json.loads(text)["items"]
    cases = [
        edited(text, "items", value=items[1:]),
        edited(text, "items", value=items[::-1]),
        edited(text, "items", 1, "edit", "text", value="another text"),
        edited(text, "items", 2, "draft", "text", value="another text"),
        edited(text, "items", 0, "warnings", value=["fine"]),
        edited(text, "target", value="elsewhere"),
        edited(text, "undoes", value="c0ffee00"),
        edited(text, "include_pinned", value=True),
        edited(text, "id", value="0" * 16),
        edited(text, "more", value=1),
    ]
    for case in cases:
        with pytest.raises(PlanChangedError, match=CHANGED):
            load(case)


async def test_another_layout_of_the_same_plan_is_the_same_plan(curate: MakeCurator) -> None:
    plan = await curate(backend()).plan(CHANGES)
    document = json.loads(dump(plan))
    assert load(json.dumps(dict(reversed(document.items())), ensure_ascii=True)) == plan


async def test_a_plan_for_another_store_is_refused(curate: MakeCurator) -> None:
    store = backend()
    curator = curate(store)
    plan = load(dump(await curator.plan(CHANGES)))
    store.target = "elsewhere"
    with pytest.raises(RefusedError, match="was made for"):
        await curator.apply(plan)
