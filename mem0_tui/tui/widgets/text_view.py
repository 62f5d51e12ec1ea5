"""A scrolling view of safe, styled lines: wraps at the width, draws the visible lines only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from mem0_tui.presenting.spans import Line, Span
from mem0_tui.tui.painting.line_count import CountedLines

_LINK = "mem0_tui_link"
"""Where a line leads, in the meta of its style."""


class TextView(CountedLines, can_focus=True):
    """Shows lines of spans. Subclasses name their roles as component classes ``PREFIX--ROLE``."""

    PREFIX = "text-view"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "down", show=False),
        Binding("k", "scroll_up", "up", show=False),
        Binding("g", "scroll_home", "first", show=False),
        Binding("G", "scroll_end", "last", show=False),
    ]

    class Followed(Message):
        """A line that leads somewhere was clicked."""

        def __init__(self, link: str) -> None:
            super().__init__()
            self.link = link

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._wrapped: list[list[Span]] = []
        self._links: list[str] = []
        """Where each wrapped line leads."""
        self._pressed = ""
        """Where the line leads on which the mouse button went down."""
        self._wrapped_width = -1

    def show_lines(self, lines: Sequence[Line], *, keep_scroll: bool = False) -> None:
        """Show *lines*, from the top unless *keep_scroll*."""
        before = self._wrapped
        self._lines = lines
        self._wrapped_width = -1
        self._wrap()
        if not keep_scroll:
            self.scroll_to(y=0, animate=False, force=True)
        top = self.scroll_offset.y
        for at in range(top, top + self.size.height):
            if before[at : at + 1] != self._wrapped[at : at + 1]:
                self.refresh_line(at)

    def on_resize(self) -> None:
        self._wrap()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at >= len(self._wrapped):
            return Strip.blank(width, self.whole())
        led = Style.from_meta({_LINK: self._links[at]}) if self._links[at] else Style.null()
        spans = [(text, name) for text, name in self._wrapped[at] if text]
        segments = [Segment(text, self.whole(name) + led) for text, name in spans]
        return Strip(segments).adjust_cell_length(width, self.whole() + led)

    def links_in_sight(self) -> list[tuple[str, Offset]]:
        """Where the lines that are seen lead, and where on the screen the first of each begins."""
        top, corner = self.scroll_offset.y, self.content_region.offset
        seen: dict[str, Offset] = {}
        if self.region.area:
            for y, link in enumerate(self._links[top : top + self.content_size.height]):
                if link:
                    seen.setdefault(link, corner + Offset(0, y))
        return list(seen.items())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        # A pane that gets the focus may grow: when the button is up, another line is below it. The
        # style is of what was below it when the screen passed the event on.
        self._pressed = event.style.meta.get(_LINK, "")

    def on_click(self, event: events.Click) -> None:
        if self._pressed:
            event.stop()
            self.post_message(self.Followed(self._pressed))

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width or self.size.width
        if not width or width == self._wrapped_width:
            return  # before the first layout there is nothing to wrap to
        self._wrapped_width = width
        self._wrapped, self._links = [], []
        for one in self._lines:
            parts = wrap(one, width)
            self._wrapped += parts
            self._links += [one.link] * len(parts)
        self.has_lines(len(self._wrapped))


def wrap(one: Line, width: int) -> list[list[Span]]:
    """*one* as lines of at most *width* cells, broken at blanks where there are any."""
    indent = min(one.indent, max(0, width - 10))
    done: list[list[Span]] = []
    current: list[Span] = []
    room = width
    for text, name in one.spans:
        for word in _words(text):
            cells = cell_len(word)
            if cells > room and word.strip():
                if current:
                    done.append(current)
                    current, room = ([(" " * indent, "")] if indent else []), width - indent
                *full, word = _chopped(word, room, max(1, width - indent))
                for head in full:
                    current.append((head, name))
                    done.append(current)
                    current, room = ([(" " * indent, "")] if indent else []), width - indent
                cells = cell_len(word)
            elif cells > room:
                continue
            current.append((word, name))
            room -= cells
    if current or not done:
        done.append(current)
    return done


def _chopped(word: str, first: int, later: int) -> list[str]:
    """*word* in pieces of *first*, then *later* cells; a sign that is wider stands alone."""
    pieces: list[str] = []
    room = first
    while word:
        end = min(len(word), room)
        if not word[:end].isascii():
            while end > 1 and cell_len(word[:end]) > room:
                end -= 1
        while end < len(word) and not word[end].isascii() and cell_len(word[: end + 1]) <= room:
            end += 1
        pieces.append(word[:end])
        word, room = word[end:], later
    return pieces


def _words(text: str) -> list[str]:
    """*text* cut so that each piece but the last ends where a line may break."""
    pieces: list[str] = []
    start = 0
    at = text.find(" ")
    while at >= 0:
        if at > start:
            pieces.append(text[start:at])
        pieces.append(" ")
        start = at + 1
        at = text.find(" ", start)
    if start < len(text):
        pieces.append(text[start:])
    return pieces
