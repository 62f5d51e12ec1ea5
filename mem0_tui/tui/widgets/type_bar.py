"""The type bar: how many memories of each type there are, and which of them are shown."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.presenting.memory import type_name
from mem0_tui.review.counts import KindCounts, total_of, written
from mem0_tui.review.view import BrowseState, order_types
from mem0_tui.tui.colours import TYPE_NAMES, type_class
from mem0_tui.tui.painting.direct_paint import DirectPaint
from mem0_tui.tui.render import shorten

_ALL = "All"


class TypeBar(DirectPaint, can_focus=True):
    """One line of types with counts; choosing several shows any of them."""

    PREFIX = "type-bar"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "type-bar--shown",
        "type-bar--hidden",
        "type-bar--muted",
        "type-bar--cursor",
        *(f"type-bar--{name}" for name in TYPE_NAMES),
    }
    BINDING_GROUP_TITLE = "Types"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "previous", show=False, tooltip="To the type before."),
        Binding("right", "move(1)", "next", show=False, tooltip="To the next type."),
        Binding("home", "move(-100000)", "first", show=False, tooltip="To «All»."),
        Binding("end", "move(100000)", "last", show=False, tooltip="To the last type."),
        Binding(
            "space,enter",
            "choose",
            "show",
            show=True,
            key_display="␣",
            tooltip="Show this type, with others that are chosen; or no longer.",
        ),
        Binding(
            "minus",
            "hide",
            "hide",
            show=True,
            key_display="-",
            tooltip="Hide this type; or no longer.",
        ),
    ]

    cursor: var[int] = var(0)

    class Chosen(Message):
        """A type was chosen; *type* is meaningless when *everything* is."""

        def __init__(self, type_: str | None, *, everything: bool = False) -> None:
            super().__init__()
            self.type, self.everything = type_, everything

    class Hidden(Message):
        """A type is to be hidden, or shown again."""

        def __init__(self, type_: str | None) -> None:
            super().__init__()
            self.type = type_

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: dict[str | None, int | None] = {}
        self._at_least = False
        self._order: list[str | None] = []
        self._state = BrowseState()
        self._ends: list[tuple[int, int]] = []

    def show(self, counts: KindCounts, state: BrowseState, *, at_least: bool = False) -> None:
        """Show *counts* and which types *state* lets through; the cursor stays on its type.

        *at_least* says that there are more than these.
        """
        shown = state.types, state.hidden_types, dict(counts), at_least
        before = self._state.types, self._state.hidden_types, self._counts, self._at_least
        self._counts, self._state, self._at_least = dict(counts), state, at_least
        if before == shown:
            return
        here = self._order[self.cursor - 1 : self.cursor] if self.cursor else []
        names = {type_: 1 for type_, count in counts.items() if count != 0}
        names.update(dict.fromkeys(state.types | state.hidden_types, 1))
        self._order = order_types(names) if names else []
        self._order += [t for t in sorted(names, key=str) if t not in self._order]
        if here and here[0] in self._order:
            self.cursor = self._order.index(here[0]) + 1
        else:
            self.cursor = min(self.cursor, len(self._order))
        self.refresh()

    @property
    def types(self) -> list[str | None]:
        """The types on the bar, in order."""
        return list(self._order)

    def chips(self) -> list[tuple[int, int]]:
        """The column and index of each chip that is in sight, «All» being 0."""
        starts = [0, *(end + 1 for end, _ in self._ends)]
        return [(start, index) for start, (_, index) in zip(starts, self._ends, strict=False)]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.whole())
        segments: list[Segment] = []
        self._ends = []
        at = 0
        first = self._first_visible(width)
        for index in [0, *range(max(1, first), len(self._order) + 1)]:
            text, name = self._chip(index)
            cells = cell_len(text)
            remaining = len(self._order) - index
            if at + cells + (5 if remaining else 0) > width:
                segments.append(self._segment(f" +{remaining + 1}", "muted"))
                break
            segments.append(
                self._segment(text, name, cursor=self.has_focus and index == self.cursor)
            )
            self._ends.append((at + cells, index))
            at += cells
            if remaining:
                segments.append(self._segment("│", "muted"))
                at += 1
        return Strip(segments).adjust_cell_length(width, self.whole())

    def _first_visible(self, width: int) -> int:
        """The first chip after «All» such that the cursor's chip fits."""
        for first in range(1, max(1, self.cursor) + 1):
            cells = [cell_len(self._chip(i)[0]) + 1 for i in [0, *range(first, self.cursor + 1)]]
            if sum(cells) + 5 <= width:
                return first
        return max(1, self.cursor)

    def _chip(self, index: int) -> tuple[str, str]:
        if index == 0:
            chosen = not self._state.types and not self._state.hidden_types
            everything = total_of(self._counts.values())
            return " " + self._labelled("●" if chosen else " ", _ALL, everything), "shown"
        type_ = self._order[index - 1]
        sign = (
            "●" if type_ in self._state.types else "-" if type_ in self._state.hidden_types else " "
        )
        name = shorten(type_name(type_), 24)
        label = self._labelled(sign, name, self._counts.get(type_, 0))
        return label, f"type-{type_class(type_)}"

    def _labelled(self, sign: str, name: str, count: int | None) -> str:
        number = written(count, at_least=self._at_least)
        return f"{sign}{name} {number} " if number else f"{sign}{name} "

    def _segment(self, text: str, name: str, *, cursor: bool = False) -> Segment:
        style = self.whole(name)
        return Segment(text, style + self.part("cursor") if cursor else style)

    def watch_cursor(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move along the bar."""
        self.cursor = max(0, min(self.cursor + by, len(self._order)))

    def action_choose(self) -> None:
        """Show the type under the cursor, or no longer."""
        self._choose(self.cursor)

    def action_hide(self) -> None:
        """Hide the type under the cursor, or show it again."""
        if self.cursor:
            self.post_message(self.Hidden(self._order[self.cursor - 1]))

    def _choose(self, index: int) -> None:
        if index == 0:
            self.post_message(self.Chosen(None, everything=True))
        else:
            self.post_message(self.Chosen(self._order[index - 1]))

    def on_click(self, event: events.Click) -> None:
        for end, index in self._ends:
            if event.x < end:
                self.cursor = index
                self._choose(index)
                return

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
