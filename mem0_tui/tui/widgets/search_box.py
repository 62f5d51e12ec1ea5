"""The search box: words narrow as they are typed, Tab ranks by meaning instead."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from mem0_tui.model.errors import QueryError
from mem0_tui.model.query import Query, parse
from mem0_tui.model.text import one_line
from mem0_tui.review.view import FindMode
from mem0_tui.tui.painting.direct_paint import DirectPaint
from mem0_tui.tui.suggest import QuerySuggester
from mem0_tui.tui.widgets.line_input import LineHistory, LineInput


class _QueryInput(LineInput, DirectPaint):
    """The input itself; the box's own keys work inside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "box_mode", "words/meaning", show=True, priority=True, key_display="Tab"),
        Binding("escape", "box_leave", "clear", show=True, key_display="Esc"),
        Binding("enter", "box_list", "to the list", show=True, key_display="⏎"),
        Binding("up", "box_earlier", "earlier", show=True, tooltip="The search before."),
        Binding("down", "box_later", "later", show=False, tooltip="The later search; to the list."),
    ]

    @property
    def content_width(self) -> int:
        """At least the box's own: Textual lays out the whole screen when it becomes another."""
        return max(super().content_width if self.value else 0, self.size.width)

    def render_line(self, y: int) -> Strip:
        """The line as Textual draws it, with a sign at its end where there is more of it."""
        strip = super().render_line(y)
        width, at = self.size.width, self.scroll_offset.x
        whole = cell_len(self.value or self.placeholder)
        if y or self.has_focus or not 0 < width < whole - at:
            return strip
        before = strip.crop(0, width - 1)
        style = next((segment.style for segment in reversed(list(before))), None)
        return Strip([*before, Segment("…", style)])

    def on_resize(self) -> None:
        self.set_reactive(Widget.virtual_size, Size(self.content_width, 1))

    def action_box_mode(self) -> None:
        self.post_message(SearchBox.ModeRequested())

    def action_box_leave(self) -> None:
        self.post_message(SearchBox.Left(clear=True))

    def action_box_list(self) -> None:
        self.post_message(SearchBox.Left(clear=False))

    def action_box_earlier(self) -> None:
        self._box.show_earlier(1)

    def action_box_later(self) -> None:
        if self._box.history.browsing:
            self._box.show_earlier(-1)
        else:
            self.action_box_list()

    def on_blur(self) -> None:
        self._box.history.keep(self.value)

    @property
    def _box(self) -> SearchBox:
        return next(each for each in self.ancestors if isinstance(each, SearchBox))


class _Mode(Static):
    """What the words do; a click changes it as Tab does."""

    def on_click(self) -> None:
        self.post_message(SearchBox.ModeRequested())


class SearchBox(Vertical):
    """Holds the query as text, and parsed in :attr:`asked`; shows where it does not parse."""

    BINDING_GROUP_TITLE = "Search"

    mode: var[FindMode] = var(FindMode.WORDS)
    asked: var[tuple[Query, FindMode]] = var((Query(), FindMode.WORDS), always_update=True)
    """What is looked for, and what its words do. To be watched: a message would come when the
    letter has been painted, and the rows could have been read meanwhile."""

    class ModeRequested(Message):
        """Tab was pressed in the box."""

    class Left(Message):
        """The user goes back to the list."""

        def __init__(self, *, clear: bool) -> None:
            super().__init__()
            self.clear = clear

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.suggester = QuerySuggester()
        self.history = LineHistory()
        """What was searched for."""
        self._shown = ""
        self._tells = True
        self._wrong = False
        self._hinted = ""
        self._note = self._order = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="search-line"):
            yield Static("/", id="search-prompt", markup=False)
            yield _QueryInput(
                placeholder="find: words, type:decision, app:shop-api, age>90d …",
                id="search-input",
                compact=True,
                select_on_focus=False,
                suggester=self.suggester,
            )
            yield _Mode("", id="search-mode", markup=False)
        yield Static("", id="search-error", markup=False)

    def on_mount(self) -> None:
        self.note("")
        self.watch(self.input, "value", self._publish, init=False)

    @property
    def input(self) -> Input:
        """The text input."""
        return self.query_one("#search-input", Input)

    def enter(self) -> None:
        """Take the focus. What is typed first takes the place of the text, an arrow keeps it."""
        self.input.focus()
        self.input.action_select_all()

    def show_earlier(self, by: int) -> None:
        """Search for what was searched for *by* searches before this, or later where negative."""
        self.set_text(self.history.go(by, self.input.value))

    def set_text(self, text: str) -> None:
        """Replace the query's text."""
        self.input.value = text
        self.input.cursor_position = len(text)

    def show(self, text: str, mode: FindMode) -> None:
        """Show the query *text* and what its words do, without telling it."""
        self.mode = mode
        self.note("")
        self._tells = False
        self.set_text(text)
        self._tells = True
        if not self.input.has_focus:  # to somebody who reads it, its beginning tells more
            self.input.call_after_refresh(self.input.scroll_to, x=0, animate=False, force=True)

    def clear(self) -> None:
        """Search for nothing; what is typed next narrows by words."""
        self.history.keep(self.input.value)
        self.show("", FindMode.WORDS)
        self._publish("")

    def note(self, text: str) -> None:
        """Show *text* at the right end: what is to be known about what was found."""
        self._note = text
        self._show_mode()

    def hint(self, text: str) -> None:
        """Show *text*, a safe line, below a query that parses; empty shows nothing."""
        if not self._wrong and text != self._hinted:
            self._hinted = text
            self.query_one("#search-error", Static).update(text)
            self.set_class(bool(text), "-error")

    def show_order(self, text: str) -> None:
        """Show *text* at the right end for as long as it is the order; empty where it is usual."""
        self._order = text
        self._show_mode()

    def _show_mode(self) -> None:
        words = "words ⇥ meaning" if self.mode is FindMode.WORDS else "meaning ⇥ words"
        ranked = self.mode is FindMode.MEANING and bool(self.input.value)
        order = "" if ranked else self._order
        shown = "  ".join(part for part in (self._note, order, words) if part)
        mode = self.query_one("#search-mode", Static)
        # While letters are typed it may leave blanks: its width costs a layout of the screen.
        fits = cell_len(shown) <= mode.size.width
        tight = bool(self.input.value) or cell_len(shown) == mode.size.width
        if shown != self._shown or not (fits and tight):
            self._shown = shown
            mode.update(shown, layout=not (fits and tight))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    def on_search_box_mode_requested(self, event: ModeRequested) -> None:
        event.stop()
        self.mode = FindMode.MEANING if self.mode is FindMode.WORDS else FindMode.WORDS
        self.note("")
        self._publish(self.input.value)

    def _publish(self, text: str) -> None:
        error = self.query_one("#search-error", Static)
        if not text:
            self._show_mode()
        try:
            query = parse(text)
        except QueryError as problem:
            pointer = " " * (problem.column - 1) + "▲"
            error.update(f"{pointer}\n{one_line(problem.message)} · {one_line(problem.hint)}")
            self.add_class("-error")
            self._wrong = True
            return
        self._wrong, self._hinted = False, ""
        self.remove_class("-error")
        if self._tells:
            self.asked = query, self.mode
