"""The command line as people type it."""

from __future__ import annotations

import pytest

from mem0_tui.cli.command import ENTRIES
from mem0_tui.cli.front_page import front_page
from mem0_tui.cli.parser import command_parser, parse, whole_parser
from mem0_tui.model.errors import UsageError
from tests.cli.conftest import Program


def test_global_options_stand_before_or_after_the_command() -> None:
    for words in (
        ["--demo", "--json", "list", "type:decision"],
        ["list", "--demo", "type:decision", "--json"],
        ["list", "type:decision", "--json", "--demo"],
    ):
        args = parse(words)
        assert args.command == "list"
        assert args.demo
        assert args.json
        assert args.query == ["type:decision"]
    args = parse(["--store", "list", "show", "abcd"])
    assert (args.command, args.store, args.id) == ("show", "list", ["abcd"])


def test_negated_conditions_are_no_options() -> None:
    args = parse(["list", "-type:session_state", "--limit", "5", "-age>90d", "words"])
    assert args.query == ["-type:session_state", "-age>90d", "words"]
    assert parse(["list", "--", "-words"]).query == ["-words"]
    assert parse(["rm", "--query", "-type:decision", "--dry-run"]).query == "-type:decision"
    assert parse(["list", "-meta.branch:main"]).query == ["-meta.branch:main"]


def test_read_only_and_write() -> None:
    assert parse(["list"]).read_only is None
    assert parse(["--write", "list"]).read_only is False
    assert parse(["list", "--read-only"]).read_only is True


def test_options_are_not_guessed_from_their_beginnings() -> None:
    with pytest.raises(UsageError):
        parse(["rm", "--que", "x"])


@pytest.mark.parametrize("name", list(ENTRIES))
def test_every_command_explains_itself(name: str) -> None:
    assert f"  mem0-tui {name} [options]" in command_parser(name).format_help()
    assert f"  {name} " in front_page()


def test_the_whole_parser_knows_every_command() -> None:
    text = whole_parser().format_help()
    assert all(name in text for name in ENTRIES)


def test_help_is_a_word_too(program: Program) -> None:
    assert program("help").out == program("--help").out
    assert program("help", "list").out == program("list", "--help").out
    assert program("help", "nonesuch").code == 2
