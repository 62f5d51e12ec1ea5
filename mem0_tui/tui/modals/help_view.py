"""Help: every key that works, from the registry and the focused pane, and the query language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from mem0_tui.model.terms import FIELDS
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.glyphs import draws_ascii, spelt_keys
from mem0_tui.tui.keys import (
    ACTIONS,
    MOVEMENTS,
    Action,
    KeyContext,
    declared,
    keys_of,
    places_of,
    without_key,
    written,
)
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.text_view import TextView

_GRAMMAR = (
    "Words must all be in the text. Terms are joined by and.",
    "type:decision,convention  one of several       -type:session_state  not",
    'app:none  has none       app:shop*  wildcards       "exact words"',
    "age>90d   created:2026-05..   confidence<0.3   meta.branch:main",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of help: the keys (or the query field), and what they do."""

    keys: str
    text: str
    name: str = ""
    """What the footer and the settings call it; it is found by this too."""


class _HelpText(TextView):
    PREFIX = "help"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--title", "help--key", "help--muted"}


class HelpView(FramedModal[None]):
    """Shows the help for one screen; typing narrows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll(1)", "down", show=False),
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
        Binding("f1", "leave", "close", show=False),
    ]
    LARGE = True

    def __init__(
        self,
        screen: Screen[object],
        keymap: Mapping[str, str],
        offers: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """*offers* says of Textual's action strings whether there is any use in them here."""
        super().__init__()
        self._sections = [
            *_own_sections(screen.focused or screen, offers),
            *_action_sections(places_of(type(screen)), keymap, offers),
            *_command_section(places_of(type(screen))),
            ("lists", [Topic(written(keys), text) for keys, text in MOVEMENTS]),
        ]

    def title_text(self) -> str:
        return "Help"

    def keys_text(self) -> str:
        return "type to narrow   ↑↓ PgUp PgDn scroll   Esc close"

    def body(self) -> Iterable[Widget]:
        yield Input(placeholder="narrow: a key or a word", id="help-find", compact=True)
        yield _HelpText(id="help-text")

    def on_mount(self) -> None:
        self._show("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def action_scroll(self, by: int) -> None:
        """Scroll the text while the input keeps the focus."""
        self.query_one(_HelpText).scroll_relative(y=by, animate=False, force=True)

    def _show(self, wanted: str) -> None:
        lines: list[Line] = []
        ascii_only = draws_ascii(self.app)
        for title, topics in self._sections:
            fitting = [topic for topic in topics if _fits(wanted, title, topic)]
            if ascii_only:
                fitting = [replace(topic, keys=spelt_keys(topic.keys)) for topic in fitting]
            if fitting:
                lines += [line((title.capitalize(), "title")), *map(_topic_line, fitting), line()]
        lines += _query_lines(wanted)
        self.query_one(_HelpText).show_lines(lines or [line(("No key does that.", "muted"))])


def _fits(wanted: str, title: str, topic: Topic) -> bool:
    if len(wanted) == 1:
        return wanted in topic.keys.split()
    return wanted.casefold() in f"{title} {topic.keys} {topic.text} {topic.name}".casefold()


def _topic_line(topic: Topic) -> Line:
    return line((f"  {topic.keys:<13} ", "key"), topic.text, indent=16)


def _own_sections(
    focused: Widget, offers: Callable[[str], bool]
) -> Iterator[tuple[str, list[Topic]]]:
    """The keys of the focused widget and what it is in that the registry does not hold."""
    for node in focused.ancestors_with_self:
        topics = [
            Topic(written(binding.key), binding.tooltip or binding.description.capitalize() + ".")
            for binding in declared(type(node))
            if binding.id is None and binding.description and offers(binding.action)
        ]
        if topics:
            yield f"here: {node.BINDING_GROUP_TITLE or type(node).__name__.strip('_')}", topics


def _action_sections(
    places: Iterable[KeyContext], keymap: Mapping[str, str], offers: Callable[[str], bool]
) -> Iterator[tuple[str, list[Topic]]]:
    for where in places:
        here = [each for each in ACTIONS if each.where is where and offers(each.action)]
        topics = [_topic(action, keymap) for action in here]
        if topics:
            yield where.value, topics


def _topic(action: Action, keymap: Mapping[str, str]) -> Topic:
    name = f"{action.label} {action.id}"
    if keys := keys_of(action, keymap):
        return Topic(written(keys), action.help, name)
    usual = written(action.keys.partition(",")[0])
    why = f"Without a key, as a key of yours is {usual}: {without_key(action)} does it."
    return Topic("no key", f"{action.help} {why}", name)


def _command_section(places: Iterable[KeyContext]) -> Iterator[tuple[str, list[Topic]]]:
    """What the command line takes, where there is one."""
    if KeyContext.BROWSE in places:
        from mem0_tui.tui.commands import command_help

        topics = [Topic(f":{form}", text) for form, text in command_help()]
        yield "commands", topics


def _query_lines(wanted: str) -> list[Line]:
    if len(wanted) == 1:
        return []
    fields = [
        Topic("meta.KEY:" if name == "meta" else f"{name}:", _form(name))
        for name in FIELDS
        if wanted.casefold() in f"query {name} {FIELDS[name].form}".casefold()
    ]
    if not fields:
        return []
    head = [] if wanted else [line(("  " + text, "muted"), indent=4) for text in _GRAMMAR]
    return [line(("What can be searched for", "title")), *head, *map(_topic_line, fields)]


def _form(name: str) -> str:
    field = FIELDS[name]
    return f"{field.form}; also < <= > >=" if field.ordered and name != "age" else field.form
