"""Changing the settings file keeps what a person wrote there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mem0_tui.model.errors import SettingsError, SettingsFileError
from mem0_tui.settings.document import read_document
from mem0_tui.settings.write import set_value, unset_value


def test_a_value_is_set_and_comments_and_order_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('# mine\nbackend = "local"  # for now\ntimeout = 5\n', encoding="utf-8")
    set_value(path, "backend", "platform")
    set_value(path, "read_only", "false")
    set_value(path, "url", "http://x.test", profile="work")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# mine\nbackend = "platform"  # for now\ntimeout = 5\n')
    values = read_document(path).values
    assert values["read_only"] is False
    assert values["profiles"]["work"]["url"] == "http://x.test"


def test_a_new_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    set_value(path, "user_id", "kim")
    assert read_document(path).values == {"user_id": "kim"}
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("timeout = 5\n", encoding="utf-8")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    set_value(link, "timeout", "7")
    assert link.is_symlink()
    assert read_document(real).values == {"timeout": 7.0}


def test_a_value_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    set_value(path, "timeout", "7")
    set_value(path, "user_id", "kim", profile="work")
    assert unset_value(path, "timeout")
    assert not unset_value(path, "timeout")
    assert unset_value(path, "user_id", profile="work")
    assert not unset_value(path, "user_id", profile="other")
    assert "timeout" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("api_key", "m0-secret", "MEM0_API_KEY"),
        ("timout", "5", "did you mean timeout?"),
        ("timeout", "soon", "expected a number"),
        ("backend", "postgres", "expected local"),
    ],
)
def test_what_makes_no_sense_is_not_written(
    tmp_path: Path, name: str, value: str, hint: str
) -> None:
    path = tmp_path / "config.toml"
    with pytest.raises(SettingsError) as caught:
        set_value(path, name, value)
    assert hint in caught.value.hint
    assert "secret" not in str(caught.value)
    assert not path.exists()


def test_a_file_that_is_not_toml_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("not toml", encoding="utf-8")
    with pytest.raises(SettingsError):
        set_value(path, "timeout", "5")
    assert path.read_text(encoding="utf-8") == "not toml"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody can write to")
def test_where_nothing_can_be_written_that_is_said() -> None:
    with pytest.raises(SettingsFileError) as caught:
        set_value(Path("/proc/nowhere/config.toml"), "user_id", "kim")
    assert "cannot be written" in caught.value.message
