"""A picture made of lines, with the places in it that stand for a number of memories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mem0_tui.presenting.spans import Span
from mem0_tui.presenting.stats.statistics import CountCell


@dataclass(frozen=True, slots=True)
class Face:
    """What a front end's terminal is like."""

    fit: Callable[[str, int], str]
    """A text cut or filled up to exactly that many cells."""
    plain: bool = False
    """Whether it shows ASCII only."""


@dataclass(frozen=True, slots=True)
class CellSpot:
    """Where a number stands."""

    row: int
    column: int
    width: int
    """In cells."""
    cell: CountCell


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines of *width* cells each."""

    width: int
    lines: tuple[tuple[Span, ...], ...]
    spots: tuple[CellSpot, ...]

    def moved(self, rows: int, columns: int) -> tuple[CellSpot, ...]:
        """Its spots, that much further down and to the right."""
        return tuple(
            CellSpot(s.row + rows, s.column + columns, s.width, s.cell) for s in self.spots
        )


class Sketch:
    """Draws a picture line by line, from left to right."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._lines: list[list[Span]] = []
        self._spots: list[CellSpot] = []
        self._at = 0

    def line(self) -> Sketch:
        """Begin the next line."""
        self._fill()
        self._lines.append([])
        self._at = 0
        return self

    def put(
        self, text: str, role: str = "", *, cells: int | None = None, cell: CountCell | None = None
    ) -> Sketch:
        """Add *text*, of *cells* cells or one for each character; it stands for *cell*. What does
        not fit in the line is left out whole."""
        width = len(text) if cells is None else cells
        if not 0 < width <= self.width - self._at:
            return self
        self._lines[-1].append((text, role))
        if cell is not None:
            self._spots.append(CellSpot(len(self._lines) - 1, self._at, width, cell))
        self._at += width
        return self

    def go_to(self, column: int) -> Sketch:
        """Leave blank what there is before *column*."""
        return self.put(" " * (min(column, self.width) - self._at))

    def spread(self, cell: CountCell, start: int) -> None:
        """Have *cell* stand for the line from column *start* to its end."""
        self._fill()
        self._spots.append(CellSpot(len(self._lines) - 1, start, self.width - start, cell))

    def picture(self) -> Picture:
        """What was drawn."""
        self._fill()
        return Picture(self.width, tuple(map(tuple, self._lines)), tuple(self._spots))

    def _fill(self) -> None:
        if self._lines:
            self.go_to(self.width)


def above(*pictures: Picture) -> Picture:
    """*pictures* below each other, a blank line between them."""
    width = max(each.width for each in pictures)
    lines: list[tuple[Span, ...]] = []
    spots: list[CellSpot] = []
    for each in pictures:
        if lines:
            lines.append(((" " * width, ""),))
        spots += each.moved(len(lines), 0)
        blank = ((" " * (width - each.width), ""),) if each.width < width else ()
        lines += [(*line, *blank) for line in each.lines]
    return Picture(width, tuple(lines), tuple(spots))


def beside(*pictures: Picture, gap: int = 3) -> Picture:
    """*pictures* from left to right."""
    height = max(len(each.lines) for each in pictures)
    lines: list[list[Span]] = [[] for _ in range(height)]
    spots: list[CellSpot] = []
    at = 0
    for each in pictures:
        if at:
            for line in lines:
                line.append((" " * gap, ""))
            at += gap
        spots += each.moved(0, at)
        blank: Sequence[Span] = ((" " * each.width, ""),)
        for index, line in enumerate(lines):
            line += each.lines[index] if index < len(each.lines) else blank
        at += each.width
    return Picture(at, tuple(map(tuple, lines)), tuple(spots))
