"""The picture that the screen opens with is where the screen will be, and loses no key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from rich.segment import Segment
from textual import events
from textual.pilot import Pilot

from mem0_tui.backends.library.library import RowOrder
from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.errors import StoreBusyError, StoreCorruptError
from mem0_tui.store.preview import newest_rows
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.parts import Parts
from mem0_tui.tui.screens.browse import BrowseScreen
from mem0_tui.tui.startup.splash import Splash
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, failed, settle, text_of, until

pytestmark = pytest.mark.anyio


def opening(desk: Bench, meanwhile: Callable[[], object], *, theme: str = "mem0-dark") -> Splash:
    """How *desk* opens; *meanwhile* is called when nothing but the picture is there."""

    def parts() -> Parts:
        meanwhile()
        return desk.parts

    return Splash(
        rows=lambda: newest_rows(desk.store.database.path, desk.clock.now().date(), 200),
        now=desk.clock.now,
        title=desk.parts.title,
        target=desk.parts.target,
        theme=theme,
        searches=(),
        parts=parts,
    )


async def opened(pilot: Pilot[int]) -> None:
    """Wait until the main screen has taken the picture's place."""
    await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
    await settle(pilot)


def cells(app: Mem0App) -> list[list[Segment]]:
    """What the terminal shows, cell by cell."""
    return [
        [Segment(sign, segment.style) for segment in strip for sign in segment.text]
        for strip in app.screen._compositor.render_strips()
    ]


@pytest.mark.parametrize(
    "size",
    [(60, 20), (79, 21), (80, 22), (99, 24), (100, 24), (120, 36), (149, 41), (150, 50), (200, 60)],
)
async def test_every_sign_of_the_picture_stays_where_it_is(
    desk: Bench, size: tuple[int, int]
) -> None:
    pictures: list[str] = []
    app = Mem0App(opening(desk, lambda: pictures.append(text_of(app))))
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        screen = text_of(app).split("\n")
        (picture,) = [picture.split("\n") for picture in pictures]
        newest = newest_rows(desk.store.database.path, desk.clock.now().date(), 1)[0]
        assert newest.text[:20] in "\n".join(picture)
        moved = [
            (x, y, sign, screen[y][x])
            for y, line in enumerate(picture)
            for x, sign in enumerate(line)
            if sign != " " and sign != screen[y][x]
        ]
        assert not moved


async def test_colours_stay_too(desk: Bench) -> None:
    pictures: list[list[list[Segment]]] = []
    app = Mem0App(opening(desk, lambda: pictures.append(cells(app)), theme="mem0-light"))
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        changed = {
            (y, sign.text, str(sign.style), str(now.style))
            for y, (line, later) in enumerate(zip(pictures[0], cells(app), strict=True))
            for sign, now in zip(line, later, strict=True)
            if sign.text != " " and sign.style and now.style
            if (sign.style.color, sign.style.bgcolor) != (now.style.color, now.style.bgcolor)
        }
        assert not changed


@pytest.mark.parametrize("patience", [0.001, 1.0], ids=["impatient", "patient"])
async def test_what_is_typed_over_the_picture_goes_to_the_main_screen(
    desk: Bench, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mem0_tui.tui.app._PATIENCE", patience)

    def type_() -> None:
        for key in ("slash", *"type:decision", "enter", "space"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))

    app = Mem0App(opening(desk, type_))
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, BrowseScreen)
        assert screen.query_one(SearchBox).input.value == "type:decision"
        (marked,) = screen.session.triage.marked.values()
        assert marked.type == "decision"


async def test_a_store_that_cannot_be_opened_ends_the_app_with_the_reason(desk: Bench) -> None:
    def fail() -> None:
        raise StoreCorruptError("it is damaged")

    app = Mem0App(opening(desk, fail))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.failure is not None)
    assert app.return_code == 1
    assert isinstance(app.failure, StoreCorruptError)


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
