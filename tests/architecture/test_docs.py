"""The README says what the program says."""

from __future__ import annotations

import re

from mem0_tui.cli.command import ENTRIES
from scripts.readme_keys import README, with_table


def test_the_table_of_keys_is_the_registrys() -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme == with_table(readme), "run: python scripts/readme_keys.py --write"


def test_every_command_that_it_shows_exists() -> None:
    readme = README.read_text(encoding="utf-8")
    shown = set(re.findall(r"mem0-tui ([a-z]+)\b", readme)) - {"comes", "does", "is"}
    assert shown <= set(ENTRIES)
    assert {"list", "search", "rm", "undo", "export", "doctor", "serve"} <= shown


def test_every_file_that_the_page_on_the_architecture_names_exists() -> None:
    page = (README.parent / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./]+(?:\.py|/))`", page)
    assert len(named) > 20
    places = [README.parent, README.parent / "mem0_tui", *(README.parent / "mem0_tui").rglob("*")]
    folders = {place for place in places if place.is_dir()}
    missing = [name for name in named if not any((place / name).exists() for place in folders)]
    assert not missing
