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
from mem0_tui.tui.widgets.key_line import KeyLine
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
        assert len(browse(app).session.triage.staging) == 2


async def test_what_is_dropped_from_the_plan_is_said_to_be_staged_still(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "d", "a", "x")
        assert "1 dropped, still staged" in text_of(app)
        await press(pilot, "escape")
        assert "1 dropped change still staged: Backspace" in text_of(app)
        assert len(browse(app).session.triage.staging) == 2
        app.clear_notifications()
        await press(pilot, "a", "x", "x")
        assert app.screen is browse(app), "nothing is left in the plan"
        assert "2 dropped changes still staged" in text_of(app)


async def test_what_is_dropped_from_an_undo_is_not_staged(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "d", "a", "y", "u", "x")
        assert "still staged" not in text_of(app)
        await press(pilot, "escape")
        assert "still staged" not in text_of(app)


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
        assert len(browse(app).session.triage.staging) == 1


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
        assert [*browse(app).session.triage.staging.seen] == [stale.id]
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
        assert len(app.screen_stack) == 1
        await press(pilot, "e")
        app.screen.query_one("#edit-text", TextArea).insert("Certainly: ")
        await press(pilot, "escape")
        assert "Throw this edit away?" in text_of(app)
        await press(pilot, "enter")
        assert "{+Certainly" in text_of(app)
        await press(pilot, "escape", "y")
        assert app.screen is browse(app)
        assert not browse(app).session.triage.staging


@pytest.mark.parametrize(
    ("field", "value"),
    [("#edit-type", "decision"), ("#edit-expires", "2027-01-01"), ("#edit-metadata", '{"a": 1}')],
)
async def test_whatever_was_typed_into_a_new_memory_is_asked_about(
    desk: Bench, field: str, value: str
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "n", "escape")
        assert app.screen is browse(app)
        for leaving in ("escape", "ctrl+q"):
            await press(pilot, "n")
            typed = app.screen.query_one(field)
            if isinstance(typed, TextArea):
                typed.text = value
            else:
                app.screen.query_one(field, Input).value = value
            await press(pilot, leaving)
            assert "Throw this edit away?" in text_of(app), leaving
            await press(pilot, "y")
            assert app.screen is browse(app)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("#edit-metadata", "{not json", "is not JSON"),
        ("#edit-metadata", "[1]", "must be a JSON object"),
        ("#edit-metadata", '{"type": "x"}', "its own field"),
        ("#edit-text", "  ", "needs text"),
        ("#edit-expires", "soon", "is not a date"),
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
        assert not browse(app).session.triage.staging


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


async def test_an_item_is_edited_in_the_plan_and_applied_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:task_learning -pinned:yes")
        memory = shown(browse(app).memories)
        await press(pilot, "t")
        app.screen.query_one(Input).value = "convention"
        await press(pilot, "enter", "a")
        assert "T retype" in text_of(app)
        assert memory.text[:40] in text_of(app).partition("task_learning → convention")[2]
        await press(pilot, "e")
        assert app.screen.query_one("#edit-type", Input).value == "convention"
        app.screen.query_one("#edit-text", TextArea).text = "said better"
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, PlanView)
        assert "E edit" in text_of(app)
        await press(pilot, "y")
        after = await desk.backend.get(memory.id)
        assert (after.text, after.type) == ("said better", "convention")
        assert not browse(app).session.triage.staging
        await press(pilot, "u")
        assert "Undo for demo" in text_of(app)


async def test_an_edit_in_the_plan_that_takes_all_back_leaves_nothing_to_apply(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        app.screen.query_one("#edit-text", TextArea).text = "a new one"
        await press(pilot, "ctrl+s")
        await find(pilot, "type:task_learning -pinned:yes")
        await press(pilot, "x", *"30d", "enter", "d", "a")
        assert "X expire" not in text_of(app), "d takes the place of an expiry"
        await press(pilot, "e")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "j", "e")
        assert "New memory for" in text_of(app)
        app.screen.query_one("#edit-text", TextArea).text = "a newer one"
        app.screen.query_one("#edit-expires", Input).value = "30d"
        await press(pilot, "ctrl+s")
        assert "a newer one" in text_of(app)
        assert "untyped · user:kim app:shop-api · new · expires " in text_of(app)
        await press(pilot, "y")
        await find(pilot, "newer")
        added = shown(browse(app).memories)
        assert added.expires_on is not None
        await press(pilot, "t")
        app.screen.query_one(Input).value = "convention"
        await press(pilot, "enter", "a", "e")
        app.screen.query_one("#edit-type", Input).value = ""
        await press(pilot, "ctrl+s")
        assert len(app.screen_stack) == 1
        assert not browse(app).session.triage.staging


async def test_the_items_of_a_plan_are_put_into_another_order_and_an_undo_s_are_not(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes")
        await press(pilot, "d", "d", "P", "a")
        items = app.screen.query_one(OptionList)
        before = [str(option.prompt) for option in items.options]
        await press(pilot, "J", "J", "K", "k", "K")
        assert [str(option.prompt) for option in items.options] == [before[1], before[0], before[2]]
        await press(pilot, "y", "u")
        items = app.screen.query_one(OptionList)
        before = [str(option.prompt) for option in items.options]
        assert before[0].startswith("P unpin")
        await press(pilot, "J", "e")
        assert [str(option.prompt) for option in items.options] == before
        assert "J K" not in text_of(app)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 140, 220])
async def test_the_plans_keys_are_one_line_in_which_each_is_whole(desk: Bench, width: int) -> None:
    app = desk.app()
    async with app.run_test(size=(width, 30)) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "d", "a")
        keys = app.screen.query_one(KeyLine)
        assert keys.size.height == 1
        line = keys.render_line(0).text.rstrip()
        assert isinstance(app.screen, PlanView)
        known = {*app.screen.keys_text().split("   ")}
        said = line.split("   ")
        assert set(said) <= known
        assert said[0] == "y apply"
        assert said[-1] == "Esc back, nothing is sent"
        if width >= 140:
            assert set(said) == known
