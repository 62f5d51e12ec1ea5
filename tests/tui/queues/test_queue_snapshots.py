"""How a queue looks: at four sizes, in every theme, without colours and in ASCII."""

from __future__ import annotations

import os
import re

import pytest
from syrupy.assertion import SnapshotAssertion

from mem0_tui.detect.suspicion import Queue
from mem0_tui.tui.theme import theme_names
from tests.tui.harness import Bench, press, settle, text_of
from tests.tui.queues.test_judging import open_queue
from tests.tui.scenes import still
from tests.tui.test_snapshots import Picture

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]

SIZES = {"vast": (220, 50), "wide": (140, 40), "normal": (80, 24), "narrow": (60, 20)}


async def test_a_queue_at_every_size(desk: Bench, snapshot: SnapshotAssertion) -> None:
    """A group accepted, the cursor on the next, as text: what stands where."""
    app = still(desk.app())
    async with app.run_test(size=SIZES["vast"]) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        await press(pilot, "p")
        for name, size in SIZES.items():
            await pilot.resize_terminal(*size)
            await settle(pilot)
            lines = [line.rstrip() for line in text_of(app).splitlines()[:-1]]  # no footer
            assert lines == snapshot(name=name)


@pytest.mark.parametrize("theme", theme_names())
async def test_a_queue_in_every_theme(desk: Bench, snapshot: SnapshotAssertion, theme: str) -> None:
    app = still(desk.app(theme=theme))
    async with app.run_test(size=SIZES["normal"]) as pilot:
        await open_queue(pilot, Queue.CONFLICTS)
        svg = app.export_screenshot(title="mem0-tui", simplify=True)
    drawn = re.sub(r"\bterminal-\d+-", "terminal-", svg)
    assert drawn == snapshot.use_extension(Picture)(name="conflicts")


async def test_without_colours_and_in_ascii_words_and_signs_tell_it(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    app = still(desk.app())
    async with app.run_test(size=SIZES["normal"]) as pilot:
        await open_queue(pilot, Queue.CONFLICTS)
        shown = text_of(app)
        assert "port [8080]" in shown
        assert "port [9090]" in shown
        assert "finding: another port" in shown
        await open_queue(pilot, Queue.REPEATS)
        assert "> delete" in text_of(app)
        await open_queue(pilot, Queue.NOISE)
        assert "? a probe?" in text_of(app)
