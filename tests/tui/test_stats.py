"""The statistics on the screen: from the list to a number, from there to its memories and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from mem0_tui.detect.suspicion import Queue
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.screens.stats import StatsScreen
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.stats_view import StatsView
from tests.tui.harness import Bench, bench, browse, find, press, settle, text_of, until
from tests.tui.scenes import MadeUpUses

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def view_of(app: Mem0App) -> StatsView:
    return app.screen.query_one(StatsView)


def query_of(app: Mem0App) -> str:
    cell = view_of(app).cell
    assert cell is not None
    return cell.query


def count_of(app: Mem0App) -> int:
    cell = view_of(app).cell
    assert cell is not None
    return cell.count


def on_statistics(app: Mem0App) -> bool:
    return isinstance(app.screen, StatsScreen)


def now_of(app: Mem0App) -> str:
    """The line that says what the cursor is on."""
    return text_of(app).splitlines()[-2].strip()


async def to_count(pilot: Pilot[Any], key: str, wanted: int) -> None:
    """Press *key* until the cursor is on a number of at least *wanted*."""
    for _ in range(80):
        if count_of(pilot.app) >= wanted:  # type: ignore[arg-type]
            return
        await press(pilot, key)
    raise AssertionError(f"{key} leads to no such number")


async def test_a_number_is_listed_and_escape_comes_back_to_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "C")
        assert "59 memories" in text_of(app).splitlines()[0]
        assert query_of(app) == "created:2026-11-20", "this day comes first"
        await to_count(pilot, "left", 1)
        day, count = query_of(app), count_of(app)
        assert f"{count} memor" in now_of(app)
        assert now_of(app).endswith(day)
        await press(pilot, "enter")
        assert not on_statistics(app)
        assert len(browse(app).memories.rows) == count
        assert app.screen.query_one(SearchBox).input.value == day
        await press(pilot, "escape")
        assert on_statistics(app)
        assert query_of(app) == day
        await press(pilot, "escape")
        assert app.screen is browse(app)
        assert len(browse(app).memories.rows) == 59, "as it was before"
        assert browse(app).box.input.value == ""


async def test_each_sort_of_number_is_what_the_list_then_shows(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "C")
        for spot in ("kind:", "source:", "source:auto_capture created:", "created:<"):
            view = view_of(app)
            while not query_of(app).startswith(spot) or not count_of(app):
                if view._at + 1 >= len(view._drawn.spots):
                    break
                view._go(view._at + 1)
            count = count_of(app)
            await press(pilot, "enter")
            assert len(browse(app).memories.rows) == count, spot
            await press(pilot, "escape", "g")


async def test_they_are_of_what_the_list_shows(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision")
        shown = len(browse(app).memories.rows)
        await press(pilot, "C")
        assert f"{shown} memories · type:decision" in text_of(app).splitlines()[0]
        await to_count(pilot, "left", 1)
        count = count_of(app)
        await press(pilot, "enter")
        assert browse(app).box.input.value.startswith("type:decision created:2026-")
        assert len(browse(app).memories.rows) == count
        await press(pilot, "escape", "q")
        assert browse(app).box.input.value == "type:decision"


async def test_from_an_empty_list_escape_comes_back_too(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "C", "g")
        assert count_of(app) == 0
        day = query_of(app)
        await press(pilot, "enter")
        assert len(browse(app).memories.rows) == 0
        await press(pilot, "escape")
        assert on_statistics(app)
        assert query_of(app) == day


async def test_expired_ones_are_counted_as_the_list_counts_them(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "X", "C")
        assert "60 memories" in text_of(app).splitlines()[0]
        await press(pilot, "escape", "X", "C")
        assert "59 memories" in text_of(app).splitlines()[0]


async def test_what_is_not_asked_of_them_escape_does_as_ever(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "C", "enter")
        assert "11-20" in browse(app).box.input.value
        await find(pilot, "type:decision")
        await press(pilot, "escape")
        assert not on_statistics(app)
        assert browse(app).box.input.value == ""
        await press(pilot, "b")
        assert len(browse(app).memories.rows) == 59


async def test_a_scan_is_kept_and_a_queue_leads_to_its_tab(desk: Bench) -> None:
    app = desk.app(queues=desk.queues)
    async with app.run_test(size=(140, 44)) as pilot:
        await settle(pilot)
        await until(pilot, lambda: browse(app).session.queues.scanned)
        await press(pilot, "C")
        assert "not measured" not in text_of(app)
        view = view_of(app)
        at = next(
            index for index, spot in enumerate(view._drawn.spots) if spot.cell.queue is Queue.NOISE
        )
        spot = view._drawn.spots[at]
        where = view.content_region.offset
        await pilot.click(offset=(where.x + spot.column + 2, where.y + spot.row), times=2)
        await settle(pilot)
        assert browse(app).session.tabs.chosen.queue is Queue.NOISE
        await press(pilot, "escape")
        assert on_statistics(app)
        cell = view_of(app).cell
        assert cell is not None
        assert cell.queue is Queue.NOISE
        await press(pilot, "escape")
        assert browse(app).session.tabs.chosen.queue is None


async def test_use_is_listed_as_it_is_counted_and_not_recorded_is_not_never(desk: Bench) -> None:
    ids = [memory.id for memory in (await desk.store.page(limit=100)).items]
    app = desk.app(recorded=MadeUpUses(ids))
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        counts: dict[str, int] = {}
        for query in ("used>0", "cited:yes", "used:0", "used:none"):
            await press(pilot, "C")
            view = view_of(app)
            view._go(
                next(i for i, spot in enumerate(view._drawn.spots) if spot.cell.query == query)
            )
            counts[query] = count_of(app)
            await press(pilot, "enter")
            assert len(browse(app).memories.rows) == counts[query], query
            await press(pilot, "escape", "escape")
        assert counts["used>0"] == len(ids[::3])
        assert 0 < counts["cited:yes"] < counts["used>0"]
        assert counts["used:none"] > 0
        assert counts["used>0"] + counts["used:0"] + counts["used:none"] == 59


async def test_in_ascii_and_without_colour_cursor_and_levels_are_seen(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "C")
        drawn = text_of(app)
        assert drawn.isascii()
        assert all(len(line) == 60 for line in drawn.splitlines())
        assert "less . : + * # more" in drawn
        friday = next(line for line in drawn.splitlines() if "Fri " in line[:6])
        assert friday.rstrip(" |").endswith("X"), "this day is a Friday"
        await press(pilot, "G")
        assert "Use by Codex" in text_of(app)
        assert "over a year" in now_of(app)


async def test_after_a_change_it_is_counted_again(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "C")
        ids = [memory.id for memory in (await desk.store.page(limit=3)).items]
        await desk.store.delete(ids)
        await press(pilot, "r")
        assert "56 memories" in text_of(app).splitlines()[0]
