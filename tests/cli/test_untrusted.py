"""No memory makes the terminal do anything, whichever command shows it."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Program

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \x9b1;1H\r\n\x08\x08\u202egnp.exe\u2066 "
    "[bold]markup[/bold] \u200bhidden\x00 end"
)
_OURS = re.compile(r"\x1b\[(?:\d+;?)+m")
_BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")


def test_hostile_text_reaches_no_terminal(store: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = store.add(
        HOSTILE, "--type", "de\x1b[31mcision", "--meta", "k\x1b=v\x1b", "--user", "k\x1b[1mim"
    )
    store("edit", memory, "--text", HOSTILE + " changed")
    for color in ("", "1"):
        monkeypatch.setenv("FORCE_COLOR", color)
        for words in (
            ("list",),
            ("list", "--ids"),
            ("search", "markup", "--keyword"),
            ("show", memory),
            ("history", memory),
            ("stats",),
            (),
            ("entities",),
            ("list", 'type:"de\x1b[31mcision"'),
            ("list", "no\x1b[31msuch"),
            ("rm", memory, "--dry-run"),
            ("rm", memory),
            ("rm", "--scope", "user:k\x1b[1mim", "--dry-run"),
            ("undo", "--dry-run"),
            ("journal",),
            ("show", "\x1b[31mabcd"),
            ("nonsense\x1b[31m",),
            ("apply", "\x1b[31m.json"),
            ("config", "get", "\x1b[31m"),
        ):
            result = store(*words)
            shown = _OURS.sub("", result.out) if color else result.out
            assert not _BAD.search(shown), (words, result.out)
            noted = _OURS.sub("", result.err) if color else result.err
            assert not _BAD.search(noted), (words, result.err)


def test_the_whole_demo_store_is_safe_to_show(demo: Program) -> None:
    result = demo("list", "--all", "--expired")
    assert not _BAD.search(result.out)
    ids = demo("list", "--all", "--expired", "--ids").out.split()
    assert len(ids) == 400
    assert not _BAD.search(demo("show", *ids).out)
