"""The trash holds what was deleted, whoever did it, and gives it back."""

from __future__ import annotations

import asyncio

from mem0_tui.store.store import open_store
from tests.cli.conftest import Program


def delete_elsewhere(program: Program, memory_id: str) -> None:
    """Delete a memory as another program would: through the store, past our journal."""
    store = open_store(program.options[1], actor="codex")
    asyncio.run(store.delete([memory_id]))
    store.close()


def test_what_was_deleted_here_and_elsewhere_comes_back(store: Program) -> None:
    here, elsewhere = store.add("deleted here"), store.add("deleted elsewhere")
    before = store.json("list")["memories"]
    store("rm", here, "--yes")
    delete_elsewhere(store, elsewhere)
    deleted = {entry["memory"]["id"]: entry for entry in store.json("trash")["trash"]}
    assert set(deleted) == {here, elsewhere}
    assert deleted[elsewhere]["deleted_by"] == "codex"
    assert "codex" in store("trash").out
    assert store("restore", elsewhere[:8], here[:8]).code == 0
    assert store.json("list")["memories"] == before
    assert store.json("trash")["total"] == 0
    assert store("trash").err == "The trash is empty.\n"


def test_only_what_is_in_the_trash_can_be_put_back(store: Program) -> None:
    store.add("still there")
    assert store("restore", "0123abcd").code == 4
    assert store("restore", "x").code == 2
