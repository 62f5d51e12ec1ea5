"""The README and the pages of docs say what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mem0_tui.cli.command import ENTRIES
from scripts.reference import PAGE, with_tables

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
WORDS = {"can", "comes", "does", "help", "is", "itself", "runs"}
"""What follows the program's name in sentences, and ``help``, which is no command of its own."""


def test_the_tables_of_keys_and_settings_are_the_programs() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "run: python scripts/reference.py --write"


def _shown(page: Path) -> set[str]:
    return set(re.findall(r"mem0-tui ([a-z]+)\b", page.read_text(encoding="utf-8"))) - WORDS


def test_every_command_that_a_page_shows_exists() -> None:
    assert {name: _shown(page) - set(ENTRIES) for name, page in _named()} == {
        name: set() for name, _ in _named()
    }
    assert {"list", "rm", "undo", "doctor"} <= _shown(ROOT / "README.md")


def _named() -> list[tuple[str, Path]]:
    return [(page.name, page) for page in PAGES]


def _anchors(page: Path) -> set[str]:
    """What a link may name after ``#``, as GitHub makes it from headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    local = [link.partition("#") for link in links if "://" not in link]
    for name, _, anchor in local:
        target = page.parent / name if name else page
        assert target.exists(), name
        assert not anchor or anchor in _anchors(target), f"{name}#{anchor}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"(docs/{page.name}" not in readme] == []


def test_every_file_that_the_page_on_the_architecture_names_exists() -> None:
    page = (ROOT / "docs/how-it-is-built.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./]+(?:\.py|/))`", page)
    assert len(named) > 20
    places = [ROOT, ROOT / "mem0_tui", *(ROOT / "mem0_tui").rglob("*")]
    folders = {place for place in places if place.is_dir()}
    missing = [name for name in named if not any((place / name).exists() for place in folders)]
    assert not missing
