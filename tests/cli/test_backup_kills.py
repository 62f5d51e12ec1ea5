"""A backup dies at any point: the next one finishes it, and nobody has to clean up."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mem0_tui.model.change import Edit
from mem0_tui.store.store import open_store
from tests.support.memories import memory, uuid_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kill -9")]

EVERY = int(os.environ.get("MEM0_TUI_BACKUP_KILLS_EVERY", "5"))
"""Every so many points of a backup it is killed; by hand, 1."""


def make(folder: Path) -> None:
    """A store before and after an addition, a change and a deletion."""
    for name in ("first", "second"):
        store = open_store(folder / name)
        asyncio.run(store.restore([memory(number) for number in range(3)]))
        if name == "second":
            asyncio.run(store.restore([memory(9)]))
            asyncio.run(store.update(uuid_of(1), Edit(text="changed")))
            asyncio.run(store.delete([uuid_of(2)]))
        store.close()


def test_a_killed_backup_is_finished_by_the_next_one(tmp_path: Path) -> None:
    make(tmp_path)
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.dying_backups", str(tmp_path), str(EVERY)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts, _, wrong = done.stdout.partition("\n")
    assert min(map(int, counts.split())) >= 5, counts
    assert not wrong.strip(), wrong + done.stderr
