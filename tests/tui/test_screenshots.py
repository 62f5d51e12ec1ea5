"""The pictures of the README and of docs show the program as it is."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screenshots_generate", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("picture", GENERATOR.PICTURES, ids=lambda picture: picture.name)
async def test_the_committed_picture_is_what_is_drawn_now(picture: object) -> None:
    name = getattr(picture, "name", "")
    committed = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert await GENERATOR.draw(picture) == committed, "run: python screenshots/generate.py"


async def test_the_moving_picture_is_what_is_drawn_now() -> None:
    committed = (FOLDER / "tour.svg").read_text(encoding="utf-8")
    assert await GENERATOR.draw_tour() == committed, "run: python screenshots/generate.py"


def test_the_pages_show_every_picture_and_no_other() -> None:
    pages = (FOLDER.parent / "README.md", *(FOLDER.parent / "docs").glob("*.md"))
    shown = {
        part.split(")")[0]
        for page in pages
        for part in page.read_text(encoding="utf-8").split("screenshots/")[1:]
    }
    drawn = {f"{picture.name}.svg" for picture in GENERATOR.PICTURES}
    steps = {f"browser/{picture.name}" for picture in (FOLDER / "browser").iterdir()}
    assert len(steps) == 6
    assert shown == drawn | {"tour.svg"} | steps
