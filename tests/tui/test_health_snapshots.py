"""How a healthy install and twelve broken ones look, in the sidebar and on the health screen.

Every install is drawn at three sizes. All of Mem0's troubleshooting entries are among them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from mem0_tui.tui.app import Mem0App
from tests.codex.homes import Home
from tests.tui.harness import bench, browse, press, settle
from tests.tui.installs import DEAD_SERVER, clinic, scenario
from tests.tui.scenes import still
from tests.tui.test_snapshots import SIZES, Picture

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]

INSTALLS = {
    "healthy": "b_ok",
    "no-key": "a_env_missing",
    "connection-failed": "a_url_bad",
    "no-tools": "a_tools_filtered",
    "duplicate-server": "a_two_names",
    "plugin-read-failed": "b_source_deleted",
    "plugin-not-found": "p_absolute",
    "plugin-not-cached": "b_cache_deleted",
    "skills-not-loading": "b_skills_elsewhere",
    "hooks-not-firing": "h_feature_off",
    "clone-moved": "h_clone_moved",
    "malformed-hooks": "h_malformed",
    "hooks-twice": "h_seed_full",
}
"""What the user sees, and the scenario that shows it."""

PRESSED = {"no-key": ("space",), "hooks-twice": ("j",)}
"""What is pressed on the health screen of an install, where that adds something."""

PLACES = {
    "malformed": ("c_malformed", ()),
    "not-installed": ("n_none", ()),
    "hook-table": ("h_seed_full", ("right_square_bracket",)),
    "repair": ("a_disabled", ("f",)),
}
"""Other states of the health screen: the install, and what is pressed there."""

VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    **{name: (each, PRESSED.get(name, ())) for name, each in INSTALLS.items()},
    **PLACES,
}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are shown in the machine's zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def picture(app: Mem0App) -> str:
    """What *app* shows, as SVG."""
    svg = app.export_screenshot(title="mem0-tui", simplify=True)
    return re.sub(r"\bterminal-\d+-", "terminal-", svg)


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
                if picture(app) != kept(name=size):
                    other.append(size)
    assert not other, f"{view} looks different: {', '.join(other)}"


@pytest.mark.parametrize("size", SIZES)
async def test_sidebar(size: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    kept = snapshot.use_extension(Picture)
    other: list[str] = []
    with bench(tmp_path, count=5) as desk:
        app = still(desk.app())
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(pilot)
            await press(pilot, "4")
            for name, built in INSTALLS.items():
                home = Home(tmp_path / name, url=DEAD_SERVER)
                scenario(built)(home)
                browse(app).controllers.show.install(home.report())
                await settle(pilot)
                if picture(app) != kept(name=name):
                    other.append(name)
    assert not other, f"these look different: {', '.join(other)}"
