"""A curator on a backend in memory, with a real journal file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from mem0_tui.curator.service import Curator
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.journal.journal import Journal
from tests.support.memory_backend import START, MemoryBackend

MakeCurator: TypeAlias = Callable[[MemoryBackend], Curator]


@pytest.fixture
def curate(tmp_path: Path) -> Iterator[MakeCurator]:
    """Opens a curator; called again, it is the same app after a restart."""
    journals: list[Journal] = []

    def make(backend: MemoryBackend) -> Curator:
        for journal in journals:
            journal.close()
        clock = FrozenClock(START)
        journals.append(Journal(tmp_path / "journal.db", clock=clock))
        return Curator(backend, journals[-1], clock=clock, snapshot_folder=tmp_path / "snapshots")

    yield make
    for journal in journals:
        journal.close()
