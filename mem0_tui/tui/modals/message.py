"""Something to be read before anything else is typed: only Escape closes it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from mem0_tui.tui.modals.base import FramedModal


class MessageView(FramedModal[None]):
    """Shows *text*, which is already safe."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def title_text(self) -> str:
        return self._title

    def keys_text(self) -> str:
        return "Esc close"

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._text), classes="question")
