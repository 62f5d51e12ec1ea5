"""The search box keeps what was typed within reach: selected, or an arrow away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.line_input import LineHistory
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, browse, find, focus, notices, press, settle, text_of


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


def box_line(app: Mem0App) -> str:
    return next(line for line in text_of(app).splitlines() if "⇥" in line)


@pytest.mark.anyio
async def test_what_the_box_has_no_room_for_is_cut_with_a_sign(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        whole = box_line(app)
        assert "app:shop-api, age>90d …" in whole
        words = " ".join(["parrot"] * 30)
        await press(pilot, "slash")
        app.screen.query_one(SearchBox).set_text(words)
        await press(pilot, "tab")
        app.screen.query_one(SearchBox).note("by words: not embedded yet")
        await press(pilot, "enter")
        app.screen.query_one(SearchBox).show(words, app.screen.query_one(SearchBox).mode)
        await settle(pilot)
        assert "… " in box_line(app)
        assert box_line(app).split("… ")[0].lstrip("│/ ") in words
        await press(pilot, "escape")
        assert box_line(app) == whole, "what stood at its right end takes no room any more"


@pytest.mark.anyio
async def test_all_lines_of_what_is_wrong_begin_in_one_column(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await find(pilot, "created:yesterdy")
        lines = text_of(app).splitlines()
        first = next(i for i, line in enumerate(lines) if "'yesterdy'" in line)
        assert lines[first - 1].index("▲") == lines[first - 2].index("yesterdy")
        assert len(lines[first + 1]) - len(lines[first + 1].lstrip("│ ")) == 3


@pytest.mark.anyio
async def test_marking_all_where_words_are_only_spelt_alike_says_how_to_mark(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"deplooy", "enter")
        assert "spelt alike" in text_of(app)
        await press(pilot, "asterisk")
        assert "nothing matches to the letter" in notices(app)
        assert "0 memories" not in notices(app)
        await press(pilot, "U")
        assert "no memory is marked" in notices(app)
        await press(pilot, "escape", "colon", *"save x", "enter")
        assert "Nothing to do" in notices(app)
        assert "Not understood" not in notices(app)
