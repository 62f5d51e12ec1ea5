"""Everything that keys do can be done with the mouse."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.geometry import Region
from textual.pilot import Pilot

from mem0_tui.review.view import FindMode
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.help_view import HelpView
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.key_line import KeyLine
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

pytestmark = pytest.mark.anyio


async def click(pilot: Pilot[int], words: str) -> None:
    """Click on the first place of the screen that shows *words*."""
    assert isinstance(pilot.app, Mem0App)
    for y, row in enumerate(text_of(pilot.app).splitlines()):
        if words in row:
            await pilot.click(offset=(row.index(words), y))
            await settle(pilot)
            return
    raise AssertionError(f"{words} is not on the screen")


async def test_the_gutter_marks_and_the_header_leads_to_the_plan(desk: Bench) -> None:
    before = await desk.store.count(include_expired=True)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.click(MemoryList, offset=(0, 2))
        await pilot.click(MemoryList, offset=(30, 4), control=True)
        await settle(pilot)
        assert "2 marked" in text_of(app)
        await press(pilot, "d")
        await click(pilot, "2 staged")
        assert isinstance(app.screen, PlanView)
        await click(pilot, "y apply")
        assert await desk.store.count(include_expired=True) == before - 2
        assert not isinstance(app.screen, PlanView)


async def test_a_key_of_the_footer_does_what_it_says(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await click(pilot, "d delete")
        assert len(browse(app).session.triage.staging) == 1
        await click(pilot, "? help")
        assert isinstance(app.screen, HelpView)


async def test_the_key_under_the_mouse_stands_out_in_the_footer(desk: Bench) -> None:
    def look() -> list[str]:
        (line,) = app.screen.query_one(KeyFooter).render_lines(Region(0, 0, SIZE[0], 1))
        return [str(segment.style) for segment in line if segment.text == " delete"]

    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        at = text_of(app).splitlines()[-1].index("d delete")
        plain = look()
        await pilot.hover(KeyFooter, offset=(at, 0))
        assert look() != plain
        await pilot.hover(MemoryList)
        await settle(pilot)
        assert look() == plain


async def test_the_header_leads_to_palette_and_writing(desk: Bench) -> None:
    app = desk.app(read_only=True)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await click(pilot, "mem0-tui")
        assert isinstance(app.screen, CommandPalette)
        await press(pilot, "escape")
        await click(pilot, "READ-ONLY")
        assert not browse(app).read_only


async def test_what_words_do_is_switched_where_it_is_written(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await click(pilot, "words ⇥ meaning")
        assert app.screen.query_one(SearchBox).mode is FindMode.MEANING


async def test_a_modal_is_left_by_a_click_on_the_key_that_leaves_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "e")
        assert "Ctrl+S stage" in text_of(app)
        await click(pilot, "Esc leave")
        assert "Ctrl+S stage" not in text_of(app)


@pytest.mark.parametrize(
    ("cell", "key"),
    [(0, "ctrl+s"), (11, "ctrl+s"), (13, None), (16, "tab"), (32, None), (42, "escape")],
)
def test_each_key_of_the_line_has_its_place(cell: int, key: str | None) -> None:
    line = KeyLine("Ctrl+S stage   Tab next field   ↑↓ look   Esc leave")
    assert line.key_at(cell, 80) == key
