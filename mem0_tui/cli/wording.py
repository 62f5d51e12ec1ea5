"""How times, numbers and names read in the output."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mem0_tui.model.counting import plural

_UNITS = (
    ("y", timedelta(days=365)),
    ("mo", timedelta(days=30)),
    ("w", timedelta(days=7)),
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("m", timedelta(minutes=1)),
)
_LONG = {"y": "year", "mo": "month", "w": "week", "d": "day", "h": "hour", "m": "minute"}


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago *moment* was, as ``2d``, ``5h`` or ``3mo``; ``-`` where it is not known."""
    if moment is None:
        return "-"
    number, unit = _largest(now - moment)
    return f"{number}{unit}" if number else "now"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago *moment* was, in words: ``2 days ago``."""
    number, unit = _largest(abs(now - moment))
    if not number:
        return "just now"
    length = plural(number, _LONG[unit])
    return f"in {length}" if moment > now else f"{length} ago"


def _largest(length: timedelta) -> tuple[int, str]:
    for unit, size in _UNITS:
        # Weeks only where they are the more exact reading: 21 days are 3w, 23 days 23d.
        if length >= size and (unit != "w" or (length.days % 7 == 0 and length.days >= 14)):
            return int(length / size), unit
    return 0, "m"


def moment_text(moment: datetime | None) -> str:
    """*moment* as ``2026-05-31 14:07 UTC``; ``-`` where it is not known."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "-"


def when(moment: datetime | None, now: datetime) -> str:
    """*moment* with how long ago it was."""
    return f"{moment_text(moment)} ({ago(moment, now)})" if moment else "not recorded"


def day_text(day: date | None, today: date) -> str:
    """An expiry date in words."""
    if day is None:
        return "never"
    left = (day - today).days
    if left < 0:
        return f"{day} (expired)"
    return f"{day} (today)" if left == 0 else f"{day} (in {plural(left, 'day')})"


def at_least(shown: int, noun: str = "memory") -> str:
    """``at least 1,284 memories``: what is said where a server hides some."""
    return f"at least {plural(shown, noun)}"


def count_of(shown: int, total: int | None, noun: str = "memory") -> str:
    """``3 of 1,284 memories``; an unknown total says so."""
    if total is None:
        return f"{plural(shown, noun)} (the total is not known)"
    if shown == total:
        return plural(total, noun)
    return f"{shown:,} of {plural(total, noun)}"
