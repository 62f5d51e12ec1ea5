"""The command line: one line at the foot of the screen, with completion and a readable error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mem0_tui.model.errors import UsageError
from mem0_tui.model.text import one_line
from mem0_tui.review.order import ORDERS
from mem0_tui.tui.widgets.line_input import LineHistory, LineInput

if TYPE_CHECKING:
    from mem0_tui.tui.commands import Command


class CommandSuggester(Suggester):
    """Completes command words and their values, and leaves queries to another suggester."""

    def __init__(self, queries: Suggester, themes: Sequence[str], searches: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._queries = queries
        self._values = {"sort": [*ORDERS], "theme": themes, "forget": searches}

    async def get_suggestion(self, value: str) -> str | None:
        """*value* completed, or None."""
        word, blank, rest = value.partition(" ")
        if not blank:
            from mem0_tui.tui.commands import WITH_VALUE, WORDS

            # A word that needs a value goes on with its blank, so that the value can be typed.
            words = (f"{each} " if each in WITH_VALUE else each for each in WORDS)
            close = next((each for each in words if each.startswith(word) and each != word), None)
            return close or await self._queries.get_suggestion(value)
        if word in self._values:
            found = (each for each in self._values[word] if each.startswith(rest) and each != rest)
            return next((f"{word} {each}" for each in found), None)
        return await self._queries.get_suggestion(value)


class _CommandInput(LineInput):
    """The input itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "cursor_right", "complete", show=True, priority=True),
        Binding("escape", "close_line", "close", show=True, key_display="Esc"),
        Binding("up", "earlier(1)", "earlier", show=True),
        Binding("down", "earlier(-1)", "later", show=False),
    ]

    def action_close_line(self) -> None:
        self.post_message(CommandLine.Closed())

    def action_earlier(self, by: int) -> None:
        self.post_message(CommandLine.EarlierRequested(by))


class CommandLine(Vertical):
    """Hidden until it is opened; posts what was entered, once it makes sense."""

    BINDING_GROUP_TITLE = "Command line"

    class Given(Message):
        """A command was entered."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    class Closed(Message):
        """The line was left."""

    class EarlierRequested(Message):
        """An earlier command is wanted, or with a negative number a later one."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._themes: Sequence[str] = ()
        self._searches: Sequence[str] = ()
        self._history = LineHistory()

    def compose(self) -> ComposeResult:
        yield Static("", id="command-problem", markup=False)
        with Horizontal(id="command-line"):
            yield Static(":", id="command-prompt", markup=False)
            yield _CommandInput(
                placeholder="type:decision age>90d, scope user:kim, sort updated, apply, trash …",
                id="command-input",
                compact=True,
            )

    @property
    def input(self) -> Input:
        """The text input."""
        return self.query_one("#command-input", Input)

    def open(self, queries: Suggester, themes: Sequence[str], searches: Sequence[str]) -> None:
        """Show the line, empty, and take the focus."""
        self._themes, self._searches = themes, searches
        self.input.suggester = CommandSuggester(queries, themes, searches)
        self.input.value = ""
        self._say("")
        self.add_class("-open")
        self.input.focus()

    def close(self) -> None:
        """Hide the line; what was typed and not entered comes back with ↑."""
        self._history.keep(self.input.value)
        self.remove_class("-open")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            from mem0_tui.tui.commands import read_command

            command = read_command(event.value, self._themes, self._searches)
        except UsageError as error:
            self._say(f"{one_line(error.message)}: {one_line(error.hint)}")
            return
        if command is None:
            self.post_message(self.Closed())
            return
        self._history.keep(event.value)
        self.post_message(self.Given(command))

    def on_command_line_earlier_requested(self, event: EarlierRequested) -> None:
        """Bring back what was entered before."""
        event.stop()
        self.input.value = self._history.go(event.by, self.input.value)
        self.input.cursor_position = len(self.input.value)

    def _say(self, problem: str) -> None:
        self.query_one("#command-problem", Static).update(Content(problem))
        self.set_class(bool(problem), "-problem")
