"""The plan: everything that is about to be done, item by item, before anything is sent.

Enter never applies; ``y`` does. Plans that delete say so in words, with the number. What was staged
by hand can also be edited and put into another order here; an undo can only be made smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
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
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.text import one_line, visible
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.modals.final_word import FinalWord
from mem0_tui.tui.render import UNTYPED, shorten
from mem0_tui.tui.staged import edit_letter
from mem0_tui.tui.widgets.key_footer import KeyFooter
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

_EDIT_VERBS = {"T": "retype", "X": "expire", "P": "pin", "E": VERBS[Kind.UPDATE]}

Edited: TypeAlias = Callable[[PlanItem | None], None]
"""Called with an item as it is after it was edited; with None when nothing is left to do."""


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
        Binding("j", "down", "down", show=False),
        Binding("k", "up", "up", show=False),
        Binding("e", "edit", "edit item", show=True),
        Binding("J,shift+down", "move(1)", "later", show=True),
        Binding("K,shift+up", "move(-1)", "earlier", show=True),
    ]

    def __init__(
        self,
        plan: Plan,
        where: str,
        *,
        read_only: bool,
        edit: Callable[[PlanItem, Edited], None] | None = None,
        note: str = "",
    ) -> None:
        """*edit* lets the user edit an item and then says what it has become; without it the
        items stay as they are and where they are. *note* is to be known before it is applied."""
        super().__init__()
        self._plan = plan
        self._where = where
        self._read_only = read_only
        self._edit_item = edit
        self._note = note
        self.seen_at = inf
        self.dropped = 0
        """How many items the user took out."""

    def title_text(self) -> str:
        plan = self._plan
        name = "Undo" if plan.undoes else "Redo" if plan.redoes else "Plan"
        return f"{name} for {one_line(self._where)}"

    def keys_text(self) -> str:
        apply_ = "read-only: W on the main screen allows writing" if self._read_only else "y apply"
        change = "   e edit   J K later, earlier" if self._edit_item else ""
        return f"{apply_}   x drop item{change}   ↑↓ look   Esc back, nothing is sent"

    def body(self) -> Iterable[Widget]:
        yield Static("", id="plan-summary", markup=False)
        yield OptionList(id="plan-items")
        yield _ItemView(id="plan-item")

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame frame-large") as frame:
            frame.border_title = Content(self.title_text())
            yield from self.body()
            yield KeyLine(self.keys_text())
        yield KeyFooter()

    def on_mount(self) -> None:
        self._show(0)
        self.query_one(OptionList).focus()
        self.call_after_refresh(self._is_seen)

    def _is_seen(self) -> None:
        self.seen_at = Message().time

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
        if final := sum(bool(item.final) for item in self._plan.items):
            which = "" if final == len(self._plan.items) else f"{final:,} "
            words += f"   ! {which}cannot be undone here"
        warnings = sum(len(item.warnings) for item in self._plan.items)
        if warnings:
            words += f"   ! {plural(warnings, 'warning')}"
        if self.dropped and self._edit_item is not None:
            words += f"   {self.dropped:,} dropped, still staged"
        for note in (*self._plan.notes, self._note):
            words += f"   ! {one_line(note)}" if note else ""
        return words

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one(_ItemView).show_lines(describe(self._plan.items[event.option_index]))

    def action_apply(self) -> None:
        """Dismiss with the plan: the one way to apply it."""
        if self._read_only:
            self.app.bell()
        elif not self._plan.lost_for_good:
            self.dismiss(self._plan)
        else:
            self._ask_for_the_word(self._plan)

    def _ask_for_the_word(self, plan: Plan) -> None:
        """A key is not enough for what nothing can put back."""

        def answered(said: bool | None) -> None:
            if said and self.is_attached:
                self.dismiss(plan)

        reasons = (item.final for item in plan.items if item.final)
        self.app.push_screen(FinalWord(plan.lost_for_good, reasons), answered)

    def action_drop(self) -> None:
        """Take the highlighted item out of the plan."""
        at = self.query_one(OptionList).highlighted
        if at is None:
            return
        self._plan = self._plan.without([at])
        self.dropped += 1
        if self._plan:
            self._show(at)
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Have the highlighted item applied later, or earlier."""
        at = self.query_one(OptionList).highlighted
        if self._edit_item is not None and at is not None and 0 <= at + by < len(self._plan.items):
            self._plan = self._plan.moved(at, at + by)
            self._show(at + by)

    def action_edit(self) -> None:
        """Edit what the highlighted item will do."""
        at = self.query_one(OptionList).highlighted
        if self._edit_item is None or at is None:
            return
        before = self._plan.items[at]

        def edited(item: PlanItem | None) -> None:
            if not self.is_attached or before not in self._plan.items:
                return
            index = self._plan.items.index(before)
            self._plan = (
                self._plan.without([index]) if item is None else self._plan.with_item(index, item)
            )
            if self._plan:
                self._show(index)
            else:
                self.dismiss(None)

        self._edit_item(before, edited)

    def action_down(self) -> None:
        """Next item."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Previous item."""
        self.query_one(OptionList).action_cursor_up()


def _headline(item: PlanItem) -> str:
    kind = item.change.kind
    letter, verb = _LETTERS[kind], VERBS[kind]
    match item.change:
        case Update(_, edit) if item.before:
            text = item.before[0].text
            letter = edit_letter(item.before[0], edit)
            unpins = letter == "P" and item.before[0].pinned
            verb = "unpin" if unpins else _EDIT_VERBS[letter]
        case Add(draft) | Merge(draft, _):
            text = draft.text
        case Restore(memory):
            text = memory.text
        case DeleteScope(entity, ids) | DeleteEntity(entity, ids):
            text = f"{entity}: {plural(len(ids), 'memory')}"
        case _:
            text = item.before[0].text if item.before else ""
    flag = "! " if item.warnings else "  "
    return f"{letter} {verb:<8} {flag}{shorten(text, 300)}"


def describe(item: PlanItem) -> list[Line]:
    """*item* in full: its diff, warnings, and what an undo cannot give back."""
    lines = [line((f"! {warning}", "warning"), indent=2) for warning in item.warnings]
    if item.final:
        lines.append(line((f"! cannot be undone here: {item.final}", "warning"), indent=2))
    elif item.losses:
        lines.append(
            line(("undo cannot give back: " + ", ".join(item.losses), "warning"), indent=2)
        )
    match item.change:
        case Update(_, edit):
            for memory in item.before:
                lines += [_about(memory), *describe_edit(memory, edit)]
                if edit.text is None:
                    lines += [line(), *_text(memory.text, "muted")]
        case Add(draft):
            lines += [_about_draft(draft), *_text(draft.text, "added")]
        case Restore(memory):
            lines += _whole(memory, "added")
        case Merge(draft, _):
            lines += [_about_draft(draft), *_text(draft.text, "added")]
            for memory in item.before:
                lines += _whole(memory, "removed")
        case Delete():
            for memory in item.before:
                lines += _whole(memory, "removed")
        case DeleteScope() | DeleteEntity():
            lines += [line((f"- {shorten(memory.text, 200)}", "removed")) for memory in item.before]
    return lines


def _whole(memory: Memory, name: str) -> list[Line]:
    return [_about(memory), *_text(memory.text, name)]


def _about_draft(draft: Draft) -> Line:
    kind = draft.metadata.get("type")
    about = one_line(kind) if isinstance(kind, str) else UNTYPED
    about += f" · {one_line(str(draft.scope)) or 'no entity'} · new"
    if draft.expires_on:
        about += f" · expires {draft.expires_on}"
    return line((about, "muted"))


def _about(memory: Memory) -> Line:
    scope = one_line(str(memory.scope)) or "no entity"
    about = f"{one_line(memory.type or UNTYPED)} · {scope} · {one_line(memory.id)}"
    return line((about, "muted"))


def _text(text: str, name: str) -> list[Line]:
    return [line((part, name)) for part in visible(text).split("\n")]


def describe_edit(memory: Memory, edit: Edit) -> list[Line]:
    """What *edit* changes in *memory*, as lines."""
    lines: list[Line] = []
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
