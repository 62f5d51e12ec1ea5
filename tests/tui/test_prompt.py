"""The look at what Codex would be given for a prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.errors import StoreError
from mem0_tui.presenting.spans import Line
from mem0_tui.tui.modals.prompt_preview import PromptPreview
from tests.tui.harness import bench, browse, press, settle, text_of
from tests.tui.scenes import given

pytestmark = pytest.mark.anyio


async def test_what_is_staged_is_its_plan_and_the_prompt_is_remembered(tmp_path: Path) -> None:
    plans: list[Plan | None] = []

    def look(prompt: str, *, plan: Plan | None) -> list[Line]:
        assert prompt == "orders"
        plans.append(plan)
        return given(prompt, plan=plan)

    with bench(tmp_path, count=5) as desk:
        app = desk.app(prompt=look)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            await press(pilot, "I", *"orders", "enter")
            assert "1. Orders live in PostgreSQL" in text_of(app)
            assert "- 1." not in text_of(app)
            await press(pilot, "escape", "d", "I")
            assert "- 1. Orders live in PostgreSQL" in text_of(app), "asked again at once"
            assert "+ 1. Prices are integers of cents" in text_of(app)
            await press(pilot, "escape")
            assert not isinstance(app.screen, PromptPreview)
            assert len(browse(app).session.triage.staging) == 1, "looking changes nothing"
    assert plans[0] is None
    assert [len(plan.items) for plan in plans[1:] if plan] == [1]


async def test_what_goes_wrong_is_said_in_its_place(tmp_path: Path) -> None:
    def look(prompt: str, *, plan: Plan | None) -> list[Line]:
        del prompt, plan
        raise StoreError("it cannot be read")

    with bench(tmp_path, count=5) as desk:
        app = desk.app(prompt=look)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "I", "o", "enter")
            assert "it cannot be read" in text_of(app)


async def test_keys_are_typed_into_the_prompt(tmp_path: Path) -> None:
    with bench(tmp_path, count=5) as desk:
        app = desk.app(prompt=given)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "I", "q", "question_mark", "at", "enter")
            assert isinstance(app.screen, PromptPreview)
            assert "q?@" in text_of(app)
