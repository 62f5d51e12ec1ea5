"""The last question before what nothing can take back: a word to be typed."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from mem0_tui.model.text import one_line
from mem0_tui.tui.modals.base import FramedModal

WORD = "delete"


class FinalWord(FramedModal[bool]):
    """Dismisses with True once the word was typed; everything else is a no."""

    def __init__(self, what: str, reasons: Iterable[str], *, word: str = WORD) -> None:
        """*what*, a clause, says what cannot be put back, and *reasons* why."""
        super().__init__()
        self._what = what
        self._reasons = "; ".join(dict.fromkeys(reasons))
        self._word = word

    def title_text(self) -> str:
        return "This cannot be undone here"

    def keys_text(self) -> str:
        return "type the word, ⏎   Esc cancel, nothing is sent"

    def body(self) -> Iterable[Widget]:
        words = f"{self._what[0].upper()}{self._what[1:]}: {one_line(self._reasons)}."
        yield Static(Content(f"{words}\nType {self._word} to go on:"), classes="question")
        yield Input(id="final-word")
        yield Static("", id="final-word-problem", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip().casefold() == self._word:
            self.dismiss(True)
        else:
            problem = f"That is not the word. Type {self._word}, or press Esc to change nothing."
            self.query_one("#final-word-problem", Static).update(problem)
            self.app.bell()
