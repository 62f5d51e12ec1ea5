"""A server that takes connections and never answers: it is said since when, and can be given up."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from mem0_tui.backends.paging.waits import Waiting, Waits
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.status_line import HeaderStatus, StatusLine
from tests.tui.harness import Bench, browse, settle, text_of
from tests.tui.remote import KEY, mirrored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def silent(desk: Bench, tmp_path: Path) -> AsyncIterator[Bench]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        waits = Waits()
        options = BackendOptions(
            url=f"http://127.0.0.1:{port}", api_key=KEY, clock=desk.clock, waits=waits
        )
        backend = open_backend("platform", options)
        async with mirrored(desk, backend, tmp_path, desk.clock) as made:
            yield replace(made, parts=replace(made.parts, waiting=lambda: waits.longest))


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_silent_server_is_waited_for_in_words_and_given_up(
    silent: Bench, size: tuple[int, int]
) -> None:
    app = silent.app()
    async with app.run_test(size=size) as pilot:
        for _ in range(20):
            await pilot.pause()
            browse(app).controllers.poll()
        words = " ".join(text_of(app).replace("│", " ").split())
        assert "No memories yet" not in words
        assert "Reading the memories" in words
        assert "has not answered for" in words
        assert "try 1 of" in words
        assert "Esc gives up" in words
        assert "of unknown" in text_of(app).splitlines()[0]
        await pilot.press("escape")
        await shown(pilot, "gave up waiting")
        assert "went wrong" not in text_of(app)
        assert "No memories yet" not in text_of(app)
        await pilot.press("f5")
        await pilot.pause()
        browse(app).controllers.poll()
        await shown(pilot, "Reading the memories")


async def shown(pilot: Pilot[Any], words: str) -> None:
    """Wait until *words* are on the screen, while work that waits for the server goes on."""
    assert isinstance(pilot.app, Mem0App)
    for _ in range(200):
        await pilot.pause()
        if words in text_of(pilot.app):
            return
    raise AssertionError(f"{words} never came")


async def test_the_header_says_since_when_and_which_try(desk: Bench) -> None:
    app = desk.app(waiting=lambda: Waiting("https://api.mem0.ai", 74.0, 2, 4))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        browse(app).session.loader.words = "reading"
        browse(app).controllers.poll()
        await settle(pilot)
        assert "no answer for 74 s, try 2 of 4 · reading" in text_of(app).splitlines()[0]


LONG = "no answer for 74 s, try 2 of 4 · reading 4,800 of 10,134"


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("busy", ["", "reading", LONG])
async def test_the_count_is_whole_whatever_else_goes_on(desk: Bench, width: int, busy: str) -> None:
    app = desk.app()
    async with app.run_test(size=(width, 24)) as pilot:
        await settle(pilot)
        line = app.screen.query_one(StatusLine)
        line.status = HeaderStatus(
            "platform", "https://api.mem0.ai", "user:kim app:shop-api", 4_800, 10_134,
            partial=True, staged=12, marked=272, hidden_marks=7_171, busy=busy,
            health="✗ 2 failed",
        )  # fmt: skip
        shown = line.render_line(0).text
        assert re.search(r" 4,800\+?( of 10,134)?( |$)", shown)
