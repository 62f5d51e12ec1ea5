"""A server that cannot be read: the screen says so, and asks again."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.tui.modals.report_view import ReportView
from mem0_tui.tui.screens import browse as browse_screen
from tests.support.faulty import Fault, answer, every, first, holding
from tests.support.memories import memory
from tests.tui.harness import SIZE, Bench, browse, notices, press, settle, text_of, until
from tests.tui.remote import faulty

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MEMORIES = [memory(number, f"memory number {number}", type="decision") for number in range(12)]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (first(99, lambda: answer(401)), ("key",)),
        (first(99, lambda: Response("<html>gateway</html>", 200)), ()),
        (first(99, lambda: answer(200, {"results": 7})), ()),
    ],
    ids=["401", "html", "wrong shape"],
)
async def test_a_server_that_cannot_be_read_is_told_and_can_be_asked_again(
    desk: Bench, tmp_path: Path, fault: Fault, words: tuple[str, ...]
) -> None:
    server = holding(*MEMORIES)
    server.faults.append(fault)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            assert notices(app).strip()
            assert "No memories yet" not in text_of(app)
            assert "F5 reads again" in text_of(app)
            assert "NOT UP TO DATE" in text_of(app).splitlines()[0]
            for word in words:
                assert word in notices(app).casefold()
            server.faults.clear()
            await press(pilot, "f5")
            app.clear_notifications()
            await settle(pilot)
            assert "memory number 3" in text_of(app)
            assert "12 of 12" in text_of(app)
            assert "NOT UP TO DATE" not in text_of(app)


async def test_a_refresh_that_fails_is_told_once_and_the_pane_says_what_it_lacks(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            server.faults.append(first(99, lambda: answer(401)))
            await press(pilot, "down", "f5")
            assert len(app._notifications) == 1
            assert "not all of it can be read" in text_of(app)


async def test_a_server_that_goes_away_unnoticed_is_told_of_once(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse_screen, "REFRESH_SECONDS", 0.3)
    server = holding(*MEMORIES)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            refused = 0

            async def refuse(_request: Request) -> Response:
                nonlocal refused
                refused += 1
                return answer(401)

            server.faults.append(refuse)
            await until(pilot, lambda: refused > 3)
            assert refused > 3
            assert len(app._notifications) == 1
            assert "NOT UP TO DATE" in text_of(app).splitlines()[0]
            server.faults.clear()
            await until(pilot, lambda: "NOT UP TO DATE" not in text_of(app))
            assert "NOT UP TO DATE" not in text_of(app)


@pytest.mark.parametrize(
    "fault",
    [first(3, lambda: answer(429)), every(3, lambda: answer(500))],
    ids=["429 for a while", "500 every third"],
)
async def test_what_passes_is_waited_for(desk: Bench, tmp_path: Path, fault: Fault) -> None:
    server = holding(*MEMORIES)
    server.faults.append(fault)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "f5")
            assert "12 of 12" in text_of(app)
            await press(pilot, "d", "d", "a", "y")
            if isinstance(app.screen, ReportView):
                await press(pilot, "escape", "a", "y")
            left = set(server.memories)
            staged = len(browse(app).session.triage.staging)
            assert len(left) == len(MEMORIES) - 2 + staged
