"""What nothing can put back takes a word, and no undo is offered for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.backends.local import CAPABILITIES, LocalBackend
from mem0_tui.model.capability import Capability
from mem0_tui.tui.modals.final_word import FinalWord
from mem0_tui.tui.modals.plan_view import PlanView
from tests.tui.harness import SIZE, Bench, notices, press, settle, text_of

pytestmark = pytest.mark.anyio


async def test_y_is_not_enough_where_nothing_can_be_put_back(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    can = CAPABILITIES.can - {Capability.ADD_VERBATIM}
    monkeypatch.setattr(LocalBackend, "capabilities", replace(CAPABILITIES, can=can))
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a")
        assert "cannot be undone here" in text_of(app)
        await press(pilot, "y")
        assert isinstance(app.screen, FinalWord)
        await press(pilot, "y", "enter")
        assert isinstance(app.screen, FinalWord)
        await press(pilot, "escape")
        assert isinstance(app.screen, PlanView)
        assert not await desk.curator.transactions()
        await press(pilot, "y", *"delete", "enter")
        (transaction,) = await desk.curator.transactions()
        assert transaction.finished
        assert "cannot be undone here" in notices(app)
        assert "takes it back" not in notices(app)
