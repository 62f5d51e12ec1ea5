"""What other programs write appears while the screen is open, and nothing of the user's moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from textual.events import AppBlur, AppFocus
from textual.pilot import Pilot

from mem0_tui.backends.base import Backend, Background
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.curator.service import Curator
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.screens import browse as browse_screen
from tests.support.faulty import holding
from tests.support.memories import memory, uuid_of
from tests.support.serving import serving
from tests.tui.harness import SIZE, Bench, browse, find, press, reached, settle, text_of, until
from tests.tui.remote import faulty, mirrored, served

pytestmark = pytest.mark.anyio

WRITTEN = Draft("written meanwhile", Scope(user_id="kim"))


async def test_what_another_program_stores_appears_by_itself(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "down", "space")
        here = browse(app).memories.current
        await desk.backend.add(WRITTEN)
        await until(pilot, lambda: "written meanwhile" in text_of(app))
        assert browse(app).memories.current == here
        assert "1 marked" in text_of(app)


async def test_a_server_is_read_again_when_the_terminal_gets_the_focus(
    desk: Bench, tmp_path: Path
) -> None:
    async with served(desk, tmp_path) as place:
        app = place.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "down", "space")
            here = browse(app).memories.current
            app.post_message(AppBlur())
            await settle(pilot)
            await desk.backend.add(WRITTEN)
            assert "written meanwhile" not in text_of(app)
            app.post_message(AppFocus())
            await until(pilot, lambda: "written meanwhile" in text_of(app))
            assert "written meanwhile" in text_of(app)
            assert browse(app).memories.current == here
            assert "1 marked" in text_of(app)


@asynccontextmanager
async def elsewhere(desk: Bench, folder: Path) -> AsyncIterator[tuple[Bench, Backend]]:
    """*desk* behind a ``mem0-tui serve`` of its own process, and another client of that."""
    with serving(desk.store.database.path) as server:
        options = BackendOptions(url=server.url, api_key=server.key, clock=desk.clock)
        other = open_backend("platform", options)
        try:
            backend = open_backend("platform", options)
            async with mirrored(desk, backend, folder, desk.clock) as place:
                yield place, other
        finally:
            await other.aclose()


async def pass_by(pilot: Pilot[int]) -> None:
    """Let several times go by at which the server would be asked again."""
    for _ in range(3):
        await pilot.pause(0.5)
        await settle(pilot)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is asked again every half a second, and the screen brought up to date as often."""
    monkeypatch.setattr(browse_screen, "REFRESH_SECONDS", 0.5)
    monkeypatch.setattr(browse_screen, "_POLL_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
async def test_what_another_client_writes_on_a_server_appears_by_itself(
    desk: Bench, tmp_path: Path
) -> None:
    async with elsewhere(desk, tmp_path) as (place, other):
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "down", "space", "down")
            here, marked = browse(app).memories.current, list(browse(app).session.triage.marked)
            await other.add(WRITTEN)
            await until(pilot, lambda: "written meanwhile" in text_of(app))
            assert "written meanwhile" in text_of(app)
            assert browse(app).memories.current == here
            assert list(browse(app).session.triage.marked) == marked
            assert not app._notifications, "nobody asked for it"


@pytest.mark.usefixtures("impatient")
async def test_nothing_changes_below_an_open_plan_until_it_is_closed(
    desk: Bench, tmp_path: Path
) -> None:
    async with elsewhere(desk, tmp_path) as (place, other):
        app = place.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "down", "d", "a")
            before = text_of(app)
            await other.add(WRITTEN)
            await pass_by(pilot)
            assert text_of(app) == before
            assert "written meanwhile" not in before
            await press(pilot, "escape")
            await until(pilot, lambda: "written meanwhile" in text_of(app))
            assert "written meanwhile" in text_of(app)
            assert len(browse(app).session.triage.staging) == 1


@pytest.mark.usefixtures("impatient")
async def test_a_store_that_changes_below_an_open_modal_is_shown_once_it_is_closed(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "e")
        before = text_of(app)
        await desk.backend.add(WRITTEN)
        await pass_by(pilot)
        assert text_of(app) == before
        await press(pilot, "escape")
        await until(pilot, lambda: "written meanwhile" in text_of(app))
        assert "written meanwhile" in text_of(app)


@pytest.mark.usefixtures("impatient")
async def test_a_range_begins_where_it_was_begun_whatever_comes_above_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "down", "down")
        first = browse(app).memories.current
        assert first is not None
        await press(pilot, "v", "down")
        last = browse(app).memories.current
        assert last is not None
        await desk.backend.add(WRITTEN)
        await until(pilot, lambda: "written meanwhile" in text_of(app))
        await press(pilot, "v")
        assert set(browse(app).session.triage.marked) == {first.id, last.id}


async def look_again(pilot: Pilot[int]) -> None:
    """Come back to the terminal: the server is asked what has changed."""
    pilot.app.post_message(AppBlur())
    await settle(pilot)
    pilot.app.post_message(AppFocus())
    await settle(pilot)


@pytest.mark.parametrize("deaf", [False, True])
async def test_an_edit_of_an_old_memory_on_a_server_appears_by_itself(
    desk: Bench, tmp_path: Path, deaf: bool
) -> None:
    server = holding(*(memory(number) for number in range(1, 651)))

    async def refuse(request: Request) -> Response | None:
        return Response(status_code=400) if b"updated_at" in await request.body() else None

    if deaf:
        server.faults.append(refuse)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=(140, 30)) as pilot:
            await settle(pilot)
            await find(pilot, '"number 7"')
            there = server.memories[uuid_of(7)]
            await look_again(pilot)
            await look_again(pilot)
            header = text_of(app).splitlines()[0]
            assert ("others' edits within 12 min" in header) is deaf
            server.memories[there.id] = replace(
                there, text="memory number 7, edited", updated_at=DEMO_NOW + timedelta(days=1)
            )
            for _ in range(place.parts.library.lag):
                await look_again(pilot)
            assert "memory number 7, edited" in text_of(app)


async def test_what_is_known_of_one_memory_is_asked_for_once_while_pages_arrive(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    all_read = asyncio.Event()
    background = Curator.background

    async def counted(curator: Curator, memory_id: str) -> Background:
        asked.append(memory_id)
        await all_read.wait()
        return await background(curator, memory_id)

    async def page_by_page(request: Request) -> Response | None:
        if request.method == "POST":
            await asyncio.sleep(0.1)  # each is painted before the next one comes
        return None

    monkeypatch.setattr(Curator, "background", counted)
    server = holding(*(memory(number) for number in range(1, 1201)))
    server.faults.append(page_by_page)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=(140, 30)) as pilot:
            await reached(pilot, lambda: "1,200 of 1,200" in text_of(app))
            while_reading = tuple(asked)  # once they are all there, it may well be asked for anew
            all_read.set()
            await settle(pilot)
            assert while_reading
            assert len(while_reading) == len(set(while_reading)), "each is of another memory"
