"""One store has one undo history, whichever way its path is spelled."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mem0_tui.settings.load import load
from tests.cli.conftest import Program

Spell = Callable[[Path], str]


def by_link(path: Path) -> str:
    link = path.parent.with_name("link")
    if not link.exists():
        link.symlink_to(path.parent, target_is_directory=True)
    return str(link / path.name)


SPELLINGS: dict[str, Spell] = {
    "a link": by_link,
    "a detour": lambda path: str(path.parent / ".." / path.parent.name / path.name),
    "from here": lambda path: os.path.relpath(path),
}


@pytest.mark.skipif(os.name != "posix", reason="making links takes a privilege elsewhere")
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("old", [False, True], ids=["", "written by an earlier version"])
def test_a_path_spelled_in_another_way_is_the_same_store(
    program: Program, tmp_path: Path, spell: Spell, old: bool
) -> None:
    path = tmp_path / "stores" / "memories.db"
    program.options = ("--store", str(path))
    memory = program.add("one")
    program("rm", memory, "--yes")
    if old:  # which wrote paths as they were typed
        journal = sqlite3.connect(load({}).journal)
        spelled = os.path.join(os.path.dirname(path), "..", path.parent.name, path.name)
        journal.execute("UPDATE transactions SET target = ?", (spelled,))
        journal.commit()
        journal.close()
    program.options = ("--store", spell(path))
    assert len(program.json("journal")["transactions"]) == 2
    assert program("undo", "-y").code == 0
    program.options = ("--store", str(path))
    assert program.json("list")["total"] == 1
    assert program("redo", "-y").code == 0
    assert program.json("list")["total"] == 0


@pytest.mark.skipif(os.name != "posix", reason="making links takes a privilege elsewhere")
def test_a_plan_file_fits_the_store_by_any_path(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "stores" / "memories.db"
    program.options = ("--store", str(path))
    memory = program.add("one")
    program("rm", memory, "--plan-out", str(tmp_path / "plan.json"))
    program.options = ("--store", by_link(path))
    assert program("apply", str(tmp_path / "plan.json"), "--yes").code == 0
