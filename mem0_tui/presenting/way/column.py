"""The way of a memory as a column: a line for each station, from the prompt down to the store."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mem0_tui.presenting.spans import Line, Span, line
from mem0_tui.presenting.way.canvas import cut, cut_spans
from mem0_tui.presenting.way.words import (
    STATE_CELLS,
    break_line,
    evidence_word,
    recorded_line,
    said,
    state_sign,
)

if TYPE_CHECKING:
    from mem0_tui.codex.way.way import Way, WayStation

_NAME_CELLS: Final = 7
_ROOM_FOR_EVIDENCE: Final = 76


def column(way: Way, width: int, *, home: str, now: datetime) -> list[Line]:
    """*way* in lines of at most *width* cells: what was captured and recalled last, a line for
    each station, and where the way breaks."""
    head = [("prompt", "title"), ("  ", ""), *recorded_line(way, now).spans]
    lines = [line(*cut_spans(head, width))]
    lines += [line(*station_row(each, way, width, home)) for each in way.stations]
    return [*lines, line(*cut_spans(break_line(way, home).spans, width))]


def station_row(station: WayStation, way: Way, width: int, home: str) -> list[Span]:
    """*station* in a line of *width* cells."""
    sign, role = state_sign(station, way)
    rail, colour = _rail(station, way)
    spans: list[Span] = [
        (f"{rail} ", colour),
        (sign.ljust(STATE_CELLS + 1), role),
        (station.station.value.ljust(_NAME_CELLS), "title"),
    ]
    known = evidence_word(station) if width >= _ROOM_FOR_EVIDENCE else ""
    room = width - sum(len(text) for text, _ in spans) - (len(known) + 2 if known else 0)
    words = cut(said(station, home), max(0, room))
    spans.append((words, "" if station.finding else "muted"))
    if known:
        spans += [(" " * (room - len(words) + 2), ""), (known, "muted")]
    return spans


def _rail(station: WayStation, way: Way) -> Span:
    """The wire beside *station*: its head where something gets past, or where it ends."""
    by = "config" if station.station.value == "plugin" else station.station.value
    if not any(by in map(str, way.passed(route)) for route in way.routes):
        return " ", ""
    if station.state.value == "not reached":
        return "·", "muted"
    return {"hooks": "├", "tools": "├", "store": "╰"}.get(station.station.value, "│"), "ok"
