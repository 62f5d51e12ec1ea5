"""The command language of ``:``: what there is to type, and what it comes to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import NothingToDoError, UsageError
from mem0_tui.model.query import FieldTerm, Query, parse
from mem0_tui.review.order import ORDERS, Order
from mem0_tui.tui.keys import ACTIONS, KeyContext


@dataclass(frozen=True, slots=True)
class RunAction:
    """Do what the key of this action does."""

    action_id: str


@dataclass(frozen=True, slots=True)
class ShowQuery:
    """Put this query into the search box."""

    query: Query


@dataclass(frozen=True, slots=True)
class ShowScope:
    """Show these entities; none shows everything, *unscoped* what belongs to none."""

    entities: frozenset[EntityRef]
    unscoped: bool = False


@dataclass(frozen=True, slots=True)
class SortBy:
    """Sort the list."""

    sort: Order


@dataclass(frozen=True, slots=True)
class UseTheme:
    """Use a theme."""

    name: str


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep the query as a saved search of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class ForgetSearch:
    """Do without the saved search of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class AllowWriting:
    """Switch to writing, or to reading only."""

    allowed: bool


Command: TypeAlias = (
    RunAction | ShowQuery | ShowScope | SortBy | UseTheme | SaveSearch | ForgetSearch | AllowWriting
)

_ACTION_WORDS = {
    "w": "plan.open", "apply": "plan.open", "undo": "undo", "redo": "redo", "q": "quit",
    "quit": "quit", "doctor": "health.open", "health": "health.open", "trash": "trash.open",
    "purge": "memory.purge", "prompt": "prompt.open",
    "log": "log.open", "requests": "log.open", "settings": "settings.open", "add": "memory.add",
    "expired": "show.expired", "help": "help", "edit": "memory.editor", "refresh": "view.refresh",
    "all": "mark.all", "palette": "palette.open", "alike": "memory.alike",
}  # fmt: skip
VALUE_HELP = {
    "scope": ("scope ENTITY…", "Show these entities only: user:kim app:shop-api, all or none."),
    "sort": ("sort ORDER", f"Sort by {', '.join(ORDERS)}."),
    "theme": ("theme NAME", "Use this theme, now and the next time."),
    "save": ("save NAME", "Keep the search and what narrows it as a tab of this name."),
    "forget": ("forget NAME", "Remove a tab of your own."),
}
"""The commands that are followed by a value: how they are written, and what they do."""
_WRITING = {"readonly": False, "read-only": False, "write": True}
WITH_VALUE = tuple(VALUE_HELP)
"""The words that are followed by a value."""
WORDS: tuple[str, ...] = (*WITH_VALUE, *_ACTION_WORDS, *_WRITING)
"""The words that a command can begin with; action ids do as well."""


def command_help() -> Iterator[tuple[str, str]]:
    """Every command as it is typed, with other words for the same, and what it does."""
    yield "QUERY", "Show what it finds, such as type:decision age>90d."
    yield from VALUE_HELP.values()
    for action in ACTIONS:
        words = [word for word, id_ in _ACTION_WORDS.items() if id_ == action.id]
        if words:
            yield " :".join(words), action.help
    yield "readonly :read-only", "Write nothing from now on."
    yield "write", "Allow writing."
    yield "ACTION", "Any action by its id in the settings, such as memory.pin."


def read_command(text: str, themes: Sequence[str], searches: Sequence[str] = ()) -> Command | None:
    """What *text* asks for; None when it is blank. *searches* are the user's saved ones.

    Raises:
        UsageError: it is no command and no query; the hint says what may be meant.
    """
    word, _, rest = text.strip().removeprefix(":").strip().partition(" ")
    value = rest.strip()
    if not word:
        return None
    if word in WITH_VALUE:
        return _with_value(word, value, themes, searches)
    simple = _simple(word)
    if simple is not None:
        if value:
            raise UsageError(f":{word} takes nothing after it", hint=f"type :{word} alone")
        return simple
    return _query(word, text.strip().removeprefix(":").strip())


def _simple(word: str) -> Command | None:
    if word in _WRITING:
        return AllowWriting(_WRITING[word])
    if word in _ACTION_WORDS:
        return RunAction(_ACTION_WORDS[word])
    if any(action.id == word and action.where is not KeyContext.HEALTH for action in ACTIONS):
        return RunAction(word)
    return None


def _with_value(word: str, value: str, themes: Sequence[str], searches: Sequence[str]) -> Command:
    if word == "scope":
        return _scope(value)
    if word == "theme":
        return UseTheme(_one_of("theme", value, themes))
    if word == "save":
        if not value:
            raise UsageError(":save needs a name", hint="such as :save old decisions")
        return SaveSearch(value)
    if word == "forget":
        if not searches:
            raise NothingToDoError(
                "no search of yours is saved", hint=":save NAME keeps what is shown"
            )
        return ForgetSearch(_one_of("forget", value, searches, called="saved search"))
    return SortBy(ORDERS[_one_of("sort", value, [*ORDERS])])


def _one_of(word: str, value: str, choices: Sequence[str], *, called: str = "") -> str:
    if value in choices:
        return value
    trouble = f"there is no {called or word} {value!r}" if value else f":{word} needs a name"
    raise UsageError(trouble, hint=_guess(value, choices))


def _guess(value: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(value.casefold(), choices, n=1)
    return f"did you mean {close[0]}?" if close else f"one of {', '.join(choices)}"


def _scope(value: str) -> Command:
    if value in ("", "all", "*"):
        return ShowScope(frozenset())
    if value == "none":
        return ShowScope(frozenset(), unscoped=True)
    entities: set[EntityRef] = set()
    kinds = [kind.value for kind in EntityKind]
    for term in parse(value).terms:
        if not isinstance(term, FieldTerm) or term.key not in kinds or term.negated:
            raise UsageError(f"{term} names no scope", hint="such as :scope user:kim app:shop-api")
        entities |= {EntityRef(EntityKind(term.key), each.text) for each in term.values}
    return ShowScope(frozenset(entities))


def _query(word: str, text: str) -> Command:
    close = difflib.get_close_matches(word.casefold(), WORDS, n=1)
    if not any(sign in word for sign in ":<>="):
        meant = f"did you mean :{close[0]}?" if close else "a query looks like type:decision;"
        raise UsageError(f"there is no command {word!r}", hint=f"{meant} / finds words")
    query = parse(text)
    if any(isinstance(term, FieldTerm) for term in query.terms):
        return ShowQuery(query)
    raise UsageError(f"{word!r} is neither a command nor a query", hint="/ finds words")
