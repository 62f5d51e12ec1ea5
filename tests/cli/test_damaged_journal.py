"""A damaged journal: memories are read all the same, and nothing of it is lost without a word."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mem0_tui.settings.load import load
from tests.cli.conftest import Program


@pytest.fixture(params=["not a database", "cut off", "a page"])
def damaged(store: Program, request: pytest.FixtureRequest) -> Program:
    """A program with memories whose journal cannot be read."""
    for number in range(30):
        store.add(f"memory {number}")
    path: Path = load({}).journal
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = path.read_bytes()
    if request.param == "not a database":
        path.write_bytes(b"no journal at all" * 500)
    elif request.param == "cut off":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    return store


def test_reading_needs_no_journal(damaged: Program, tmp_path: Path) -> None:
    memory = damaged.json("list")["memories"][0]["id"]
    for words in (
        ["list"],
        ["search", "memory", "--keyword"],
        ["show", memory],
        ["export", str(tmp_path / "all.jsonl")],
        ["stats"],
        ["history", memory],
        [],
    ):
        result = damaged(*words)
        assert result.code == 0, (words, result.err)


def test_what_changes_something_is_refused_with_advice_about_the_journal(
    damaged: Program,
) -> None:
    for words in (["add", "new"], ["undo"], ["journal"]):
        result = damaged(*words)
        assert result.code == 4, words
        assert "The journal is damaged" in result.err
        assert "journal --begin-anew" in result.err
        assert "salvage" not in result.err
    assert damaged.json("list")["total"] == 30


def test_it_is_kept_under_another_name_when_a_new_one_is_begun(damaged: Program) -> None:
    content = load({}).journal.read_bytes()
    kept = Path(damaged.json("journal", "--begin-anew")["kept"])
    assert kept.read_bytes() == content
    assert damaged("add", "new").code == 0
    assert damaged("undo", "-y").code == 0
    assert damaged.json("list")["total"] == 30


def test_a_sound_journal_is_not_set_aside(store: Program) -> None:
    store.add("one")
    assert store("journal", "--begin-anew").code == 3
    assert len(store.json("journal")["transactions"]) == 1
