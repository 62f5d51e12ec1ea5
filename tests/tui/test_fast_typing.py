"""Keys that come faster than the screen draws, as from a paste or a slow connection."""

from __future__ import annotations

import pytest
from textual import events

from mem0_tui.model.change import Add
from tests.tui.harness import SIZE, Bench, browse, settle

pytestmark = pytest.mark.anyio


async def test_staging_right_after_typing_stages_all_that_was_typed(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        for key in "quick":
            app.post_message(events.Key(key, key))
        app.post_message(events.Key("ctrl+s", "\x13"))
        await settle(pilot)
        (change,) = browse(app).triage.staging.changes
        assert isinstance(change, Add)
        assert change.draft.text == "quick"
