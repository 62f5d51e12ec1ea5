"""Keys that come faster than the screen draws, as from a paste or a slow connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from mem0_tui.model.change import Add
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, bench, browse, press, settle

pytestmark = pytest.mark.anyio


async def test_staging_right_after_typing_stages_all_that_was_typed(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        for key in "quick":
            app.post_message(events.Key(key, key))
        app.post_message(events.Key("ctrl+s", "\x13"))
        await settle(pilot)
        (change,) = browse(app).session.triage.staging.changes
        assert isinstance(change, Add)
        assert change.draft.text == "quick"


def burst(app: Mem0App, *keys: str) -> None:
    """Send *keys* as a terminal does that has them all in one read."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_what_follows_the_slash_is_typed_into_the_box_and_stages_nothing(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(app, "slash", *"dada")
        await settle(pilot)
        assert app.screen.query_one(SearchBox).input.value == "dada"
        assert not browse(app).session.triage.staging


async def test_what_follows_enter_goes_to_the_list(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(app, "slash", *"type:decision", "enter", "j", "space", "space", "d")
        await settle(pilot)
        box = app.screen.query_one(SearchBox)
        assert box.input.value == "type:decision"
        assert len(browse(app).session.triage.staging) == 2


@pytest.mark.parametrize("pane", ["1", "3", "4"])
async def test_a_pane_is_left_and_the_list_marked_in_one_go(desk: Bench, pane: str) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        burst(app, pane, "2", "G", "space")
        await settle(pilot)
        assert len(browse(app).session.triage.marked) == 1


async def test_a_new_memory_is_written_in_one_go(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(app, "n", *"hello", "ctrl+s")
        await settle(pilot)
        (change,) = browse(app).session.triage.staging.changes
        assert isinstance(change, Add)
        assert change.draft.text == "hello"


async def test_a_command_is_typed_and_given_in_one_go(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(app, "colon", *"readonly", "enter", "space")
        await settle(pilot)
        assert browse(app).read_only
        assert len(browse(app).session.triage.marked) == 1


async def test_answers_go_to_the_question_that_the_key_before_opened(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(app, "d", "q", "n", "d")
        await settle(pilot)
        assert app.screen is browse(app)
        assert len(browse(app).session.triage.staging) == 2


@pytest.mark.parametrize("keys", [("d", "a"), ("u",)], ids=["plan", "undo"])
async def test_what_is_typed_before_a_plan_is_seen_is_no_answer_to_it(
    desk: Bench, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(Mem0App, "copy_to_clipboard", lambda _, text: copied.append(text))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = await desk.store.count()
        if keys == ("u",):
            await press(pilot, "d", "a", "y", "escape")
        burst(app, *keys, "y", "j")
        await settle(pilot)
        assert isinstance(app.screen, PlanView)
        assert not copied
        assert await desk.store.count() == before - (keys == ("u",))
        await press(pilot, "y")
        assert await desk.store.count() == before - (keys != ("u",))


async def test_a_plan_can_be_left_before_it_is_seen(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        burst(app, "a", "y", "escape")
        await settle(pilot)
        await press(pilot, "escape")
        assert app.screen is browse(app)
        assert len(browse(app).session.triage.staging) == 1


async def test_two_hundred_keys_at_once_all_arrive_in_order(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        text = "abcdefghij" * 20
        burst(app, "slash", *text)
        await settle(pilot)
        assert app.screen.query_one(SearchBox).input.value == text


async def test_a_letter_lays_out_no_pane_anew(tmp_path: Path) -> None:
    """A layout of the whole screen costs more than all else that a letter sets off."""
    laid_out = 0

    def count(_: object) -> None:
        nonlocal laid_out
        laid_out += 1

    with bench(tmp_path, count=400) as desk:
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "slash", "t")
            app.screen.screen_layout_refresh_signal.subscribe(app.screen, count)
            shown = len(browse(app).memories.rows)
            await press(pilot, *"he ")
            assert SIZE[1] < len(browse(app).memories.rows) < shown
            assert laid_out == 0
