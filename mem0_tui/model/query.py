"""The one-line query language: what `/` and the command line take.

    type:decision -type:session_state app:shop-api user:kim age>90d created:2026-05..
    has:category words "exact words" confidence<0.3 pinned:yes meta.branch:main

Terms are joined by and; one ``-`` before a term negates it, but ``--maxfail`` is a word; commas
give alternatives (``type:decision,convention``). ``*`` and ``?`` are wildcards where they are not
quoted, in values and, for anything but blanks, in words. ``none`` means «has no such value».
``kind`` is a memory's type, else its first category; ``session`` the session in its metadata, or
its run. ``shared:yes`` is what all users of an app share through Mem0's plugin, ``shared:no`` what
is one user's own; beside ``user:kim``, ``shared:yes`` adds what is shared, for that is what Kim
sees.
Words are found as :mod:`mem0_tui.model.words` says, whatever their case and accents. Ids and types
match to the letter (user, agent, app, run, id, type, kind), other values whatever their case.
``age:>90d`` is read as ``age>90d``.
``NAME=…`` is a word where NAME is no field, since memories hold settings and keys.
``parse(str(query)) == query`` for every query.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime
from typing import TypeAlias

from mem0_tui.model.errors import QueryError
from mem0_tui.model.filter import EVERYTHING, NOTHING, Filter, Not, all_of, any_of
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.terms import (
    FIELDS,
    KEY_NAMES,
    RECORDED,
    field_filter,
    is_true,
    problem,
    word_filter,
)

_HEAD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*(?:\.[^\s:=<>\",]+)?)(<=|>=|[:=<>])")
_NEGATION = re.compile(r"-(?=[^\s-])")
_ORDER = re.compile(r"<=|>=|[<>]")
_BARE = re.compile(r"[^\s,\"]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SPACE = re.compile(r"\s*")
_PLAIN_VALUE = re.compile(r"[^\s,\"]+")


@late_dataclass(frozen=True)
class Literal:
    """A value as written; quoted ones are taken to the letter."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        if not self.quoted and _PLAIN_VALUE.fullmatch(self.text):
            return self.text
        escaped = self.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


@late_dataclass(frozen=True)
class Word:
    """Text that the memory must hold, whatever its case and accents."""

    value: Literal
    negated: bool = False

    def __str__(self) -> str:
        value = self.value
        if self.negated and value.text.startswith("-"):  # two would be read as part of the word
            value = replace(value, quoted=True)
        return f"{'-' if self.negated else ''}{value}"


@late_dataclass(frozen=True)
class FieldTerm:
    """A condition on one field; several values are alternatives."""

    key: str
    op: str
    """``:``, ``<``, ``<=``, ``>`` or ``>=``."""
    values: tuple[Literal, ...]
    negated: bool = False
    condition: Filter | None = field(default=None, compare=False, repr=False)
    """What it means, negation included, where it is about what is recorded outside of memories."""

    def __str__(self) -> str:
        sign = "-" if self.negated else ""
        values = ",".join(map(str, self.values))
        # What begins like the rest of an address would be read as one after a colon.
        op = "=" if self.op == ":" and values.startswith("//") else self.op
        return f"{sign}{self.key}{op}{values}"


Term: TypeAlias = Word | FieldTerm

_NOT_UNSHARED = FieldTerm("shared", ":", (Literal("no"),), negated=True)
"""Finds what ``shared:yes`` does, and adds to nothing."""


@late_dataclass(frozen=True)
class Query:
    """A parsed query; empty, it matches everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> str:
        """The words to search for, as one phrase, without the negated ones and the conditions."""
        return " ".join(
            term.value.text for term in self.terms if isinstance(term, Word) and not term.negated
        )

    @property
    def conditions(self) -> Query:
        """This query without its words: what semantic search filters by."""
        return Query(tuple(t for t in self.terms if not isinstance(t, Word) or t.negated))

    @property
    def adds_shared(self) -> bool:
        """Whether ``shared:yes`` adds to what belongs to the users that it names."""
        return any(map(_is_shared, self.terms)) and any(map(_names_users, self.terms))

    def and_(self, other: Query) -> Query:
        """The query for what matches both: their terms together, each once."""
        mine, its = _apart(self, other), _apart(other, self)
        return Query(mine + tuple(term for term in its if term not in mine))

    @property
    def asks_records(self) -> bool:
        """Whether it asks what Codex did with memories, which has to be told to it."""
        return any(isinstance(t, FieldTerm) and t.key in RECORDED for t in self.terms)

    @property
    def untold(self) -> tuple[FieldTerm, ...]:
        """The terms that ask what Codex did, and find nothing because nobody could tell it."""
        asking = (t for t in self.terms if isinstance(t, FieldTerm) and t.key in RECORDED)
        return tuple(t for t in asking if t.condition is None and not _asks_unrecorded(t))

    def told(self, meaning: Callable[[FieldTerm], Filter]) -> Query:
        """This query, knowing what its terms about Codex mean: *meaning* says so of each, its
        negation included. Until then they find nothing, but ``used:none`` everything."""
        return Query(
            tuple(
                replace(term, condition=meaning(term))
                if isinstance(term, FieldTerm) and term.key in RECORDED
                else term
                for term in self.terms
            )
        )

    def filter(self, now: datetime) -> Filter:
        """The condition that this query puts on memories at the moment *now* (aware)."""
        if not self.adds_shared:
            return all_of(_term_filter(term, now) for term in self.terms)
        shared = next(_term_filter(term, now) for term in self.terms if _is_shared(term))
        rest = (term for term in self.terms if not _is_shared(term))
        return all_of(
            any_of([condition, shared]) if _names_users(term) else condition
            for term, condition in ((term, _term_filter(term, now)) for term in rest)
        )


def parse(text: str) -> Query:
    """*text* as a query.

    Raises:
        QueryError: with the column of the first part that does not fit, and what would.
    """
    return _Parser(text).query()


def _close_to(key: str, *, cutoff: float = 0.6) -> list[str]:
    """The name of the field that *key* is a misspelling of, if there is one."""
    return difflib.get_close_matches(key.casefold(), KEY_NAMES, n=1, cutoff=cutoff)


def _is_shared(term: Term) -> bool:
    """Whether it is ``shared:yes``."""
    if not isinstance(term, FieldTerm) or term.key != "shared" or term.negated:
        return False
    return any(is_true(value.text) for value in term.values)


def _names_users(term: Term) -> bool:
    """Whether it is ``user:`` with the ids of users."""
    if not isinstance(term, FieldTerm) or term.key != "user" or term.negated:
        return False
    return all(value.quoted or value.text.casefold() != "none" for value in term.values)


def _apart(query: Query, other: Query) -> tuple[Term, ...]:
    """The terms of *query*; those that would add to what *other* finds, written as not doing so."""
    if query.adds_shared or not any(map(_names_users, other.terms)):
        return query.terms
    return tuple(_NOT_UNSHARED if _is_shared(term) else term for term in query.terms)


def _asks_unrecorded(term: FieldTerm) -> bool:
    """Whether it is ``used:none``, which is what nothing is recorded of."""
    if term.key != "used" or term.op != ":" or term.negated:
        return False
    return any(value.text.casefold() == "none" for value in term.values)


def _term_filter(term: Term, now: datetime) -> Filter:
    if isinstance(term, Word):
        condition = word_filter(term.value.text, quoted=term.value.quoted)
    elif term.key in RECORDED:
        if term.condition is not None:
            return term.condition
        return EVERYTHING if _asks_unrecorded(term) else NOTHING
    else:
        values = tuple((value.text, value.quoted) for value in term.values)
        condition = field_filter(term.key, term.op, values, now)
    return Not(condition) if term.negated else condition


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def query(self) -> Query:
        terms: list[Term] = []
        self._skip_space()
        while self.at < len(self.text):
            terms.append(self._term())
            self._skip_space()
        return Query(tuple(terms))

    def _term(self) -> Term:
        start = self.at
        negated = bool(_NEGATION.match(self.text, start))
        self.at += negated
        head = _HEAD.match(self.text, self.at)
        if head and not self.text.startswith("://", head.end() - 1):
            key = head.group(1)
            if key.partition(".")[0].casefold() in FIELDS:
                return self._field_term(head, negated)
            part_of_name = self.text.startswith("::", head.end() - 1)  # std::vector
            if (head.group(2) == ":" and not part_of_name) or (
                head.group(2) != "=" and _close_to(key, cutoff=0.75)
            ):
                raise self._unknown_field(key, head.group(2))
        return Word(self._word(), negated)

    def _field_term(self, head: re.Match[str], negated: bool) -> FieldTerm:
        name, _, rest = head.group(1).partition(".")
        name = name.casefold()
        column = self.at + 1
        if (name == "meta") != bool(rest):
            expected = "meta.KEY, such as meta.branch:main" if not rest else f"{name}:VALUE"
            raise self._error(f"{head.group(1)} is not a field", column, expected)
        op = ":" if head.group(2) == "=" else head.group(2)
        self.at = head.end()
        if op == ":" and FIELDS[name].ordered and (sign := _ORDER.match(self.text, self.at)):
            op, self.at = sign.group(), sign.end()
        values = [self._value(name, op)]
        while self.text.startswith(",", self.at):
            self.at += 1
            values.append(self._value(name, op))
        if op != ":" and len(values) > 1:
            raise self._error(f"{name}{op} takes one value", column, f"{name}{op}VALUE")
        return FieldTerm(f"{name}.{rest}" if rest else name, op, tuple(values), negated)

    def _value(self, name: str, op: str) -> Literal:
        column = self.at + 1
        field = FIELDS[name]
        if self.at >= len(self.text) or self.text[self.at].isspace() or self.text[self.at] == ",":
            raise self._error(f"{name}{op} has no value", column, field.form)
        literal = self._quoted() if self.text[self.at] == '"' else self._bare_value()
        trouble = problem(name, op, literal.text)
        if trouble:
            raise self._error(trouble, column, field.form)
        return literal

    def _bare_value(self) -> Literal:
        found = _BARE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return Literal(found.group())

    def _word(self) -> Literal:
        if self.text[self.at] == '"':
            return self._quoted()
        end = self.at
        while end < len(self.text) and not self.text[end].isspace() and self.text[end] != '"':
            end += 1
        word, self.at = self.text[self.at : end], end
        # A word with a comma would print as a quoted one: they match the same.
        return Literal(word, quoted=not _PLAIN_VALUE.fullmatch(word))

    def _quoted(self) -> Literal:
        found = _QUOTED.match(self.text, self.at)
        if not found:
            raise self._error("a quote is not closed", self.at + 1, 'a closing "')
        self.at = found.end()
        text = re.sub(r"\\(.)", r"\1", found.group(1), flags=re.DOTALL)
        if not text:
            raise self._error("the quotes are empty", found.start() + 1, "words between quotes")
        return Literal(text, quoted=True)

    def _unknown_field(self, key: str, sign: str) -> QueryError:
        close = _close_to(key)
        guess = f"{close[0]}{sign}…, or " if close else ""
        known = "" if close else f" ({', '.join(KEY_NAMES)})"
        return self._error(
            f"there is no field {key!r}",
            self.at + 1,
            f'{guess}a known field{known}, or "{key}{sign}…" in quotes to search for the text',
        )

    def _error(self, message: str, column: int, expected: str) -> QueryError:
        return QueryError(message, query=self.text, column=column, expected=expected)

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
