"""JSON text as a value of which every part can be written as JSON again."""

from __future__ import annotations

import json
import math
from typing import Any


def parse(text: str | bytes) -> Any:
    """*text* as a JSON value. A number that Python cannot hold, or that is none in JSON (``NaN``,
    ``1e999``, an integer of more than 4,300 digits), stays as it is written: a string.

    Raises:
        ValueError: it is no JSON, or nested too deeply; a :class:`json.JSONDecodeError` where there
            is a place to name.
    """
    try:
        return json.loads(text, parse_constant=str, parse_float=_number, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:  # Python 3.11 converts 4,300 digits at most
        return text
