"""The plan and what asks before something is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input, OptionList, TextArea

from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.report_view import ReportView
from tests.tui.harness import SIZE, Bench, browse, find, press, settle, text_of

pytestmark = pytest.mark.anyio


async def count(desk: Bench) -> int:
    return await desk.store.count(include_expired=True)


def shown(app_rows: object) -> Memory:
    memory = getattr(app_rows, "current", None)
    assert isinstance(memory, Memory)
    return memory


async def test_enter_never_applies_and_escape_keeps_what_is_staged(desk: Bench) -> None:
    before = await count(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "d", "a")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "enter", "enter", "space")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "escape")
        assert await count(desk) == before
        assert len(browse(app).triage.staging) == 2


async def test_the_plan_names_an_edit_as_the_gutter_does(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "P", "down", "x", *"30d", "enter", "down", "t")
        await press(pilot, "ctrl+u", *"convention", "enter")
        await press(pilot, "a")
        for words in ("P pin ", "X expire ", "T retype "):
            assert words in text_of(app)


async def test_an_item_is_edited_from_the_plan_and_the_plan_comes_back(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        first = shown(browse(app).memories)
        await press(pilot, "P", "down", "d", "a", "e")
        assert isinstance(app.screen, EditMemory)
        app.screen.query_one("#edit-text", TextArea).text = "said better"
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, PlanView)
        assert "E edit " in text_of(app)
        await press(pilot, "y")
        keys = await desk.store_library.keys_of([first.id])
        now = (await desk.store_library.memories(list(keys.values())))[keys[first.id]]
        assert now.text == "said better"
        assert now.pinned


async def test_items_of_a_plan_change_places(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "P", "down", "d", "a")
        options = app.screen.query_one(OptionList)
        await press(pilot, "J")
        assert str(options.get_option_at_index(0).prompt).startswith("D delete")
        assert options.highlighted == 1
        await press(pilot, "J", "K")
        assert str(options.get_option_at_index(0).prompt).startswith("P pin")
        assert options.highlighted == 0


async def test_an_item_that_is_dropped_is_not_applied(desk: Bench) -> None:
    before = await count(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "d", "d", "a")
        assert "3 memories will be gone" in text_of(app)
        await press(pilot, "j", "x")
        assert "2 memories will be gone" in text_of(app)
        assert app.screen.query_one(OptionList).option_count == 2
        await press(pilot, "y")
        assert await count(desk) == before - 2
        assert len(browse(app).triage.staging) == 1


async def test_a_plan_without_items_closes(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a", "x")
        assert app.screen is browse(app)


async def test_nothing_staged_opens_nothing(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "a")
        assert app.screen is browse(app)
        assert any("nothing is staged" in note.message for note in app._notifications)


async def test_what_changed_meanwhile_is_refused_and_the_report_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        stale = shown(browse(app).memories)
        await press(pilot, "d", "d", "a")
        await desk.backend.update(stale.id, Edit(text="somebody else was here"))
        await press(pilot, "y")
        assert isinstance(app.screen, ReportView)
        text = text_of(app)
        assert "1 done" in text
        assert "1 refused" in text
        assert "! refused" in text
        await press(pilot, "escape")
        assert [*browse(app).triage.staging.seen] == [stale.id]
        assert (await desk.backend.get(stale.id)).text == "somebody else was here"


async def test_leaving_with_changes_staged_asks(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "q")
        assert "1 change staged and not applied" in text_of(app)
        await press(pilot, "enter")
        assert app.screen is browse(app)
        await press(pilot, "q", "y")
    assert app.return_value == 0


async def test_what_an_edit_changes_is_in_sight_however_long_the_text_is(desk: Bench) -> None:
    await desk.backend.add(Draft("a long line\n" * 80, Scope(user_id="kim")))
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await find(pilot, '"a long line"')
        await press(pilot, "e")
        app.screen.query_one("#edit-text", TextArea).insert("Certainly: ")
        await settle(pilot)
        assert "{+Certainly" in text_of(app)


async def test_an_unsaved_edit_asks_before_it_is_thrown_away(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "e", "escape")
        assert len(app.screen_stack) == 2
        await press(pilot, "e")
        app.screen.query_one("#edit-text", TextArea).insert("Certainly: ")
        await press(pilot, "escape")
        assert "Throw this edit away?" in text_of(app)
        await press(pilot, "enter")
        assert "{+Certainly" in text_of(app)
        await press(pilot, "escape", "y")
        assert app.screen is browse(app)
        assert not browse(app).triage.staging


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("#edit-metadata", "{not json", "is no JSON"),
        ("#edit-metadata", "[1]", "must be a JSON object"),
        ("#edit-metadata", '{"type": "x"}', "its own field"),
        ("#edit-text", "  ", "needs text"),
        ("#edit-expires", "soon", "is no date"),
    ],
)
async def test_a_form_that_makes_no_sense_stages_nothing(
    desk: Bench, field: str, value: str, complaint: str
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "e")
        widget = app.screen.query_one(field)
        if isinstance(widget, TextArea):
            widget.text = value
        elif isinstance(widget, Input):
            widget.value = value
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, EditMemory)
        assert complaint in text_of(app)
        assert not browse(app).triage.staging


async def test_an_edit_of_an_edit_keeps_both(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:task_learning -pinned:yes")
        memory = shown(browse(app).memories)
        await press(pilot, "P", "e")
        assert '"pinned": true' in app.screen.query_one("#edit-metadata", TextArea).text
        app.screen.query_one("#edit-text", TextArea).text = "said better"
        await press(pilot, "ctrl+s", "a", "y")
        after = await desk.backend.get(memory.id)
        assert after.pinned
        assert after.text == "said better"
        await press(pilot, "u", "y")
        back = await desk.backend.get(memory.id)
        assert replace(back, updated_at=None, raw={}) == replace(memory, updated_at=None, raw={})
