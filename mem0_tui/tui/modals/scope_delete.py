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
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.change import DeleteEntity
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import Scope
from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import type_name
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.plan_lines import PlanLines


class ScopeDelete(FramedModal[bool]):
    """Dismisses with True once the name was typed and the button pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(6)", "scroll down", show=False),
        Binding("pageup", "scroll(-6)", "scroll up", show=False),
    ]

    def __init__(self, preview: ScopePreview, *, read_only: bool) -> None:
        super().__init__()
        self._preview = preview
        self._read_only = read_only

    def title_text(self) -> str:
        whole = any(isinstance(item.change, DeleteEntity) for item in self._preview.plan.items)
        what = "the entity and all its memories" if whole else "all memories"
        if self._preview.going != self._preview.total:
            what = f"{self._preview.going:,} of {plural(self._preview.total, 'memory')}"
        return f"Delete {what} of {one_line(str(self._preview.scope))}"

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
        self.query_one(PlanLines).show_lines(self._facts())
        self.query_one(Input).focus()

    def action_scroll(self, by: int) -> None:
        """Scroll what is to be known while the input keeps the focus."""
        self.query_one(PlanLines).scroll_relative(y=by, animate=False, force=True)

    def _facts(self) -> list[Line]:
        preview = self._preview
        types = sorted(preview.by_type.items(), key=lambda pair: -pair[1])
        named = [f"{type_name(type_)} {count:,}" for type_, count in types]
        lines = [line((plural(preview.total, "memory"), "warning"), f": {' · '.join(named)}")]
        if what := _what_it_is(preview.scope):
            lines.append(line(what, indent=2))
        warnings = dict.fromkeys([*preview.plan.notes, *preview.warnings()])
        lines += [line((f"! {each}", "warning"), indent=2) for each in warnings]
        for entity, count in list(preview.shared.items())[:5]:
            belong = "belongs" if count == 1 else "belong"
            shared = f"! {count:,} of them also {belong} to {one_line(str(entity))}"
            lines.append(line((shared, "warning"), indent=2))
        said = dict.fromkeys(filter(None, map(_about_undo, preview.plan.items)))
        lines += [line((words, "warning"), indent=2) for words in said]
        if preview.newest:
            lines += [line(), line(("the newest", "title"))]
            lines += [line(shorten(m.text, 200), indent=2) for m in preview.newest]
        return lines

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one("#delete", Button).disabled = self._read_only or not self._names(event.value)
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
            return "Read-only: W on the main screen allows writing."
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


def _what_it_is(scope: Scope) -> str:
    """What the part of an app is that *scope* names; empty for an entity."""
    if len(scope.ids()) < 2 or scope.app_id is None:
        return ""
    app = one_line(scope.app_id)
    whose = f"what {one_line(scope.user_id)} has in {app}" if scope.user_id else ""
    return f"{whose or f'what all users share in {app}'}; only memories with both ids go, by id"


def _about_undo(item: PlanItem) -> str:
    """What an undo of *item* does not bring back; empty where it brings back all."""
    if item.final:
        return f"! cannot be undone here: {item.final}"
    return "undo cannot give back: " + ", ".join(item.losses) if item.losses else ""
