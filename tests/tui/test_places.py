"""Places to go: jump mode, request log, settings, the first page, leaving."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from mem0_tui.backends.http.request_log import RequestLog, RequestLogEntry
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.memory import Draft
from mem0_tui.settings.load import load
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.jump import Jump
from mem0_tui.tui.modals.settings.rows import entries
from mem0_tui.tui.visits import DEMO_WANTED
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome
from tests.tui.harness import (
    SIZE,
    Bench,
    bench,
    browse,
    focus,
    press,
    settle,
    text_of,
    until,
)

pytestmark = pytest.mark.anyio
KEY = "m0-abcdefghijklmnopqrstuvwxyz012345"


async def test_a_letter_goes_to_the_pane_that_shows_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+o")
        assert isinstance(app.screen, Jump)
        assert len(app.screen.query(Static)) > 6
        await press(pilot, "a")
        assert isinstance(focus(app), ScopeList)
        await press(pilot, "ctrl+o", "j")
        assert isinstance(focus(app), TypeBar)
        assert app.screen.query_one(TypeBar).cursor == 1


async def test_the_scope_tree_says_when_each_was_active_and_goes_by_pages(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        kim = next(row for row in text_of(app).splitlines() if "  kim " in row)
        assert kim.split("│")[1].split()[-1][-1] in "mhdy"
        await press(pilot, "1", "pagedown")
        tree = app.screen.query_one(ScopeList)
        assert tree.cursor > 5
        await press(pilot, "pageup")
        assert tree.cursor == 0


async def test_another_key_ends_jumping_where_it_began(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        for key in ("escape", "7"):
            await press(pilot, "ctrl+o", key)
            assert isinstance(focus(app), MemoryList)


def entry(path: str, status: int | None, trouble: str | None = None) -> RequestLogEntry:
    return RequestLogEntry("GET", path, status, 12.0, 1, DEMO_NOW, trouble)


async def test_the_log_grows_while_it_is_looked_at_and_masks_keys(desk: Bench) -> None:
    log = RequestLog()
    log.add(entry("/v1/ping/", 200))
    app = desk.app(requests=lambda: log.entries)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "at")
        assert "1 request, 0 failed" in text_of(app)
        log.add(entry(f"/v1/entities/?token={KEY}", None, "timed out"))
        await until(pilot, lambda: "2 requests" in text_of(app))
        shown = text_of(app)
        assert "2 requests, 1 failed" in shown
        assert "timed out" in shown
        assert KEY not in shown
        assert shown.index("entities") < shown.index("ping")
        await press(pilot, "escape")
        assert app.screen is browse(app)


async def test_the_log_of_a_local_store_says_that_nothing_is_sent(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "at")
        assert "Nothing is sent." in text_of(app)


async def test_settings_say_where_each_value_came_from(desk: Bench, isolated_home: Path) -> None:
    environ = {"MEM0_API_KEY": KEY, "HOME": str(isolated_home), "MEM0_TUI_TIMEOUT": "12"}
    settings = load({"user_id": "kim"}, environ=environ)
    app = desk.app(settings=settings, keymap={"memory.pin": "f7"})
    async with app.run_test(size=(100, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "comma")
        shown = text_of(app)
        assert "MEM0_TUI_TIMEOUT" in shown
        assert "12.0" in shown
        assert "instead of P" in shown
        assert KEY not in shown
        assert "m0-…2345" in shown
    found = entries(settings, {}, {})["Settings"]
    names = {entry.name for entry in found}
    assert {"backend", "url", "store", "read_only", "timeout", "api_key"} <= names
    assert not any(KEY in entry.value for entry in found)


async def test_the_first_page_shows_three_ways_and_goes_when_there_is_a_memory(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, count=0) as desk:
        app = desk.app(first_run=True)
        async with app.run_test(size=(60, 20)) as pilot:
            await settle(pilot)
            shown = text_of(app)
            for part in ("mem0-tui --demo", "mem0-tui serve", "MEM0_API_KEY", "q quit"):
                assert part in shown
            assert isinstance(focus(app), Welcome)
            await press(pilot, "c")
            assert app.clipboard == "mem0-tui serve"
            await desk.store.add_many([Draft("the first one")])
            await press(pilot, "f5")
            assert "the first one" in text_of(app)
            assert isinstance(focus(app), MemoryList)


async def test_the_first_page_opens_the_demo(tmp_path: Path) -> None:
    with bench(tmp_path, count=0) as desk:
        app = desk.app(first_run=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "d")
        assert app.return_value == DEMO_WANTED


async def test_an_empty_store_that_is_set_up_has_no_first_page(tmp_path: Path) -> None:
    with bench(tmp_path, count=0) as desk:
        app = desk.app()
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "No memories yet." in text_of(app)
            assert "Three ways" not in text_of(app)


async def test_ctrl_q_asks_like_q_and_leaves_a_modal_first(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark", "ctrl+q")
        assert app.screen is browse(app)
        await press(pilot, "d", "ctrl+q")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "escape")
        assert app.is_running


async def test_own_keys_replace_the_usual_ones(desk: Bench) -> None:
    app = desk.app(keymap={"memory.delete": "delete", "show.expired": "d"})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        assert browse(app).session.view.include_expired
        assert not browse(app).session.triage.staging
        await press(pilot, "delete")
        assert len(browse(app).session.triage.staging) == 1


async def test_an_action_whose_key_is_taken_is_done_by_its_command(desk: Bench) -> None:
    app = desk.app(keymap={"memory.delete": "u", "undo": "", "health.repair": ""})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "u")
        assert len(browse(app).session.triage.staging) == 1
        footer = text_of(app).splitlines()[-1]
        assert "u delete" in footer
        assert " undo" not in footer
        await press(pilot, "colon", *"undo", "enter")
        assert not browse(app).session.triage.staging
        await press(pilot, "question_mark", *"take back what was")
        assert "no key" in text_of(app)
        assert "a key of yours is u" in text_of(app)


async def test_a_theme_that_there_is_not_is_told_and_replaced(desk: Bench) -> None:
    app = desk.app(theme="solarised-[x]")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert app.theme == "mem0-dark"
        assert any("no theme solarised-[x]" in note.message for note in app._notifications)


@pytest.mark.parametrize("width", [80, 100, 120, 140])
async def test_the_texts_get_the_most_of_the_room(desk: Bench, width: int) -> None:
    app = desk.app()
    async with app.run_test(size=(width, 36)) as pilot:
        await settle(pilot)
        memories = browse(app).memories
        row = text_of(app).splitlines()[memories.region.y]
        memory = memories.current
        assert memory is not None
        shown = row[row.index(memory.text[:10]) :].partition("…")[0]
        assert memory.text.startswith(shown)
        assert len(shown) >= max(45, 0.38 * width)


async def test_under_100_columns_the_scope_tree_takes_the_place_of_the_list(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(99, 30)) as pilot:
        await settle(pilot)
        panes = (app.screen.query_one(ScopeList), browse(app).memories)

        def shown() -> list[bool]:
            return [pane.region.width > 0 for pane in panes]

        assert shown() == [False, True]
        await press(pilot, "1")
        assert shown() == [True, False]
        await press(pilot, "2")
        assert shown() == [False, True]
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert shown() == [True, True]
