"""A question with a safe default: the safe button has the focus, and Enter alone never destroys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from mem0_tui.tui.modals.base import FramedModal, row


class Confirm(FramedModal[bool]):
    """Asks; dismisses with True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n", "answer(False)", "no"),
    ]

    def __init__(self, title: str, question: str, *, yes: str = "Yes", no: str = "No") -> None:
        super().__init__()
        self._title, self._question, self._yes, self._no = title, question, yes, no

    def title_text(self) -> str:
        return self._title

    def keys_text(self) -> str:
        return f"y {self._yes.lower()}   n {self._no.lower()}   Esc cancel"

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._question), classes="question")
        yield row(
            Button(Content(self._no), id="no", variant="primary"),
            Button(Content(self._yes), id="yes", variant="error"),
            classes="buttons",
        )

    def on_mount(self) -> None:
        self.query_one("#no", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)


def leave_unsaved(modal: ModalScreen[Any], what: str) -> None:
    """Dismiss *modal* with None once it is agreed that *what* was typed in it is thrown away."""

    def answered(leave: bool | None) -> None:
        if leave:
            modal.dismiss(None)

    question = f"Throw this {what} away?"
    modal.app.push_screen(
        Confirm(f"Unsaved {what}", question, yes="Throw away", no="Keep editing"), answered
    )
