"""Whether two texts in different words give different values."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.tokens import Kind

_SECONDS: Final = {
    "ms": 0.001, "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
    "month": 2_592_000, "year": 31_536_000,
}  # fmt: skip
_SHORTEST_PART = 2


class _Value(NamedTuple):
    kind: Kind
    said: str


def are_other_values(one: ParsedText, other: ParsedText) -> bool:
    """Whether each text gives a value of a kind that the other gives another of: two days and 48
    hours are the same, and so are ``v7`` and ``UUIDv7``."""
    ours, theirs = _values(one), _values(other)
    for kind in {value.kind for value in ours} & {value.kind for value in theirs}:
        mine = {value.said for value in ours - theirs if value.kind is kind}
        yours = {value.said for value in theirs - ours if value.kind is kind}
        if mine and yours and not any(_holds(a, b) or _holds(b, a) for a in mine for b in yours):
            return True
    return False


def _holds(one: str, other: str) -> bool:
    """Whether *other* is a name in the name *one*."""
    return len(other) >= _SHORTEST_PART and not other.isdecimal() and other in one


def _values(text: ParsedText) -> frozenset[_Value]:
    found = []
    for word, behind in pairwise((*text.words, None)):
        assert word is not None
        if word.kind is Kind.NUMBER and behind is not None and behind.kind is Kind.UNIT:
            found.append(_Value(Kind.NUMBER, _quantity(word.key, behind.key)))
        elif word.kind is Kind.NUMBER and _said(text, word.start, word.end) == "one":
            pass  # which is often not meant as a number
        elif word.kind is not Kind.UNIT and word.kind.is_value:
            found.append(_Value(word.kind, word.key))
    return frozenset(found)


def _said(text: ParsedText, start: int, end: int) -> str:
    return text.text[start:end].lower()


def _quantity(number: str, unit: str) -> str:
    seconds = _SECONDS.get(unit)
    if seconds is None:
        return f"{number} {unit}"
    try:
        return f"{float(number.replace(',', '')) * seconds:g} s"
    except ValueError:
        return f"{number} {unit}"
