"""The settings as the command line shows and changes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mem0_tui.settings.schema import SETTINGS
from tests.cli.conftest import Program


def settings_file() -> Path:
    return Path(os.environ["XDG_CONFIG_HOME"]) / "mem0-tui" / "config.toml"


def test_each_value_says_where_it_comes_from(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("config", "set", "timeout", "5")
    monkeypatch.setenv("MEM0_USER_ID", "kim")
    shown = program.json("config", "--store", "/elsewhere/a.db")["settings"]
    assert shown["timeout"] == {"value": 5.0, "from": f"{settings_file()}:1"}
    assert shown["user_id"] == {"value": "kim", "from": "MEM0_USER_ID"}
    assert shown["store"]["from"] == "--store"
    assert shown["backend"] == {"value": "local", "from": "default: --store is given"}
    text = program("config").out
    assert "config.toml:1" in text
    assert "MEM0_USER_ID" in text


def test_every_setting_is_shown(program: Program) -> None:
    shown = program.json("config")["settings"]
    assert set(SETTINGS) <= set(shown)
    assert program("config", "set", "theme", "mem0-light").code == 0
    assert program("config", "get", "theme").out == "mem0-light\n"


def test_profiles(program: Program) -> None:
    program("--profile", "work", "config", "set", "url", "http://127.0.0.1:9")
    program("--profile", "work", "config", "set", "backend", "selfhosted")
    assert program("config", "get", "backend").out == "local\n"
    assert program("config", "get", "url", "--profile", "work").out == "http://127.0.0.1:9\n"
    assert program("--profile", "wrok", "config").code == 2
    assert program("--profile", "work", "config", "unset", "url").code == 0
    assert "url" not in settings_file().read_text(encoding="utf-8")


def test_a_key_is_not_kept_in_the_settings(program: Program) -> None:
    result = program("config", "set", "api_key", "m0-0123456789abcdef")
    assert result.code == 2
    assert "MEM0_API_KEY" in result.err
    assert "0123456789" not in result.err
    assert not settings_file().exists()


def test_a_variable_that_counts_more_is_pointed_out(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEM0_TUI_TIMEOUT", "9")
    result = program("config", "set", "timeout", "5")
    assert result.code == 1
    assert "MEM0_TUI_TIMEOUT" in result.err


def test_a_broken_file_stops_all_but_the_demo_and_the_way_to_it(program: Program) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text("backend = \n", encoding="utf-8")
    assert program("list").code == 2
    assert program("config", "path").code == 0
    assert program("--demo", "list", "--limit", "1").code == 0
    settings_file().write_text('bakend = "local"\n', encoding="utf-8")
    assert "did you mean backend?" in program("list").err


def test_the_words_of_config_are_checked(program: Program) -> None:
    for words in (("set", "timeout"), ("get",), ("path", "x"), ("unset",)):
        assert program("config", *words).code == 2


def test_what_each_backend_can_do_is_shown(program: Program) -> None:
    result = program("backends")
    for name in ("LOCAL", "PLATFORM", "SELFHOSTED"):
        assert name in result.out
    matrix = program.json("backends")["backends"]
    assert matrix["local"]["can"]["keep_id"]
    assert not matrix["platform"]["can"]["keep_id"]


def test_colour_follows_the_setting_and_the_option(
    store: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("one")
    assert "\x1b[" not in store("list").out
    monkeypatch.setenv("MEM0_TUI_COLOR", "always")
    assert "\x1b[" in store("list").out
    assert "\x1b[" not in store("list", "--no-color").out
