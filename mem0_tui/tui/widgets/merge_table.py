"""Memories side by side, a part of them on each line: the arrows move, Space chooses."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from mem0_tui.detect.suspicion import Mark
from mem0_tui.presenting.comparison import differing
from mem0_tui.presenting.signs import PINNED
from mem0_tui.presenting.spans import Line, Span, line
from mem0_tui.review.merge_choice import MergeChoice, MergePart, shown
from mem0_tui.tui.glyphs import draws_ascii
from mem0_tui.tui.marked_text import marked_headline
from mem0_tui.tui.render import label
from mem0_tui.tui.widgets.plan_lines import PlanLines

_NAME = 11
"""Cells of a part's name."""
_COLUMN = 20
"""Cells that a memory has at least."""
_SIGNS = 3
"""Cells of the signs before a value."""


class MergeTable(PlanLines):
    """Shows a choice and changes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1,0)", "up", show=False),
        Binding("down,j", "step(1,0)", "down", show=False),
        Binding("left,h", "step(0,-1)", "left", show=False),
        Binding("right,l", "step(0,1)", "right", show=False),
        Binding("space,enter", "choose", "choose", show=True, key_display="␣"),
    ]

    class Chosen(Message):
        """A part is to come from another memory."""

        def __init__(self, part: MergePart) -> None:
            super().__init__()
            self.part = part

    class Stepped(Message):
        """The cursor is on another memory."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, choice: MergeChoice, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choice = choice
        self._row, self._column = 0, 0
        self._edited = False
        self._differing: dict[int, tuple[Mark, ...]] = {}

    def on_mount(self) -> None:
        self.show()

    def on_resize(self) -> None:
        self.show()

    def text_is_edited(self, edited: bool) -> None:
        """Whether the text is nobody's any more."""
        if edited != self._edited:
            self._edited = edited
            self.show()

    def action_step(self, rows: int, places: int) -> None:
        """Move the cursor."""
        choice = self._choice
        self._row = min(max(0, self._row + rows), len(choice.parts) - 1)
        self._column = min(max(0, self._column + places), len(choice.memories) - 1)
        self.show()
        self.post_message(self.Stepped(self._column))

    def action_choose(self) -> None:
        """Take the part under the cursor from the memory under it."""
        part = self._choice.parts[self._row]
        self._choice.choose(part, self._column)
        self.show()
        self.post_message(self.Chosen(part))

    def show(self) -> None:
        """Paint the choice as it is."""
        width = max(1, self.size.width - _NAME)
        number = len(self._choice.memories)
        fitting = min(number, max(1, width // _COLUMN))
        first = min(max(0, self._column - fitting + 1), number - fitting)
        places = range(first, first + fitting)
        column = width // fitting
        self.show_lines(
            [self._line(row, part, places, column) for row, part in enumerate(self._choice.parts)],
            keep_scroll=True,
        )

    def _line(self, row: int, part: MergePart, places: range, column: int) -> Line:
        spans: list[Span] = [(f"{part.value:<{_NAME}}", "key")]
        on, off, here = ("*", "-", ">") if draws_ascii(self.app) else ("●", "○", "›")
        for place in places:
            is_chosen = self._choice.chosen(part) == place
            is_chosen = is_chosen and not (part is MergePart.TEXT and self._edited)
            at_cursor = (row, place) == (self._row, self._column)
            role = "title" if at_cursor else "added" if is_chosen else "muted"
            spans.append((f"{here if at_cursor else ' '}{on if is_chosen else off} ", role))
            room = max(1, column - _SIGNS - 1)
            spans += self._value(place, part, room, role)
            spans.append((" ", ""))
        return line(*spans)

    def _value(self, place: int, part: MergePart, room: int, role: str) -> list[Span]:
        """What the memory at *place* has as its *part*, in *room* cells; of its text, the words by
        which it differs are in sight."""
        memory = self._choice.memories[place]
        if part is not MergePart.TEXT:
            return [(label(shown(memory, part), room), role)]
        plain = self.app.no_color or draws_ascii(self.app)
        flag = f"{PINNED} " if memory.pinned else ""
        left = max(1, room - cell_len(flag))
        pieces = marked_headline(memory.text, self._marks(place), left, bracketed=plain)
        spans = [(text, "warning" if marked else role) for text, marked in pieces]
        return [(flag, "warning"), *spans] if flag else spans

    def _marks(self, place: int) -> tuple[Mark, ...]:
        """By what the text at *place* differs from the first one; of that, from the second."""
        if place not in self._differing:
            texts = [memory.text for memory in self._choice.memories[:2]]
            other = texts[0 if place else -1]
            self._differing[place] = differing(self._choice.memories[place].text, other)
        return self._differing[place]
