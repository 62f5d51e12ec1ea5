"""What other programs write appears while the screen is open, and nothing of the user's moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of, until
from tests.tui.remote import served

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
