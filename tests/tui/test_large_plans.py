"""A plan of many changes: what it comes to, where one is in it, and what a query finds of it."""

from __future__ import annotations

import pytest
from textual.widgets import Input, OptionList

from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.plan_view import PlanView
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

pytestmark = pytest.mark.anyio


def shown(app: Mem0App) -> int:
    return app.screen.query_one("#plan-items", OptionList).option_count


async def test_a_plan_begins_with_what_it_comes_to(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a")
        count = shown(app)
        lines = text_of(app).splitlines()
        (types,) = [row for row in lines if "│ kind  " in row]
        (apps,) = [row for row in lines if "│ app   " in row]
        (ages,) = [row for row in lines if "│ age   " in row]
        assert "decision" in types
        assert "shop-api" in apps
        numbers = [int(word) for word in ages.split() if word.isdigit() and word != "3"]
        assert sum(numbers) == count
        assert f"1 of {count}" in lines[-3] + lines[-2] + lines[-4]
        await press(pilot, "j", "j")
        assert f"3 of {count}" in text_of(app)


async def test_a_query_narrows_the_list_and_x_drops_what_it_finds(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a")
        count = shown(app)
        await press(pilot, "slash")
        app.screen.query_one("#plan-find", Input).value = "type:decision"
        await settle(pilot)
        found = shown(app)
        assert 0 < found < count
        assert f"1 of {found} found · {count} in the plan" in text_of(app)
        await press(pilot, "enter", "y")
        assert isinstance(app.screen, PlanView), "what is not seen is not applied"
        assert shown(app) == count
        await press(pilot, "slash")
        app.screen.query_one("#plan-find", Input).value = "type:decision"
        await press(pilot, "enter", "X")
        assert shown(app) == count - found
        assert "decision " not in next(r for r in text_of(app).splitlines() if "│ kind  " in r)
        await press(pilot, "escape")
        assert len(browse(app).session.triage.staging) == count, "what was dropped is still staged"


async def test_letters_are_typed_and_escape_leaves_the_search_first(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a", "slash", *"xydX")
        assert app.screen.query_one("#plan-find", Input).value == "xydX"
        assert "Nothing in the plan matches." in text_of(app)
        await press(pilot, "enter", "x", "X", "e", "J")
        await press(pilot, "escape")
        assert isinstance(app.screen, PlanView)
        assert shown(app) == len(browse(app).session.triage.staging)
        await press(pilot, "escape")
        assert not isinstance(app.screen, PlanView)


async def test_a_query_that_does_not_parse_is_told_and_keeps_the_list(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a", "slash", *"created:yesterdayish")
        assert "created" in text_of(app)
        assert shown(app)
        await press(pilot, "escape", "slash", *"type:no")
        assert app.screen.query_one("#plan-find", Input).value == "type:no"


async def test_a_terminal_made_small_keeps_the_item_under_the_cursor_in_sight(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a", "j", "j", "j", "j")
        assert "│ kind  " in text_of(app)
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        options = app.screen.query_one("#plan-items", OptionList)
        top, at = options.scroll_offset.y, options.highlighted
        assert at == 4
        assert top <= at < top + options.size.height
        assert "mostly " in text_of(app)
