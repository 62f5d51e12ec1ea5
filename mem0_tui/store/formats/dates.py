"""Dates as programs write them: ISO 8601, epoch numbers, mail dates and wrapped ones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from mem0_tui.model.memory import as_day, as_moment

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST: Final = 1e8
"""Seconds of 1973: no program of today made a memory before, so less is no epoch."""
_UNITS: Final = ((1e11, 1), (1e14, 10**3), (1e17, 10**6), (1e20, 10**9))
"""Below which number an epoch counts seconds, milli-, micro- and nanoseconds."""
_NUMBER: Final = re.compile(r"\d{9,20}(?:\.\d+)?")
_ZONE: Final = re.compile(r"\s+(UTC|GMT|Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_MAIL: Final = re.compile(r"[A-Za-z]{3},")
_INNER: Final = ("$date", "$numberLong", "_seconds", "seconds")
"""Where MongoDB's and Firestore's JSON keep a date."""


def read_moment(value: Any) -> datetime | None:
    """*value* as an aware moment in UTC; None where it is no date that could be of a memory.

    A date without a zone is taken for UTC. Numbers, and strings of digits, are seconds since 1970,
    or, as large as that makes them, milli-, micro- or nanoseconds.
    """
    if isinstance(value, dict):
        return next((read_moment(value[key]) for key in _INNER if key in value), None)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text))
    moment = as_moment(_ZONE.sub(_joined_zone, text))
    if moment is None and _MAIL.match(text):
        try:
            moment = as_moment(parsedate_to_datetime(text).isoformat())
        except (ValueError, OverflowError):
            return None
    return moment


def read_day(value: Any) -> date | None:
    """*value* as a date: what :func:`mem0_tui.model.memory.as_day` reads, or the UTC day of what
    :func:`read_moment` reads."""
    day = as_day(value)
    if day is None and (moment := read_moment(value)) is not None:
        day = moment.date()
    return day


def _from_number(number: int | float) -> datetime | None:
    if not number >= _LEAST:  # also what is not a number
        return _from_digits(number)
    for limit, unit in _UNITS:
        if number < limit:
            # Whole numbers stay whole: a float has no room for nanoseconds since 1970.
            micros = number * 10**6
            micros = micros // unit if isinstance(micros, int) else round(micros / unit)
            return _EPOCH + timedelta(microseconds=micros)
    return None


def _from_digits(number: float) -> datetime | None:
    """20260531 as a day."""
    return as_moment(str(int(number))) if 19_000_000 < number < 22_000_000 else None


def _joined_zone(found: re.Match[str]) -> str:
    zone = found.group(1)
    return zone if zone[0] in "+-" else "Z"
