"""Tabs: the queues of what deserves a look, All, and the user's own searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from mem0_tui.review.tabs import Section
from mem0_tui.tui.painting.direct_paint import DirectPaint
from mem0_tui.tui.render import shorten

_BEFORE, _BEHIND = "◀", "▶"
"""What stands where there are more tabs than those in sight."""


class SectionBar(DirectPaint):
    """One line of tabs; ``[`` and ``]`` go along it."""

    PREFIX = "section-bar"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"section-bar--chosen", "section-bar--other"}

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sections: list[Section] = []
        self._counts: dict[str, str] = {}
        self._chosen = 0
        self._ends: list[tuple[int, int]] = []
        """Where each tab in sight ends, and which it is."""

    def show(self, sections: Sequence[Section], chosen: int, counts: Mapping[str, str]) -> None:
        """Show *sections*, with how many memories those named in *counts* have."""
        shown = list(sections), chosen, dict(counts)
        if shown != (self._sections, self._chosen, self._counts):
            self._sections, self._chosen, self._counts = shown
            self.refresh()

    @property
    def chosen(self) -> str:
        """The tab that is shown, for where there is no room for all."""
        section = self._sections[self._chosen] if self._sections else Section("")
        return self._title(section)

    def _title(self, section: Section) -> str:
        count = self._counts.get(section.name)
        return shorten(section.name, 24) + (f" {count}" if count else "")

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.whole())
        segments: list[Segment] = []
        self._ends, at = [], 0
        first, last = self._in_sight(width)
        tabs = [(self._tab(index), index) for index in range(first, last)]
        if first:
            tabs.insert(0, (_BEFORE, first - 1))
        if last < len(self._sections):
            tabs.append((_BEHIND, last))
        for text, index in tabs:
            look = "chosen" if index == self._chosen else "other"
            segments.append(Segment(text, self.whole(look)))
            at += cell_len(text)
            self._ends.append((at, index))
        return Strip(segments).adjust_cell_length(width, self.whole())

    def _tab(self, index: int) -> str:
        name = self._title(self._sections[index])
        return f"[{name}]" if index == self._chosen else f" {name} "

    def _in_sight(self, width: int) -> tuple[int, int]:
        """The tabs that are shown, from and to: whole ones, the chosen among them."""
        cells = [cell_len(self._tab(index)) for index in range(len(self._sections))]
        if sum(cells) <= width:
            return 0, len(cells)
        width -= cell_len(_BEFORE + _BEHIND)
        first = 0
        while first < self._chosen and sum(cells[first : self._chosen + 1]) > width:
            first += 1
        last = first
        while last < len(cells) and (last == first or sum(cells[first : last + 1]) <= width):
            last += 1
        return first, last

    def on_click(self, event: events.Click) -> None:
        for end, index in self._ends:
            if event.x < end:
                self.post_message(self.Chosen(index))
                return
