"""The settings file's tables for the screen: own keys and saved searches."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import locations
from mem0_tui.settings.write import set_search, unset_search


@pytest.fixture
def file(isolated_home: Path) -> Path:
    path = locations({"XDG_CONFIG_HOME": str(isolated_home.parent / "config")}).settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_keys_searches_and_theme_are_read(file: Path) -> None:
    file.write_text(
        'theme = "mem0-light"\n[keys]\n"memory.delete" = "delete"\n[searches]\nstale = "age>90d"\n'
    )
    settings = load()
    assert settings.theme == "mem0-light"
    assert settings.keys == {"memory.delete": "delete"}
    assert settings.searches == {"stale": "age>90d"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("keys = 3\n", "keys is not a table"),
        ('searches = "age>90d"\n', "searches is not a table"),
        ("[searches]\nstale = 90\n", "the search stale is not text"),
    ],
)
def test_tables_of_another_shape_are_pointed_out(file: Path, text: str, complaint: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError, match=complaint):
        load()


def test_saving_a_search_keeps_the_rest_of_the_file(file: Path) -> None:
    file.write_text("# mine\ntimeout = 5 # short\n")
    set_search(file, "stale", 'age>90d "exact words"')
    assert file.read_text().startswith("# mine\ntimeout = 5 # short\n")
    assert load().searches == {"stale": 'age>90d "exact words"'}


def test_forgetting_a_search_keeps_the_rest_of_the_file(file: Path) -> None:
    file.write_text('[searches] # mine\nold = "age>90d"\nstale = "age>90d" # ?\n')
    assert unset_search(file, "stale")
    assert file.read_text() == '[searches] # mine\nold = "age>90d"\n'
    assert not unset_search(file, "stale")
