"""Jump mode: a letter on everything that can take the focus; pressing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Static

from mem0_tui.tui.style_sheets import LATER_STYLES

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


@dataclass(frozen=True, slots=True)
class JumpSpot:
    """Somewhere to go."""

    name: str
    at: Offset
    """Where on the screen its letter is shown."""


class Jump(ModalScreen[JumpSpot | None]):
    """Dismisses with the spot whose letter was pressed; any other key leaves."""

    CSS_PATH = LATER_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave", show=False)]

    def __init__(self, spots: Sequence[JumpSpot]) -> None:
        super().__init__()
        self._spots = dict(zip(_LETTERS, spots, strict=False))

    def compose(self) -> ComposeResult:
        for letter, spot in self._spots.items():
            label = Static(Content(f" {letter} "), classes="jump-letter")
            label.styles.offset = (spot.at.x, spot.at.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self._spots.get(event.key))

    def on_click(self) -> None:
        self.dismiss(None)

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
