"""Settings are changed where they are shown, and written by the file's own writer."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load
from tests.tui.harness import SIZE, Bench, press, settle, text_of

pytestmark = pytest.mark.anyio


async def test_a_setting_is_changed_and_checked_where_it_is_shown(desk: Bench) -> None:
    kept: list[tuple[str, str]] = []
    app = desk.app(settings=load({}), save_setting=lambda *pair: kept.append(pair))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "comma", "e")
        app.screen.query_one(Input).value = "timeout"
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "soon"
        await press(pilot, "enter")
        assert "expected" in text_of(app)
        assert not kept
        app.screen.query_one(Input).value = "12"
        await press(pilot, "enter")
        assert kept == [("timeout", "12")]
        assert "from the next start on: 12" in text_of(app)


async def test_a_theme_is_used_at_once_and_a_file_that_cannot_be_written_is_told(
    desk: Bench,
) -> None:
    def refuse(name: str, _value: str) -> None:
        if name != "theme":
            raise SettingsError("config.toml cannot be written: Read-only file system")

    app = desk.app(settings=load({}), save_setting=refuse)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        for name, value in (("theme", "mem0-light"), ("timeout", "9")):
            await press(pilot, "comma", "e")
            app.screen.query_one(Input).value = name
            await press(pilot, "enter")
            app.screen.query_one(Input).value = value
            await press(pilot, "enter", "escape")
        assert app.theme == "mem0-light"
        assert any("Read-only file system" in note.message for note in app._notifications)


async def test_without_a_file_nothing_is_offered_to_change(desk: Bench) -> None:
    app = desk.app(settings=load({}))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "comma")
        assert "↑↓ scroll   Esc close" in text_of(app)
        assert "e change   " not in text_of(app)


async def test_the_footer_names_no_key_that_changes_settings_without_a_file(desk: Bench) -> None:
    app = desk.app(settings=load({}))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "comma")
        assert "change" not in text_of(app).splitlines()[-1]
    app = desk.app(settings=load({}), save_setting=lambda *_: None)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "comma")
        assert "e change" in text_of(app).splitlines()[-1]
