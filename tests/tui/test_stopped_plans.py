"""A plan that a server stops: nothing is lost, the screen says so, and what is left can be done."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.http.request_log import RequestLogEntry
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.errors import StoreFullError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.journal import Journal
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.report_view import ReportView
from tests.support.faulty import Fault, answer, holding
from tests.support.memories import memory
from tests.tui.harness import SIZE, Bench, browse, notices, press, reached, settle, text_of
from tests.tui.remote import faulty

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MEMORIES = [memory(number, f"memory number {number}", type="decision") for number in range(12)]


@dataclass
class HoldingBack:
    """Changes wait until they are let go."""

    waiting: bool = False
    _let_go: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, request: Request) -> Response | None:
        if request.method == "PUT":
            self.waiting = True
            await asyncio.to_thread(self._let_go.wait)
        return None

    def let_go(self) -> None:
        self._let_go.set()


async def test_the_network_goes_in_mid_apply_and_what_is_left_can_be_finished(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)
    down = False

    async def cut(request: Request) -> Response | None:
        nonlocal down
        down = down or request.method == "PUT"
        return answer(503) if down else None

    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            before = dict(server.memories)
            await press(pilot, "space", "space", "space", "P")
            server.faults.append(cut)
            await press(pilot, "a", "y")
            assert "✗" in text_of(app) or "?" in text_of(app)
            assert dict(server.memories) == before
            server.faults.clear()
            await press(pilot, "escape")
            assert len(browse(app).session.triage.staging) == 3
            await press(pilot, "f5")
            await press(pilot, "a", "y")
            pinned = [m for m in server.memories.values() if m.pinned]
            assert len(pinned) == 3
            assert len(server.memories) == len(before)


async def test_a_server_that_wants_no_more_requests_is_left_alone_and_the_rest_stays_staged(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)

    async def throttled(request: Request) -> Response | None:
        return answer(429) if request.method == "PUT" else None

    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "space", "space", "space", "P")
            server.faults.append(throttled)
            await press(pilot, "a", "y")
            assert "1 failed" in text_of(app)
            assert "2 not tried (" in text_of(app)
            assert text_of(app).count("wait a little") == 1
            server.faults.clear()
            await press(pilot, "escape", "a", "y")
            assert len([m for m in server.memories.values() if m.pinned]) == 3


def too_many(after: int) -> Fault:
    """The first *after* changes go through, then none for two minutes."""
    changes = 0

    async def fault(request: Request) -> Response | None:
        nonlocal changes
        if request.method not in ("PUT", "DELETE"):
            return None
        changes += 1
        if changes <= after:
            return None
        return JSONResponse({"detail": "no"}, 429, {"Retry-After": "120"})

    return fault


async def test_a_long_wait_stops_the_plan_and_says_when_and_how_it_goes_on(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)

    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "space", "space", "space", "P")
            server.faults.append(too_many(after=1))
            await press(pilot, "a", "y")
            until_ = desk.clock.now() + timedelta(seconds=120)
            assert isinstance(app.screen, ReportView)
            assert "1 done · 1 failed · 1 not tried (" in text_of(app)
            assert "2 changes left to do. The server asks to wait until" in text_of(app)
            assert f"{until_:%H:%M:%S} UTC (2 min); then a on the main screen goes on." in text_of(
                app
            )
            await press(pilot, "escape", "a")
            assert f"asks to wait until {until_:%H:%M:%S} UTC" in text_of(app)
            await press(pilot, "escape")
            desk.clock.advance(timedelta(seconds=121))
            server.faults.clear()
            await press(pilot, "a")
            assert "asks to wait" not in text_of(app)
            await press(pilot, "y")
            assert len([m for m in server.memories.values() if m.pinned]) == 3
            assert not len(browse(app).session.triage.staging)


async def test_an_undo_that_has_to_wait_goes_on_with_its_own_key(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)

    async with faulty(desk, tmp_path, server) as place:
        app = place.app(keymap={"undo": "f9"})
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "space", "space", "space", "P", "a", "y")
            server.faults.append(too_many(after=1))
            await press(pilot, "f9", "y")
            assert "then F9 on the main screen goes on." in text_of(app)
            server.faults.clear()
            await press(pilot, "escape", "f9", "y")
            assert not [m for m in server.memories.values() if m.pinned]


async def test_what_a_finished_plan_could_not_do_is_staged_again(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = holding(*MEMORIES)

    async def gone(request: Request) -> Response | None:
        return answer(503) if request.method == "PUT" else None

    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "space", "space", "space", "P")
            server.faults.append(gone)
            with monkeypatch.context() as patch:
                patch.setattr(Journal, "finish", _never)
                await press(pilot, "a", "y")
        down = dict(server.memories)
        again = place.app()
        async with again.run_test(size=SIZE) as pilot:
            await settle(pilot)
            asked = [each for each in again.screen_stack if isinstance(each, Confirm)]
            assert asked == [again.screen], "one plan was interrupted: one question"
            await press(pilot, "y")
            assert "3 changes left to do: a on the main screen goes on." in text_of(again)
            assert "takes it back" not in text_of(again), "nothing was done"
            assert server.memories == down
            server.faults.clear()
            await press(pilot, "escape", "a", "y")
            assert len([m for m in server.memories.values() if m.pinned]) == 3


async def test_the_header_says_what_keeps_an_apply_waiting(desk: Bench, tmp_path: Path) -> None:
    server = holding(*MEMORIES)
    held = HoldingBack()
    refused = RequestLogEntry("PUT", "/v1/memories/1/", 429, 3.0, 1, DEMO_NOW)
    async with faulty(desk, tmp_path, server) as place:
        app = place.app(requests=lambda: (refused,))
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "P", "a")
            server.faults.append(held)
            await pilot.press("y")
            wanted = "HTTP 429, trying again · applying (Esc stops)"
            await reached(pilot, lambda: wanted in text_of(app).splitlines()[0])
            assert wanted in text_of(app).splitlines()[0]
            held.let_go()
            await settle(pilot)
            assert "429" not in text_of(app).splitlines()[0]


async def test_ctrl_c_stops_an_apply_after_the_item_it_is_at(desk: Bench, tmp_path: Path) -> None:
    server = holding(*MEMORIES)
    held = HoldingBack()
    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "ctrl+c")
            assert "q leaves" in notices(app)
            await press(pilot, "space", "space", "space", "P", "a")
            server.faults.append(held)
            await pilot.press("y")
            await reached(pilot, lambda: held.waiting)
            await pilot.press("ctrl+c")
            held.let_go()
            await settle(pilot)
            assert "1 done · 2 not tried" in text_of(app)
            assert len(browse(app).session.triage.staging) == 2


async def test_a_server_that_stays_away_takes_no_report_with_it(
    desk: Bench, tmp_path: Path
) -> None:
    server = holding(*MEMORIES)
    puts = 0

    async def cut(request: Request) -> Response | None:
        nonlocal puts
        puts += request.method == "PUT"
        return answer(500) if puts > 1 else None

    async with faulty(desk, tmp_path, server) as place:
        app = place.app()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "space", "space", "space", "P")
            server.faults.append(cut)
            await press(pilot, "a", "y")
            assert isinstance(app.screen, ReportView)
            assert "F5 reads it again" in notices(app)
            assert "/3" not in text_of(app).splitlines()[0]
            assert len(browse(app).session.triage.staging) == 2
            server.faults.clear()
            await press(pilot, "escape", "f5", "a", "y")
            assert len([m for m in server.memories.values() if m.pinned]) == 3
            assert not len(browse(app).session.triage.staging)


async def test_a_plan_that_was_cut_off_is_offered_at_the_next_start(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed = [*(await first_memories(desk, 3))]
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "space", "space", "space", "d", "a")

        with monkeypatch.context() as patch:
            patch.setattr(Journal, "finish", _never)
            await press(pilot, "y")
    again = desk.app()
    async with again.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(again.screen, Confirm)
        assert "was interrupted" in text_of(again)
        await press(pilot, "y")
        keys = await desk.store_library.keys_of([memory.id for memory in doomed])
        assert not keys
        assert not await desk.curator.interrupted()


async def test_u_asks_about_a_plan_that_was_cut_off_before_it_takes_back_another(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a", "y")
        (older,) = await desk.curator.transactions()
        with monkeypatch.context() as patch:
            patch.setattr(Journal, "record", _full)
            await press(pilot, "d", "a", "y", "escape")
        (interrupted,) = await desk.curator.interrupted()
        for key in ("u", "ctrl+r"):
            await press(pilot, key)
            assert isinstance(app.screen, Confirm), key
            assert "was interrupted" in text_of(app)
            await press(pilot, "escape")
        assert [t.id for t in await desk.curator.transactions()] == [interrupted.id, older.id]
        await press(pilot, "u", "n", "escape", "u")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "y")
        assert (await desk.curator.transactions(1))[0].undoes == older.id


async def _full(_journal: Journal, _items: object) -> None:
    raise StoreFullError("no room")


async def _never(_journal: Journal, _transaction_id: str) -> None:
    """A crash between the last write and the end of its transaction."""


async def first_memories(desk: Bench, count: int) -> list[Memory]:
    keys = await desk.store_library.keys(limit=count)
    found = await desk.store_library.memories(keys)
    return [found[key] for key in keys]
