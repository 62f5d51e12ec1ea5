"""Where an arrow key leads from one number of the picture to the next."""

from __future__ import annotations

from collections.abc import Sequence

from mem0_tui.presenting.stats.sketch import CellSpot


def along(spots: Sequence[CellSpot], at: int, by: int) -> int:
    """The spot to the right in the line of *at* for *by* 1, to the left for -1; *at* itself where
    there is none."""
    here = spots[at]
    row = [i for i, spot in enumerate(spots) if spot.row == here.row]
    row.sort(key=lambda i: spots[i].column)
    return row[max(0, min(len(row) - 1, row.index(at) + by))]


def across(spots: Sequence[CellSpot], at: int, by: int, column: int) -> int:
    """The nearest spot below *at* for *by* 1, above it for -1, rather one at *column*."""
    here = spots[at]

    def distance(index: int) -> int:
        spot = spots[index]
        aside = max(spot.column - column, column - (spot.column + spot.width - 1), 0)
        return abs(spot.row - here.row) + 2 * aside

    beyond = [i for i, spot in enumerate(spots) if (spot.row - here.row) * by > 0]
    return min(beyond, key=distance, default=at)


def found(spots: Sequence[CellSpot], row: int, column: int) -> int | None:
    """The spot at this place; None where there is none."""
    for index, spot in enumerate(spots):
        if spot.row == row and spot.column <= column < spot.column + spot.width:
            return index
    return None
