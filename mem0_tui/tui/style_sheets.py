"""The style sheets: the main screen's, and those that are read once it is there."""

from __future__ import annotations

import asyncio
from pathlib import Path, PurePath
from typing import Any

from textual.app import App

_FOLDER = Path(__file__).resolve().parent / "styles"
MAIN_STYLES = _FOLDER / "app.tcss"
LATER_STYLES: list[str | PurePath] = [_FOLDER / "modals.tcss", _FOLDER / "places.tcss"]
"""For the ``CSS_PATH`` of each screen but the main one."""
_PAUSE = 0.05
"""Seconds that the screen has for itself between two sheets."""


async def read_later_styles(app: App[Any]) -> None:
    """Read them before a screen asks for them: Textual would style all that there is anew then."""
    for path in LATER_STYLES:
        await asyncio.sleep(_PAUSE)
        if not app.stylesheet.has_source(str(path)):
            app.stylesheet.read(path)
            app.stylesheet.parse()
