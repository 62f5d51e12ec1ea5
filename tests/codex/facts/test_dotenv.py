"""Codex's own .env, read as the real Codex 0.171.0 reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mem0_tui.codex.facts.dotenv import assignments
from mem0_tui.codex.files.text_file import read
from tests.codex.appserver import app_server
from tests.codex.homes import Home
from tests.codex.test_against_codex import real_home

CASES: list[tuple[str, str | None]] = [
    ("K=a", "a"),
    ("K='a b'", "a b"),
    ("K=a b", None),
    ("K=a # why", "a"),
    ("K=a#why", "a#why"),
    ("K=$USER", "kim"),
    ("K=${USER}x", "kimx"),
    ("K='$USER'", "$USER"),
    ('K="${USER}"', "kim"),
    ('K="$USER"', None),
    ("K=\\$USER", "$USER"),
    ("K=$NOPE", ""),
    ("K=${X", None),
    ("K=a$", "a"),
    ("export K=a", "a"),
    ("K = a", "a"),
    ("K=", ""),
    ("K", None),
    ("1K=1", None),
    ("K:a", None),
    ("#K=a", None),
    ("K='a\nb'", "a\nb"),
    ('K="a\\nb"', "a\nb"),
    ('K="a\\tb"', None),
    ('K="a', None),
    ("K='a'b\"c\"", "abc"),
    ("K=a\nK=b", "b"),
    ("X=1\nX=2\nK=$X", "2"),
    ("USER=zoe\nK=$USER", "zoe"),
    ("K=a=b", "a=b"),
    ("\ufeffK=a", None),
    ("\ufeffX=1\nK=2", "2"),
    ("CODEX_K=1\nK=2", "2"),
]


@pytest.mark.parametrize(("text", "value"), CASES)
def test_value_of_a_line(text: str, value: str | None, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(text.encode())
    found = {one.name: one.value for one in assignments(read(str(path)), {"USER": "kim"})}
    assert found.get("K") == value
    assert not any(name.startswith("CODEX_") for name in found)


@pytest.mark.codex
@pytest.mark.slow
def test_codex_reads_the_same_lines(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    home.environ["USER"] = "kim"
    told = [told_by_codex(home, text) for text, _ in CASES]
    assert told == [value for _, value in CASES]


def told_by_codex(home: Home, text: str) -> str | None:
    """The value of K in a stdio server that Codex starts, None where it is not set."""
    log = home.root / "log"
    program = home.root / "server"
    program.write_text(
        f"#!/bin/sh\nprintenv K > {log} || echo unset > {log}.no\nexit 0\n", encoding="utf-8"
    )
    program.chmod(0o755)
    for path in (log, Path(f"{log}.no")):
        path.unlink(missing_ok=True)
    home.write_config(f'[mcp_servers.k]\ncommand = {json.dumps(str(program))}\nenv_vars = ["K"]\n')
    (home.codex_home / ".env").write_bytes(text.encode())
    with app_server(home) as server:
        server.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly"})
    return None if Path(f"{log}.no").exists() else log.read_text().removesuffix("\n")
