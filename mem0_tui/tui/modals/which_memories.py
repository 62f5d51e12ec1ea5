"""Asks what a key is meant for where memories are marked of which the list shows none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from mem0_tui.model.counting import plural
from mem0_tui.presenting.memory import headline
from mem0_tui.review.targets import Target, Unclear
from mem0_tui.tui.modals.base import FramedModal, row

_LENGTH = 60
"""Characters of the row's text that are shown."""


class WhichMemories(FramedModal[Target]):
    """Dismisses with the marked memories, the row under the cursor, or None."""

    TITLE_TEXT = "Which memories?"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "choose('marked')", "marked"),
        Binding("r", "choose('row')", "this row"),
    ]

    def __init__(self, unclear: Unclear) -> None:
        super().__init__()
        self._unclear = unclear

    def keys_text(self) -> str:
        return "m marked   " + ("r this row   " if self._unclear.row else "") + "Esc cancel"

    def body(self) -> Iterable[Widget]:
        count = len(self._unclear.marked.memories)
        which = "It is not" if count == 1 else "None of them is"
        question = f"{plural(count, 'memory')} marked. {which} in this list."
        yield Static(Content(question), classes="question")
        if self._unclear.row:
            text = headline(self._unclear.row.memories[0].text)
            short = text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
            yield Static(Content(f"This row: {short}"), classes="question")
        yield row(*self._buttons(), classes="buttons")

    def _buttons(self) -> Iterable[Widget]:
        yield Button("Cancel", id="cancel", variant="primary")
        count = len(self._unclear.marked.memories)
        yield Button(f"The {count:,} marked", id="marked", variant="warning")
        if self._unclear.row:
            yield Button("This row", id="row", variant="warning")

    def on_mount(self) -> None:
        self.query_one("#cancel", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.action_choose(event.button.id or "")

    def action_choose(self, answer: str) -> None:
        """Answer by key."""
        if answer == "marked":
            self.dismiss(self._unclear.marked)
        elif answer == "row" and self._unclear.row is None:
            self.app.bell()
        else:
            self.dismiss(self._unclear.row if answer == "row" else None)
