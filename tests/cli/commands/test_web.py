"""``mem0-tui web``: what it hands on, and what it refuses before a browser comes in."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.cli.commands import web
from mem0_tui.cli.parser import parse
from tests.cli.conftest import Program


def test_what_was_given_is_handed_on() -> None:
    def words(*given: str) -> list[str]:
        return web.words_for_tab(parse([*given]))

    assert words("web") == ["--read-only"]
    assert words("web", "--read-only") == ["--read-only"]
    assert words("--demo", "web", "--write") == ["--demo", "--write"]
    assert words("web", "--store", "a b;c", "--backend", "local", "--no-color") == [
        *("--no-color", "--backend=local", "--store=a b;c", "--read-only")
    ]
    given = words("--command", "npx x --key y", "--profile", "work", "web", "--port", "1")
    assert given == ["--command=npx x --key y", "--profile=work", "--read-only"]
    assert parse(given).server_command == "npx x --key y", "and it is read as it was given"


def test_without_the_extra_it_says_what_to_install(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(name: str, *rest: Any) -> Any:
        return None if name == "textual_serve" else find_spec(name, *rest)

    monkeypatch.setattr(web, "find_spec", without)
    result = program("web")
    assert result.code == 3
    assert "pip install 'mem0-tui[web]'" in result.err
    assert not result.out


def test_settings_that_are_not_valid_are_told_before_anything_is_served(program: Program) -> None:
    result = program("web", "--profile", "none")
    assert result.code == 2
    assert "there is no profile none" in result.err


def test_a_port_that_is_taken_is_told(program: Program, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = program("web", "--port", port, "--store", str(tmp_path / "memories.db"))
    assert result.code == 4
    assert f"port {port} is in use" in result.err


def test_a_port_that_is_none_is_told(program: Program) -> None:
    assert program("web", "--port", "65536").code == 2
