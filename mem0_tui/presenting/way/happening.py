"""What hooks did lately, a line each, and one of them in full."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mem0_tui.presenting.age import ago, when
from mem0_tui.presenting.doctor import safe
from mem0_tui.presenting.finding import Parts
from mem0_tui.presenting.spans import Span, line

if TYPE_CHECKING:
    from mem0_tui.codex.way.lately import Happening

_SIGNS: Final = {
    "captured": ("✓", "ok"),
    "recalled": ("✓", "ok"),
    "waiting": ("…", "info"),
    "failed": ("✗", "fail"),
    "nothing": ("·", "off"),
}
_DEED_CELLS: Final = max(map(len, _SIGNS))
_AGO_CELLS: Final = len("12mo ago")


def happening_spans(happening: Happening, now: datetime, home: str) -> list[Span]:
    """*happening* in a line: what came of it, how long ago, and in a few words."""
    sign, role = _SIGNS[happening.deed.value]
    at = ago(happening.at, now) if happening.at else "some time"
    error = f": {happening.error}" if happening.error else ""
    return [
        (f"{sign} {happening.deed.value.ljust(_DEED_CELLS)}  ", role),
        (at.ljust(_AGO_CELLS + 2), "muted"),
        (safe(happening.words + error, home), ""),
    ]


def happening_parts(happening: Happening, now: datetime, home: str) -> Parts:
    """*happening* in full."""
    sign, role = _SIGNS[happening.deed.value]
    head = [
        line((f"{sign} {happening.deed.value}", role), indent=2),
        line((when(happening.at, now), "muted")),
    ]
    parts = [head, [line(safe(happening.words, home))]]
    if happening.error:
        parts.append([line(safe(happening.error, home))])
    if happening.session:
        parts.append([line(("session  ", "key"), safe(happening.session, home), indent=9)])
    return parts
