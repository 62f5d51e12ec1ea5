"""The terminal goes away in mid-apply: at the next start nothing is lost and it can be finished."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mem0_tui.demo.generator import generate
from mem0_tui.model.clock import SystemClock
from mem0_tui.store import changes
from mem0_tui.store.rows import row_of
from mem0_tui.store.store import open_store

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from tests.perf.terminal import PATIENCE, Terminal

COUNT = 400
LEAST, MOST = 20, 200
"""How many are pinned before the app is cut off: it cannot come to its end before."""
SIGNALS = (signal.SIGHUP, signal.SIGKILL)


def fill(path: Path) -> None:
    clock = SystemClock()
    store = open_store(path, clock, "kim", durable=False)
    rows = [row_of(memory, clock) for memory in generate(COUNT)]
    author = store.author(None, None)
    store.database.write(lambda c: changes.add(c, rows, author)).result()
    store.close()


def counted(path: Path) -> tuple[int, int]:
    """How many memories there are, and how many of them are pinned."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT metadata FROM memories").fetchall()
    return len(rows), sum(bool(json.loads(row[0] or "{}").get("pinned")) for row in rows)


def hold_up(path: Path, pinned: int) -> None:
    """Have the write with which more than *pinned* would be pinned take for ever."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER held_up AFTER UPDATE ON memories WHEN"
            f" {pinned} < (SELECT count(*) FROM memories WHERE metadata ->> 'pinned')"
            " BEGIN SELECT count(*) FROM memories a, memories b, memories c, memories d; END"
        )


def let_go(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER held_up")


def app(path: Path) -> Terminal:
    command = [sys.executable, "-m", "mem0_tui", "--store", str(path)]
    return Terminal(command, 100, 30, {"PYTHONUNBUFFERED": "1"})


@pytest.mark.parametrize("number", SIGNALS)
def test_an_apply_that_was_cut_off_is_offered_and_finished(
    tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "memories.db"
    fill(path)
    before = counted(path)
    hold_up(path, before[1] + MOST)
    with app(path) as terminal:
        terminal.until(b"decision")
        terminal.rest()
        for keys in (b"/", b"-pinned:yes", b"\r", b"*", b"P", b"a"):
            assert terminal.send(keys), keys
        os.write(terminal._fd, b"y")
        deadline = time.monotonic() + PATIENCE
        while counted(path)[1] < before[1] + LEAST and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(terminal.pid, number)
        terminal.rest()
    cut = counted(path)
    assert cut[0] == before[0]
    assert before[1] + LEAST <= cut[1] <= before[1] + MOST
    let_go(path)
    with app(path) as terminal:
        terminal.until(b"Interrupted")
        terminal.rest()
        os.write(terminal._fd, b"y")
        deadline = time.monotonic() + PATIENCE
        while counted(path)[1] < before[0] - LEAST and time.monotonic() < deadline:
            time.sleep(0.2)
        terminal.rest()
    after = counted(path)
    assert after[0] == before[0]
    assert after[1] > before[0] - LEAST


def test_what_was_typed_is_kept_when_the_terminal_goes_away_and_named_at_the_next_start(
    tmp_path: Path,
) -> None:
    path = tmp_path / "memories.db"
    fill(path)
    folder = Path(os.environ["XDG_STATE_HOME"]) / "mem0-tui" / "typed"
    with app(path) as terminal:
        terminal.until(b"decision")
        terminal.rest()
        for keys in (b"t", b"note", b"\r", b"e", b"typed in vain? ", b"\x13"):
            assert terminal.send(keys), keys
        for keys in (b"n", b"half a thought"):
            assert terminal.send(keys), keys
        os.kill(terminal.pid, signal.SIGHUP)
        terminal.rest()
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    text = kept.read_text()
    assert "typed in vain? " in text
    assert "half a thought" in text
    with app(path) as terminal:
        terminal.until(b"Kept for you")
        terminal.rest()
        os.write(terminal._fd, b"y")
        deadline = time.monotonic() + PATIENCE
        while kept.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    assert not kept.exists()


@pytest.mark.parametrize(
    "start",
    [("sh", "-c", 'trap "" HUP; "$@"; true', "sh"), ("setsid", "--wait")],
    ids=["hangups-ignored", "another-session"],
)
def test_it_ends_with_its_terminal_also_where_no_signal_says_so(
    tmp_path: Path, start: tuple[str, ...]
) -> None:
    if shutil.which(start[0]) is None:
        pytest.skip(f"there is no {start[0]}")
    path = tmp_path / "memories.db"
    fill(path)
    marker = f"--store={path}"
    with Terminal([*start, sys.executable, "-m", "mem0_tui", marker], 100, 30) as terminal:
        terminal.until(b"decision")
        assert running(marker)
    deadline = time.monotonic() + PATIENCE
    while running(marker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running(marker)


def running(argument: str) -> list[str]:
    """The processes that were started with *argument*, none of them only a corpse."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "stat=,args="], capture_output=True, text=True, check=True
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if argument in line and "-m mem0_tui" in line and not line.startswith("Z")
    ]
