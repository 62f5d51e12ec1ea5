"""One repair before it is applied: what it would change, and a question with a safe default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from mem0_tui.codex.report import Fix
from mem0_tui.presenting.doctor import safe
from mem0_tui.presenting.finding import change_lines
from mem0_tui.presenting.spans import line
from mem0_tui.tui.modals.base import row
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.widgets.health_detail import HealthDetail, KeyFor


class FixView(Confirm):
    """Shows *fix*; dismisses with True to apply it. A step for the user can only be closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
    ]
    LARGE = True

    def __init__(self, fix: Fix, home: str, key_for: KeyFor) -> None:
        super().__init__("Repair" if fix.automatic else "A step for you", "", yes="Apply")
        self._fix, self._home, self._key_for = fix, home, key_for

    def keys_text(self) -> str:
        return f"{super().keys_text()}   ↑↓ scroll" if self._fix.automatic else "Esc close"

    def body(self) -> Iterable[Widget]:
        yield HealthDetail(id="fix-change")
        leave = Button(
            Content("Leave it" if self._fix.automatic else "Close"), id="no", variant="primary"
        )
        apply = Button(Content("Apply"), id="yes", variant="warning")
        yield row(leave, *([apply] if self._fix.automatic else []), classes="buttons")

    def on_mount(self) -> None:
        fix = self._fix
        lines = [line((safe(fix.summary, self._home), "title"))]
        if fix.automatic:
            if fix.command is not None:
                lines.append(line((f"$ {safe(fix.command, self._home)}", "added")))
            lines += [line(), *change_lines(fix, self._home), line()]
            undo = self._key_for("health.undo")
            lines.append(line((f"A copy is kept; {undo} takes it back.", "muted")))
        self.query_one(HealthDetail).show_lines(lines)
        super().on_mount()

    def action_scroll(self, by: int) -> None:
        """Scroll the change while a button has the focus."""
        self.query_one(HealthDetail).scroll_relative(y=by, animate=False, force=True)

    def action_answer(self, answer: bool) -> None:
        """Answer by key; yes only where there is something to apply."""
        if not answer or self._fix.automatic:
            self.dismiss(answer)
