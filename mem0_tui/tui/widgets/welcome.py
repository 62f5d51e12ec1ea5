"""The first page that anybody sees: the three ways to start, where there is nothing to show yet."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.widgets.text_view import TextView

SERVE_COMMAND = "mem0-tui serve"
KEY_LINE = "export MEM0_API_KEY=m0-…"


class Welcome(TextView):
    """Explains how to start, and does what can be done from here."""

    PREFIX = "welcome"
    BINDING_GROUP_TITLE = "Welcome"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"welcome--{name}" for name in ("title", "key", "muted", "command")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "demo", "demo", show=True, tooltip="Leave, and open the made-up memories."),
        Binding("c", "copy", "copy command", show=True, tooltip="Copy «mem0-tui serve»."),
    ]

    class DemoRequested(Message):
        """The user wants to look at the demo."""

    class CopyRequested(Message):
        """The user wants *text* on the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_resize(self) -> None:
        """Leave the blank lines out where there is no room for them."""
        roomy = self.size.height >= len(_LINES)
        self.show_lines([each for each in _LINES if roomy or each.spans])

    def action_demo(self) -> None:
        """Ask for the demo."""
        self.post_message(self.DemoRequested())

    def action_copy(self) -> None:
        """Ask for the command on the clipboard."""
        self.post_message(self.CopyRequested(SERVE_COMMAND))


_LINES: list[Line] = [
    line(("No memories yet. Three ways to start:", "title")),
    line(),
    line(("1 ", "key"), ("Look around first", "title"), indent=2),
    line("  400 made-up memories; nothing of yours is touched.", indent=2),
    line("  ", ("d", "key"), " opens them   ", ("mem0-tui --demo", "command"), indent=2),
    line(),
    line(("2 ", "key"), ("Keep memories on this machine", "title"), indent=2),
    line("  In one file, without an account. To let Codex in:", indent=2),
    line("  ", (SERVE_COMMAND, "command"), "   ", ("c", "key"), " copies that", indent=2),
    line("  ", ("n", "key"), " writes a first memory by hand", indent=2),
    line(),
    line(("3 ", "key"), ("Use your Mem0 account", "title"), indent=2),
    line("  A key opens what is there, read-only at first:", indent=2),
    line("  ", (KEY_LINE, "command"), "   then ", ("mem0-tui", "command"), indent=2),
    line(),
    line(("h Codex install   , settings   ? help   q quit", "muted")),
]  # fmt: skip
