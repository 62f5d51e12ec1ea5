"""A server that does not answer: what is said meanwhile on stderr, and that it ends."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest

from mem0_tui.cli.composition import wiring
from tests.cli.conftest import Program


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_waiting_is_told_on_stderr(
    program: Program, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEM0_TUI_TIMEOUT", "2.5")
    monkeypatch.setenv("MEM0_API_KEY", "m0-key")
    for backend in (("--backend", "platform"), ()):
        program.options = ("--url", silent, *backend)
        given_up = program("list")
        assert given_up.code == 4
        assert given_up.out == ""
        # As many seconds as it takes until that is said: on a busy machine, more than two.
        told = rf"still waiting for {silent}: \d+ s(, try . of .)?; Ctrl\+C gives up"
        assert re.search(told, given_up.err), given_up.err
        assert "No answer: " in given_up.err


def test_a_command_is_given_up_as_a_whole(
    program: Program, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "PATIENCE", 0.01)
    monkeypatch.setenv("MEM0_API_KEY", "m0-key")
    program.options = ("--url", silent, "--backend", "platform")
    given_up = program("list")
    assert given_up.code == 4
    assert "not done within" in given_up.err
