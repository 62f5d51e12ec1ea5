"""Help: made from the registry and the focused pane, so that it says what really works."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from mem0_tui.model.terms import FIELDS
from mem0_tui.settings.keymap import clashes, read_keymap
from mem0_tui.tui.keys import (
    ACTIONS,
    MOVEMENTS,
    KeyContext,
    bound_actions,
    key_for,
    reserved_keys,
    written,
)
from mem0_tui.tui.modals.help_view import HelpView
from mem0_tui.tui.widgets.memory_list import MemoryList
from tests.tui.harness import Bench, press, settle, text_of

pytestmark = pytest.mark.anyio
TALL = (120, 200)


async def test_help_names_every_action_and_every_query_field(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=TALL) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        shown = text_of(app)
        for action in ACTIONS:
            assert (action.help[:60] in shown) is (action.where is not KeyContext.HEALTH)
        for name in FIELDS:
            assert f"{name}:" in shown or f"{name}.KEY:" in shown


async def test_help_begins_with_the_keys_of_the_focused_pane(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await press(pilot, "1", "question_mark")
        shown = text_of(app)
        assert shown.index("Here: scope") < shown.index("Memory list")
        assert "Show only this one." in shown


@pytest.mark.parametrize("keys", [("slash",), ("colon",), ("T", "slash")])
async def test_the_footer_offers_no_key_that_would_be_typed(
    desk: Bench, keys: tuple[str, ...]
) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "? help" in text_of(app).splitlines()[-1]
        await press(pilot, *keys)
        foot = text_of(app).splitlines()[-1]
        assert "/ find" not in foot
        assert "? help" not in foot
        await press(pilot, "f1")
        assert isinstance(app.screen, HelpView)
        assert "F1 help" in foot


async def test_the_footer_of_the_scope_tree_fits_a_narrow_screen(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "1")
        assert "? help" in text_of(app).splitlines()[-1]


async def test_help_of_the_trash_is_about_the_trash(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=TALL) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        await press(pilot, "question_mark")
        shown = text_of(app)
        assert "Restore the marked, or this one." in shown
        assert "Stage another metadata type." not in shown


async def test_typing_narrows_and_escape_closes(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f1")
        app.screen.query_one(Input).value = "expiry date"
        await pilot.pause()
        shown = text_of(app)
        assert "Stage an expiry date of" in shown
        assert "Add a memory." not in shown
        app.screen.query_one(Input).value = "*"
        await pilot.pause()
        assert "Mark everything" in text_of(app)
        app.screen.query_one(Input).value = "no such thing"
        await pilot.pause()
        assert "No key does that." in text_of(app)
        await press(pilot, "escape")
        assert not isinstance(app.screen, HelpView)


async def test_help_scrolls_while_the_box_has_the_focus(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        first = text_of(app)
        await press(pilot, "pagedown", "down")
        assert text_of(app) != first


async def test_help_shows_the_keys_of_ones_own(desk: Bench) -> None:
    app = desk.app(keymap={"trash.open": "f8"})
    async with app.run_test(size=TALL) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        line = next(row for row in text_of(app).splitlines() if "Deleted memories" in row)
        assert "F8" in line
        assert " T " not in line


async def test_every_key_that_is_said_to_move_moves(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        rows = app.screen.query_one(MemoryList)
        for keys, text in MOVEMENTS:
            for key in keys.split(","):
                rows.move_to(30)
                await press(pilot, key)
                down = text.endswith("down.") or "last" in text
                assert (rows.cursor > 30) is down, key


def test_the_registry_has_no_clash_and_no_reserved_key() -> None:
    assert clashes(bound_actions(), {}) == ()
    taken = {key for bound in bound_actions() for key in bound.keys.split(",")}
    assert not taken & reserved_keys().keys()
    assert read_keymap({}, bound_actions(), reserved=reserved_keys()) == {}


def test_keys_are_written_as_people_write_them() -> None:
    assert written("question_mark,f1") == "? F1"
    assert written("ctrl+r") == "Ctrl+R"
    assert written("left_square_bracket") == "["
    assert key_for("undo", {"undo": "f9,u"}) == "F9"
    assert key_for("undo", {"undo": ""}) == ":undo", "what does it instead"
    assert key_for("health.undo", {"health.undo": ""}) == "the palette"
    assert written("U") == "U"


@pytest.mark.parametrize(
    ("word", "found"), [("jump", "Show a letter on every pane"), ("plan.open", "Look at the plan")]
)
async def test_help_finds_an_action_by_what_footer_and_settings_call_it(
    desk: Bench, word: str, found: str
) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark", *word)
        assert found in text_of(app)


@pytest.mark.parametrize("pane", ["1", "2", "3", "4", "F", "T"])
async def test_the_way_to_help_is_in_sight_also_where_the_footer_has_no_room_for_all(
    desk: Bench, pane: str
) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, pane)
        assert text_of(app).splitlines()[-1].endswith("? help")
