"""A sheet of cells to draw on: signs with roles, at places, read off as lines."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, east_asian_width

from mem0_tui.presenting.spans import Line, Span


class Canvas:
    """*width* by *height* cells, all blank."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self._cells: list[list[Span]] = [[(" ", "")] * width for _ in range(height)]

    def write(self, x: int, y: int, text: str, role: str = "") -> None:
        """Put *text* there; what does not fit on the sheet is left out."""
        for at, sign in enumerate(one_cell_each(text), x):
            if 0 <= at < self.width:
                self._cells[y][at] = (sign, role)

    def lines(self) -> tuple[Line, ...]:
        """What was drawn, without the blanks at the ends of lines."""
        return tuple(Line(tuple(_joined(row))) for row in self._cells)


def _joined(row: list[Span]) -> list[Span]:
    end = max((at + 1 for at, (sign, _) in enumerate(row) if sign != " "), default=0)
    spans: list[Span] = []
    for sign, role in row[:end]:
        if spans and spans[-1][1] == role:
            spans[-1] = (spans[-1][0] + sign, role)
        else:
            spans.append((sign, role))
    return spans


def one_cell_each(text: str) -> str:
    """*text* with a question mark for each sign that takes no cell or two."""
    if text.isascii():
        return text
    return "".join(
        "?" if east_asian_width(sign) in "WF" or category(sign) in ("Mn", "Me", "Cf") else sign
        for sign in text
    )


def cut(text: str, cells: int) -> str:
    """*text* in at most *cells* cells; it ends with ``…`` where it is cut."""
    shown = one_cell_each(text)
    return shown if len(shown) <= cells else shown[: max(0, cells - 1)].rstrip() + "…"[:cells]


def cut_spans(spans: Iterable[Span], cells: int) -> list[Span]:
    """*spans* in at most *cells* cells together."""
    kept: list[Span] = []
    for text, role in spans:
        if cells <= 0:
            break
        shown = cut(text, cells)
        kept.append((shown, role))
        cells -= len(shown)
    return kept
