"""A store of 10,134 memories, of which 304 are worth keeping, is cleaned up and put back.

The floors are a little below what is reached, so that they fail where a detector forgets something.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from mem0_tui.model.clock import SystemClock
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.detect.junk.store import KEEPERS, SIZE, Worth, junk_store

pytestmark = pytest.mark.slow

MADE = {each.memory.id: each for each in junk_store()}
JUNK = {id_ for id_, each in MADE.items() if each.worth is Worth.JUNK}
KEPT = {id_ for id_, each in MADE.items() if each.worth is Worth.KEEP}


@pytest.fixture
def junk(program: Program, tmp_path: Path) -> Program:
    """The program on a store of its own that holds all of them."""
    path = tmp_path / "junk.db"
    store = open_store(path, SystemClock(), durable=False)
    memories = [each.memory for each in MADE.values()]
    for start in range(0, SIZE, 1000):
        asyncio.run(store.restore(memories[start : start + 1000]))
    store.close()
    program.options = ("--store", str(path))
    return program


def contents(junk: Program) -> dict[str, str]:
    """What the store holds, as an export has it, by id."""
    lines = [line for line in junk("export").out.splitlines() if line.startswith('{"id":')]
    return {json.loads(line)["id"]: line for line in lines}


def undated(lines: dict[str, str]) -> dict[str, dict[str, object]]:
    """*lines* without when each was changed last: an edit that is undone does not bring that back,
    and where a secret was found, the text is edited."""
    return {
        id_: {name: value for name, value in json.loads(line).items() if name != "updated_at"}
        for id_, line in lines.items()
    }


def missed(ids: set[str]) -> Counter[str]:
    return Counter(MADE[id_].sort for id_ in ids)


def test_the_store_is_as_it_is_described() -> None:
    assert len(MADE) == SIZE
    assert len(KEPT) == KEEPERS
    assert len(JUNK) > 0.95 * SIZE


def test_an_audit_blames_nearly_all_junk_and_nothing_worth_keeping(junk: Program) -> None:
    first = junk("audit", "--json")
    assert first.code == 0
    queues = first.document["queues"]
    blamed = {
        id_ for name, q in queues.items() if name not in ("inbox", "conflicts") for id_ in q["ids"]
    }
    assert not blamed & KEPT, missed(blamed & KEPT)
    assert len(JUNK & blamed) >= 0.98 * len(JUNK), missed(JUNK - blamed)
    assert queues["noise"]["producers"]["stop-hook/session_summary"]["count"] > 2000
    assert junk("audit", "--json").out == first.out


def test_what_is_proposed_cleans_up_and_one_undo_gives_all_back(junk: Program) -> None:
    before = contents(junk)
    assert before.keys() == MADE.keys()
    done = junk.json("review", "--apply", "--yes")
    assert done["report"]["complete"]
    after = contents(junk)
    assert after.keys() >= KEPT, missed(KEPT - after.keys())
    left = {id_ for id_ in JUNK if after.get(id_) == before[id_]}
    assert len(left) <= 0.03 * len(JUNK), missed(left)
    junk.json("undo", "--yes")
    assert undated(contents(junk)) == undated(before)
