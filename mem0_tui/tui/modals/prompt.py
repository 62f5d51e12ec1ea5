"""Asks for one line of text, checks it as it is typed, and offers what there is to choose from.

What is entered may be something new; that it is new is said before, for it may be half a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import quoted
from mem0_tui.tui.modals.base import FramedModal


class Prompt(FramedModal[str]):
    """Dismisses with the text that was entered, once *check* has nothing against it."""

    def __init__(
        self,
        title: str,
        explanation: str,
        *,
        value: str = "",
        choices: Sequence[str] = (),
        check: Callable[[str], str | None] = lambda _: None,
        announces_new: bool = True,
    ) -> None:
        """*announces_new* says before that what is not among *choices* would be new."""
        super().__init__()
        self._title, self._explanation, self._value = title, explanation, value
        self._choices, self._check = list(choices), check
        self._announces_new = announces_new

    def title_text(self) -> str:
        return self._title

    def keys_text(self) -> str:
        return ("↓ choose   → complete   " if self._choices else "") + "⏎ accept   Esc cancel"

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._explanation), classes="question")
        yield Input(
            self._value,
            id="prompt-input",
            select_on_focus=True,
            suggester=SuggestFromList(self._choices, case_sensitive=False),
        )
        yield Static("", id="prompt-problem", markup=False)
        if self._choices:
            yield OptionList(id="prompt-choices")

    def on_mount(self) -> None:
        self._offer("")
        self.query_one(Input).focus()

    def _offer(self, typed: str) -> None:
        if not self._choices:
            return
        options = self.query_one(OptionList)
        options.clear_options()
        close = [c for c in self._choices if typed.casefold() in c.casefold()] or self._choices
        options.add_options(Option(Content(quoted(choice)), id=None) for choice in close)
        self._offered = close

    def on_input_changed(self, event: Input.Changed) -> None:
        self._offer(event.value if event.value != self._value else "")
        self._show_problem(event.value)

    def _show_problem(self, text: str) -> bool:
        problem = self._check(text)
        new = (
            self._announces_new and bool(self._choices) and text.strip() not in ("", *self._choices)
        )
        notice = f"there is no «{one_line(text.strip())}» yet; ⏎ makes it" if new else ""
        shown = self.query_one("#prompt-problem", Static)
        shown.set_class(problem is None, "-notice")
        shown.update(Content(problem or notice))
        return problem is None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._show_problem(event.value):
            self.dismiss(event.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        choice = self._offered[event.option_index]
        if self._check(choice) is None:
            self.dismiss(choice)

    def key_down(self) -> None:
        """From the input to the choices."""
        if self._choices and self.query_one(Input).has_focus:
            self.query_one(OptionList).focus()
