"""JSON text as rows: one value, or a value a line, of which some may be damaged."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple


class Damaged(NamedTuple):
    """A line that is no JSON."""

    text: str
    last: bool = False
    """Whether the file ends in it, as one does that was cut off."""


def parse(text: str) -> Any:
    """*text* as a JSON value, in which a number that no float can hold stays as it is written.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=str, parse_float=_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


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


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text
