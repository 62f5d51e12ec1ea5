"""The way of a memory drawn: a box for each station, out to the right, and back below it.

Above runs what hooks do, from the prompt to the server and back; below lies the model's own way
through MCP, and the store. A wire with a head carries; one that ends in ``✗`` is cut there, and
what lies behind is dotted, as is all that comes back over a way that is cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from mem0_tui.presenting.doctor import safe
from mem0_tui.presenting.spans import Line
from mem0_tui.presenting.way.canvas import Canvas, cut, cut_spans
from mem0_tui.presenting.way.words import (
    break_line,
    evidence_word,
    recorded_line,
    said,
    state_sign,
)

if TYPE_CHECKING:
    from mem0_tui.codex.way.station import Route, Station
    from mem0_tui.codex.way.way import Way, WayStation

LEAST_WIDTH: Final = 100
"""Cells that a drawing takes at least."""
HEIGHT: Final = 9
_WIDEST_BOX, _BOX_HEIGHT, _LOWER = 34, 4, 5
_GRID: Final = {
    "config": (0, 0),
    "plugin": (1, 0),
    "hooks": (2, 0),
    "key": (3, 0),
    "server": (4, 0),
    "tools": (2, _LOWER),
    "store": (4, _LOWER),
}
"""The column and the first line of each station's box."""
_NAMES: Final = {"tools": "MCP tools"}
_LIGHT, _HEAVY = "╭─╮│╰╯", "┏━┓┃┗┛"
_OUT, _BACK = ("capture", "tools"), ("recall", "tools")
_DARK = "·"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a station is drawn, in cells from the drawing's upper left corner."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether the cell belongs to it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, and where each station is."""

    lines: tuple[Line, ...]
    boxes: Mapping[Station, Box]


def drawing(way: Way, width: int, *, home: str, now: datetime) -> Drawing:
    """*way* in *width* cells, at least `LEAST_WIDTH`, and `HEIGHT` lines."""
    return _Pen(way, width, home, now).draw()


class _Pen:
    def __init__(self, way: Way, width: int, home: str, now: datetime) -> None:
        self._way, self._home, self._now = way, home, now
        self._gap = 2 if width < 108 else 3 if width < 130 else 4
        self._left = 6 if width < 108 else 10
        room = (width - self._left - 4 * self._gap) // 5
        self._wide = min(_WIDEST_BOX, room)
        self._sheet = Canvas(width, HEIGHT)

    def draw(self) -> Drawing:
        boxes: dict[Station, Box] = {}
        for station in self._way.stations:
            column, y = _GRID[station.station.value]
            box = Box(self._x(column), y, self._wide, _BOX_HEIGHT)
            boxes[station.station] = box
            self._station(station, box)
        self._wires()
        self._tools_wire()
        room = self._x(2) - 2
        below = (break_line(self._way, self._home), recorded_line(self._way, self._now))
        for y, line in enumerate(below, HEIGHT - 2):
            x = 1
            for text, role in cut_spans(line.spans, room - x):
                self._sheet.write(x, y, text, role)
                x += len(text)
        return Drawing(self._sheet.lines(), boxes)

    def _x(self, column: int) -> int:
        return self._left + column * (self._wide + self._gap)

    def _station(self, station: WayStation, box: Box) -> None:
        sign, role = state_sign(station, self._way)
        stopped = station.first_break
        frame = role if stopped or role in ("fail", "warn") else "muted" if role == "off" else ""
        left, across, right, side, foot, end = tuple(_HEAVY if stopped else _LIGHT)
        inner = box.width - 2
        self._sheet.write(box.x, box.y, left + across * inner + right, frame)
        name = _NAMES.get(station.station.value, station.station.value)
        self._sheet.write(box.x + 2, box.y, f" {name} ", "title")
        pad = " " if inner > 16 else ""
        words = self._words(station, inner - 2 * len(pad))
        for y, (text, own) in enumerate(((sign, role), (words, "muted" if frame else "")), 1):
            self._sheet.write(box.x, box.y + y, side, frame)
            self._sheet.write(box.x + 1 + len(pad), box.y + y, text, own)
            self._sheet.write(box.x + box.width - 1, box.y + y, side, frame)
        known = evidence_word(station)
        self._sheet.write(box.x, box.y + 3, foot + across * inner + end, frame)
        if known:
            self._sheet.write(box.x + 2, box.y + 3, f" {known} ", "muted")

    def _words(self, station: WayStation, cells: int) -> str:
        """What is wrong with *station* where that fits, or else what it is."""
        told, named = said(station, self._home), safe(station.words, self._home)
        return cut(named if len(told) > cells and named else told, cells)

    # -- wires

    def _name_routes(self) -> None:
        """What goes out and comes back on the wires of the prompt, where there is room for it."""
        there = {route.value for route in self._way.routes}
        for y, name in ((1, "capture"), (2, "recall")):
            if name in there and self._left > len(name) + 2:
                state = self._shown((name,), None, back=y == 2)
                role = "" if state == "carried" else "muted"
                self._sheet.write(1 if y == 1 else 2, y, name, role)

    def _wires(self) -> None:
        """From box to box above, and from the server down to the store."""
        self._sheet.write(0, 0, "prompt"[: self._left], "title")
        row = [each for each, (_, y) in _GRID.items() if y == 0]
        for column, before in enumerate((None, *row[:-1])):
            cells = self._gap if column else self._left
            x = self._x(column) - cells
            shared = before in (None, "key")
            for y, routes in ((1, _OUT), (2, _BACK)):
                some = routes if shared else routes[:1]
                if before == "config":  # the tools' way leaves below, but not before the plugin
                    some = routes if self._tools_by_plugin else routes[:1]
                back = y == 2
                state = self._shown(some, before, back=back)
                self._wire(x, y, cells, state, row[column], back=back)
        self._name_routes()
        for at, routes, head in ((-2, _OUT, "▼"), (1, _BACK, "▲")):
            state = self._shown(routes, "server", back=routes is _BACK)
            x = self._x(4) + self._wide // 2 + at
            sign = {"carried": head, "cut": "✗", "dark": _DARK, "none": " "}[state]
            self._sheet.write(x, _BOX_HEIGHT, sign, self._role(state, "store"))

    def _role(self, state: str, target: str) -> str:
        """How a wire to the station *target* is painted: what carries to where nobody has looked
        is not called fine."""
        if state != "carried":
            return "fail" if state == "cut" else "muted"
        found = next(each for each in self._way.stations if each.station.value == target)
        return "ok" if found.state.value == "ok" else ""

    def _wire(self, x: int, y: int, cells: int, state: str, target: str, *, back: bool) -> None:
        line = {
            "carried": "◀" + "─" * (cells - 1) if back else "─" * (cells - 1) + "▶",
            "cut": "✗".rjust(cells, "─") if not back else "✗".rjust(cells),
            "dark": _DARK * cells,
            "none": " " * cells,
        }[state]
        self._sheet.write(x, y, line, self._role(state, target))

    @property
    def _tools_by_plugin(self) -> bool:
        return any(route.value == "tools" for route in self._way.by_plugin)

    def _shown(self, names: tuple[str, ...], before: str | None, *, back: bool = False) -> str:
        """How the wire behind the station *before* is drawn, for the routes of these names.

        Out, a wire carries as far as the break; nothing comes *back* over one of a route that
        breaks anywhere.
        """
        routes = [route for route in self._way.routes if route.value in names]
        if not routes:
            return "none"
        if any(self._gets_past(route, before, back=back) for route in routes):
            return "carried"
        ends = (self._way.stops.get(route) for route in routes)
        return "cut" if any(end is not None and end.value == before for end in ends) else "dark"

    def _gets_past(self, route: Route, before: str | None, *, back: bool) -> bool:
        end = self._way.stops.get(route)
        if end is None or back:
            return end is None
        order = [each.station.value for each in self._way.stations]
        return before is None or order.index(before) < order.index(end.value)

    def _tools_wire(self) -> None:
        """From what brings the tools down to them, and from them up to the key."""
        if not any(route.value == "tools" for route in self._way.routes):
            return
        source = "plugin" if self._tools_by_plugin else "config"
        first, last = self._shown(("tools",), source), self._shown(("tools",), "tools")
        x = self._x(_GRID[source][0]) + self._wide - 3
        target = self._x(2)
        y = _LOWER + 1
        across, role = self._line(first)
        if first == "carried":
            self._sheet.write(x, _BOX_HEIGHT - 1, "┬", role)
        for down in range(_BOX_HEIGHT, y):
            self._sheet.write(x, down, "│" if first == "carried" else _DARK, role)
        begin, head = ("╰", "▶") if first == "carried" else (_DARK, _DARK)
        self._sheet.write(x, y, begin + across * (target - x - 2) + head, role)
        if first == "cut":
            self._sheet.write(x, _BOX_HEIGHT, "✗", "fail")
        across, role = self._line(last)
        x, start = self._x(3) + self._wide - 3, target + self._wide
        if last == "carried":
            self._sheet.write(x, _BOX_HEIGHT - 1, "┬", role)
        self._sheet.write(x, _BOX_HEIGHT, "▲" if last == "carried" else _DARK, role)
        self._sheet.write(x, _BOX_HEIGHT + 1, "│" if last == "carried" else _DARK, role)
        corner = "╯" if last == "carried" else _DARK
        self._sheet.write(start, y, across * (x - start) + corner, role)
        if last == "cut":
            self._sheet.write(start, y, "✗", "fail")

    @staticmethod
    def _line(state: str) -> tuple[str, str]:
        return ("─", "ok") if state == "carried" else (_DARK, "muted")
