"""Draws the README's pictures from the demo memories: ``python screenshots/generate.py``.

The same memories, moment and keys each time, so that the same program draws the same files; a test
compares them with what is committed. With ``rsvg-convert`` and ``--png`` PNG files are made too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from textual.pilot import Pilot

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from mem0_tui.detect.suspicion import Queue  # noqa: E402
from mem0_tui.tui.app import Mem0App  # noqa: E402
from screenshots import tour  # noqa: E402
from tests.tui import scenes  # noqa: E402
from tests.tui.harness import Bench, find, press, until  # noqa: E402
from tests.tui.harness import browse as browse_screen  # noqa: E402
from tests.tui.installs import clinic, scenario  # noqa: E402

COUNT = 400


async def browse(pilot: Pilot[Any], _desk: Bench) -> None:
    """A memory with a history, some around it staged, one marked."""
    await press(pilot, "j", "j", "j", "t")
    pilot.app.screen.query_one("#prompt-input").value = "session_summary"  # type: ignore[attr-defined]
    await press(pilot, "enter", "j", "d", "d", "j", "j", "space", "k", "k", "k", "k", "k", "k", "k")
    await press(pilot, "k", "k", "k")


async def queue(pilot: Pilot[Any], _desk: Bench) -> None:
    """The first group accepted, the cursor on the next."""
    screen = browse_screen(pilot.app)  # type: ignore[arg-type]
    await until(pilot, lambda: screen.session.queues.scanned)
    names = [section.queue for section in screen.session.tabs.sections]
    screen.controllers.find.choose_tab(names.index(Queue.NOISE))
    await press(pilot, "p")


async def plan(pilot: Pilot[Any], desk: Bench) -> None:
    await find(pilot, "type:session_summary age>60d")
    await press(pilot, "asterisk", "d")
    await scenes.plan(pilot, desk)


@dataclass(frozen=True, slots=True)
class Picture:
    """One file to draw."""

    name: str
    scene: scenes.Scene
    size: tuple[int, int]
    theme: str = "mem0-dark"
    scanned: bool = False
    """Whether what deserves a look is found, and has tabs."""
    install: str = ""
    """The scenario whose health screen is drawn; without one it is the main screen."""


PICTURES = (
    Picture("browse", browse, (140, 40)),
    Picture("queue", queue, (120, 30), scanned=True),
    Picture("words", partial(scenes.searched, query="deploy type:decision,convention"), (120, 30)),
    Picture("plan", plan, (120, 34)),
    Picture("edit", scenes.edit, (120, 34)),
    Picture("stats", scenes.statistics, (140, 40)),
    Picture("health", partial(scenes.keys, pressed=()), (120, 34), install="h_seed_full"),
    Picture("scope-delete", scenes.scope_delete, (100, 30)),
    Picture("narrow", browse, (60, 20)),
    Picture("light", browse, (100, 30), "mem0-light"),
)


async def draw(picture: Picture) -> str:
    """The picture as SVG."""
    with tempfile.TemporaryDirectory() as folder, _opened(picture, Path(folder)) as (app, desk):
        async with scenes.still(app).run_test(size=picture.size) as pilot:
            await scenes.perform(picture.scene, desk, pilot)
            svg = app.export_screenshot(title="mem0-tui", simplify=True)
    return re.sub(r"\bterminal-\d+-", f"{picture.name}-", svg)


@contextlib.contextmanager
def _opened(picture: Picture, folder: Path) -> Iterator[tuple[Mem0App, Bench]]:
    """The app of *picture*, and what it is put together from in *folder*."""
    if picture.install:
        with _utc(), clinic(folder, scenario(picture.install)) as made:
            yield made.ward(), made.desk
    else:
        with scenes.stage(folder, count=COUNT) as desk:
            yield (
                desk.app(theme=picture.theme, queues=desk.queues if picture.scanned else None),
                desk,
            )


@contextlib.contextmanager
def _utc() -> Iterator[None]:
    """Times of day are shown in the machine's zone; here it is the same on each."""
    with mock.patch.dict(os.environ, TZ="UTC"):
        time.tzset()
        yield
    time.tzset()


async def draw_tour() -> str:
    """The moving picture as SVG: the last step shows an install, the others the demo memories."""
    memories = Picture("tour", browse, tour.SIZE, scanned=True)
    install = replace(memories, install="h_seed_full")
    pictures = []
    for picture, steps in ((memories, tour.STEPS[:-1]), (install, tour.STEPS[-1:])):
        with tempfile.TemporaryDirectory() as folder, _opened(picture, Path(folder)) as (app, _):
            async with scenes.still(app).run_test(size=picture.size) as pilot:
                pictures += await tour.play(pilot, steps)
    return tour.film(pictures)


def main() -> None:
    """Draw them all."""
    (FOLDER / "tour.svg").write_text(asyncio.run(draw_tour()), encoding="utf-8", newline="\n")
    for picture in PICTURES:
        path = FOLDER / f"{picture.name}.svg"
        path.write_text(asyncio.run(draw(picture)), encoding="utf-8", newline="\n")
        sys.stdout.write(f"{path.name}\n")
        if "--png" in sys.argv and shutil.which("rsvg-convert"):
            subprocess.run(
                ["rsvg-convert", "-o", str(path.with_suffix(".png")), str(path)], check=True
            )


if __name__ == "__main__":
    main()
