"""The plan: everything that is about to be done, item by item, before anything is sent.

Enter never applies; ``y`` does. Plans that delete say so in words, with the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mem0_tui.curator.plan import Plan, PlanItem
from mem0_tui.curator.wording import VERBS
from mem0_tui.model.change import (
    UNSET,
    Add,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Kind,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line, visible
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.triage import edit_letter
from mem0_tui.tui.widgets.key_line import KeyLine
from mem0_tui.tui.widgets.text_view import Line, TextView, line
from mem0_tui.tui.word_diff import diff_lines

_LETTERS = {
    Kind.ADD: "A",
    Kind.UPDATE: "E",
    Kind.DELETE: "D",
    Kind.RESTORE: "R",
    Kind.MERGE: "M",
    Kind.DELETE_SCOPE: "S",
    Kind.DELETE_ENTITY: "S",
}
_EDITS = {"T": "retype", "X": "expire", "P": "pin"}
"""What an edit does that has a gutter letter of its own."""


class _ItemView(TextView):
    PREFIX = "plan-item"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plan-item--title",
        "plan-item--key",
        "plan-item--muted",
        "plan-item--warning",
        "plan-item--removed",
        "plan-item--added",
    }


class PlanView(FramedModal[Plan]):
    """Shows a plan; dismisses with what is left of it when the user says to apply it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "apply", "apply", show=True),
        Binding("x,delete,d", "drop", "drop item", show=True),
        Binding("e", "edit", "edit item", show=True),
        Binding("J,shift+down", "move(1)", "move down", show=False),
        Binding("K,shift+up", "move(-1)", "move up", show=False),
        Binding("j", "down", "down", show=False),
        Binding("k", "up", "up", show=False),
    ]

    def __init__(
        self,
        plan: Plan,
        where: str,
        *,
        read_only: bool,
        edit: Callable[[Memory], None] | None = None,
    ) -> None:
        """*edit* changes what is staged for a memory, once this is closed; a plan that takes
        something back has none, and its order."""
        super().__init__()
        self._editing = edit
        self._plan = plan
        self._where = where
        self._read_only = read_only

    def title_text(self) -> str:
        return f"Plan for {one_line(self._where)}"

    def keys_text(self) -> str:
        apply_ = "read-only: W on the main screen allows writing" if self._read_only else "y apply"
        own = "   e edit   J K move" if self._editing is not None else ""
        return f"{apply_}   x drop item{own}   ↑↓ look   Esc back, nothing is sent"

    def body(self) -> Iterable[Widget]:
        yield Static("", id="plan-summary", markup=False)
        yield OptionList(id="plan-items")
        yield _ItemView(id="plan-item")

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame frame-large") as frame:
            frame.border_title = Content(self.title_text())
            yield from self.body()
            yield KeyLine(self.keys_text())

    def on_mount(self) -> None:
        self._show(0)
        self.query_one(OptionList).focus()

    def _show(self, highlighted: int) -> None:
        self.query_one("#plan-summary", Static).update(Content(self._summary()))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(_headline(item))) for item in self._plan.items)
        if self._plan.items:
            options.highlighted = min(highlighted, len(self._plan.items) - 1)

    def _summary(self) -> str:
        words = self._plan.summary
        if self._plan.destroys:
            words += f"   {plural(self._plan.destroys, 'memory')} will be gone"
        warnings = sum(len(item.warnings) for item in self._plan.items)
        if warnings:
            words += f"   ! {plural(warnings, 'warning')}"
        return words

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one(_ItemView).show_lines(describe(self._plan.items[event.option_index]))

    def action_apply(self) -> None:
        """Dismiss with the plan: the one way to apply it."""
        if self._read_only:
            self.app.bell()
        else:
            self.dismiss(self._plan)

    def action_drop(self) -> None:
        """Take the highlighted item out of the plan."""
        at = self.query_one(OptionList).highlighted
        if at is None:
            return
        self._plan = self._plan.without([at])
        if self._plan:
            self._show(at)
        else:
            self.dismiss(None)

    def action_edit(self) -> None:
        """Leave, to change what is staged for the highlighted item's memory."""
        at = self.query_one(OptionList).highlighted
        if at is None or self._editing is None:
            return
        item = self._plan.items[at]
        if isinstance(item.change, (Update, Delete)) and not item.before[0].immutable:
            self.dismiss(None)
            self._editing(item.before[0])
        else:
            self.notify("this item cannot be edited: x drops it", markup=False)

    def action_move(self, by: int) -> None:
        """Let the highlighted item be done later, or earlier."""
        at = self.query_one(OptionList).highlighted
        if at is not None and self._editing is not None:
            self._plan = self._plan.with_moved(at, by)
            self._show(max(0, at + by))

    def action_down(self) -> None:
        """Next item."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Previous item."""
        self.query_one(OptionList).action_cursor_up()


def _headline(item: PlanItem) -> str:
    kind = item.change.kind
    match item.change:
        case Add(draft) | Merge(draft, _):
            text = draft.text
        case Restore(memory):
            text = memory.text
        case DeleteScope(entity, ids) | DeleteEntity(entity, ids):
            text = f"{entity}: {plural(len(ids), 'memory')}"
        case _:
            text = item.before[0].text if item.before else ""
    flag = "! " if item.warnings else "  "
    letter, verb = _LETTERS[kind], VERBS[kind]
    if isinstance(item.change, Update) and item.before:
        letter = edit_letter(item.before[0], item.change.edit)
        verb = _EDITS.get(letter, verb)
        verb = f"un{verb}" if letter == "P" and item.before[0].pinned else verb
    return f"{letter} {verb:<8} {flag}{one_line(text[:300])}"


def describe(item: PlanItem) -> list[Line]:
    """*item* in full: its diff, warnings, and what an undo cannot give back."""
    lines = [line((f"! {warning}", "warning"), indent=2) for warning in item.warnings]
    if item.losses:
        lines.append(
            line(("undo cannot give back: " + ", ".join(item.losses), "warning"), indent=2)
        )
    match item.change:
        case Update(_, edit):
            for memory in item.before:
                lines += describe_edit(memory, edit)
        case Add(draft):
            lines += [
                line((visible_line, "added")) for visible_line in visible(draft.text).split("\n")
            ]
        case Restore(memory):
            lines += _whole(memory, "added")
        case Merge(draft, _):
            lines += [line((part, "added")) for part in visible(draft.text).split("\n")]
            for memory in item.before:
                lines += _whole(memory, "removed")
        case Delete():
            for memory in item.before:
                lines += _whole(memory, "removed")
        case DeleteScope() | DeleteEntity():
            lines += [
                line((f"- {one_line(memory.text[:200])}", "removed")) for memory in item.before
            ]
    return lines


def _whole(memory: Memory, name: str) -> list[Line]:
    about = f"{one_line(memory.type or 'untyped')} · {one_line(str(memory.scope))} · {memory.id}"
    return [line((about, "muted")), *(line((t, name)) for t in visible(memory.text).split("\n"))]


def describe_edit(memory: Memory, edit: Edit) -> list[Line]:
    """What *edit* changes in *memory*, as lines."""
    lines = [line((memory.id, "muted"))]
    if edit.text is not None:
        lines += diff_lines(memory.text, edit.text)
    if edit.metadata is not None:
        for key in sorted({*memory.metadata, *edit.metadata}):
            old, new = memory.metadata.get(key), edit.metadata.get(key)
            if old != new:
                lines.append(
                    line(
                        (f"{one_line(key)}: ", "key"),
                        (one_line(str(old)) if key in memory.metadata else "–", "removed"),
                        " → ",
                        (one_line(str(new)) if key in edit.metadata else "–", "added"),
                    )
                )
    if edit.expires_on is not UNSET:
        old_day, new_day = memory.expires_on or "never", edit.expires_on or "never"
        lines.append(
            line(("expires: ", "key"), (str(old_day), "removed"), " → ", (str(new_day), "added"))
        )
    return lines
