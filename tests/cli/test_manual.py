"""The help and the man page: readable on narrow terminals, the same on every Python, in step."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from mem0_tui.cli.command import ENTRIES
from mem0_tui.cli.examples import EXAMPLES
from mem0_tui.cli.front_page import front_page
from mem0_tui.cli.manual import sections, synopsis
from mem0_tui.cli.parser import command_parser, parse
from scripts.make_man import PAGE, page
from tests.cli.conftest import Program


@pytest.mark.parametrize("width", [60, 80, 100])
def test_help_keeps_within_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for shown in (front_page(), *(command_parser(name).format_help() for name in ENTRIES)):
        for line in shown.splitlines():
            assert len(line) <= width or line.startswith("  mem0-tui "), "an example stays whole"


def test_help_is_a_page_of_a_manual(program: Program) -> None:
    shown = program("help", "rm").out
    headings = [line for line in shown.splitlines() if line and line == line.upper()]
    assert headings[:4] == ["NAME", "SYNOPSIS", "ARGUMENTS", "OPTIONS"]
    assert headings[-2:] == ["WHERE AND HOW", "EXAMPLES"]
    assert "mem0-tui rm [options] [ID ...]" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("name", list(ENTRIES))
def test_help_names_every_argument_and_option(name: str) -> None:
    parser = command_parser(name)
    shown = parser.format_help()
    for action in parser._actions:
        assert all(option in shown for option in action.option_strings)
    listed = [entry for section in sections(parser) for entry in section.entries]
    assert len(listed) == len(parser._actions)
    assert synopsis(parser) in " ".join(shown.split())


def test_every_example_is_understood() -> None:
    assert set(EXAMPLES) <= set(ENTRIES)
    for name, examples in EXAMPLES.items():
        for words, _what in examples:
            assert parse(shlex.split(words)).command == name


def test_the_man_page_is_in_step_with_the_commands() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m scripts.make_man"


@pytest.mark.skipif(shutil.which("man") is None, reason="no man")
def test_man_prints_it_without_a_warning() -> None:
    command = [
        "man",
        "--warnings=all",
        "--encoding=UTF-8",
        "--pager=cat",
        "--local-file",
        str(PAGE),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    plain = " ".join(done.stdout.split())
    assert "MEM0-TUI(1)" in plain
    assert "take back what was applied last" in plain
    assert "--confirm-scope KIND:ID" in plain
