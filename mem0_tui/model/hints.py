"""What may be wrong with a query: values that no memory has, words that were meant as conditions.

Nothing here reads memories: the values that there are come from whoever knows them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping

from mem0_tui.model.filter import glob_pattern
from mem0_tui.model.query import FieldTerm, Literal, Query, Word
from mem0_tui.model.terms import FIELDS

Values = Mapping[str, Collection[str]]
"""The values that memories have, by field of the query language: ``kind``, ``user``, ``app`` …"""

_SETTING = re.compile(r"([A-Za-z_]+)=(.+)", re.DOTALL)
_COMPARISON = re.compile(r"([A-Za-z_]+)[<>]=?[0-9].*", re.DOTALL)
_CONNECTIVES = {
    "AND": "terms are joined by and, without a word",
    "OR": "alternatives are written with a comma, such as type:decision,note",
    "NOT": "a - before a term leaves out what it finds, such as -type:note",
}
_WILD = re.compile(r"[*?]")
_ALIKE = 0.75


def unknown_values(query: Query, values: Values, *, negated: bool | None = None) -> list[str]:
    """A sentence for each value of *query* that is not among the known *values* of its field, with
    the nearest that is; only for terms that are *negated* or not, if that is given."""
    found: list[str] = []
    for term in query.terms:
        if not isinstance(term, FieldTerm) or term.op != ":" or term.key not in values:
            continue
        if negated is not None and term.negated is not negated:
            continue
        known = values[term.key]
        wrong = (value for value in term.values if not _is_known(value, known))
        found += [_sentence(term, value, known, values) for value in wrong]
    return found


def widened(query: Query) -> list[str]:
    """A sentence that says so where ``shared:yes`` adds memories instead of leaving some out."""
    if not query.adds_shared:
        return []
    users = next(t for t in query.terms if isinstance(t, FieldTerm) and t.key == "user")
    return [f"shared:yes adds what all users share to what is {users}; -shared:no narrows to it"]


def misread_words(query: Query) -> list[str]:
    """A sentence for each word such as ``typ=decision``, ``score>3`` or ``OR``, which is no
    condition, and joins none."""
    found = [_misread(term) for term in query.terms if isinstance(term, Word)]
    return [f"{term} is looked for as a word; {meant}" for term, meant in found if meant]


def _misread(term: Word) -> tuple[Word, str]:
    """What may have been meant by *term*; blank where a word was."""
    text = term.value.text
    if term.value.quoted:
        return term, ""
    if text in _CONNECTIVES:
        return term, _CONNECTIVES[text]
    if setting := _SETTING.fullmatch(text):
        close = difflib.get_close_matches(setting[1].casefold(), FIELDS, n=1, cutoff=_ALIKE)
        return term, f"did you mean {close[0]}:{setting[2]}?" if close else ""
    compared = _COMPARISON.fullmatch(text)
    return term, f"there is no field {compared[1]}" if compared else ""


def _is_known(value: Literal, known: Collection[str]) -> bool:
    text = value.text
    if value.quoted:
        return text in known
    if text == "*" or text.casefold() in ("none", "untyped"):
        return True
    if not _WILD.search(text):
        return text in known
    pattern = glob_pattern(text)
    return any(pattern.match(each) for each in known)


def _sentence(term: FieldTerm, value: Literal, known: Collection[str], values: Values) -> str:
    hint = f"no memory has {term.key}:{value}"
    if term.negated:
        hint = f"-{term.key}:{value} leaves out nothing: {hint}"
    if term.key == "type" and value.text in values.get("kind", ()):
        return f"{hint}; did you mean kind:{value}?"
    near = nearest(value.text, known)
    return hint if near is None else f"{hint}; did you mean {term.key}:{Literal(near)}?"


def nearest(text: str, known: Collection[str]) -> str | None:
    """The value among *known* that *text* may be a misspelling of; letters of another case count
    as equal, and wildcards stand for what they would match then."""
    folded = {each.casefold(): each for each in sorted(known)}
    pattern = glob_pattern(text.casefold())
    for name, each in folded.items():
        if pattern.match(name):
            return each
    plain = _WILD.sub("", text.casefold())
    close = difflib.get_close_matches(plain, folded, n=1)
    return folded[close[0]] if close else None
