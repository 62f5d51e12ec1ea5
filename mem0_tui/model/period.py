"""Times as people write them in a query: days, months, years, moments and ages.

Everything is UTC, the zone in which Mem0 stores dates.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.late_pattern import late

_AGE = late(r"(\d{1,6}(?:\.\d+)?)(min|mo|h|d|w|y)")
_DAY_PARTS = late(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}

AGE_FORM = "an age such as 90d, 12h, 6w, 3mo or 1y"
TIME_FORM = "a date such as 2026, 2026-05, 2026-05-31, today, or 7d for seven days ago"


@late_dataclass(frozen=True)
class Period:
    """From *start* up to but not including *end*; both aware, UTC."""

    start: datetime
    end: datetime


def parse_age(text: str) -> timedelta | None:
    """``90d`` as a length of time; months count 30 days, years 365. None if it is no age."""
    found = _AGE.fullmatch(text)
    if not found:
        return None
    try:
        return float(found.group(1)) * _UNITS[found.group(2)]
    except OverflowError:
        return None


def parse_period(text: str, now: datetime) -> Period | None:
    """The period that *text* names: a year, a month, a day, a moment, ``today``, ``yesterday`` or
    an age counted back from *now*. None if it is none of these."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    word = text.casefold()
    if word == "today":
        return Period(midnight, midnight + day)
    if word == "yesterday":
        return Period(midnight - day, midnight)
    try:
        age = parse_age(word)
        if age is not None:
            return Period(now - age, now - age + timedelta(microseconds=1))
        return _calendar_period(text)
    except (ValueError, OverflowError):
        return None


def _calendar_period(text: str) -> Period | None:
    parts = _DAY_PARTS.fullmatch(text)
    if not parts:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        return Period(moment, moment + timedelta(microseconds=1))
    year, month, day = (int(part) if part else None for part in parts.groups())
    assert year is not None
    start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if day:
        return Period(start, start + timedelta(days=1))
    if month:
        following = (year, month + 1) if month < 12 else (year + 1, 1)
        return Period(start, datetime(*following, 1, tzinfo=UTC))
    return Period(start, datetime(year + 1, 1, 1, tzinfo=UTC))
