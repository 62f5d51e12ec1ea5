"""The picture of the statistics, in which every number can be gone to and chosen."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from mem0_tui.presenting.stats.moving import across, along, found
from mem0_tui.presenting.stats.picture import picture
from mem0_tui.presenting.stats.sketch import Face, Picture
from mem0_tui.presenting.stats.statistics import CountCell, Statistics
from mem0_tui.tui.colours import TYPE_NAMES, type_class
from mem0_tui.tui.glyphs import draws_ascii
from mem0_tui.tui.painting.line_count import CountedLines
from mem0_tui.tui.render import label

_KIND = "kind:"
_SMALL = 3
"""Cells of a spot that is too small to be known under the cursor by its colour alone."""
_HERE, _PLAIN_HERE = "◆", "X"
"""What stands in such a spot."""


class StatsView(CountedLines, can_focus=True):
    """Draws statistics at its width; the cursor is always on a number."""

    PREFIX = "stats-view"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"stats-view--{name}" for name in ("title", "muted", "bar", "cursor")),
        *(f"stats-view--level-{level}" for level in range(5)),
        *(f"stats-view--{name}" for name in TYPE_NAMES),
    }
    BINDING_GROUP_TITLE = "Statistics"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "along(-1)", "left", tooltip="To the number on the left.", show=False),
        Binding("right", "along(1)", "right", tooltip="To the number on the right.", show=False),
        Binding("up,k", "across(-1)", "up", tooltip="To the number above.", show=False),
        Binding("down,j", "across(1)", "down", tooltip="To the number below.", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("home,g", "end(0)", "first", tooltip="To the first number.", show=False),
        Binding("end,G", "end(-1)", "last", tooltip="To the last number.", show=False),
        Binding(
            "enter",
            "choose",
            "list them",
            show=True,
            key_display="⏎",
            tooltip="Show the memories that are counted here.",
        ),
    ]

    class Moved(Message):
        """The cursor is on another number."""

    class Chosen(Message):
        """The number under the cursor is to be listed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Statistics | None = None
        self._drawn = Picture(0, (), ())
        self._at = 0
        self._column = 0

    @property
    def cell(self) -> CountCell | None:
        """The number under the cursor."""
        spots = self._drawn.spots
        return spots[self._at].cell if self._at < len(spots) else None

    def show(self, statistics: Statistics, cell: CountCell | None = None) -> None:
        """Show *statistics*, with the cursor on *cell*, or where it was, or at first on this
        day."""
        wanted = cell or self.cell or statistics.days[-1]
        self._found = statistics
        self._draw(wanted)

    def _draw(self, wanted: CountCell | None) -> None:
        width = self.scrollable_content_region.width
        if self._found is None or width <= 0:
            return
        face = Face(label, draws_ascii(self.app))
        self._drawn = picture(self._found, width, face)
        self.has_lines(len(self._drawn.lines))
        same = (
            index
            for index, spot in enumerate(self._drawn.spots)
            if wanted is not None
            and (spot.cell.query, spot.cell.queue) == (wanted.query, wanted.queue)
        )
        self._go(next(same, 0))

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at >= len(self._drawn.lines):
            return Strip.blank(width, self.whole())
        base = self.whole()
        segments = [Segment(text, base + self._look(role)) for text, role in self._drawn.lines[at]]
        strip = Strip(segments).adjust_cell_length(width, base)
        spot = self._drawn.spots[self._at] if self._at < len(self._drawn.spots) else None
        if spot is None or spot.row != at:
            return strip
        end = spot.column + spot.width
        here = strip.crop(spot.column, end).apply_style(self.part("cursor"))
        if spot.width <= _SMALL:
            sign = _PLAIN_HERE if draws_ascii(self.app) else _HERE
            here = Strip([Segment(sign * spot.width, base + self.part("cursor"))])
        whole = Strip.join([strip.crop(0, spot.column), here, strip.crop(end)])
        return whole.adjust_cell_length(width, base)

    def _look(self, role: str) -> Style:
        if role.startswith(_KIND):
            role = f"type-{type_class(role.removeprefix(_KIND))}"
        return self.part(role) if role else Style.null()

    def _go(self, at: int, *, column: int | None = None) -> None:
        """Put the cursor on the spot *at*; *column* is the one that up and down keep to."""
        if not self._drawn.spots:
            return
        self._at = at
        spot = self._drawn.spots[at]
        self._column = spot.column + spot.width // 2 if column is None else column
        self._show_cursor(spot.row)
        self.refresh()
        self.post_message(self.Moved())

    def _show_cursor(self, row: int) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        rows = [spot.row for spot in self._drawn.spots]
        if row == min(rows):
            row = 0  # with what stands above
        elif row == max(rows):
            row = min(row + height - 1, len(self._drawn.lines) - 1)  # with what stands below
        if row < top:
            self.scroll_to(y=row, animate=False, force=True)
        elif row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, force=True)

    def action_along(self, by: int) -> None:
        """Go to the number on the right, or on the left."""
        if self._drawn.spots:
            self._go(along(self._drawn.spots, self._at, by))

    def action_across(self, by: int) -> None:
        """Go to the number below, or above."""
        if self._drawn.spots:
            column = self._column
            self._go(across(self._drawn.spots, self._at, by, column), column=column)

    def action_page(self, by: int) -> None:
        """Go down, or up, by a screenful."""
        if not self._drawn.spots:
            return
        start = self._drawn.spots[self._at].row
        while abs(self._drawn.spots[self._at].row - start) < max(1, self.size.height - 2):
            before = self._at
            self.action_across(by)
            if self._at == before:
                return

    def action_end(self, at: int) -> None:
        """Go to the first number, or to the last."""
        order = sorted(range(len(self._drawn.spots)), key=self._order_of)
        if order:
            self._go(order[at])

    def _order_of(self, index: int) -> tuple[int, int]:
        spot = self._drawn.spots[index]
        return spot.row, spot.column

    def action_choose(self) -> None:
        """Have the number under the cursor listed."""
        if self.cell is not None:
            self.post_message(self.Chosen())

    def on_resize(self) -> None:
        self._draw(self.cell)

    def on_click(self, event: events.Click) -> None:
        at = found(self._drawn.spots, event.y + self.scroll_offset.y, event.x)
        if at is not None:
            self._go(at)
            if event.chain == 2:
                self.action_choose()
