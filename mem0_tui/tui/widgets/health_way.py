"""The way of a memory, drawn: boxes to go between with the arrow keys, each a link to its finding.

It has the width of the screen; where there is no room for it the stations are rows of the list.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.codex.watch import InstallState
from mem0_tui.codex.way.station import Station
from mem0_tui.codex.way.way import Way, read_way
from mem0_tui.presenting.doctor import GLYPHS
from mem0_tui.presenting.way.drawing import HEIGHT, LEAST_WIDTH, Box, Drawing, drawing
from mem0_tui.tui.painting.pane import Framed

_STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
LEAST_HEIGHT = 30
"""Lines that a screen must have for the drawing to be on it."""


def has_room(width: int, height: int) -> bool:
    """Whether a screen of *width* by *height* cells has room for the drawing."""
    return width >= LEAST_WIDTH and height >= LEAST_HEIGHT


class HealthWay(Framed, can_focus=True):
    """Shows the way through one install."""

    PREFIX = "health-way"
    BINDING_GROUP_TITLE = "Way of a memory"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"health-way--{name}" for name in ("title", "muted", "cursor")),
        *(f"health-way--{status}" for status in GLYPHS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,E", "choose", "finding", show=True, key_display="⏎"),
        Binding("left", "go('left')", "stations", show=True, key_display="←→↑↓"),
        *(Binding(key, f"go('{key}')", "", show=False) for key in ("right", "up", "down")),
    ]

    cursor: var[Station] = var(Station.CONFIG, init=False)

    class Moved(Message):
        """The cursor is on another station, or has come here."""

    class Chosen(Message):
        """A station was chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look: InstallState | None = None
        self.way: Way | None = None
        """What is shown."""
        self._drawn: Drawing | None = None

    def show(self, look: InstallState) -> None:
        """Show the way of *look*; the first time with the cursor where it breaks."""
        first = self._look is None
        self._look, self.way = look, read_way(look.report)
        if first and self.way is not None:
            broken = (each.station for each in self.way.stations if each.first_break)
            self.set_reactive(HealthWay.cursor, next(broken, Station.CONFIG))
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        look, width = self._look, self.size.width
        self._drawn = None
        if look is not None and self.way is not None and width >= LEAST_WIDTH:
            self._drawn = drawing(self.way, width, home=look.report.home, now=look.at)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.whole()
        if self._drawn is None or y >= HEIGHT:
            return Strip.blank(width, base)
        box = self._drawn.boxes[self.cursor]
        segments: list[Segment] = []
        x = 0
        for text, name in self._drawn.lines[y].spans:
            style = self.whole(name)
            for piece, inside in _cut(text, x, y, box):
                look = style + self.part("cursor") if inside and self.has_focus else style
                segments.append(Segment(piece, look))
            x += len(text)
        return Strip(segments).adjust_cell_length(width, base)

    def action_go(self, key: str) -> None:
        """Move to the next station that way."""
        if self._drawn is None:
            return
        across, down = _STEPS[key]
        here = self._drawn.boxes[self.cursor]

        def ahead(box: Box) -> int:
            return (box.x - here.x) * across + (box.y - here.y) * down

        def aside(box: Box) -> int:
            return abs(box.x - here.x) * abs(down) + abs(box.y - here.y) * abs(across)

        others = {each: box for each, box in self._drawn.boxes.items() if ahead(box) > 0}
        if others:
            self.cursor = min(others, key=lambda each: (aside(others[each]), ahead(others[each])))

    def action_choose(self) -> None:
        """Go to what the doctor says of the station."""
        self.post_message(self.Chosen())

    def watch_cursor(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    def on_focus(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        boxes = self._drawn.boxes if self._drawn is not None else {}
        for station, box in boxes.items():
            if box.holds(event.x, event.y):
                self.cursor = station
                self.post_message(self.Chosen())


def _cut(text: str, x: int, y: int, box: Box) -> list[tuple[str, bool]]:
    """*text*, which begins at *x*, in pieces that lie within *box* or outside of it."""
    if not box.y <= y < box.y + box.height:
        return [(text, False)]
    first = max(0, min(len(text), box.x - x))
    last = max(0, min(len(text), box.x + box.width - x))
    pieces = [(text[:first], False), (text[first:last], True), (text[last:], False)]
    return [(piece, inside) for piece, inside in pieces if piece]
