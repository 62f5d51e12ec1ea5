"""Ctrl+Z: to the background and back, where a shell waits for it; else it is said, and safe."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from mem0_tui.tui.modals.message import MessageView
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from tests.perf.terminal import PATIENCE, Terminal
from tests.tui.test_dying import fill


def test_it_suspends_drops_what_was_typed_with_it_and_is_painted_again(tmp_path: Path) -> None:
    if shutil.which("sh") is None:
        pytest.skip("there is no sh")
    path = tmp_path / "memories.db"
    fill(path)
    app = [sys.executable, "-m", "mem0_tui", "--store", str(path)]
    # -m gives the app a process group of its own, as every interactive shell does.
    shell = ["sh", "-m", "-c", '"$@"; echo was-stopped; fg', "sh"]
    with Terminal([*shell, *app], 100, 30) as terminal:
        terminal.until(b"decision")
        os.write(terminal._fd, b"\x1adP")
        written_after(terminal, b"was-stopped", b"decision")  # all of it is painted again
        os.write(terminal._fd, b"d")
        assert written_after(terminal, b" staged").endswith(b" 1"), "only what came after it"


def written_after(terminal: Terminal, *wanted: bytes) -> bytes:
    """Wait until each of *wanted* was written in turn; returns what came before the last."""
    seen, before, deadline = b"", b"", time.monotonic() + PATIENCE
    for each in wanted:
        while each not in seen:
            assert time.monotonic() < deadline, f"{each!r} never came"
            seen += terminal._read(0.05)
        before, _, seen = seen.partition(each)
    return before


@pytest.mark.anyio
async def test_where_it_cannot_be_suspended_that_is_said_and_nothing_typed_acts(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+z", "d", "enter", "P", "q")
        assert isinstance(app.screen, MessageView)
        assert "no shell behind this screen" in text_of(app)
        await press(pilot, "escape")
        assert not len(browse(app).session.triage.staging)


@pytest.mark.anyio
async def test_it_works_below_a_modal_too(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a", "ctrl+z", "y")
        assert isinstance(app.screen, MessageView)
