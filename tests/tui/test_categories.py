"""Categories on the screen: typed in the edit pane and changed by `t`, where they are taken."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.modals.edit_memory import EditMemory, read_names, written_names
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.questions import retype_edit
from tests.tui.harness import SIZE, Bench, find, press, settle, text_of

pytestmark = pytest.mark.anyio

FILED = Memory("a", "x", categories=("workflows", "ci"))
TYPED = Memory("b", "x", metadata={"type": "decision"}, categories=("ci",))
BARE = Memory("c", "x")


@pytest.mark.parametrize(
    ("memory", "kind", "filing", "edit"),
    [
        (FILED, "results", True, Edit(categories=("results", "ci"))),
        (FILED, "ci", True, Edit(categories=("ci",))),
        (FILED, None, True, Edit(categories=())),
        (FILED, "workflows", True, None),
        (FILED, "results", False, Edit(metadata={"type": "results"})),
        (TYPED, "convention", True, Edit(metadata={"type": "convention"})),
        (TYPED, None, True, Edit(metadata={})),
        (BARE, "workflows", True, Edit(categories=("workflows",))),
        (BARE, "workflows", False, Edit(metadata={"type": "workflows"})),
        (BARE, "decision", True, Edit(metadata={"type": "decision"})),
        (BARE, None, True, None),
    ],
)
def test_a_kind_is_changed_where_the_memory_has_it(
    memory: Memory, kind: str | None, filing: bool, edit: Edit | None
) -> None:
    assert retype_edit(memory, kind, filing=filing) == edit
    if edit is not None:
        assert edit.applied_to(memory).kind == kind or memory.categories


@pytest.mark.parametrize(
    "names", [(), ("a",), ("a", "b c"), ("Größe, 90%", 'the "new"', "x"), ('"',)]
)
def test_names_are_written_and_read_again(names: tuple[str, ...]) -> None:
    assert read_names(written_names(names)) == names


def test_names_are_read_as_they_are_typed() -> None:
    assert read_names(" b,a ,, b,") == ("b", "a")
    assert read_names("") == ()


async def only(desk: Bench, text: str) -> Memory:
    found = (await desk.backend.list(include_expired=True, limit=1000)).items
    return next(memory for memory in found if memory.text == text)


async def applied(pilot: Pilot[Any]) -> None:
    await press(pilot, "a")
    assert isinstance(pilot.app.screen, PlanView)
    await press(pilot, "y")


async def test_they_are_typed_planned_applied_and_undone(desk: Bench) -> None:
    text = "Releases go out on Thursdays, filed"
    added = await desk.backend.add(
        Draft(text, Scope(user_id="kim", app_id="shop-api"), categories=("workflows",))
    )
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{added.id}")
        await press(pilot, "e")
        assert isinstance(app.screen, EditMemory)
        field = app.screen.query_one("#edit-categories", Input)
        assert field.value == "workflows"
        field.value = "results, team"
        await press(pilot, "ctrl+s")
        await press(pilot, "a")
        assert "categories: workflows → results, team" in text_of(app)
        await press(pilot, "y")
        assert (await only(desk, text)).categories == ("results", "team")
        await press(pilot, "escape")
        await press(pilot, "t")
        assert app.screen.query_one(Input).value == "results"
        app.screen.query_one(Input).value = "decisions_and_constraints"
        await press(pilot, "enter")
        await applied(pilot)
        now = await only(desk, text)
        assert (now.categories, now.metadata) == (("decisions_and_constraints", "team"), {})
    for wanted in (("results", "team"), ("workflows",)):
        assert (await desk.curator.apply(await desk.curator.plan_undo())).complete
        assert (await only(desk, text)).categories == wanted


async def test_a_new_memory_is_filed(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        app.screen.query_one("#edit-text", TextArea).text = "We tag by CI"
        app.screen.query_one("#edit-categories", Input).value = "workflows"
        assert app.screen.query_one("#edit-text").region.height >= 3
        await press(pilot, "ctrl+s")
        await applied(pilot)
        assert (await only(desk, "We tag by CI")).categories == ("workflows",)


async def test_where_they_are_not_taken_there_is_no_field_and_a_type_counts(desk: Bench) -> None:
    text = "Releases go out on Thursdays, filed"
    added = await desk.backend.add(Draft(text, Scope(user_id="kim"), categories=("workflows",)))
    app = desk.app(takes_categories=lambda: False)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{added.id}")
        await press(pilot, "e")
        assert not app.screen.query("#edit-categories")
        await press(pilot, "escape", "t")
        assert "takes no categories" in " ".join(text_of(app).split())
        app.screen.query_one(Input).value = "decision"
        await press(pilot, "enter")
        await applied(pilot)
        now = await only(desk, text)
        assert (now.kind, now.categories) == ("decision", ("workflows",))
