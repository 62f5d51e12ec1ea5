"""The picture that the screen opens with is where the screen will be, and loses no key."""

from __future__ import annotations

import asyncio
from array import array
from contextvars import Context
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.segment import Segment
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.strip import Strip
from textual.widget import Widget

from mem0_tui.backends.library.library import Overview, RowOrder
from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.errors import StoreBusyError
from mem0_tui.store.preview import newest_rows
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.startup.splash import Line, Splash, SplashPicture
from mem0_tui.tui.theme import theme_names
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, bench, browse, failed, reached, settle, text_of

pytestmark = pytest.mark.anyio


def picture(desk: Bench, size: tuple[int, int], theme: str = "mem0-dark") -> list[Line]:
    """What *desk* opens with."""
    opening = Splash(
        rows=newest_rows(desk.store.database.path, desk.clock.now().date(), 200),
        now=desk.clock.now(),
        title=desk.parts.title,
        target=desk.parts.target,
        theme=theme,
    )
    return SplashPicture(opening).draw(*size)


def cells(lines: list[Line]) -> list[list[Segment]]:
    """*lines* sign by sign."""
    return [[Segment(sign, part.style) for part in line for sign in part.text] for line in lines]


def are_alike(one: Color | None, other: Color | None) -> bool:
    """Whether nobody sees a difference: Textual's own rounding changes a colour by a 255th."""
    if one is None or other is None:
        return one is other
    if one.triplet and other.triplet:
        return all(abs(a - b) <= 1 for a, b in zip(one.triplet, other.triplet, strict=True))
    return one.get_ansi_codes() == other.get_ansi_codes()


@pytest.mark.parametrize(
    "size",
    [(60, 20), (79, 21), (80, 22), (99, 24), (100, 24), (120, 36), (149, 41), (150, 50), (200, 60)],
)
async def test_every_sign_of_the_picture_stays_where_it_is(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        screen = text_of(app).split("\n")
        shown = ["".join(part.text for part in line) for line in picture(desk, size)]
        newest = newest_rows(desk.store.database.path, desk.clock.now().date(), 1)[0]
        assert newest.text[:20] in "\n".join(shown)
        assert len(shown) == size[1]
        moved = [
            (x, y, sign, screen[y][x])
            for y, line in enumerate(shown)
            for x, sign in enumerate(line)
            if sign != " " and sign != screen[y][x]
        ]
        assert not moved


@pytest.mark.parametrize("theme", theme_names())
async def test_colours_stay_too(desk: Bench, theme: str) -> None:
    app = desk.app(theme=theme)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        later = cells([list(strip) for strip in app.screen._compositor.render_strips()])
        changed = {
            (y, sign.text, str(sign.style), str(now.style))
            for y, (line, after) in enumerate(
                zip(cells(picture(desk, SIZE, theme)), later, strict=True)
            )
            for sign, now in zip(line, after, strict=True)
            if sign.text != " " and sign.style and now.style
            if not are_alike(sign.style.color, now.style.color)
            or not are_alike(sign.style.bgcolor, now.style.bgcolor)
        }
        assert not changed


@pytest.mark.parametrize("patience", [0.001, 1.0], ids=["impatient", "patient"])
async def test_what_is_typed_over_the_picture_goes_to_the_main_screen(
    desk: Bench, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mem0_tui.tui.app._PATIENCE", patience)

    class Typing(LocalLibrary):
        typed = False

        def order(self, *what: Any, **how: Any) -> asyncio.Future[RowOrder]:
            if not self.typed:
                self.typed = True
                for key in ("slash", *"type:decision", "enter", "space"):
                    # From nobody on the screen, as what comes from a terminal.
                    letter = key if len(key) == 1 else None
                    app.post_message(Context().run(events.Key, key, letter))
            return super().order(*what, **how)

    app = Mem0App(replace(desk.parts, library=Typing(desk.store)), over=HeadlessDriver)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = browse(app)
        assert screen.query_one(SearchBox).input.value == "type:decision"
        (marked,) = screen.session.triage.marked.values()
        assert marked.type == "decision"


async def test_the_picture_stays_until_the_counts_are_there_too(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mem0_tui.tui.screens.browse._MOMENT", 60.0, raising=False)
    held: list[bool] = []

    class LateCounts(LocalLibrary):
        async def overview(self, *what: Any, **how: Any) -> Overview:
            await browse(app).first_rows.wait()
            for _ in range(10):  # whatever else waits for the first rows
                await asyncio.sleep(0)
            held.append(bool(app._batch_count))
            return await super().overview(*what, **how)

    app = Mem0App(replace(desk.parts, library=LateCounts(desk.store)), over=HeadlessDriver)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert held[0], "all of the screen would be painted, and then once more"
        assert "Users" in text_of(app)


async def test_keys_are_let_in_without_a_wait_for_the_next_frame(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 3600.0)
    app = Mem0App(replace(desk.parts, library=LocalLibrary(desk.store)), over=HeadlessDriver)
    async with app.run_test(size=SIZE) as pilot:
        await asyncio.wait_for(browse(app).answered.wait(), 60)
        app.post_message(Context().run(events.Key, "down", None))
        await reached(pilot, lambda: browse(app).memories.cursor == 1)


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("size", [(60, 20), (150, 50)])
async def test_what_lies_behind_the_panes_is_drawn_as_textual_does(
    desk: Bench, size: tuple[int, int], theme: str
) -> None:
    app = desk.app(theme=theme)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for behind in (browse(app), *browse(app).query("#main, #centre")):
            ours = behind.render_lines(behind.size.region)
            own = Widget.render_lines(behind, behind.size.region)
            assert [line.text for line in ours] == [line.text for line in own]
            assert [_ground(line) for line in ours] == [_ground(line) for line in own]


def _ground(line: Strip) -> set[Color | None]:
    return {part.style.bgcolor if part.style else None for part in line}


async def test_the_cursor_moves_though_not_all_rows_are_listed_yet(tmp_path: Path) -> None:
    listed = asyncio.Event()

    class Slow(LocalLibrary):
        def keys(self, *what: Any, **how: Any) -> asyncio.Future[array[int]]:
            async def wait() -> array[int]:
                await listed.wait()
                return await LocalLibrary.keys(self, *what, **how)

            return asyncio.get_running_loop().create_task(wait())

    with bench(tmp_path, count=200) as desk:
        app = desk.app(library=Slow(desk.store))
        async with app.run_test(size=SIZE) as pilot:
            await browse(app).answered.wait()
            for key in ("down", "asterisk"):
                app.post_message(Context().run(events.Key, key, None))
            await reached(pilot, lambda: browse(app).memories.cursor == 1)
            assert browse(app).memories.cursor == 1
            assert not browse(app).session.triage.marked, "the marks are meant for all rows"
            listed.set()
            await settle(pilot)
            assert len(browse(app).session.triage.marked) == len(browse(app).memories.rows) > 150


async def test_the_screen_is_complete_also_when_the_first_rows_cannot_be_read(desk: Bench) -> None:
    class Mute(LocalLibrary):
        def order(self, *_: object, **__: object) -> asyncio.Future[RowOrder]:
            return failed(StoreBusyError("somebody writes"))

    app = desk.app(library=Mute(desk.store))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "somebody writes" in text_of(app)
        assert "quit" in text_of(app).split("\n")[-1]


async def test_keys_work_where_the_terminal_had_not_the_focus_while_it_opened(desk: Bench) -> None:
    app = desk.app()
    app.set_reactive(Mem0App.app_focus, False)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert app.focused is None
        assert "? help" in text_of(app).splitlines()[-1]
        await pilot.press("space")
        await settle(pilot)
        assert "1 marked" in text_of(app).splitlines()[0]
        assert "mark" in text_of(app).splitlines()[-1]
