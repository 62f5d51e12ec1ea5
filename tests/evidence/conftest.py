"""Recorded homes of the real Codex, an index of each, and the memories they are about."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.evidence.file import Places
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import ScanReport, bring_up_to_date
from mem0_tui.evidence.use import Use, read_uses
from mem0_tui.model.memory import Memory
from tests.evidence.record import RECORDED, STORED, VERSIONS

BEFORE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
"""Before the sessions were recorded."""
ENDED = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


@dataclass
class Machine:
    """A machine on which Codex worked, and what is known of that."""

    places: Places
    index: Index
    truth: dict[str, Any]
    """What was recorded: ``ids`` by name; what each thread was ``given`` and has ``written``."""

    @property
    def index_path(self) -> Path:
        return self.index.path

    @property
    def sessions(self) -> list[Path]:
        """The rollouts, in order."""
        return sorted(Path(self.places.codex_home).rglob("rollout-*"))

    def scan(self) -> ScanReport:
        return bring_up_to_date(self.index, self.places)

    def memory(self, name: str, created: datetime = AFTER, text: str | None = None) -> Memory:
        """The memory that was stored under *name*."""
        said = STORED[name][0] if text is None else text
        return Memory(self.truth["ids"][name], said, created_at=created, updated_at=created)

    def use(self, name: str, created: datetime = AFTER) -> Use:
        memory = self.memory(name, created)
        return read_uses(self.index, [memory]).of(memory)


def machine_of(version: str, folder: Path) -> Machine:
    """A copy of what was recorded with Codex *version*, in *folder*; nothing is read yet."""
    home = folder / "codex"
    shutil.copytree(RECORDED / version, home)
    for file in home.rglob("rollout-*"):
        os.utime(file, (ENDED.timestamp(), ENDED.timestamp()))
    truth = json.loads((home / "truth.json").read_text(encoding="utf-8"))
    return Machine(Places(str(home), str(folder / "hooks")), Index(folder / "evidence.db"), truth)


@pytest.fixture(params=VERSIONS)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """A machine with each version of Codex."""
    made = machine_of(request.param, tmp_path)
    yield made
    made.index.close()


@pytest.fixture
def current(tmp_path: Path) -> Iterator[Machine]:
    """A machine with the current Codex."""
    made = machine_of(VERSIONS[0], tmp_path)
    yield made
    made.index.close()
