"""What hooks did lately, a line each, and one of them in full."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mem0_tui.presenting.age import ago, when
from mem0_tui.presenting.doctor import safe
from mem0_tui.presenting.finding import Parts
from mem0_tui.presenting.spans import Span, line

if TYPE_CHECKING:
    from mem0_tui.codex.way.activity import HookActivity

_SIGNS: Final = {
    "captured": ("✓", "ok"),
    "recalled": ("✓", "ok"),
    "waiting": ("…", "info"),
    "failed": ("✗", "fail"),
    "nothing": ("·", "off"),
}
_OUTCOME_CELLS: Final = max(map(len, _SIGNS))
_AGO_CELLS: Final = len("12mo ago")


def activity_spans(activity: HookActivity, now: datetime, home: str) -> list[Span]:
    """*activity* in a line: what came of it, how long ago, and in a few words."""
    sign, role = _SIGNS[activity.outcome.value]
    at = ago(activity.at, now) if activity.at else "some time"
    error = f": {activity.error}" if activity.error else ""
    return [
        (f"{sign} {activity.outcome.value.ljust(_OUTCOME_CELLS)}  ", role),
        (at.ljust(_AGO_CELLS + 2), "muted"),
        (safe(activity.words + error, home), ""),
    ]


def activity_parts(activity: HookActivity, now: datetime, home: str) -> Parts:
    """*activity* in full."""
    sign, role = _SIGNS[activity.outcome.value]
    head = [
        line((f"{sign} {activity.outcome.value}", role), indent=2),
        line((when(activity.at, now), "muted")),
    ]
    parts = [head, [line(safe(activity.words, home))]]
    if activity.error:
        parts.append([line(safe(activity.error, home))])
    if activity.session:
        parts.append([line(("session  ", "key"), safe(activity.session, home), indent=9)])
    return parts
