"""What a crash interrupted is pointed out, and finished or left."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.model.change import Delete
from mem0_tui.model.clock import FrozenClock
from mem0_tui.settings.load import load
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import JournalItem, JournalTarget, Transaction
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program

NOW = datetime(2026, 6, 15, tzinfo=UTC)


@pytest.fixture
def interrupted(store: Program) -> Program:
    """A program whose last apply of two deletes ended after its intent was written."""
    path = Path(store.options[1])
    ids = [store.add("one"), store.add("two")]
    memories = open_store(path)
    items = [
        JournalItem("c0ffee00", at, Delete(id_), (memories.get_now(id_),))
        for at, id_ in enumerate(ids)
    ]
    memories.close()
    journal = Journal(load({}).journal, clock=FrozenClock(NOW))
    transaction = Transaction("c0ffee00", NOW, JournalTarget("local", str(path)), "Delete 2")
    asyncio.run(journal.begin(transaction, items))
    journal.close()
    return store


def test_it_is_pointed_out_and_finished(interrupted: Program) -> None:
    assert "resume c0ffee00" in interrupted().err
    assert "interrupted" in interrupted("journal").out
    assert interrupted("--read-only", "resume").code == 3
    result = interrupted("resume")
    assert result.code == 0
    assert "deleted 2 memories" in result.out
    assert interrupted.json("list")["total"] == 0
    assert interrupted("undo", "c0ffee").code == 0
    assert interrupted.json("list")["total"] == 2


def test_whoever_changes_something_else_is_told_of_it(interrupted: Program) -> None:
    result = interrupted("add", "three")
    assert result.code == 0
    assert "resume c0ffee00" in result.err
    assert interrupted.json("list")["total"] == 3


def test_the_rest_can_be_left(interrupted: Program) -> None:
    document = interrupted.json("resume", "c0ff", "--leave", code=3)
    assert document["report"]["counts"] == {"cancelled": 2}
    assert interrupted.json("list")["total"] == 2
    assert interrupted.json("resume")["resumed"] == []


def test_nothing_older_is_undone_before_it_is_closed(interrupted: Program) -> None:
    interrupted("undo", "-y")  # of an add: refused, as everything here
    kept = interrupted.json("list")["memories"]
    for words in (["undo", "-y"], ["redo", "-y"], ["undo"]):
        result = interrupted(*words, typed="y\n")
        assert (result.code, result.out) == (3, "")
        assert "c0ffee00" in result.err
        assert "resume c0ffee00 --leave` closes it" in result.err
    error = interrupted.json("undo", code=3)["error"]
    assert error["kind"] == "UnfinishedError"
    assert "c0ffee00" in error["message"]
    assert interrupted.json("list")["memories"] == kept
    assert interrupted("resume", "--leave").code == 3
    assert interrupted("undo", "-y").code == 0
    assert interrupted.json("list")["total"] == 1
