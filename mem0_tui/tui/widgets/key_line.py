"""The line of a modal that says which keys work; clicking a key does what pressing it does."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from mem0_tui.tui.glyphs import draws_ascii, spelt_keys

_GAP = "   "
"""What stands between one key with its words and the next."""
_NAMES = {"Esc": "escape", "⏎": "enter", "Enter": "enter", "Tab": "tab", "Space": "space"}


class KeyLine(Static):
    """``y apply   x drop item   Esc back``: a key first, then what it does.

    It is one line. What has no room there is left out whole; the last key, which leads away, is
    always to be seen.
    """

    def __init__(self, text: str) -> None:
        super().__init__("", markup=False, classes="frame-keys")
        self._parts = text.split(_GAP)

    def render(self) -> Content:
        return Content(self.text_within(self.size.width))

    def text_within(self, width: int) -> str:
        """The keys that have room in *width* cells, with what they do."""
        *others, last = self._parts
        room = width - cell_len(last)
        shown = []
        for part in others:
            if (cells := cell_len(part + _GAP)) <= room:
                shown.append(part)
                room -= cells
        return _GAP.join([*shown, last])

    def on_mount(self) -> None:
        """Spell the keys out in a terminal that shows ASCII only."""
        if draws_ascii(self.app):
            self._parts = [spelt_keys(part) for part in self._parts]
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        key = self.key_at(event.x, self.size.width)
        if key is not None:
            self.app.simulate_key(key)

    def key_at(self, cell: int, width: int) -> str | None:
        """Textual's name of the key that is written around *cell* of a line of *width* cells; None
        where there is none."""
        start = 0
        for part in self.text_within(width).split(_GAP):
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
