"""Bars of kinds, ages and use; growth month by month; queues scan by scan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from mem0_tui.presenting.bar import bar, height
from mem0_tui.presenting.stats.sketch import Face, Picture, Sketch
from mem0_tui.presenting.stats.statistics import CountCell, Statistics
from mem0_tui.presenting.suspicion import TITLES

_NAME: Final = 22
"""Cells of a name at most."""
_SHORT: Final = 12
"""Cells that a name may have where there is little room."""
_LEAST: Final = 12
"""Months that are shown at least, where there is room."""
NOT_MEASURED: Final = "not measured yet: `mem0-tui audit` counts, and so does the app's own look"
"""What is said of the queues before anything was kept."""


def bars(title: str, cells: Sequence[CountCell], width: int, face: Face, why: str = "") -> Picture:
    """*cells* as one bar each, the longest for the most; *why* says why there are none."""
    sketch = Sketch(width)
    sketch.line().put(title, "title")
    if not cells:
        return _said(sketch, why or "none", face)
    names, figures = _columns(cells, width)
    most = max(1, *(cell.count for cell in cells))
    room = width - names - figures - 2
    for cell in cells:
        role = "bar" if cell.kind is None else f"kind:{cell.kind}"
        sketch.line().put(face.fit(cell.label, names), cells=names)
        sketch.put(f" {cell.count:>{figures},} ")
        sketch.put(bar(cell.count / most, room, plain=face.plain), role)
        sketch.spread(cell, 0)
    return sketch.picture()


def growth(found: Statistics, width: int, face: Face) -> Picture:
    """What each producer wrote, month by month: as many months as there is room for."""
    sketch = Sketch(width)
    sketch.line().put(f"Growth by {found.grown_by}", "title")
    wholes = [each.whole for each in found.growth]
    if not wholes:
        return _said(sketch, "none", face)
    names, figures = _columns(wholes, width)
    start = names + figures + 2
    wanted = max(_LEAST, len(found.months) - _begin(found))
    cells = next((c for c in (3, 2) if (width - start) // c >= min(wanted, 18)), 1)
    shown = min(wanted, (width - start) // cells)
    months = found.months[len(found.months) - shown :]
    most = max([1, *(m.count for each in found.growth for m in each.months[-shown:])])
    sketch.put(f"  most in a month: {most:,}", "muted")
    _name_months(sketch, months, start, cells)
    for each in found.growth:
        role = "bar" if each.whole.kind is None else f"kind:{each.whole.kind}"
        label = f"{face.fit(each.whole.label, names)} {each.whole.count:>{figures},}"
        sketch.line().put(label, cells=names + 1 + figures, cell=each.whole).put(" ")
        for month in each.months[len(each.months) - shown :]:
            sign = height(month.count, most, plain=face.plain) * cells
            sketch.put(sign, role if month.count else "level-0", cell=month)
    return sketch.picture()


def _begin(found: Statistics) -> int:
    """The place of the first month in which anything was made."""
    of_all = zip(*(each.months for each in found.growth), strict=True)
    made = (at for at, month in enumerate(of_all) if any(cell.count for cell in month))
    return next(made, len(found.months))


def queues(found: Statistics, width: int, face: Face) -> Picture:
    """How many memories deserved a look at each kept scan: as many as there is room for."""
    sketch = Sketch(width)
    sketch.line().put("Queues over time", "title")
    if not found.queues:
        return _said(sketch, NOT_MEASURED, face)
    scans = found.queues[0].points
    sketch.put(f"  {_span(scans[0][0], scans[-1][0])}", "muted")
    names = max(len(title) for title in TITLES.values())
    figures = max(len(f"{each.latest.count:,}") for each in found.queues)
    start = names + figures + 2
    shown = min(len(scans), width - start)
    for each in found.queues:
        assert each.latest.queue is not None, "a trend is of a queue"
        sketch.line().put(face.fit(TITLES[each.latest.queue], names), cells=names)
        sketch.put(f" {each.latest.count:>{figures},} ")
        points = [count for _, count in each.points[len(scans) - shown :]]
        most = max([1, *(count for count in points if count is not None)])
        for count in points:
            if count is None:
                sketch.put(" ")
            else:
                role = "bar" if count else "level-0"
                sketch.put(height(count, most, plain=face.plain), role)
        sketch.spread(each.latest, 0)
    return sketch.picture()


def _span(first: date, last: date) -> str:
    return f"{last}" if first == last else f"{first} to {last}, each by its own most"


def _columns(cells: Sequence[CountCell], width: int) -> tuple[int, int]:
    """The cells of names and of figures."""
    figures = max(len(f"{cell.count:,}") for cell in cells)
    longest = max(len(cell.label) for cell in cells)
    return min(_NAME, longest, max(_SHORT, width // 3)), figures


def _name_months(sketch: Sketch, months: Sequence[date], start: int, cells: int) -> None:
    """The names of the months above the cells, where there is room for them."""
    sketch.line()
    free = 0
    for at, month in enumerate(months):
        column = start + at * cells
        name = f"{month:%Y}" if month.month == 1 else f"{month:%b}"
        quarter = month.month % 3 == 1
        if quarter and column >= free and column + len(name) <= sketch.width:
            sketch.go_to(column).put(name, "muted")
            free = column + len(name) + 1


def _said(sketch: Sketch, words: str, face: Face) -> Picture:
    """*words* below the title, in lines of whole words."""
    line = ""
    for word in words.split():
        if line and len(line) + len(word) + 1 > sketch.width - 2:
            sketch.line().put(f"  {line}", "muted")
            line = ""
        line = f"{line} {word}".lstrip()
    room = sketch.width - 2
    sketch.line().put("  " + face.fit(line, room), "muted", cells=sketch.width)
    return sketch.picture()
