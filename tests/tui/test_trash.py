"""The trash: what anybody deleted, found again and put back through a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.screens.trash import DeletedList, TrashScreen
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

pytestmark = pytest.mark.anyio


async def delete_some(desk: Bench) -> tuple[list[Memory], list[Memory]]:
    """Delete three through the curator, then two behind its back; returns both."""
    keys = await desk.parts.library.keys(limit=5)
    found = await desk.parts.library.memories(keys)
    memories = [found[key] for key in keys]
    ours, others = memories[:3], memories[3:]
    plan = await desk.curator.plan([Delete(memory.id) for memory in ours], include_pinned=True)
    await desk.curator.apply(plan)
    desk.clock.advance(timedelta(hours=2))
    await desk.backend.delete([memory.id for memory in others])
    desk.clock.advance(timedelta(days=1))
    return ours, others


def shown_ids(app: Mem0App) -> list[str]:
    rows = app.screen.query_one(DeletedList).rows
    return [memory.id for index in range(len(rows)) if (memory := rows.at(index))]


async def test_it_shows_what_was_deleted_here_and_elsewhere_the_latest_first(desk: Bench) -> None:
    ours, others = await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        assert isinstance(app.screen, TrashScreen)
        assert set(shown_ids(app)[:2]) == {memory.id for memory in others}
        assert set(shown_ids(app)[2:]) == {memory.id for memory in ours}
        assert "Trash · 5 memories" in text_of(app)
        assert "deleted 1d ago by kim" in text_of(app)
        await press(pilot, "escape")
        assert len(app.screen_stack) == 1


async def test_what_is_marked_comes_back_through_a_plan(desk: Bench) -> None:
    ours, others = await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        await press(pilot, "asterisk", "r")
        assert isinstance(app.screen, PlanView)
        assert "put back 5 memories" in text_of(app)
        await press(pilot, "y")
        back = await desk.backend.get_many([memory.id for memory in (*ours, *others)])
        assert {memory.text for memory in back.values()} == {m.text for m in (*ours, *others)}
        assert await desk.curator.trash() == ()
        assert await desk.backend.trash() == ()


async def test_r_alone_restores_the_one_under_the_cursor_and_escape_restores_none(
    desk: Bench,
) -> None:
    await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        await press(pilot, "j", "r")
        assert "put back 1 memory" in text_of(app)
        await press(pilot, "escape")
        assert len(await desk.backend.trash()) == 5


async def test_the_box_narrows_and_marks_stay(desk: Bench) -> None:
    ours, _ = await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        await press(pilot, "space", "slash")
        app.screen.query_one(Input).value = ours[1].text[:25]
        await settle(pilot)
        assert ours[1].id in shown_ids(app)
        assert len(shown_ids(app)) < 5
        await press(pilot, "enter", "space")
        assert "2 marked" in text_of(app)
        app.screen.query_one(Input).value = "zzzz no such words zzzz"
        await settle(pilot)
        assert "Nothing in the trash matches." in text_of(app)


async def test_an_empty_trash_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        assert "The trash is empty." in text_of(app)
        await press(pilot, "r")
        assert isinstance(app.screen, TrashScreen)


async def test_the_list_keeps_the_focus_while_nothing_matches(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        app.screen.query_one("#search-input", Input).value = "zzzz no such words zzzz"
        await settle(pilot)
        assert "Nothing matches." in text_of(app)
        await press(pilot, "enter", "escape")
        await press(pilot, "d")
        assert len(browse(app).session.triage.staging) == 1


async def test_marks_that_the_trash_does_not_show_are_asked_about(desk: Bench) -> None:
    await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T", "space")
        app.screen.query_one("#trash-find", Input).value = "no memory holds this"
        await settle(pilot)
        await press(pilot, "exclamation_mark")
        assert "1 memory marked. It is not in this list." in text_of(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, TrashScreen)
    assert len(await desk.curator.trash()) == 5


async def test_no_restoring_is_offered_where_nothing_can_be_put_back(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await delete_some(desk)
    can = desk.backend.capabilities.can - {Capability.ADD_VERBATIM}
    few = replace(desk.backend.capabilities, can=can)
    monkeypatch.setattr(LocalBackend, "capabilities", few)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        assert "restore" not in text_of(app).splitlines()[-1]
        assert "It cannot be put back:" in text_of(app)
        await press(pilot, "r")
        assert isinstance(app.screen, TrashScreen)
