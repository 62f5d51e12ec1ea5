"""A list of one-line rows with a cursor; headings are passed over. Draws the visible rows only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.presenting.spans import Span
from mem0_tui.tui.painting.line_count import CountedLines
from mem0_tui.tui.render import label


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its spans in a width; a row without a key is a heading or blank."""

    spans: Callable[[int], Sequence[Span]]
    key: str | None = None


def heading(text: str) -> Row:
    """A row that only divides."""
    return Row(lambda width: [(label(text, width), "heading")])


def between(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Span]:
    """*left*, cut to fit, and *right* at the other end."""
    room = width - sum(cell_len(text) for text, _ in right)
    found: list[Span] = []
    for text, name in left:
        if room <= 0:
            break
        cells = min(cell_len(text), room)
        found.append((label(text, cells) if cells < cell_len(text) else text, name))
        room -= cells
    return [*found, (" " * max(0, room), ""), *right]


class RowList(CountedLines, can_focus=True):
    """Shows rows; the cursor stays on its row when others are shown."""

    PREFIX = "row-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"row-list--{name}" for name in ("heading", "title", "muted", "cursor")),
        "row-list--cursor-blurred",
        *(f"row-list--{status}" for status in ("ok", "info", "warn", "fail", "off")),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("home,g", "move(-100000)", "first", show=False),
        Binding("end,G", "move(100000)", "last", show=False),
    ]

    cursor: var[int] = var(0, init=False)

    class Moved(Message):
        """The cursor is on another row, or the row is another one now."""

    class Chosen(Message):
        """A row was clicked twice."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self.cursor].key if self.cursor < len(self._rows) else None

    def show(self, rows: Sequence[Row], *, key: str | None = None) -> None:
        """Show *rows*, with the cursor on *key*, or where it was, or on the first."""
        wanted = key if key is not None else self.key
        self._rows = rows
        self.has_lines(len(rows))
        keys = [row.key for row in rows]
        first = next((index for index, each in enumerate(keys) if each is not None), 0)
        at = keys.index(wanted) if wanted is not None and wanted in keys else first
        self.set_reactive(RowList.cursor, at)
        if at == first:
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at >= len(self._rows):
            return Strip.blank(width, self.whole())
        base = self.whole()
        if at == self.cursor and self._rows[at].key is not None:
            look = "cursor" if self.has_focus else "cursor-blurred"
            base += self.part(look)
        segments: list[Segment] = []
        for text, name in self._rows[at].spans(width):
            segments.append(Segment(text, base + self.part(name) if name else base))
        return Strip(segments).adjust_cell_length(width, base)

    def action_move(self, by: int) -> None:
        """Move by *by* rows, not counting headings."""
        places = [index for index, row in enumerate(self._rows) if row.key is not None]
        if not places:
            return
        now = places.index(self.cursor) if self.cursor in places else 0
        at = max(0, min(len(places) - 1, now + by))
        if at == 0:
            self.scroll_to(y=0, animate=False, force=True)
        self.cursor = places[at]

    def action_page(self, by: int) -> None:
        """Move by a screenful."""
        self.action_move(by * max(1, self.size.height - 1))

    def watch_cursor(self) -> None:
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def _show_cursor(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        self.has_lines(len(self._rows))
        self._show_cursor()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at < len(self._rows) and self._rows[at].key is not None:
            self.cursor = at
            if event.chain == 2:
                self.post_message(self.Chosen())
