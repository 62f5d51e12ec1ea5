"""The whole picture, laid out for a width."""

from __future__ import annotations

from typing import Final

from mem0_tui.presenting.stats.calendar import WIDE, calendar
from mem0_tui.presenting.stats.charts import bars, growth, queues
from mem0_tui.presenting.stats.sketch import Face, Picture, above, beside
from mem0_tui.presenting.stats.statistics import Statistics

_GAP: Final = 4
_TWO: Final = 100
"""The width from which there are two columns."""
_SIDE: Final = 22
"""Cells beside the calendar that are enough for the ages."""
_THREE: Final = 168
"""The width from which there are three columns."""


def picture(found: Statistics, width: int, face: Face) -> Picture:
    """*found* in *width* cells: all below each other where there is little room."""
    side = width - WIDE - _GAP
    if width < _TWO:
        return above(
            calendar(found, width, face),
            growth(found, width, face),
            _kinds(found, width, face),
            _ages(found, width, face),
            _use(found, width, face),
            queues(found, width, face),
        )
    left = (width - _GAP) // 2
    right = width - _GAP - left
    if side < _SIDE:
        return above(
            calendar(found, width, face),
            beside(
                above(growth(found, left, face), _ages(found, left, face)),
                above(_kinds(found, right, face), _use(found, right, face)),
                gap=_GAP,
            ),
            queues(found, width, face),
        )
    top = beside(calendar(found, WIDE, face), _ages(found, side, face), gap=_GAP)
    if width < _THREE:
        columns = beside(
            above(growth(found, left, face), queues(found, left, face)),
            above(_kinds(found, right, face), _use(found, right, face)),
            gap=_GAP,
        )
        return above(top, columns)
    third = (width - 2 * _GAP) // 3
    columns = beside(
        growth(found, width - 2 * (third + _GAP), face),
        _kinds(found, third, face),
        above(_use(found, third, face), queues(found, third, face)),
        gap=_GAP,
    )
    return above(top, columns)


def _kinds(found: Statistics, width: int, face: Face) -> Picture:
    return bars("Kinds", found.kinds, width, face)


def _ages(found: Statistics, width: int, face: Face) -> Picture:
    return bars("Age", found.ages, width, face)


def _use(found: Statistics, width: int, face: Face) -> Picture:
    return bars("Use by Codex", found.use, width, face, found.use_missing)
