"""A theme that is chosen in the app is there the next time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input

from mem0_tui.cli.composition.screen_parts import save_theme
from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import locations
from tests.tui.harness import SIZE, Bench, press, settle

pytestmark = pytest.mark.anyio

WRITTEN = """\
# mine
theme = "mem0-dark"  # for the evening

[profiles.work]
# of the office
theme = "mem0-contrast"

[searches]
old = "age>90d"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "config"))
    path = locations(os.environ).settings_file
    path.parent.mkdir(parents=True)
    return path


async def test_a_theme_is_kept_whichever_way_it_was_chosen(desk: Bench) -> None:
    kept: list[str] = []
    app = desk.app(save_theme=kept.append)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert not kept, "what was not chosen is not written"
        await press(pilot, "ctrl+t")
        await press(pilot, "colon")
        app.screen.query_one("#command-input", Input).value = "theme ansi-dark"
        await press(pilot, "enter")
        await press(pilot, "ctrl+p")
        app.screen.query_one(Input).value = "theme: mem0-contrast"
        await settle(pilot)
        await press(pilot, "down", "enter")
        assert kept == ["mem0-light", "ansi-dark", "mem0-contrast"]
        assert app.theme == "mem0-contrast"


async def test_a_file_that_cannot_be_written_is_no_reason_to_stop(desk: Bench) -> None:
    def refuse(_name: str) -> None:
        raise SettingsError("config.toml cannot be written: Read-only file system")

    app = desk.app(save_theme=refuse)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+t")
        assert app.theme == "mem0-light"
        told = [note.message for note in app._notifications]
        assert any("could not be kept" in text and "Read-only" in text for text in told)


def test_only_the_themes_line_changes_in_the_file(file: Path) -> None:
    file.write_text(WRITTEN, encoding="utf-8")
    save_theme(load({}), "mem0-light")
    light = WRITTEN.replace('"mem0-dark"', '"mem0-light"')
    assert file.read_text(encoding="utf-8") == light
    save_theme(load({"profile": "work"}), "ansi-dark")
    assert file.read_text(encoding="utf-8") == light.replace('"mem0-contrast"', '"ansi-dark"')


def test_a_theme_is_kept_where_there_was_no_file(file: Path) -> None:
    save_theme(load({}), "mem0-light")
    assert load({}).theme == "mem0-light"
    assert file.read_text(encoding="utf-8") == 'theme = "mem0-light"\n'


def test_a_file_that_does_not_parse_is_left_as_it_is(file: Path) -> None:
    settings = load({})
    file.write_text("theme = [broken", encoding="utf-8")
    with pytest.raises(SettingsError):
        save_theme(settings, "mem0-light")
    assert file.read_text(encoding="utf-8") == "theme = [broken"
