"""The footer: the keys that work here, with the way to all of them always in sight."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer


class KeyFooter(Footer):
    """Textual's footer, which cuts the last keys off where there is no room for all.

    ``-help`` marks the key that leads to the others; the style sheet keeps it at the edge.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            if getattr(widget, "action", "") == "help":
                widget.add_class("-help")
            yield widget

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys of *screen*; the first time also in a terminal without the focus."""
        super().bindings_changed(screen)
        if not (self.app.app_focus or self.children) and screen is self.screen:
            self.call_after_refresh(self.recompose)
