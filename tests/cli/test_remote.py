"""The same commands against a server, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Program
from tests.support.serving import KEY, serving


@pytest.fixture
def remote(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program on a served store with three memories, its key in the environment."""
    path = tmp_path / "served.db"
    program.options = ("--store", str(path))
    for text in ("Deploys are on Tuesdays.", "Tests run with pytest -x.", "[PINNED] Use RS256."):
        program.add(text, "--type", "convention", "--user", "kim")
    monkeypatch.setenv("MEM0_API_KEY", KEY)
    with serving(path) as server:
        program.options = ("--url", server.url)
        yield program


def test_the_main_job_on_a_server(remote: Program) -> None:
    assert remote.json("config")["settings"]["backend"]["value"] == "auto"
    listed = remote.json("list", "--all")
    assert listed["backend"]["name"] == "platform"
    assert {m["text"] for m in listed["memories"]} >= {"Deploys are on Tuesdays."}
    doomed = remote("list", "pytest", "--ids").out.strip()

    refused = remote("rm", doomed, "--yes")
    assert refused.code == 3
    assert "--write" in refused.err

    shown = remote("rm", doomed, "--dry-run")
    assert doomed in shown.out
    assert "Undo cannot give back exactly: the id" in shown.out
    removed = remote("--write", "rm", doomed, "--yes")
    assert removed.code == 0
    assert "--write undo" in removed.err
    assert remote("show", doomed).code == 4

    undone = remote("--write", "undo")
    assert undone.code == 0, "only what was declared is lost"
    assert f"{doomed} is now " in undone.out
    assert "As declared, it differs in: id (1)" in undone.out
    assert "!" not in undone.out
    assert len(remote.json("list")["memories"]) == 3


def test_categories_on_a_server_of_ours(remote: Program) -> None:
    memory_id = remote.json("list", "pytest")["memories"][0]["id"]
    write = ("--write", "edit", memory_id, "--category", "workflows", "--yes")
    assert remote(*write).code == 0
    assert [m["id"] for m in remote.json("list", "category:workflows")["memories"]] == [memory_id]

    planned = remote("rm", memory_id, "--dry-run").out
    assert "Undo cannot give back exactly: the id" in planned
    assert "categories" not in planned
    assert remote("--write", "rm", memory_id, "--yes").code == 0
    url = f"{remote.options[1]}/api/v1/orgs/organizations/mem0-tui/projects/default/"
    body = {"custom_categories": [{"results": "what came of it"}]}
    headers = {"Authorization": f"Token {KEY}"}
    httpx.patch(url, json=body, headers=headers, timeout=60).raise_for_status()
    assert remote("--write", "undo").code == 0
    assert len(remote.json("list", "category:workflows")["memories"]) == 1, "as it was filed"


def test_a_scope_on_a_server(remote: Program) -> None:
    document = remote.json("--write", "rm", "--scope", "user:kim", "--confirm-scope", "user:kim")
    assert document["scope"]["total"] == 3
    assert len(document["scope"]["pinned"]) == 1
    assert document["report"]["items"][0]["remaining"] == 0
    assert Path(document["report"]["items"][0]["snapshot"]).exists()
    assert remote.json("list")["memories"] == []
    assert remote.json("--write", "undo")["report"]["counts"] == {"done": 3}


def test_a_wrong_key_is_said_and_not_shown(
    remote: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEM0_API_KEY", "m0-wrongwrongwrongwrong")
    result = remote("list")
    assert result.code == 4
    assert "key was not accepted" in result.err
    assert "wrongwrong" not in result.err


def test_what_deserves_a_look_on_a_server_and_verdicts_that_follow_a_new_id(
    remote: Program,
) -> None:
    remote("--write", "add", "The user said that deploys are on Tuesdays.", "--user", "kim")
    [group] = remote.json("review", "repeats")["suspicions"]
    document = remote.json("audit")
    assert document["target"]["name"] == "platform"
    assert document["total"] == 4
    assert document["queues"]["repeats"]["ids"] == group["ids"][1:]
    assert list(document["not_measured"]) == ["unused"], "no session of Codex is recorded"
    assert remote("review", "repeats", "--apply", "--yes").code == 3, "it is open for reading"
    assert remote("review", "--keep", group["ids"][1]).code == 0, "that changes no memory there"
    assert remote.json("review", "repeats")["suspicions"] == []

    assert remote("--write", "rm", group["ids"][1], "--yes").code == 0
    assert remote("--write", "undo").code == 0
    again = remote.json("list", "said")["memories"][0]["id"]
    assert again != group["ids"][1], "this server gives it another id"
    assert remote.json("review", "repeats")["suspicions"] == []
    assert again not in [each["id"] for each in remote.json("review", "inbox")["suspicions"]]
