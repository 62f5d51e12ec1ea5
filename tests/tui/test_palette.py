"""The palette: everything that can be done, shown or found, by typing a part of it."""

from __future__ import annotations

from typing import Any

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.errors import StoreBusyError
from mem0_tui.model.memory import Draft
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.palette import excerpt
from mem0_tui.tui.widgets.memory_list import MemoryList
from tests.tui.harness import SIZE, Bench, browse, failed, press, settle, text_of

pytestmark = pytest.mark.anyio
HOSTILE = "zebrafish [/x] [@click=app.quit]go[/] \x1b]52;c;aGk=\x07 end"


async def choose(pilot: Pilot[Any], typed: str) -> str:
    """Open the palette, type, and take the first hit; returns what was shown before."""
    await press(pilot, "ctrl+p")
    pilot.app.screen.query_one(Input).value = typed
    await settle(pilot)
    shown = text_of(pilot.app) if isinstance(pilot.app, Mem0App) else ""
    await press(pilot, "enter")
    if isinstance(pilot.app.screen, CommandPalette):
        await press(pilot, "enter")
    return shown


async def test_an_action_is_run_and_its_key_is_shown(desk: Bench) -> None:
    app = desk.app(keymap={"show.expired": "f9"})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        shown = await choose(pilot, "hide expired")
        assert "F9" in shown
        assert browse(app).session.view.include_expired


async def test_a_scope_is_shown_alone(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "memories" in await choose(pilot, "scope: app:infra")
        assert [str(entity) for entity in browse(app).session.view.scope] == ["app:infra"]


async def test_a_theme_is_used(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await choose(pilot, "theme: mem0-light")
        assert app.theme == "mem0-light"


async def test_a_saved_search_is_shown(desk: Bench) -> None:
    app = desk.app(searches={"Decisions": "type:decision"})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await choose(pilot, "search: Decisions")
        assert str(browse(app).session.view.section) == "type:decision"


async def test_a_memory_is_gone_to_and_its_text_is_never_markup(desk: Bench) -> None:
    (hostile,) = await desk.store.add_many([Draft(HOSTILE)])
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        shown = await choose(pilot, "zebrafish")
        assert "[/x]" in shown
        assert "\x1b" not in shown
        current = app.screen.query_one(MemoryList).current
        assert current is not None
        assert current.id == hostile.id


async def test_a_memory_that_the_list_hides_is_shown_all_the_same(desk: Bench) -> None:
    (hostile,) = await desk.store.add_many([Draft(HOSTILE)])
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await choose(pilot, "scope: app:infra")
        await choose(pilot, "zebrafish")
        current = app.screen.query_one(MemoryList).current
        assert current is not None
        assert current.id == hostile.id


class _BusyLibrary(LocalLibrary):
    def keys(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("limit") == 20:
            return failed(StoreBusyError("another process holds the store"))
        return super().keys(*args, **kwargs)


async def test_a_failing_store_is_told_and_the_rest_still_works(desk: Bench) -> None:
    app = desk.app(library=_BusyLibrary(desk.store))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+p")
        app.screen.query_one(Input).value = "theme: mem0-contrast"
        await settle(pilot)
        await press(pilot, "enter")
        if isinstance(app.screen, CommandPalette):
            await press(pilot, "enter")
        assert app.theme == "mem0-contrast"
        assert any("holds the store" in note.message for note in app._notifications)


async def test_the_palette_stays_away_from_modals(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark", "ctrl+p")
        assert not isinstance(app.screen, CommandPalette)


def test_an_excerpt_begins_a_little_before_what_was_typed() -> None:
    text = "word " * 100 + "needle in a haystack"
    assert excerpt("needle first", "needle") == "needle first"
    shown = excerpt(text, "needle")
    assert shown.startswith("… word")
    assert "needle in a haystack" in shown
