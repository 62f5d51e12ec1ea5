"""A memory that names another leads there by key, by letter and by mouse, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import pytest
from textual.events import MouseDown, MouseUp
from textual.pilot import Pilot

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.jump import Jump
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, bench, browse, find, focus, press, settle, text_of, until

pytestmark = pytest.mark.anyio

OLD, NEW, GONE = (f"4f6c1d1e-0000-4000-8000-{number:012d}" for number in range(3))


def written(id_: str, text: str, replaced_by: str | None = None, app: str = "shop-api") -> Memory:
    scope = Scope(user_id="kim", app_id=app)
    return Memory(
        id_, text, scope, created_at=DEMO_NOW, updated_at=DEMO_NOW, replaced_by=replaced_by
    )


@pytest.fixture
async def linked(tmp_path: Path) -> AsyncIterator[Bench]:
    with bench(tmp_path, count=40) as desk:
        await desk.store.restore(
            [
                written(OLD, "Tokens are signed with HS256.", NEW),
                written(NEW, "Tokens are signed with RS256.", app="infra"),
            ]
        )
        yield desk


def here(app: Mem0App) -> str:
    memory = browse(app).memories.current
    return memory.id if memory is not None else ""


async def go(pilot: Pilot[int], memory_id: str) -> None:
    await find(pilot, f"id:{memory_id}")
    await press(pilot, "2")


async def test_a_key_goes_to_what_replaced_it_and_back(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "app:shop-api")
        await press(pilot, "2")
        while here(app) != OLD:
            await press(pilot, "j")
        state, typed = browse(app).session.view, text_of(app).splitlines()[4]
        assert "replaced by  Tokens are signed with RS256. o goes there" in text_of(app)
        await press(pilot, "o")
        assert here(app) == NEW, "though the search hides it"
        await press(pilot, "b")
        assert here(app) == OLD
        assert browse(app).session.view == state
        assert text_of(app).splitlines()[4] == typed


async def test_the_way_back_keeps_a_query_that_does_not_parse_as_it_was(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        await find(pilot, f"id:{OLD} age>")
        await press(pilot, "2")
        assert here(app) == OLD
        await press(pilot, "o", "b")
        assert here(app) == OLD
        assert app.screen.query_one(SearchBox).input.value.endswith(" age>")
        assert "▲" in text_of(app)
        await press(pilot, "escape")
        assert len(browse(app).memories.rows) == browse(app).controllers.show.total


async def test_a_link_to_a_row_that_is_shown_moves_the_cursor_only(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        state = browse(app).session.view
        while here(app) != OLD:
            await press(pilot, "j")
        await press(pilot, "o")
        assert here(app) == NEW
        await press(pilot, "b")
        assert here(app) == OLD
        assert browse(app).session.view == state


async def test_there_is_a_way_back_from_what_is_alike(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        while here(app) != OLD:
            await press(pilot, "j")
        state = browse(app).session.view
        await press(pilot, "l")
        await until(pilot, lambda: "▰" in text_of(app))
        assert browse(app).session.view.searches
        await press(pilot, "b")
        assert (browse(app).session.view, here(app)) == (state, OLD)
        assert "meaning ⇥ words" not in text_of(app)


async def test_the_key_after_a_link_is_for_the_memory_that_it_leads_to(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        await pilot.press("o", "d")
        await settle(pilot)
        assert list(browse(app).session.triage.staging.seen) == [NEW]
        await press(pilot, "R", "b")
        await press(pilot, "3")
        await pilot.press("o", "d")
        await settle(pilot)
        assert list(browse(app).session.triage.staging.seen) == [NEW]


async def test_a_letter_and_a_click_go_there_and_the_pane_keeps_the_focus(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        await press(pilot, "3")
        detail = app.screen.query_one(ListedMemory)
        links = dict(detail.links_in_sight())
        assert len(links) > 1, "the nearest are links too"
        await press(pilot, "ctrl+o")
        assert isinstance(app.screen, Jump)
        letter = next(
            letter for letter, spot in app.screen._spots.items() if spot.name.endswith(NEW)
        )
        await press(pilot, letter)
        assert here(app) == NEW
        assert focus(app) is detail
        await press(pilot, "b")
        await until(pilot, lambda: len(detail.links_in_sight()) > 1)
        assert here(app) == OLD
        near = next(to for to, _ in detail.links_in_sight() if to != NEW)
        await pilot.click(offset=dict(detail.links_in_sight())[near])
        await settle(pilot)
        assert here(app) == near
        await press(pilot, "b")
        assert here(app) == OLD


async def test_the_first_click_on_a_pane_that_grows_with_it_follows_the_link(linked: Bench) -> None:
    app = linked.app()
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        detail = app.screen.query_one(ListedMemory)
        height = detail.size.height
        detail.scroll_to(y=3, animate=False)
        await settle(pilot)
        where = dict(detail.links_in_sight())[NEW]
        at = (where.x + 20, where.y, 0, 0, 1, False, False, False)
        app.post_message(MouseDown(None, *at))  # the pilot's click leaves no time for a layout
        for _ in range(10_000):  # it arrives before there is one, and a pause would make one
            if detail._pressed:
                break
            await asyncio.sleep(0)
        await settle(pilot)
        assert detail.size.height > height
        assert dict(detail.links_in_sight())[NEW] != where
        app.post_message(MouseUp(None, *at))
        await settle(pilot)
        assert here(app) == NEW


async def test_a_clicked_link_is_followed_however_long_the_store_takes(
    linked: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = linked.parts.library
    keys_of = library.keys_of

    async def slowly(ids: Sequence[str]) -> Mapping[str, int]:
        await asyncio.sleep(0.5)
        return await keys_of(ids)

    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        await press(pilot, "3")
        where = dict(app.screen.query_one(ListedMemory).links_in_sight())[NEW]
        monkeypatch.setattr(library, "keys_of", slowly)
        for event in (MouseDown, MouseUp):  # the pilot's click waits for more than a person's
            app.post_message(event(None, where.x, where.y, 0, 0, 1, False, False, False))
        await settle(pilot)
        assert here(app) == NEW


@pytest.mark.parametrize("size", [(60, 20), (60, 30)])
async def test_a_narrow_terminal_follows_in_the_pane_that_it_shows(
    linked: Bench, size: tuple[int, int]
) -> None:
    app = linked.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await go(pilot, OLD)
        await press(pilot, "3", "o")
        assert here(app) == NEW
        assert "RS256" in text_of(app)
        assert isinstance(focus(app), ListedMemory)
        await press(pilot, "b")
        assert "HS256" in text_of(app)


async def test_what_leads_nowhere_says_so(linked: Bench) -> None:
    await linked.store.restore([written(GONE, "Tokens never expire.", "no-such-memory")])
    app = linked.app(keymap={"memory.follow": "f9"})
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "b")
        assert "no link has led here" in text_of(app)
        await go(pilot, GONE)
        assert "replaced by  no-such-memory · gone" in text_of(app)
        await press(pilot, "f9")
        assert "that memory is gone" in text_of(app)
        assert here(app) == GONE
        await go(pilot, OLD)
        assert "F9 goes there" in text_of(app)
        await go(pilot, NEW)
        await press(pilot, "f9")
        assert "no other memory has replaced this one" in text_of(app)


async def test_a_hostile_text_behind_a_link_is_only_text(linked: Bench) -> None:
    evil = written(GONE, "[@click=app.quit]\x1b[2Jquit[/]\u202e")
    await linked.store.restore([evil, written(OLD + "1", "old", GONE)])
    app = linked.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go(pilot, OLD + "1")
        assert "replaced by  [@click=app.quit]␛[2Jquit[/]<U+202E>" in text_of(app)
