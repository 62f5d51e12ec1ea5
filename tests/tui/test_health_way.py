"""The way of a memory on the health screen: drawn where there is room, else as rows of the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.way.station import Station
from mem0_tui.tui.widgets.health_way import HealthWay
from mem0_tui.tui.widgets.row_list import RowList
from tests.tui.harness import press, settle, text_of
from tests.tui.installs import clinic, scenario

pytestmark = pytest.mark.anyio
LARGE, SMALL = (120, 34), (60, 20)


async def test_arrows_go_from_station_to_station_and_enter_to_the_finding(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_env_missing")) as made:
        app = made.ward()
        async with app.run_test(size=LARGE) as pilot:
            await settle(pilot)
            picture, rows = app.screen.query_one(HealthWay), app.screen.query_one(RowList)
            assert "✗ breaks here" in text_of(app)
            picture.focus()
            await settle(pilot)
            assert str(picture.cursor) == Station.KEY, "it begins where the way breaks"
            assert "What the server is shown" in text_of(app)
            assert "⏎ finding" in text_of(app)
            assert "⏎ open" not in text_of(app)
            await press(pilot, "f")
            assert "export MEM0_API_KEY" in text_of(app), "the repair is that of the station"
            await press(pilot, "escape", "left", "down")
            assert str(picture.cursor) == Station.TOOLS
            assert "✗ broken  tools" in text_of(app)
            await press(pilot, "enter")
            assert rows.has_focus
            assert rows.key == "finding:mcp.will-not-start", "what follows is unfolded"
            assert "Because" in text_of(app)
            picture.focus()
            await press(pilot, "right", "right", "down", "left", "up", "right")
            assert str(picture.cursor) == Station.KEY
            await press(pilot, "enter")
            assert rows.key == "finding:key.missing"


async def test_a_click_on_a_station_goes_to_its_finding(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("h_seed_full")) as made:
        app = made.ward()
        async with app.run_test(size=LARGE) as pilot:
            await settle(pilot)
            await press(pilot, "right_square_bracket")
            rows = app.screen.query_one(RowList)
            await pilot.click(HealthWay, offset=(60, 1))
            await settle(pilot)
            assert rows.key == "finding:hooks.untrusted", "also from the table of hooks"
            await pilot.click(HealthWay, offset=(12, 1))
            await settle(pilot)
            assert rows.key == "finding:config.deprecated-alias"
            await pilot.click(HealthWay, offset=(112, 1))
            await settle(pilot)
            assert rows.key == "area:mcp", "where nothing is wrong it is the area"


async def test_a_small_screen_has_it_as_rows(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("g3_no_key")) as made:
        app = made.ward()
        async with app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            picture, rows = app.screen.query_one(HealthWay), app.screen.query_one(RowList)
            assert not bool(picture.display)
            assert rows.key == "finding:key.plugin-missing", "what is wrong comes first"
            await press(pilot, "j", "j", "j", "j", "j")
            assert rows.key == "station:key"
            assert "✗ breaks here   key" in text_of(app)
            await press(pilot, "enter")
            assert rows.key == "finding:key.plugin-missing"
            await pilot.resize_terminal(*LARGE)
            await settle(pilot)
            assert bool(picture.display)
            assert "The way of a memory" not in text_of(app), "it is not shown twice"
            picture.focus()
            await pilot.resize_terminal(*SMALL)
            await settle(pilot)
            assert rows.has_focus


async def test_it_follows_what_changes(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_disabled")) as made:
        app = made.ward()
        async with app.run_test(size=LARGE) as pilot:
            await settle(pilot)
            assert "! stops here" in text_of(app)
            await press(pilot, "f", "y")
            assert "! stops here" not in text_of(app)
            assert "no break seen" in text_of(app)


async def test_what_hooks_did_lately_stands_below(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("g3_given_up_once")) as made:
        app = made.ward()
        async with app.run_test(size=LARGE) as pilot:
            await settle(pilot)
            assert "What hooks did lately" in text_of(app)
            await press(pilot, "end")
            assert app.screen.query_one(RowList).key == "activity:1"
            shown = " ".join(text_of(app).replace("│", "").split())
            assert "a part of a session was given up" in shown
            assert "<urlopen error [Errno 111] Connection" in shown
