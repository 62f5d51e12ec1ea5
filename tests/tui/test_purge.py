"""Purging on the screen: a word is asked for, and what is left is said."""

from __future__ import annotations

import pytest

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.errors import NotFoundError
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.final_word import FinalWord
from mem0_tui.tui.modals.message import MessageView
from mem0_tui.tui.screens.trash import DeletedList, TrashScreen
from tests.tui.harness import SIZE, Bench, press, settle, text_of
from tests.tui.test_trash import delete_some

pytestmark = pytest.mark.anyio


async def test_what_is_marked_in_the_trash_is_purged_after_a_word(desk: Bench) -> None:
    ours, others = await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T", "asterisk", "exclamation_mark")
        assert isinstance(app.screen, FinalWord)
        assert "5 memories cannot be put back: they are erased" in text_of(app)
        await press(pilot, "y", "enter")
        assert isinstance(app.screen, FinalWord)
        assert "That is not the word. Type purge" in text_of(app)
        await press(pilot, "backspace", *"purge", "enter")
        await settle(pilot)
        assert isinstance(app.screen, MessageView)
        assert "5 memories purged. There is no undo of it." in text_of(app)
        await press(pilot, "escape", "T")
        assert isinstance(app.screen, TrashScreen)
        assert len(app.screen.query_one(DeletedList).rows) == 0
    assert await desk.curator.trash() == ()
    for memory in (*ours, *others):
        with pytest.raises(NotFoundError):
            await desk.curator.get(memory.id)


async def test_a_purge_that_was_cut_off_is_offered_at_the_next_start(desk: Bench) -> None:
    ours, _ = await delete_some(desk)
    doomed = ours[0]
    log = PurgeLog(desk.curator.journal, await desk.curator.target())
    await log.begin("cut0ff", DEMO_NOW, {doomed.id: doomed.content_hash})
    desk.curator.journal.abandon("cut0ff")
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, Confirm)
        assert "A purge of 1 memory was interrupted" in text_of(app)
        await press(pilot, "y")
        await settle(pilot)
        assert "1 memory purged. There is no undo of it." in text_of(app)
    assert await desk.curator.interrupted_purges() == ()
    assert doomed.id not in {entry.memory.id for entry in await desk.curator.trash()}


async def test_escape_purges_nothing(desk: Bench) -> None:
    await delete_some(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "T", "exclamation_mark", *"purge", "escape")
        await settle(pilot)
    assert len(await desk.curator.trash()) == 5


@pytest.mark.parametrize("keys", [("exclamation_mark",), ("colon", *"purge", "enter")])
async def test_the_memory_under_the_cursor_is_purged_from_the_list(
    desk: Bench, keys: tuple[str, ...]
) -> None:
    (first,) = (await desk.curator.backend.list(limit=1)).items
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        assert isinstance(app.screen, FinalWord)
        await press(pilot, *"purge", "enter")
        await settle(pilot)
        assert "1 memory purged" in text_of(app)
    with pytest.raises(NotFoundError):
        await desk.curator.get(first.id)
    assert await desk.curator.trash() == ()


async def test_one_memory_is_spoken_of_as_one(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "exclamation_mark")
        assert "1 memory cannot be put back: it is erased" in text_of(app)
