"""What is drawn on terminals that show ASCII only: every line is translated at the last moment.

Widgets draw in Unicode and know nothing of it.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from mem0_tui.model.late_pattern import late
from mem0_tui.tui.plain_signs import to_ascii

_KEY_NAMES = {
    "⏎": "Enter", "␣": "Space", "⇥": "Tab", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right",
}  # fmt: skip
_KEY_SIGNS = late(f"[{''.join(_KEY_NAMES)}]+")


def spelt_keys(text: str) -> str:
    """*text* with key signs spelt out: what stands for them in ASCII is a key of its own."""
    return _KEY_SIGNS.sub(lambda signs: " ".join(_KEY_NAMES[each] for each in signs[0]), text)


def draws_ascii(app: App[object]) -> bool:
    """Whether *app* draws in ASCII."""
    return any(isinstance(each, AsciiFilter) for each in app.get_line_filters())


class AsciiFilter(LineFilter):
    """Translates each line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """*segments* with their text in ASCII."""
        return [
            segment if segment.text.isascii() else Segment(to_ascii(segment.text), segment.style)
            for segment in segments
        ]
