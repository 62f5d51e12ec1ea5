"""An empty store at the time of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.store import MemoryStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MemoryStore]:
    made = open_store(tmp_path / "memories.db", FrozenClock(DEMO_NOW), durable=False)
    yield made
    made.close()
