"""How the health screen looks: healthy, broken in three ways, its hooks, a repair; three sizes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.tui.harness import press, settle
from tests.tui.installs import clinic, scenario
from tests.tui.scenes import still
from tests.tui.test_snapshots import SIZES, Picture

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]

VIEWS = {
    "healthy": ("b_ok", ()),
    "no-key": ("a_env_missing", ("space",)),
    "hooks-twice": ("h_seed_full", ()),
    "malformed": ("c_malformed", ()),
    "hook-table": ("h_seed_full", ("right_square_bracket",)),
    "repair": ("a_disabled", ("f",)),
}
"""The install, and what is pressed there."""


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are shown in the machine's zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("view", VIEWS)
async def test_health(view: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    name, keys = VIEWS[view]
    kept = snapshot.use_extension(Picture)
    other: list[str] = []
    with clinic(tmp_path, scenario(name)) as made:
        app = still(made.ward())
        async with app.run_test(size=SIZES["wide"]) as pilot:
            await settle(pilot)
            await press(pilot, *keys)
            for size, (width, height) in SIZES.items():
                await pilot.resize_terminal(width, height)
                await settle(pilot)
                svg = app.export_screenshot(title="mem0-tui", simplify=True)
                if re.sub(r"\bterminal-\d+-", "terminal-", svg) != kept(name=size):
                    other.append(size)
    assert not other, f"{view} looks different: {', '.join(other)}"
