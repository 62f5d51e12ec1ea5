"""The calendar: one cell a day, one column a week, Monday at the top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from mem0_tui.model.counting import plural
from mem0_tui.presenting.bar import shade
from mem0_tui.presenting.stats.sketch import Face, Picture, Sketch
from mem0_tui.presenting.stats.statistics import WEEKS, CountCell, Statistics

_NAMES: Final = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_MARGIN: Final = 4
"""Cells before the first week, for the names of the days."""
WIDE: Final = _MARGIN + 2 * WEEKS
"""The width from which a day has two cells."""


def calendar(found: Statistics, width: int, face: Face) -> Picture:
    """The calendar in *width* cells: of the weeks as many as there is room for."""
    cells = 2 if width >= WIDE else 1
    weeks = min(WEEKS, (width - _MARGIN) // cells)
    days = found.days[(WEEKS - weeks) * 7 :]
    limits = _limits(found.days)
    sketch = Sketch(width)
    sum_ = sum(cell.count for cell in days)
    sketch.line().put("Made per day", "title").put(f"  {_said(days, sum_, weeks)}", "muted")
    _name_months(sketch, found, weeks, cells)
    for weekday, name in enumerate(_NAMES):
        sketch.line().put(name, "muted").go_to(_MARGIN)
        for week in range(weeks):
            at = week * 7 + weekday
            if at < len(days):
                level = _level(days[at].count, limits)
                sign = shade(level, plain=face.plain) * cells
                sketch.put(sign, f"level-{level}", cell=days[at])
    sketch.line().go_to(_MARGIN).put("less ", "muted")
    for level in range(5):
        sketch.put(shade(level, plain=face.plain) * cells, f"level-{level}").put(" ")
    sketch.put("more", "muted").put(f"  {_busiest(days)}", "muted")
    return sketch.picture()


def _said(days: Sequence[CountCell], made: int, weeks: int) -> str:
    active = sum(cell.count > 0 for cell in days)
    return f"{made:,} in {weeks} weeks, on {active:,} of {plural(len(days), 'day')}"


def _busiest(days: Sequence[CountCell]) -> str:
    most = max(days, key=lambda cell: cell.count)
    return f"most: {most.count:,}, {most.label}" if most.count else ""


def _name_months(sketch: Sketch, found: Statistics, weeks: int, cells: int) -> None:
    """The names of the months above the first week that begins in each."""
    sketch.line()
    free, before = 0, 0
    for week in range(weeks):
        monday = found.first + timedelta(weeks=WEEKS - weeks + week)
        at = _MARGIN + week * cells
        if monday.month != before and at >= free and (before or monday.day <= 7):
            name = f"{monday:%Y}" if monday.month == 1 and cells > 1 else f"{monday:%b}"
            sketch.go_to(at).put(name, "muted")
            free = at + len(name) + 1
        before = monday.month


def _limits(days: Sequence[CountCell]) -> list[int]:
    """What the quarters of the days with memories have at most, each more than the one before and
    less than the busiest day: so neither one busy day nor many quiet ones make all others look
    alike."""
    counts = sorted(cell.count for cell in days if cell.count)
    limits: list[int] = []
    for quarter in (1, 2, 3):
        before = limits[-1] if limits else 0
        above = (count for count in counts[(len(counts) - 1) * quarter // 4 :] if count > before)
        limit = next(above, before)
        if before < limit < counts[-1]:
            limits.append(limit)
    return limits


def _level(count: int, limits: Sequence[int]) -> int:
    """From 0, for none, to 4, which the busiest day has however few *limits* there are."""
    if not count:
        return 0
    passed = sum(count > limit for limit in limits)
    return 4 if passed == len(limits) else 1 + passed * 3 // len(limits)
