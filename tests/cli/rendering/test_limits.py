"""What a command leaves out it says on stderr, with the way to see it; ``--json`` says it, too."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.store import events
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def many(store: Program) -> Program:
    """A store with 60 memories, 60 in the trash, and 60 transactions and events or more."""
    for name in ("gone", "kept"):
        rows = [{"id": f"{name}-{n}", "memory": f"{name} note {n}"} for n in range(60)]
        assert store("import", "-", sent=json.dumps(rows)).code == 0
    assert store("rm", "--query", "gone", "--yes").code == 0
    for n in range(20):
        store("edit", f"kept-{n}", "--type", "decision")
    return store


def test_ids_for_another_program_are_all_of_them(many: Program) -> None:
    listed = many("list", "--ids")
    assert len(listed.out.splitlines()) == 60
    assert listed.err == ""
    cut = many("list", "--ids", "--limit", "7")
    assert len(cut.out.splitlines()) == 7
    assert "Shown: 7; there are 60 memories: --limit N or --all" in cut.err


@pytest.mark.parametrize(
    ("command", "rows", "default", "said"),
    [
        (["list"], "memories", 50, "there are 60 memories: --limit N or --all"),
        (["trash"], "trash", 50, "there are 60 deleted memories: --limit N or --all"),
        (["journal"], "transactions", 20, "there are more: --limit N or --all"),
        (["search", "--keyword", "note"], "hits", 10, "the 10 best hits, more: --limit N"),
    ],
    ids=["list", "trash", "journal", "search"],
)
def test_a_cut_is_said(
    many: Program, command: list[str], rows: str, default: int, said: str
) -> None:
    result = many(*command, "--json")
    assert len(result.document[rows]) == default
    assert result.document["complete"] is False
    assert said in result.err
    shown = many(*command)
    assert said in shown.err or "50 of 60 memories" in shown.err
    assert "--limit N" in shown.err
    whole = many(*command, "--limit", "500", "--json")
    assert whole.document["complete"] is True
    assert len(whole.document[rows]) > default
    assert whole.err == ""
    if rows != "hits":
        assert many(*command, "--all", "--json").document[rows] == whole.document[rows]


def test_the_document_of_a_list_names_the_command_for_the_rest(many: Program) -> None:
    document = many.json("list", "kept", "--sort", "oldest")
    assert document["total"] == 60
    assert document["next"].endswith("list --all --json --sort oldest kept")
    assert many.json("list", "--all")["next"] is None


def test_more_events_than_the_default_come_when_asked_for(store: Program) -> None:
    with closing(open_store(Path(store.options[1]))) as opened:
        for _ in range(73):
            opened.database.write(lambda connection: events.begun(connection, "ADD", NOW)).result()
    document = store.json("events")
    assert (len(document["events"]), document["complete"]) == (20, False)
    assert "Shown: 20; there are more: --limit N or --all" in store("events").err
    assert len(store.json("events", "--all")["events"]) == 73
