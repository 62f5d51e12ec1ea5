"""How long ago something was, or how far off it is; the one form for both front ends."""

from __future__ import annotations

from datetime import date, datetime

from mem0_tui.model.counting import plural
from mem0_tui.presenting.signs import MISSING, NEVER

_STEPS = ((86400 * 365, "y"), (86400 * 30, "mo"), (86400, "d"), (3600, "h"), (60, "m"))
"""The units of an age, in seconds; months count 30 days, years 365, as in a query."""


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago *moment* was, in at most four cells below a thousand years: ``14d``, ``3mo``.

    ``now`` is less than a minute off, ``+3d`` is three days ahead, ``–`` is not known.
    """
    if moment is None:
        return MISSING
    seconds = (now - moment).total_seconds()
    sign = "" if seconds >= 0 else "+"
    for length, unit in _STEPS:
        if abs(seconds) >= length:
            return f"{sign}{int(abs(seconds) // length)}{unit}"
    return "now"


def ago(moment: datetime, now: datetime) -> str:
    """*moment* seen from *now*: ``2d ago``, ``in 3d``, ``just now``."""
    length = age(moment, now)
    if length == "now":
        return "just now"
    return f"in {length[1:]}" if length.startswith("+") else f"{length} ago"


def when(moment: datetime | None, now: datetime) -> str:
    """*moment* (UTC) with how long ago it is: ``2026-11-20 14:02 UTC · 2d ago``."""
    if moment is None:
        return "not recorded"
    return f"{moment:%Y-%m-%d %H:%M} UTC · {ago(moment, now)}"


def expiry(day: date | None, today: date) -> str:
    """The last day on which a memory is shown: ``2026-11-20 · in 3 days``, ``· expired 1 day
    ago``, ``· today``, ``never``."""
    if day is None:
        return NEVER
    left = (day - today).days
    if left == 0:
        return f"{day} · today"
    length = plural(abs(left), "day")
    return f"{day} · in {length}" if left > 0 else f"{day} · expired {length} ago"
