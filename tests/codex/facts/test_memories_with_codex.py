"""The doctor on Codex's own memories, in a home whose databases the real Codex has made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mem0_tui.codex.report import Status
from tests.codex.appserver import app_server
from tests.codex.homes import Home
from tests.codex.test_against_codex import real_home

pytestmark = [pytest.mark.codex, pytest.mark.slow]

SUMMARY = "v1\n\n## User profile\n\nLikes short answers."


@pytest.fixture
def home(tmp_path: Path, codex: str) -> Home:
    """Codex with memories and a summary; it has seen two sessions, one of them kept out."""
    home = real_home(tmp_path, codex)
    home.write_config("[features]\nmemories = true\n")
    folder = home.codex_home / "memories"
    folder.mkdir()
    (folder / "memory_summary.md").write_text(SUMMARY)
    with app_server(home) as server:
        threads = [
            server.ask("thread/start", {"cwd": str(home.cwd)})["result"]["thread"]["id"]
            for _ in range(2)
        ]
        server.ask("thread/memoryMode/set", {"threadId": threads[0], "mode": "disabled"})
        server.ask("thread/memoryMode/set", {"threadId": threads[1], "mode": "enabled"})
        said = server.ask("thread/memory/read", {"threadId": threads[1]})["result"]["summary"]
    assert said == SUMMARY
    return home


def change(home: Home, database: str, statement: str) -> None:
    connection = sqlite3.connect(home.codex_home / database)
    with connection:
        connection.execute(statement)
    connection.close()


def test_the_summary_that_sessions_are_given_is_what_counts(home: Home) -> None:
    memories = home.scan().memories
    assert memories is not None
    assert memories.summary == len(SUMMARY)
    assert memories.sessions == {"disabled": 1, "enabled": 1}
    area = home.report().area("memories")
    assert area.status is Status.OK
    assert f"{len(SUMMARY)} characters" in area.summary


def test_sessions_that_mem0s_tools_kept_out_are_counted(home: Home) -> None:
    home.option_a()
    home.add_config("[memories]\ndisable_on_external_context = true\n")
    change(
        home,
        "state_5.sqlite",
        "UPDATE threads SET memory_mode = 'polluted' WHERE memory_mode = 'disabled'",
    )
    found = next(f for f in home.report().findings if f.id == "memories.kept-out")
    assert found.status is Status.WARN
    assert "1 session" in found.detail
    assert found.where[0].line == 9


def test_a_job_that_failed_says_why_nothing_is_remembered(home: Home) -> None:
    change(
        home,
        "memories_1.sqlite",
        "INSERT INTO jobs (kind, job_key, status, retry_remaining, last_error)"
        " VALUES ('memory_stage1', 'x', 'error', 0, 'stream ended: 401 sk-abcdefghijklmnopqrst')",
    )
    found = next(f for f in home.report().findings if f.id == "memories.failing")
    assert "stream ended: 401" in found.detail
    assert "abcdefghij" not in found.detail


def test_a_summary_that_sessions_are_not_given_whole_is_told(home: Home) -> None:
    path = home.codex_home / "memories/memory_summary.md"
    path.write_text("x" * 10_000 + "\n")
    assert "memories.summary-cut" not in {each.id for each in home.report().findings}
    path.write_text("x" * 10_001 + "\n")
    found = next(f for f in home.report().findings if f.id == "memories.summary-cut")
    assert found.status is Status.WARN
    assert "10,001 bytes" in found.detail


def test_looking_leaves_codexs_databases_alone(home: Home) -> None:
    before = {path: path.read_bytes() for path in home.codex_home.glob("*.sqlite*")}
    home.report()
    assert {path: path.read_bytes() for path in home.codex_home.glob("*.sqlite*")} == before
