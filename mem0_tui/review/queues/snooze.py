"""How a person writes until when something is not to be looked at."""

from __future__ import annotations

from datetime import date, timedelta

from mem0_tui.model.period import parse_age

OFFERED = {"1 week": 7, "2 weeks": 14, "1 month": 30, "3 months": 90}
"""What is offered, in days."""
FORM = "a day such as 2026-12-31, or 10d from today"


def read_snooze(text: str, today: date) -> date:
    """The day on which it comes back; ValueError for what names no day after *today*."""
    words = " ".join(text.casefold().split())
    day = _named(words, today)
    if day <= today:
        raise ValueError(words)
    return day


def _named(words: str, today: date) -> date:
    if words in OFFERED:
        return today + timedelta(days=OFFERED[words])
    length = parse_age(words)
    return date.fromisoformat(words) if length is None else today + length


def snooze_problem(text: str, today: date) -> str | None:
    """Why *text* names no day after *today*, or None if it does."""
    try:
        read_snooze(text, today)
    except (ValueError, OverflowError):
        return f"write {FORM}; it has to be after today"
    return None
