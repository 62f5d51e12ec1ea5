"""With ``--json``, every command prints one JSON document and nothing else on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.cli.command import ENTRIES
from tests.cli.conftest import Program

READS = [
    ("list",),
    ("list", "type:decision", "--limit", "3", "--sort", "length"),
    ("search", "rounding", "--keyword"),
    ("entities",),
    ("stats",),
    ("stats", "type:decision"),
    ("events",),
    ("journal",),
    ("trash",),
    ("resume",),
    ("index",),
    ("verify",),
    ("backends",),
    ("config",),
    ("config", "get", "backend"),
    ("config", "path"),
    ("completion", "bash"),
    ("codex", "status"),
    ("export",),
    ("export", "--format", "markdown"),
    ("rm", "--query", "type:session_state", "--dry-run"),
    ("rm", "--scope", "app:infra", "--dry-run"),
    ("review",),
    ("review", "repeats"),
    ("review", "inbox", "--limit", "3"),
    ("audit",),
    ("prompt", "where do the orders live?"),
    ("sessions",),
    ("scopes",),
    ("--version",),
    (),
]


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_reads(demo: Program, words: tuple[str, ...]) -> None:
    result = demo(*words, "--json")
    assert result.code == 0, result.err
    assert isinstance(result.document, dict)
    assert result.out.isascii()
    assert not [c for c in result.out if ord(c) < 32 and c != "\n"]


def test_writes(demo: Program, tmp_path: Path) -> None:
    added = demo.json("add", "a new one", "--type", "decision", "--meta", "n=1")
    memory = added["report"]["items"][0]["added_id"]
    assert added["applied"]
    assert demo.json("show", memory)["memory"]["metadata"] == {"n": 1, "type": "decision"}
    assert demo.json("history", memory)["history"][0]["event"] == "ADD"
    assert demo.json("edit", memory, "--text", "a newer one")["report"]["complete"]
    assert demo.json("rm", memory, "--yes")["report"]["counts"] == {"done": 1}
    assert demo.json("restore", memory)["applied"]
    plan = tmp_path / "plan.json"
    assert demo.json("rm", memory, "--plan-out", str(plan))["plan_file"] == str(plan)
    assert demo.json("apply", str(plan), "--yes")["applied"]
    assert demo.json("undo")["plan"]["counts"] == {"restore": 1}
    assert demo.json("redo", "--yes")["applied"]
    file = tmp_path / "all.jsonl"
    assert demo.json("export", str(file))["count"] == 400
    assert demo.json("import", str(file))["skipped"]["already there"] == 400
    folder = str(tmp_path / "backup")
    assert demo.json("backup", folder)["added"] == 400
    assert demo.json("backup", folder, "--list")["revisions"][0]["added"] == 400
    assert demo.json("backup", folder, "--restore", "HEAD")["same"] == 400
    assert demo.json("backup", folder, "--merge")["conflicts"] == []


def test_settings_and_the_demo(program: Program) -> None:
    assert program.json("codex-memories", "snapshots")["snapshots"] == []
    assert program.json("config", "set", "timeout", "5")["value"] == "5"
    assert program.json("config", "unset", "timeout")["value"] is None
    assert program.json("demo", "reset")["memories"] == 400


def test_the_doctor(program: Program) -> None:
    result = program("doctor", "--json")
    assert result.document["version"] == 1


def test_errors_are_one_document_too(demo: Program) -> None:
    for words, code in [
        (("list", "typ:decision"), 2),
        (("nonsense",), 2),
        (("list", "--nonsense"), 2),
        (("rm", "--query", "type:decision"), 3),
        (("show", "0123abcd"), 4),
    ]:
        result = demo(*words, "--json")
        assert result.code == code
        error = result.document["error"]
        assert error["exit_code"] == code
        assert error["message"]


def test_every_command_is_covered_here() -> None:
    covered = {words[0] for words in READS if words} | {
        *("add", "show", "history", "edit", "move", "merge", "rm", "restore", "apply", "undo"),
        *("redo", "export", "import", "backup", "config", "demo", "doctor", "purge"),
        "codex-memories",
    }
    assert set(ENTRIES) - covered == {"serve", "web"}, "they run until they are stopped"
