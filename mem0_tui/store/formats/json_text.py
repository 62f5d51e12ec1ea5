"""JSON lines as rows, of which some may be damaged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mem0_tui.model.json_text import parse


class Damaged(NamedTuple):
    """A line that is no JSON."""

    text: str
    last: bool = False
    """Whether the file ends in it, as one does that was cut off."""


def parse_lines(text: str) -> list[tuple[int, Any]] | None:
    """The values of JSON lines with their line numbers, :class:`Damaged` for a line that is none;
    None where the first is no object, or none is."""
    found = list(_lines(text))
    values = [value for _, value in found if not isinstance(value, Damaged)]
    if not values or not isinstance(values[0], dict):
        return None
    return found


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    for number in filled:
        line = lines[number - 1]
        try:
            yield number, parse(line)
        except ValueError:
            yield number, Damaged(line.strip(), last=number == filled[-1])
