"""The memory list: draws the visible lines only, whatever the store's size."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.memory import home
from mem0_tui.presenting.use import UseSign
from mem0_tui.review.order import UseOrder
from mem0_tui.review.queues.rows import QueueRow
from mem0_tui.review.row_window import RowWindow, sorted_by
from mem0_tui.tui.colours import TYPE_NAMES, type_class
from mem0_tui.tui.glyphs import draws_ascii
from mem0_tui.tui.keys import KeyContext, bindings
from mem0_tui.tui.painting.line_view import LineView
from mem0_tui.tui.render import GUTTER_CELLS, USE_AGES, USE_COUNTS, fit, row_text, score_bar
from mem0_tui.tui.widgets.queue_row import queue_row_text


@late_dataclass()
class Decorations:
    """What the curating person did to memories, by memory id."""

    marked: Collection[str] = field(default_factory=frozenset)
    staged: Mapping[str, str] = field(default_factory=dict)
    """The letter in the gutter: D delete, E edit, T type, X expiry, P pin, R restore."""
    range_start: int | None = None
    """The row at which a range selection began."""
    words: tuple[str, ...] = ()
    """What the search is for, to be pointed out in the text."""
    used: Mapping[str, UseSign] = field(default_factory=dict)
    """How often Codex was given a memory; empty where nothing is recorded."""
    stale: Collection[str] = field(default_factory=frozenset)
    """The memories that name what is gone from a repository, or was moved."""

    def of(self, memory_id: str) -> tuple[bool, str]:
        """Whether a memory is marked, and its staged letter."""
        return memory_id in self.marked, self.staged.get(memory_id, " ")

    def use_column(self, memory_id: str, width: int) -> str:
        """How often it was given, and when last, as far as a row of *width* cells has room."""
        if not self.used or width < USE_COUNTS:
            return ""
        times, age = self.used.get(memory_id, ("", ""))
        return f" {times:>4} {age:>4}" if width >= USE_AGES else f" {times:>4}"


class MemoryList(LineView, can_focus=True):
    """Memories, one line each. Posts what the user does; shows what it is told."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "memory-list--cursor",
        "memory-list--cursor-blurred",
        "memory-list--marked",
        "memory-list--range",
        "memory-list--staged",
        "memory-list--muted",
        "memory-list--gone",
        "memory-list--match",
        "memory-list--reason",
        *(f"memory-list--{name}" for name in TYPE_NAMES),
    }
    PREFIX = "memory-list"
    BINDING_GROUP_TITLE = "Memory list"
    BINDINGS: ClassVar[list[BindingType]] = bindings(KeyContext.LIST)
    STEADY_KEYS: ClassVar[frozenset[str]] = frozenset(
        {"down", "up", "j", "k", "pagedown", "pageup", "ctrl+d", "ctrl+u"}
    )
    """Keys that never move the focus: those that come behind need not wait for them."""

    cursor: var[int] = var(0, init=False)
    """The row under the cursor."""

    class Moved(Message):
        """The cursor is on another row, or other rows are visible."""

    class WindowRequested(Message):
        """Rows that are visible, or soon will be, are not loaded."""

        def __init__(self, first: int, last: int) -> None:
            super().__init__()
            self.first, self.last = first, last

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, MemoryList.WindowRequested)

    class Chosen(Message):
        """The row under the cursor was clicked again."""

    class Ticked(Message):
        """The row under the cursor was clicked where its mark is, or with Ctrl."""

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self.rows = RowWindow()
        self._shown_at = now()
        self.decorations = Decorations()
        self._strips: LRUCache[tuple[object, ...], tuple[Memory, Strip]] = LRUCache(512)

    # -- what is shown

    def show(
        self,
        rows: RowWindow,
        *,
        cursor: int | None = None,
        decorations: Decorations | None = None,
    ) -> None:
        """Show *rows*, with the cursor on row *cursor* (or where it is)."""
        before, top = self._in_sight(), self.scroll_offset.y
        self.rows, self._shown_at = rows, self._now()
        if decorations is not None:
            self.decorations = decorations
        last = max(0, len(rows) - 1)
        self.set_reactive(MemoryList.cursor, min(self.cursor if cursor is None else cursor, last))
        self.has_lines(len(rows))
        self._reveal_cursor()
        if top == self.scroll_offset.y:  # else all lines have been drawn
            self._repaint_since(before)
        self.want_rows()

    def decorate(self, decorations: Decorations) -> None:
        """Show other marks and staged changes."""
        before = self._in_sight()
        self.decorations = decorations
        self._repaint_since(before)

    def _in_sight(self) -> dict[int, tuple[object, ...]]:
        """What the visible lines show of the rows, by index; past the last row nothing."""
        rows, decorations = self.rows, self.decorations
        top = self.scroll_offset.y
        seen: dict[int, tuple[object, ...]] = {}
        for index in range(top, min(top + self.size.height, len(rows))):
            memory = rows.at(index)
            if memory is None:
                seen[index] = ()
                continue
            at_end = self.at_end(memory, self._shown_at)
            hit = rows.hits.get(rows.key(index) or 0)
            flags = decorations.of(memory.id)
            look, why = self._look(index), rows.why(index)
            beside = decorations.used.get(memory.id), memory.id in decorations.stale
            seen[index] = memory, hit, at_end, look, flags, decorations.words, why, beside
        return seen

    def _repaint_since(self, before: dict[int, tuple[object, ...]]) -> None:
        """Draw the lines that look different from *before*."""
        now = self._in_sight()
        for index in before.keys() | now.keys():
            if before.get(index) != now.get(index):
                self.refresh_line(index)

    def want_rows(self) -> None:
        """Ask for two pages on either side of the visible rows, where one of them is not loaded.

        The second is why not each row that comes into sight has one read at the other end.
        """
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.rows.missing(top - height, top + 2 * height):
            beside = max(height, min(2 * height, RowWindow.CAPACITY // 4))
            self.post_message(self.WindowRequested(max(0, top - beside), top + height + beside))

    def put(self, memories: Mapping[int, Memory]) -> None:
        """Take *memories*, by row key, among the rows, and draw the lines that show them."""
        before = self._in_sight()
        top, height = self.scroll_offset.y, self.size.height
        self.rows.put(memories, near=slice(max(0, top - height), top + 2 * height))
        self._repaint_since(before)

    @property
    def current(self) -> Memory | None:
        """The memory under the cursor, if it is loaded."""
        return self.rows.at(self.cursor)

    def at_end(self, memory: Memory, now: datetime) -> str:
        """What the last column says of *memory*, in at most four cells."""
        if isinstance(self.rows.sort, UseOrder):
            sign = self.decorations.used.get(memory.id)
            return sign.times if sign is not None else ""
        return sorted_by(memory, self.rows.sort, now)

    # -- drawing

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def draw_line(self, index: int, width: int) -> Strip:
        if index >= len(self.rows):
            return Strip.blank(width, self.whole())
        memory = self.rows.at(index)
        if memory is None:
            return Strip([Segment(fit("   …", width), self.whole("muted"))], width)
        marked, staged = self.decorations.of(memory.id)
        look = self._look(index)
        tail = f" {self.at_end(memory, self._shown_at):>4} "
        why = self.rows.why(index)
        if why is None and not isinstance(self.rows.sort, UseOrder):
            tail = self.decorations.use_column(memory.id, width) + tail
        hit = self.rows.hits.get(self.rows.key(index) or 0)
        if hit is not None:
            tail = f" {score_bar(hit)}{tail}"
        words = why.look if why is not None else self.decorations.words
        stale = memory.id in self.decorations.stale
        key = (memory.id, tail, width, marked, staged, look, words, stale)
        drawn = self._strips.get(key)
        if drawn is None or drawn[0] != memory:
            if why is not None and why.has_reason:
                drawn = memory, self._draw_why(memory, why, tail, width, marked, staged, look)
            else:
                drawn = memory, self._draw(memory, tail, width, marked, staged, look)
            self._strips[key] = drawn
        return drawn[1]

    def _look(self, index: int) -> str:
        if index == self.cursor:
            return "cursor" if self.has_focus else "cursor-blurred"
        start = self.decorations.range_start
        if start is not None and min(start, self.cursor) <= index <= max(start, self.cursor):
            return "range"
        return ""

    def _draw(
        self, memory: Memory, tail: str, width: int, marked: bool, staged: str, look: str
    ) -> Strip:
        base = self.whole(look)
        muted = base if look == "cursor" else base + self.part("muted")
        clash = look in ("cursor", "range") and self.app.current_theme.ansi
        type_style = base if clash else base + self.part(f"type-{type_class(memory.kind)}")
        kind, pin, text, place = row_text(
            width,
            memory.text,
            memory.kind,
            home(memory.scope),
            pinned=memory.pinned,
            stale=memory.id in self.decorations.stale,
            tail=len(tail),
        )
        gutter = f"{'●' if marked else ' '}{staged} "
        text_style = base
        if staged == "D":
            text_style += self.part("gone")
        flag = self.part("staged") if staged != " " else self.part("marked")
        segments = [
            Segment(gutter, base + flag),
            Segment(kind, type_style),
            Segment(pin, base + self.part("marked")),
            *self._pointed_out(text, text_style),
            Segment(place, muted),
            Segment(tail, muted),
        ]
        return Strip([segment for segment in segments if segment.text], width).crop_extend(
            0, width, base
        )

    def _draw_why(
        self,
        memory: Memory,
        why: QueueRow,
        tail: str,
        width: int,
        marked: bool,
        staged: str,
        look: str,
    ) -> Strip:
        """A row of a queue: where it stands in its group, its text, and why it is there."""
        base = self.whole(look)
        muted = base if look == "cursor" else base + self.part("muted")
        clash = look in ("cursor", "range") and self.app.current_theme.ansi
        type_style = base if clash else base + self.part(f"type-{type_class(memory.kind)}")
        plain = self.app.no_color or draws_ascii(self.app)
        row = queue_row_text(width, memory, why, tail=len(tail), bracketed=plain)
        text_style = base + self.part("gone") if staged == "D" else base
        flag = self.part("staged") if staged != " " else self.part("marked")
        reason_style = muted if why.follows or not why.sure else base + self.part("reason")
        segments = [
            Segment(f"{'●' if marked else ' '}{staged} ", base + flag),
            Segment(row.kind, type_style),
            Segment(row.lead, muted),
            *(
                Segment(text, text_style + self.part("match") if pointed_out else text_style)
                for text, pointed_out in row.text
            ),
            Segment(row.reason, reason_style),
            Segment(tail, muted),
        ]
        return Strip([segment for segment in segments if segment.text], width).crop_extend(
            0, width, base
        )

    def _pointed_out(self, text: str, style: Style) -> list[Segment]:
        """*text* with the words that were searched for in another style."""
        words = [re.escape(word) for word in self.decorations.words if word]
        if not words:
            return [Segment(text, style)]
        parts = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
        found = style + self.part("match")
        return [Segment(part, found if odd % 2 else style) for odd, part in enumerate(parts)]

    # -- moving

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        if old == new:
            return
        top = self.scroll_offset.y
        self._reveal_cursor()
        if top == self.scroll_offset.y:  # else all lines have been drawn
            start = self.decorations.range_start
            if start is not None:
                low, high = min(start, old, new), max(start, old, new)
                self.refresh_lines(low, high - low + 1)
            else:
                self.refresh_line(old)
                self.refresh_line(new)
        self.post_message(self.Moved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.want_rows()

    def _reveal_cursor(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def move(self, by: int) -> None:
        """Move the cursor by this many rows."""
        self.cursor += by

    def move_to(self, index: int) -> None:
        """Move the cursor to row *index*."""
        self.cursor = index

    def on_resize(self) -> None:
        self.has_lines(len(self.rows))
        self._reveal_cursor()
        self.want_rows()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Only the cursor's line looks different then, and no style sheet knows of it."""

    def on_focus(self) -> None:
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        self.refresh_line(self.cursor)

    def on_key(self, event: events.Key) -> None:
        page = max(1, self.size.height - 1)
        moves: dict[str, int] = {
            "down": 1, "j": 1, "up": -1, "k": -1,
            "pagedown": page, "ctrl+f": page, "pageup": -page, "ctrl+b": -page,
            "ctrl+d": page // 2, "ctrl+u": -(page // 2),
        }  # fmt: skip
        if event.key in moves:
            self.move(moves[event.key])
        elif event.key in ("home", "g"):
            self.move_to(0)
        elif event.key in ("end", "G"):
            self.move_to(len(self.rows) - 1)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index >= len(self.rows):
            return
        ticked = event.ctrl or event.x < GUTTER_CELLS
        if index == self.cursor and event.chain > 1 and not ticked:
            self.post_message(self.Chosen())
        self.move_to(index)
        if ticked:
            self.post_message(self.Ticked())
