"""The way of a memory for a terminal: drawn where there is room, else as a column."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.codex.way.way import read_way
from mem0_tui.presenting.ascii import LIKENESSES
from mem0_tui.presenting.spans import Line
from mem0_tui.presenting.way.column import column
from mem0_tui.presenting.way.drawing import LEAST_WIDTH, drawing

if TYPE_CHECKING:
    from mem0_tui.codex import InstallReport

_COLOURS = {
    "ok": "32",
    "info": "36",
    "warn": "33",
    "fail": "31",
    "off": "2",
    "muted": "2",
    "title": "1",
}


def render_way(
    report: InstallReport, width: int, *, colour: bool, plain: bool, now: datetime
) -> str:
    """The way through the install of *report* in lines of at most *width* columns, and a blank one;
    nothing where nobody has looked what there is. It is drawn with ASCII signs where *plain*."""
    way = read_way(report)
    if way is None:
        return ""
    if width >= LEAST_WIDTH:
        lines = drawing(way, width, home=report.home, now=now).lines
    else:
        lines = tuple(column(way, width, home=report.home, now=now))
    text = "\n".join(_painted(line, colour=colour) for line in lines) + "\n\n"
    return text.translate(LIKENESSES) if plain else text


def _painted(line: Line, *, colour: bool) -> str:
    return "".join(
        f"\x1b[{_COLOURS[role]}m{text}\x1b[0m" if colour and role in _COLOURS else text
        for text, role in line.spans
    ).rstrip()
