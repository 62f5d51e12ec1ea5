"""What is done after a while is done once, and not at all where it was called off."""

from __future__ import annotations

import asyncio

import pytest

from mem0_tui.tui.runtime.delay import Delayed
from mem0_tui.tui.screens.browse import BrowseScreen
from tests.tui.harness import SIZE, Bench, browse, settle, text_of, until

pytestmark = pytest.mark.anyio


async def queued(screen: BrowseScreen, count: int) -> None:
    """Wait until so many messages wait for their turn behind the one that is being handled."""
    for _ in range(10_000):
        if screen.message_queue_size >= count:
            return
        await asyncio.sleep(0.001)


async def test_what_is_called_off_when_its_time_has_come_is_not_done(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = browse(app)
        done: list[str] = []

        async def too_late() -> None:
            delayed = Delayed(screen, 0.001, lambda: done.append("called off"))
            await queued(screen, screen.message_queue_size + 1)
            delayed.call_off()

        screen.call_next(too_late)
        Delayed(screen, 0.01, lambda: done.append("not called off"))
        await until(pilot, lambda: bool(done))
        await settle(pilot)
        assert done == ["not called off"]


async def test_the_header_says_no_longer_that_a_plan_is_prepared_once_it_is_there(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mem0_tui.tui.screens.browse._SOON", 0.001)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen, said = browse(app), text_of(app).splitlines()[0]
        begun = asyncio.Event()

        async def prepared() -> None:
            await begun.wait()

        async def hold_up() -> None:
            screen.open_with(prepared())
            await queued(screen, screen.message_queue_size + 1)
            begun.set()
            await asyncio.sleep(0.01)  # the plan is there before the screen gets to the timer

        screen.call_next(hold_up)
        await until(pilot, lambda: begun.is_set())
        await settle(pilot)
        assert text_of(app).splitlines()[0] == said
