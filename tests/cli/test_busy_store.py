"""Searching a store to which another process adds faster than texts can be embedded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mem0_tui.cli.commands import find
from mem0_tui.cli.composition import wiring
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.support.embedding import WordEmbedder

KIM = Scope(user_id="kim")


def add(path: Path, drafts: Sequence[Draft]) -> None:
    """Add *drafts* to the store at *path*, as another process does."""
    store = open_store(path)
    asyncio.run(store.add_many(drafts))
    store.close()


class Outrun(WordEmbedder):
    """While it embeds, another adds so many more for each text."""

    warning = ""

    def __init__(self, path: Path, more: int, times: int) -> None:
        super().__init__()
        self._path, self._more, self._times = path, more, times

    def embed(self, texts: Sequence[str]) -> Any:
        if self._times and len(texts) > 1:
            self._times -= 1
            number = len(self.embedded)
            drafts = [Draft(f"burst {number} {n}", KIM) for n in range(self._more * len(texts))]
            other = Thread(target=add, args=(self._path, drafts))
            other.start()
            other.join()
        return super().embed(texts)


def searching(
    program: Program, path: Path, patch: pytest.MonkeyPatch, *, more: int, times: int
) -> tuple[Any, Outrun]:
    add(path, [Draft(f"deploys number {n}", KIM) for n in range(200)])
    embedder = Outrun(path, more, times)
    for place in (find, wiring):
        patch.setattr(place, "embedder", lambda: embedder)
    program.options = ("--store", str(path))
    return program.json("search", "deploys"), embedder


def test_a_search_answers_while_more_arrives_than_can_be_embedded(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memories.db"
    found, embedder = searching(program, path, monkeypatch, more=2, times=40)
    assert len(embedder.embedded) < 1000, "it did not wait for an end that does not come"
    assert all("deploys" in hit["memory"]["text"] for hit in found["hits"])
    assert found["embedded"] < found["searched"]


def test_a_search_waits_for_all_where_it_catches_up(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memories.db"
    found, _ = searching(program, path, monkeypatch, more=1, times=3)
    assert found["embedded"] == found["searched"] == 200 + 3 * 128
