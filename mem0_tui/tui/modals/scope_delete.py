"""Deleting a whole scope: what would go, counted in full, and the scope's name to be typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from mem0_tui.curator.applying.scopes import ScopePreview
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.scope import preview_lines, what_goes
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.plan_lines import PlanLines


class ScopeDelete(FramedModal[bool]):
    """Dismisses with True once the name was typed and the button pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(6)", "scroll down", show=False),
        Binding("pageup", "scroll(-6)", "scroll up", show=False),
    ]

    def __init__(self, preview: ScopePreview, *, read_only: str) -> None:
        """*read_only* says why nothing can be deleted; blank where it can."""
        super().__init__()
        self._preview = preview
        self._read_only = read_only

    def title_text(self) -> str:
        return f"Delete {what_goes(self._preview)}"

    def keys_text(self) -> str:
        return "type the name, ⏎ ⏎   PgUp PgDn scroll   Esc cancel"

    def body(self) -> Iterable[Widget]:
        yield PlanLines(id="scope-facts")
        yield Static(Content(f"Type {one_line(self._preview.asked)} to go on:"), classes="question")
        yield Input(id="scope-name")
        yield Static("", id="scope-problem", markup=False)
        yield Horizontal(
            Button(Content("Cancel"), id="cancel", variant="primary"),
            Button(
                Content(f"Delete {plural(self._preview.going, 'memory')}"),
                id="delete",
                variant="error",
                disabled=True,
            ),
            classes="buttons",
        )

    def on_mount(self) -> None:
        self.query_one(PlanLines).show_lines(preview_lines(self._preview))
        self.query_one(Input).focus()

    def action_scroll(self, by: int) -> None:
        """Scroll what is to be known while the input keeps the focus."""
        self.query_one(PlanLines).scroll_relative(y=by, animate=False, force=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        allowed = not self._read_only and self._names(event.value)
        self.query_one("#delete", Button).disabled = not allowed
        self._say(self._problem(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the button, which is the one that deletes; or say why there is no going on."""
        if self._names(event.value) and not self._read_only:
            self.query_one("#delete", Button).focus()
        else:
            self._say(self._problem(event.value, done=True))

    def _names(self, typed: str) -> bool:
        return typed in self._preview.names

    def _problem(self, typed: str, *, done: bool = False) -> str:
        """What is wrong with *typed*; half a name is nothing wrong until it is *done*."""
        names = self._preview.names
        if self._read_only and (typed or done):
            return self._read_only[:1].upper() + self._read_only[1:] + "."
        if self._names(typed) or not (done or typed):
            return ""
        if not done and any(name.startswith(typed) for name in names):
            return ""
        wanted = " or ".join(one_line(name) for name in names)
        return f"That is not its name. Type {wanted}, in the same case."

    def _say(self, problem: str) -> None:
        shown = self.query_one("#scope-problem", Static)
        shown.update(Content(problem))
        shown.set_class(bool(problem), "-said")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "delete")
