"""How every screen looks, at three sizes, and the main one in every theme."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from mem0_tui.tui.theme import theme_names
from tests.tui.harness import Bench, settle
from tests.tui.scenes import SCENES, parts_of, perform, stage, still

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]

SIZES = {"wide": (140, 40), "normal": (80, 24), "narrow": (60, 20)}


class Picture(SingleFileSnapshotExtension):
    """One SVG file per picture, whichever Syrupy is installed."""

    _file_extension = "svg"
    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Sixty memories and a faulty install; no memories for the first page."""
    count = 0 if "welcome" in request.node.name else 60
    with stage(tmp_path, count=count) as desk:
        yield desk


async def pictures(desk: Bench, name: str, theme: str) -> dict[str, str]:
    """A scene as SVG at every size, in one run of the app."""
    app = still(desk.app(theme=theme, **parts_of(name)))
    taken: dict[str, str] = {}
    async with app.run_test(size=SIZES["wide"]) as pilot:
        await perform(SCENES[name], desk, pilot)
        for size, (width, height) in SIZES.items():
            await pilot.resize_terminal(width, height)
            await settle(pilot)
            svg = app.export_screenshot(title="mem0-tui", simplify=True)
            taken[size] = re.sub(r"\bterminal-\d+-", "terminal-", svg)
    return taken


async def check(desk: Bench, name: str, theme: str, snapshot: SnapshotAssertion) -> None:
    kept = snapshot.use_extension(Picture)
    taken = await pictures(desk, name, theme)
    other = [size for size, svg in taken.items() if svg != kept(name=size)]
    assert not other, f"{name} looks different: {', '.join(other)}"


@pytest.mark.parametrize("theme", theme_names())
async def test_main(scene: Bench, snapshot: SnapshotAssertion, theme: str) -> None:
    await check(scene, "main", theme, snapshot)


@pytest.mark.parametrize("name", [name for name in SCENES if name != "main"])
async def test_screen(scene: Bench, snapshot: SnapshotAssertion, name: str) -> None:
    await check(scene, name, "mem0-dark", snapshot)
