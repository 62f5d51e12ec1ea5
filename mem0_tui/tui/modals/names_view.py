"""What became of the files that a memory names, and the commit that moved or removed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.widget import Widget

from mem0_tui.presenting.spans import Line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.plan_lines import PlanLines


class NamesView(FramedModal[None]):
    """Shows lines that are already safe."""

    LARGE: ClassVar[bool] = True

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self._lines = lines

    def title_text(self) -> str:
        return "What it names, in git"

    def keys_text(self) -> str:
        return "Esc close   ↑ ↓ scroll"

    def body(self) -> Iterable[Widget]:
        yield PlanLines(id="names")

    def on_mount(self) -> None:
        self.query_one(PlanLines).show_lines(self._lines)
        self.query_one(PlanLines).focus()
