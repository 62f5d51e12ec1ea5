"""Where nothing can be put back, nothing is promised, and more than y is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Program
from tests.support.mcp_fake import FakeServer, faked, memory_row, reading


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [memory_row("Deploys are on Tuesdays."), memory_row("Use RS256.")]


@pytest.fixture
def server(rows: list[dict[str, Any]]) -> FakeServer:
    """Mem0's own MCP server 0.2.1: its ``add_memory`` takes no ``infer``."""
    made = reading(rows)
    made.tool("add_memory", "text", "user_id", answer={"results": []})
    made.tool("update_memory", "memory_id", "text", answer={})

    async def listed(_arguments: dict[str, Any]) -> str:
        page = {"count": len(rows), "next": None, "previous": None, "results": rows}
        return json.dumps(page)

    async def delete(arguments: dict[str, Any]) -> str:
        rows[:] = [row for row in rows if row["id"] != arguments["memory_id"]]
        return json.dumps({"message": "Memory deleted successfully!"})

    made.handlers["get_memories"] = listed
    made.parameters["delete_memory"] = ("memory_id",)
    made.handlers["delete_memory"] = delete
    return made


@pytest.fixture
def remote(program: Program, server: FakeServer) -> Iterator[Program]:
    with faked(server) as url:
        program.options = ("--backend", "mcp", "--url", url, "--write")
        yield program


def test_a_delete_takes_a_word_and_promises_nothing(
    remote: Program, rows: list[dict[str, Any]]
) -> None:
    doomed = rows[0]["id"]
    shown = remote("rm", doomed, "--dry-run").out
    assert "cannot be undone here: mcp cannot add text verbatim" in shown
    assert "Undo cannot give back" not in shown
    for words, typed in ((["--yes"], "y\n"), ([], "y\n"), (["--yes"], None), ([], "\n")):
        result = remote("rm", doomed, *words, typed=typed)
        assert (result.code, len(rows)) == (3, 2), words
    removed = remote("rm", doomed, typed="delete\n")
    assert (removed.code, len(rows)) == (0, 1)
    assert "undo" not in removed.err.split("Type delete")[1].replace("cannot be undone", "")
    assert "cannot be undone here" in removed.err
    back = remote("undo", "-y")
    assert back.code == 3
    assert "cannot be taken back here" in back.err
    assert "Cannot be put back here" in remote("trash").err


def test_a_script_says_that_it_knows(remote: Program, rows: list[dict[str, Any]]) -> None:
    document = remote.json("rm", rows[0]["id"], "--without-undo")
    assert document["plan"]["items"][0]["undoable"] is False
    assert document["report"]["undoable"] is False
    assert len(rows) == 1


def test_what_can_be_taken_back_there_still_is(remote: Program, rows: list[dict[str, Any]]) -> None:
    shown = remote("edit", rows[0]["id"], "--text", "Deploys are on Mondays.", "--dry-run").out
    assert "cannot be undone" not in shown
