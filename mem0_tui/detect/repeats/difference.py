"""Where two sequences of words differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

_MOST_CELLS: Final = 25_000_000
"""Words of the one times words of the other up to which they are aligned: three megabytes."""


class Hunk(NamedTuple):
    """Words of one text that stand where the other has others, or none."""

    start: int
    end: int
    other_start: int
    other_end: int


def hunks(one: Sequence[str], other: Sequence[str]) -> list[Hunk]:
    """The hunks in order; what lies between them is equal. Of very long texts, that differ at both
    ends, all between is one hunk."""
    first, last, other_last = 0, len(one), len(other)
    while first < last and first < other_last and one[first] == other[first]:
        first += 1
    while last > first and other_last > first and one[last - 1] == other[other_last - 1]:
        last -= 1
        other_last -= 1
    if first in (last, other_last):
        return [] if last == other_last else [Hunk(first, last, first, other_last)]
    if (last - first) * (other_last - first) > _MOST_CELLS:
        return [Hunk(first, last, first, other_last)]
    found: list[Hunk] = []
    for code in Indel.opcodes(one[first:last], other[first:other_last]):
        if code.tag == "equal":
            continue
        hunk = Hunk(
            code.src_start + first,
            code.src_end + first,
            code.dest_start + first,
            code.dest_end + first,
        )
        if found and found[-1].end == hunk.start and found[-1].other_end == hunk.other_start:
            hunk = Hunk(found[-1].start, hunk.end, found[-1].other_start, hunk.other_end)
            found.pop()
        found.append(hunk)
    return found
