"""What all modals share: a titled frame, Escape to leave, the safe answer in focus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from mem0_tui.tui.style_sheets import LATER_STYLES
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.key_line import KeyLine

R = TypeVar("R")


class FramedModal(ModalScreen[R | None]):
    """A modal in a frame. Escape dismisses it with None."""

    TITLE_TEXT = ""
    CSS_PATH = LATER_STYLES
    LARGE: ClassVar[bool] = False
    """Whether it takes nearly all of the screen."""
    seen_at = 0.0
    """When it was first seen, where keys that were typed before that are no answer to it."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", show=True, key_display="Esc"),
        # The app's own keys do not reach a modal.
        Binding("ctrl+z", "app.suspend_process", "suspend", show=False),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame frame-large" if self.LARGE else "frame") as frame:
            frame.border_title = Content(self.title_text())
            yield from self.body()
            yield KeyLine(self.keys_text())
        yield KeyFooter()

    def on_mount(self) -> None:
        """Take the notices off the screens below: they are shown here, clear of the title."""
        for screen in self.app.screen_stack[:-1]:
            screen.query("ToastHolder").remove()

    def title_text(self) -> str:
        """The frame's title, already safe."""
        return self.TITLE_TEXT

    def keys_text(self) -> str:
        """The line that says which keys work."""
        return "Esc cancel"

    def body(self) -> Iterable[Widget]:
        """What is in the frame."""
        raise TypeError("a modal needs a body")

    def action_leave(self) -> None:
        """Dismiss with nothing."""
        self.dismiss(None)


def row(*widgets: Widget, classes: str = "") -> Horizontal:
    """*widgets* side by side."""
    return Horizontal(*widgets, classes=classes)
