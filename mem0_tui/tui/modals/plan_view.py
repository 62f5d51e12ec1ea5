"""The plan: everything that is about to be done, item by item, before anything is sent.

Enter never applies; ``y`` does. Plans that delete say so in words, with the number. What was staged
by hand can also be edited and put into another order here; an undo can only be made smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import inf
from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import QueryError
from mem0_tui.model.query import Query, parse
from mem0_tui.model.text import one_line
from mem0_tui.presenting.digest import digest, found_in
from mem0_tui.presenting.plan import describe, head
from mem0_tui.presenting.spans import line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.modals.final_word import FinalWord
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.key_line import KeyLine
from mem0_tui.tui.widgets.line_input import LineInput
from mem0_tui.tui.widgets.plan_lines import PlanLines

_ROOMY = 22
"""Lines of the terminal from which on there is room for all that the plan comes to."""
Edited: TypeAlias = Callable[[PlanItem | None], None]
"""Called with an item as it is after it was edited; with None when nothing is left to do."""


def _row(item: PlanItem) -> str:
    """The line of *item* in the list, with a sign where something is to be known of it."""
    said = head(item)
    return (
        f"{said.letter} {said.verb:<8} {'! ' if item.warnings else '  '}{shorten(said.text, 300)}"
    )


class _FindInput(LineInput):
    """The line in which the plan is searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_items", "items", show=True, key_display="↓"),
    ]

    def action_to_items(self) -> None:
        """To the items, which stay narrowed."""
        self.screen.query_one(OptionList).focus()


class PlanView(FramedModal[Plan]):
    """Shows a plan; dismisses with what is left of it when the user says to apply it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "apply", "apply", show=True),
        Binding("x,delete,d", "drop", "drop item", show=True),
        Binding("j", "down", "down", show=False),
        Binding("k", "up", "up", show=False),
        Binding("slash", "find", "find", show=True, key_display="/"),
        Binding("X", "drop_found", "drop all found", show=True),
        Binding("e", "edit(False)", "edit item", show=True),
        Binding("E", "edit(True)", "$EDITOR", show=True),
        Binding("J,shift+down", "move(1)", "later", show=True),
        Binding("K,shift+up", "move(-1)", "earlier", show=True),
    ]

    def __init__(
        self,
        plan: Plan,
        where: str,
        *,
        now: datetime,
        read_only: str,
        edit: Callable[[PlanItem, Edited, bool], None] | None = None,
        note: str = "",
    ) -> None:
        """*read_only* says why it cannot be applied; blank where it can. *edit* lets the user edit
        an item, in ``$EDITOR`` if told so, and then says what it has become; without it the items
        stay as they are and where they are. *note* is to be known before it is applied."""
        super().__init__()
        self._plan = plan
        self._where = where
        self._now = now
        self._query = Query()
        self._found = list(range(len(plan.items)))
        """The places in the plan of the items that are listed."""
        self._read_only = read_only
        self._edit_item = edit
        self._note = note
        self.seen_at = inf
        self.dropped = 0
        """How many items the user took out."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether the key of *action* is good for anything in this plan."""
        if action in ("edit", "move"):
            return self._edit_item is not None
        return super().check_action(action, parameters)

    def title_text(self) -> str:
        plan = self._plan
        name = "Undo" if plan.undoes else "Redo" if plan.redoes else "Plan"
        return f"{name} for {one_line(self._where)}"

    def keys_text(self) -> str:
        apply_ = self._read_only or "y apply"
        editor = "" if self.app.is_web else "   E $EDITOR"
        change = f"   e edit{editor}   J K move" if self._edit_item else ""
        find = "   / find   X drop found" if len(self._plan.items) > 1 else ""
        return f"{apply_}   x drop{find}{change}   Esc back, nothing is sent"

    def body(self) -> Iterable[Widget]:
        yield Static("", id="plan-summary", markup=False)
        yield Static("", id="plan-digest", markup=False)
        yield _FindInput(placeholder="find: words, type:decision, app:shop-api …", id="plan-find")
        yield Static("", id="plan-problem", markup=False)
        yield OptionList(id="plan-items")
        yield PlanLines(id="plan-item")

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
        """List what is found of the plan, with the cursor on this line of the list."""
        self._found = found_in(self._plan, self._query, self._now)
        self.query_one("#plan-summary", Static).update(Content(self._summary()))
        self._show_digest()
        options = self.query_one(OptionList)
        options.clear_options()
        items = self._plan.items
        options.add_options(Option(Content(_row(items[index]))) for index in self._found)
        if self._found:
            options.highlighted = min(highlighted, len(self._found) - 1)
        else:
            self.query_one(PlanLines).show_lines([line(("Nothing in the plan matches.", "muted"))])
        self._show_position()

    def _show_digest(self) -> None:
        several = len(self._plan.items) > 1
        brief = self.app.size.height < _ROOMY
        lines = digest(self._plan, self._now, brief=brief) if several else []
        self.query_one("#plan-digest", Static).update(Content("\n".join(lines)))

    def on_resize(self) -> None:
        """Say as much as there is room for, and keep the item under the cursor in sight."""
        self._show_digest()
        self.call_after_refresh(self.query_one(OptionList).scroll_to_highlight)

    def _show_position(self) -> None:
        at = self.query_one(OptionList).highlighted
        place = 0 if at is None else at + 1
        words = f"{place:,} of {len(self._found):,}"
        if self._query:
            words += f" found · {len(self._plan.items):,} in the plan"
        self.query_one(".frame").border_subtitle = Content(words)

    @property
    def _current(self) -> int | None:
        """The place in the plan of the item under the cursor."""
        at = self.query_one(OptionList).highlighted
        return None if at is None or at >= len(self._found) else self._found[at]

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

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        index = self._current
        if index is not None:
            self.query_one(PlanLines).show_lines(describe(self._plan.items[index]))
            self._show_position()

    def action_apply(self) -> None:
        """Dismiss with the plan: the one way to apply it."""
        if self._read_only:  # said here too: the line of keys may have no room for it
            self.notify(self._read_only, severity="warning", markup=False)
        elif len(self._found) < len(self._plan.items):
            # What is applied is what can be seen.
            self._leave_find()
            count = plural(len(self._plan.items), "item")
            self.notify(f"all {count} are listed again: y applies them", markup=False)
        elif not self._plan.final_words[1]:
            self.dismiss(self._plan)
        else:
            self._ask_for_the_word(self._plan)

    def _ask_for_the_word(self, plan: Plan) -> None:
        """A key is not enough for what nothing can put back."""

        def answered(said: bool | None) -> None:
            if said and self.is_attached:
                self.dismiss(plan)

        reasons = (item.final for item in plan.items if item.final)
        what, word = plan.final_words
        self.app.push_screen(FinalWord(what, reasons, word=word), answered)

    # -- finding in it

    def action_find(self) -> None:
        """Narrow the list to what a query finds; the plan stays as it is."""
        self.add_class("-finding")
        self.query_one(_FindInput).focus()

    @on(Input.Changed, "#plan-find")
    def narrow(self, event: Input.Changed) -> None:
        """List what the query that is being typed finds."""
        problem = ""
        try:
            self._query = parse(event.value)
        except QueryError as error:
            problem = f"{one_line(error.message)} · {one_line(error.hint)}"
        self.query_one("#plan-problem", Static).update(Content(problem))
        if not problem:
            self._show(0)

    @on(Input.Submitted, "#plan-find")
    def go_to_items(self) -> None:
        """To the items that were found."""
        self.query_one(OptionList).focus()

    def action_leave(self) -> None:
        """Leave the search, else the plan."""
        if self.has_class("-finding"):
            self._leave_find()
        else:
            self.dismiss(None)

    def _leave_find(self) -> None:
        at = self._current
        self.remove_class("-finding")
        self._query = Query()
        with self.prevent(Input.Changed):
            self.query_one(_FindInput).value = ""
        self.query_one("#plan-problem", Static).update("")
        self._show(at or 0)
        self.query_one(OptionList).focus()

    def action_drop_found(self) -> None:
        """Take all that the query finds out of the plan."""
        if not self._query:
            self.notify("/ finds what X is to drop", markup=False)
        elif self._found:
            self._drop(self._found)

    def _drop(self, places: Sequence[int], cursor: int = 0) -> None:
        self._plan = self._plan.without(places)
        self.dropped += len(places)
        if not self._plan:
            self.dismiss(None)
        elif len(places) > 1:
            self._leave_find()
        else:
            self._show(cursor)

    def action_drop(self) -> None:
        """Take the highlighted item out of the plan."""
        at, index = self.query_one(OptionList).highlighted, self._current
        if at is not None and index is not None:
            self._drop([index], at)

    def action_move(self, by: int) -> None:
        """Have the highlighted item applied later, or earlier."""
        at = self._current
        if self._edit_item is None or at is None or self._query:
            return
        if 0 <= at + by < len(self._plan.items):
            self._plan = self._plan.moved(at, at + by)
            self._show(at + by)

    def action_edit(self, in_editor: bool) -> None:
        """Edit what the highlighted item will do, in the edit pane or in ``$EDITOR``."""
        at = self._current
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
                shown = found_in(self._plan, self._query, self._now)
                self._show(shown.index(index) if index in shown else 0)
            else:
                self.dismiss(None)

        self._edit_item(before, edited, in_editor)

    def action_down(self) -> None:
        """Next item."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Previous item."""
        self.query_one(OptionList).action_cursor_up()
