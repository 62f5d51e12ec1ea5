"""How a person writes until when a memory is to be shown."""

from __future__ import annotations

from datetime import date, timedelta

from mem0_tui.model.period import parse_age

NEVER = "never"
"""The word for no expiry."""
FORM = "2026-12-31, 30d from today, or never"
"""What an expiry looks like, for messages."""


def read_expiry(text: str, today: date) -> date | None:
    """A day, an age from *today* on, or None for ``never`` and an empty text; ValueError for
    anything else."""
    text = text.strip()
    if not text or text.casefold() == NEVER:
        return None
    length = parse_age(text)
    if length is not None:
        return today + max(length, timedelta(days=0))
    return date.fromisoformat(text)


def expiry_problem(text: str, today: date) -> str | None:
    """Why *text* is no expiry, or None if it is one."""
    try:
        read_expiry(text, today)
    except (ValueError, OverflowError):
        return "write YYYY-MM-DD, an age such as 30d, or never"
    return None
