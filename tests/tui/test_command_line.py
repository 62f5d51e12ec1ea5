"""The command line at the foot of the main screen."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from mem0_tui.model.page import Sort
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.screens.trash import TrashScreen
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.memory_list import MemoryList
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def enter(pilot: Pilot[Any], text: str) -> None:
    await press(pilot, "colon")
    pilot.app.screen.query_one(CommandLine).input.value = text
    await press(pilot, "enter")


async def test_a_query_is_put_into_the_search_box(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await enter(pilot, "type:decision")
        rows = app.screen.query_one(MemoryList).rows
        assert 0 < len(rows) < 30
        assert {memory.type for memory in rows.loaded().values()} == {"decision"}
        assert isinstance(app.focused, MemoryList)


async def test_scope_sort_and_theme(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for text in ("scope user:kim", "sort length", "theme mem0-light", "expired"):
            await enter(pilot, text)
        state = browse(app).session.view
        assert [str(entity) for entity in state.scope] == ["user:kim"]
        assert state.sort is Sort.LENGTH
        assert state.include_expired
        assert app.theme == "mem0-light"
        await enter(pilot, "scope all")
        assert not browse(app).session.view.scope


async def test_a_mistake_keeps_the_line_open_and_says_what_is_meant(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await enter(pilot, "trahs")
        assert "did you mean :trash?" in text_of(app)
        assert app.screen.query_one(CommandLine).has_class("-open")
        app.screen.query_one(CommandLine).input.value = "trash"
        await pilot.pause()
        assert "did you mean" not in text_of(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, TrashScreen)


async def test_escape_leaves_it_and_up_brings_back_what_was_typed(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await enter(pilot, "sort type")
        await press(pilot, "colon", "up")
        line = app.screen.query_one(CommandLine)
        assert line.input.value == "sort type"
        await press(pilot, "escape")
        assert not line.has_class("-open")
        assert isinstance(app.focused, MemoryList)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("tra", "trash"),
        ("sor", "sort "),
        ("sort", "sort "),
        ("sort upd", "sort updated"),
        ("typ", "type:"),
    ],
)
async def test_tab_completes(desk: Bench, typed: str, completed: str) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "colon", *(key if key != " " else "space" for key in typed))
        await press(pilot, "tab")
        assert app.screen.query_one(CommandLine).input.value == completed


async def test_read_only_and_write_say_which_and_do_not_toggle(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for text, expected in (("readonly", True), ("readonly", True), ("write", False)):
            await enter(pilot, text)
            assert browse(app).read_only is expected


async def test_leaving_with_something_staged_asks(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        await enter(pilot, "q")
        assert isinstance(app.screen, Confirm)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("help", "Help"),
        ("settings", "Settings"),
        ("log", "Requests"),
        ("palette", "Search for commands"),
        ("theme.next", "theme: mem0-light"),
    ],
)
async def test_what_works_everywhere_works_as_a_command(
    desk: Bench, command: str, shown: str
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await enter(pilot, command)
        assert shown in text_of(app)


async def test_a_saved_search_is_forgotten_by_its_name(desk: Bench) -> None:
    forgotten: list[str] = []
    app = desk.app(
        searches={"Auth": "auth", "Old ones": "age>90d", "Late": "created:yesterdayish"},
        forget_search=forgotten.append,
    )
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "[Old ones]" in text_of(app)
        await press(pilot, "colon", *"forget", "space", "A", "tab", "enter")
        assert forgotten == ["Auth"]
        assert "Auth" not in text_of(app).splitlines()[2]
        assert "[Old ones]" in text_of(app)
        await enter(pilot, "forget Old ones")
        assert "[All]" in text_of(app)
        assert "it was age>90d" in text_of(app)
        await enter(pilot, "forget Late")
        assert forgotten == ["Auth", "Old ones", "Late"]
        await enter(pilot, "forget Auth")
        assert "no search of yours is saved" in text_of(app)


async def test_the_tabs_that_are_always_there_are_not_saved_over(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await enter(pilot, "type:decision")
        await enter(pilot, "save All")
        assert "All is the name of a tab already" in text_of(app)
