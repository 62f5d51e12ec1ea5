"""Moments and days as the store's columns hold them: microseconds since 1970 UTC, ISO dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of *moment*, exactly; a naive one counts as UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment (aware, UTC) that :func:`to_micros` made *micros* of."""
    return _EPOCH + _MICROSECOND * micros


def to_day(day: date | None) -> str | None:
    """*day* as ``YYYY-MM-DD``."""
    return None if day is None else day.isoformat()


def from_day(text: str | None) -> date | None:
    """The date that ``YYYY-MM-DD`` names."""
    return None if text is None else date.fromisoformat(text)
