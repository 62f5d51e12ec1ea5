"""One of a few values; a theme is shown as it is before it is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mem0_tui.tui.modals.base import FramedModal

_SAMPLE = (
    ("decision", "$type-decision"),
    ("  Orders live in PostgreSQL\n", "$foreground"),
    ("learning", "bold $type-task-learning on $cursor-row"),
    ("  Retries need an idempotency key\n", "bold on $cursor-row"),
    ("pattern ", "$type-anti-pattern"),
    ("  Never mock the clock ", "$foreground"),
    (" 3d\n", "$muted"),
    ("✓ ok  ", "$success"),
    ("! warning  ", "$warning"),
    ("✗ broken  ", "$error"),
    ("D delete", "$accent"),
)
"""What a theme does with kinds, a chosen row, what is less important, statuses and a change."""


class Choice(FramedModal[str]):
    """Dismisses with the value that was chosen."""

    def __init__(
        self, title: str, about: str, choices: Sequence[str], present: str, *, themes: bool = False
    ) -> None:
        """*themes*: the choices are themes, and the app takes on the one under the cursor until
        something is chosen."""
        super().__init__()
        self._title, self._about = title, about
        self._choices, self._present, self._themes = list(choices), present, themes
        self._before = ""

    def title_text(self) -> str:
        return self._title

    def keys_text(self) -> str:
        return "↑↓ look   ⏎ use   Esc cancel" if self._themes else "⏎ use   Esc cancel"

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._about), classes="question")
        yield OptionList(*(Option(Content(choice)) for choice in self._choices), id="choices")
        if self._themes:
            yield Static(Content.assemble(*_SAMPLE), id="theme-sample")

    def on_mount(self) -> None:
        self._before = self.app.theme
        options = self.query_one(OptionList)
        if self._present in self._choices:
            options.highlighted = self._choices.index(self._present)
        options.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._themes:
            self.app.theme = self._choices[event.option_index]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index])

    def action_leave(self) -> None:
        """Everything looks as it did before."""
        self.app.theme = self._before
        self.dismiss(None)
