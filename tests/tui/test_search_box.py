"""The search box keeps what was typed within reach: selected, or an arrow away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.line_input import LineHistory
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, browse, focus, press, settle


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def typed(app: Mem0App) -> str:
    return app.screen.query_one(SearchBox).input.value


@pytest.mark.anyio
@pytest.mark.slow
async def test_typing_takes_the_place_of_the_old_query_and_an_arrow_keeps_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"cart", "enter", "slash", *"tax")
        assert typed(app) == "tax"
        await press(pilot, "enter", "slash", "right", *"es")
        assert typed(app) == "taxes"
        await press(pilot, "enter", "slash", "backspace")
        assert typed(app) == ""


@pytest.mark.anyio
@pytest.mark.slow
async def test_arrows_bring_earlier_queries_also_those_that_escape_cleared(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"cart", "enter", "slash", *"tax", "escape")
        assert typed(app) == ""
        await press(pilot, "slash", *"vat", "up")
        assert typed(app) == "tax"
        await press(pilot, "up", "up")
        assert typed(app) == "cart"
        assert len(browse(app).memories.rows) != 59, "it narrows as if it had been typed"
        await press(pilot, "down", "down")
        assert typed(app) == "vat"
        await press(pilot, "down")
        assert focus(app) is browse(app).memories


@pytest.mark.anyio
@pytest.mark.slow
async def test_the_caret_is_behind_a_query_that_was_not_typed(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "l")
        box = app.screen.query_one(SearchBox).input
        assert box.value
        assert box.cursor_position == len(box.value)


@pytest.mark.anyio
@pytest.mark.slow
async def test_a_command_that_was_left_comes_back(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "colon", *"save my search", "escape", "colon", "up")
        assert app.screen.query_one(CommandLine).input.value == "save my search"


lines = st.text(alphabet="abc ", max_size=4)


@given(st.lists(lines, max_size=8), lines)
def test_every_line_comes_back_in_turn_and_then_what_was_being_typed(
    kept: list[str], draft: str
) -> None:
    history = LineHistory()
    for line in kept:
        history.keep(line)
    latest = list(dict.fromkeys(line for line in reversed(kept) if line.strip()))
    expected = [line for line in latest if line != draft]
    assert [history.go(1, draft) for _ in expected] == expected
    assert history.browsing == bool(expected)
    for line in [*reversed(expected[:-1]), draft]:
        assert history.go(-1, "ignored") == (line if expected else "ignored")
    assert not history.browsing
