"""Settings and keys are changed where they are shown, and written by the file's own writer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mem0_tui.cli.composition.own_keys import SettingsFileKeys
from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.row_list import RowList
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

pytestmark = pytest.mark.anyio


def _with_a_file(desk: Bench) -> tuple[Mem0App, list[tuple[str, str | None]]]:
    """An app whose settings can be changed, and what is then written to their file."""
    kept: list[tuple[str, str | None]] = []
    return desk.app(settings=load({}), save_setting=lambda *pair: kept.append(pair)), kept


@asynccontextmanager
async def _settings(app: Mem0App) -> AsyncIterator[Pilot[Any]]:
    """*app* with its settings open."""
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "comma")
        yield pilot


async def _find(pilot: Pilot[Any], *words: str) -> None:
    """Bring the cursor of the settings to what *words* find."""
    await press(pilot, "slash", *(letter for word in words for letter in word), "enter")


async def test_a_setting_is_changed_and_checked_where_it_is_shown(desk: Bench) -> None:
    app, kept = _with_a_file(desk)
    async with _settings(app) as pilot:
        await _find(pilot, "timeout")
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "soon"
        await press(pilot, "enter")
        assert "expected" in text_of(app)
        assert not kept
        app.screen.query_one(Input).value = "12"
        await press(pilot, "enter")
        assert kept == [("timeout", "12")]
        assert "From the next start on: 12" in text_of(app)
        await press(pilot, "backspace")
        assert kept[1:] == [("timeout", None)]
        assert "From the next start on: the default" in text_of(app)


async def test_one_of_a_few_values_is_chosen_from_a_list(desk: Bench) -> None:
    app, kept = _with_a_file(desk)
    async with _settings(app) as pilot:
        await _find(pilot, "hold_back")
        await press(pilot, "e", "down", "enter")
        assert kept == [("hold_back", "false")]


async def test_a_theme_is_seen_before_it_is_taken(desk: Bench) -> None:
    app, kept = _with_a_file(desk)
    async with _settings(app) as pilot:
        before = app.theme
        await _find(pilot, "theme")
        await press(pilot, "e", "down")
        assert app.theme != before
        await press(pilot, "escape")
        assert app.theme == before
        assert kept == []
        await press(pilot, "e", "down")
        looked_at = app.theme
        await press(pilot, "enter")
        assert app.theme == looked_at
        assert kept == [("theme", looked_at)]


async def test_a_file_that_cannot_be_written_is_told(desk: Bench) -> None:
    def refuse(_name: str, _value: str | None) -> None:
        raise SettingsError("config.toml cannot be written: Read-only file system")

    app = desk.app(settings=load({}), save_setting=refuse)
    async with _settings(app) as pilot:
        await _find(pilot, "timeout")
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "9"
        await press(pilot, "enter")
        assert any("Read-only file system" in note.message for note in app._notifications)
        assert "From the next start on" not in text_of(app)


async def test_without_a_file_nothing_is_offered_to_change(desk: Bench) -> None:
    app = desk.app(settings=load({}))
    async with _settings(app) as pilot:
        assert "Esc close" in text_of(app)
        assert "change" not in text_of(app).splitlines()[-1]
        before = app.screen
        await press(pilot, "enter", "e", "backspace")
        assert app.screen is before


async def _keys(desk: Bench, tmp_path: Path) -> tuple[Mem0App, Path]:
    file = tmp_path / "config.toml"
    file.write_text('# mine\ntheme = "mem0-dark"\n', encoding="utf-8")
    file.chmod(0o600)
    app = desk.app(settings=load({}), save_setting=lambda *_: None, own_keys=SettingsFileKeys(file))
    return app, file


async def test_a_key_is_given_to_an_action_by_pressing_it_and_works_at_once(
    desk: Bench, tmp_path: Path
) -> None:
    app, file = await _keys(desk, tmp_path)
    async with _settings(app) as pilot:
        await _find(pilot, "memory.delete")
        await press(pilot, "enter", "f7")
        assert "F7 is free" in text_of(app)
        await press(pilot, "enter", "escape", "escape")
        assert '"memory.delete" = "f7"' in file.read_text(encoding="utf-8")
        assert file.read_text(encoding="utf-8").startswith("# mine\n")
        await press(pilot, "d")
        assert len(browse(app).session.triage.staging) == 0
        await press(pilot, "f7")
        assert len(browse(app).session.triage.staging) == 1
        assert "F7 delete" in text_of(app).splitlines()[-1]


async def test_what_a_key_is_taken_from_is_said_before_and_it_can_be_given_back(
    desk: Bench, tmp_path: Path
) -> None:
    app, file = await _keys(desk, tmp_path)
    async with _settings(app) as pilot:
        await _find(pilot, "memory.pin")
        await press(pilot, "enter", "x")
        assert "x does «expire» (memory list) now" in text_of(app)
        assert ":memory.expire" in text_of(app)
        await press(pilot, "j")
        assert "for moving" in text_of(app)
        await press(pilot, "enter")  # not what was refused
        assert "[keys]" not in file.read_text(encoding="utf-8")
        await press(pilot, "x", "plus")
        assert '"memory.pin" = "P,x"' in file.read_text(encoding="utf-8")
        await press(pilot, "backspace")
        assert "memory.pin" not in file.read_text(encoding="utf-8")
        assert app.parts.keymap == {}


@pytest.mark.parametrize("key", ["ctrl+p", "ctrl+z", "question_mark", "q", "comma"])
async def test_a_key_of_the_apps_own_is_taken_as_the_answer(
    desk: Bench, tmp_path: Path, key: str
) -> None:
    app, _ = await _keys(desk, tmp_path)
    async with _settings(app) as pilot:
        await _find(pilot, "memory.pin")
        await press(pilot, "enter")
        asking = app.screen
        await press(pilot, key)
        assert app.screen is asking
        assert "now, which" in text_of(app)


async def test_own_keys_that_meet_are_refused(desk: Bench, tmp_path: Path) -> None:
    app, file = await _keys(desk, tmp_path)
    file.write_text('[keys]\nmemory.expire = "f7"\n', encoding="utf-8")
    async with _settings(app) as pilot:
        await _find(pilot, "memory.pin")
        await press(pilot, "enter", "f7")
        assert "f7 already does" in text_of(app)
        await press(pilot, "enter", "escape")
        assert file.read_text(encoding="utf-8") == '[keys]\nmemory.expire = "f7"\n'


def test_a_key_is_changed_where_the_file_names_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nmemory.pin = "f7"  # mine\n', encoding="utf-8")
    own = SettingsFileKeys(file)
    assert own.keep("memory.pin", "f8") == {"memory.pin": "f8"}
    assert file.read_text(encoding="utf-8") == '[keys]\nmemory.pin = "f8"  # mine\n'
    assert own.keep("memory.pin", None) == {}
    assert "f8" not in file.read_text(encoding="utf-8")


async def test_settings_and_keys_are_found_by_words(desk: Bench) -> None:
    app = desk.app(settings=load({}), save_setting=lambda *_: None)
    async with _settings(app) as pilot:
        await _find(pilot, "snooze")
        assert app.screen.query_one(RowList).key == "keys queue.snooze"
        await press(pilot, "escape", "home")
        assert "timeout" in text_of(app)
        await press(pilot, "escape")
        assert app.screen is browse(app)
