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
_THREE: Final = WIDE + _GAP + 50
"""The width from which something stands beside the calendar."""


def picture(found: Statistics, width: int, face: Face) -> Picture:
    """*found* in *width* cells: all below each other where there is little room."""
    if width < _TWO:
        return above(
            calendar(found, width, face),
            growth(found, width, face),
            bars("Kinds", found.kinds, width, face),
            bars("Age", found.ages, width, face),
            bars("Use by Codex", found.use, width, face, found.use_missing),
            queues(found, width, face),
        )
    if width < _THREE:
        left = (width - _GAP) // 2
        right = width - _GAP - left
        columns = beside(
            above(growth(found, left, face), queues(found, left, face)),
            above(bars("Kinds", found.kinds, right, face), _beside_kinds(found, right, face)),
            gap=_GAP,
        )
        return above(calendar(found, width, face), columns)
    side = width - WIDE - _GAP
    third = (width - 2 * _GAP) // 3
    return above(
        beside(calendar(found, WIDE, face), _beside_kinds(found, side, face), gap=_GAP),
        beside(
            growth(found, width - 2 * (third + _GAP), face),
            bars("Kinds", found.kinds, third, face),
            queues(found, third, face),
            gap=_GAP,
        ),
    )


def _beside_kinds(found: Statistics, width: int, face: Face) -> Picture:
    return above(
        bars("Age", found.ages, width, face),
        bars("Use by Codex", found.use, width, face, found.use_missing),
    )
