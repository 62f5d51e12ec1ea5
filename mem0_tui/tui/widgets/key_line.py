"""The line of a modal that says which keys work; clicking a key does what pressing it does."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

_GAP = "   "
"""What stands between one key with its words and the next."""
_NAMES = {"Esc": "escape", "⏎": "enter", "Tab": "tab", "Space": "space"}


class KeyLine(Static):
    """``y apply   x drop item   Esc back``: a key first, then what it does."""

    def __init__(self, text: str) -> None:
        super().__init__(Content(text), classes="frame-keys")
        self._text = text

    def on_click(self, event: events.Click) -> None:
        key = self.key_at(event.x + event.y * self.size.width)
        if key is not None:
            self.app.simulate_key(key)

    def key_at(self, cell: int) -> str | None:
        """Textual's name of the key that is written around *cell*; None where there is none."""
        start = 0
        for part in self._text.split(_GAP):
            end = start + cell_len(part)
            if start <= cell < end:
                return _key_named(part.partition(" ")[0])
            start = end + len(_GAP)
        return None


def _key_named(written: str) -> str | None:
    if written in _NAMES:
        return _NAMES[written]
    modifier, plus, letter = written.partition("+")
    if plus and modifier == "Ctrl" and len(letter) == 1:
        return f"ctrl+{letter.lower()}"
    return written if len(written) == 1 and written.isascii() and written.isalpha() else None
