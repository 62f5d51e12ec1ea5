"""A text cut into tokens, for judging: names, paths, numbers and signs stay whole."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from mem0_tui.detect.repeats.vocabulary import MONTHS, NUMBERS, PERIODS, UNITS, WEEKDAYS
from mem0_tui.model.words import fold, is_unspaced


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    UNIT = "unit"
    WEEKDAY = "weekday"
    MONTH = "month"
    DATE = "date"
    TIME = "time"
    PERIOD = "period"
    NAME = "name"
    """A path, file, address, module or identifier."""
    ID = "id"
    """A ticket, a commit, a UUID: one of many things of a kind."""
    FLAG = "flag"
    SIGN = "sign"
    """An operator, such as ``>=``."""

    @property
    def is_value(self) -> bool:
        """Whether another one tells another fact."""
        return self is not Kind.WORD


class Token(NamedTuple):
    """A piece of a text."""

    key: str
    """Folded; a number word as digits."""
    kind: Kind
    start: int
    end: int
    """Behind its last character."""


_MARKS = (  # vowel signs and accents, which \w leaves out, and what cannot be seen
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903"
    "\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0bcd\u0c00-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff"
)
_W = rf"[\w{_MARKS}]"
_TOKEN = re.compile(
    rf"""
    https?://[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!?]
    | \d{{1,3}}(?:,\d{{3}})+(?![\d,])
    | (?:(?<![^\s(\[{{"'`=,])(?:--?|[.~/@\#$€£¥+:]+))?
      {_W}+ (?: (?:[./:@\\+~\#&'’=-]+ | [?!]\. | [<>=!]=(?=[\d.]) | [<>](?=\d)) {_W}+ )*
      (?: /\*+ | / | [%+\#]+ )?
    | [=!<>]=|&&|\|\||->|=>|→|(?<!\S)[<>=](?!\S)
    """,
    re.VERBOSE,
)
_PART = re.compile(rf"[0-9A-Za-z_]+|[^\W0-9A-Za-z_]{_W}*", re.ASCII)
_QUANTITY = re.compile(r"([$€£¥]?[+-]?\d[\d.,]*)([a-z]{1,3}|%)")
_NUMBER = re.compile(r"[$€£¥+:-]?v?\d+(?:[.,]\d+)*(?:[.-]?(?:rc|beta|alpha|x)\.?\d*)?%?")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d(?:t[\d:.z+-]*)?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|q[1-4]")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?|\d{1,2}(?:am|pm)")
_TICKET = re.compile(r"[a-z][a-z0-9]+-\d+|#\d+|[a-z]{2,5}_[a-z]?\d+[a-z]?")
_HASH = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,64}|[0-9a-f]{8}-[0-9a-f-]{27}")
_NAME = re.compile(r"[/\\_@#=:]|\w\.\w|^[.~]|[<>=!]=|[?!]\.")
_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z][a-z]+[A-Z]")


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of *text* from *start* to *end* in order, with their places in it. Characters of
    scripts without blanks are tokens of their own; Hangul, which has blanks, is read by words."""
    found: list[Token] = []
    at, last = start, len(text) if end is None else end
    if 0 < start < last and not text[start - 1].isspace():  # what stands before it has a say
        space = text.find(" ", start, last)
        at = last if space < 0 else space
        _cut(text, start, at, found)
    pieces, new, append = _PIECES, tuple.__new__, found.append
    for piece in text[at:last].split(" "):
        cut = pieces[piece]
        if cut is None:
            _cut(text, at, at + len(piece), found)
        else:
            for key, kind, begin, behind in cut:  # four times as fast as naming the fields
                append(new(Token, (key, kind, at + begin, at + behind)))
        at += len(piece) + 1
    return found


_MOST_PIECES: Final = 30_000
_LONGEST_PIECE: Final = 40


class _Pieces(dict[str, "tuple[Token, ...] | None"]):
    """The tokens of what stands between two blanks; None where those before it have a say, or
    where it is too long to be met again."""

    def __missing__(self, piece: str) -> tuple[Token, ...] | None:
        found: list[Token] = []
        first = _TOKEN.search(piece) if len(piece) <= _LONGEST_PIECE else None
        if first is not None:
            _cut(piece, 0, len(piece), found)
        if len(self) >= _MOST_PIECES:
            self.clear()
        if len(piece) > _LONGEST_PIECE or (first is not None and first[0].lower() in UNITS):
            return None
        cut = self[piece] = tuple(found)
        return cut


_PIECES: Final = _Pieces()


def _cut(text: str, start: int, end: int, found: list[Token]) -> None:
    """Add the tokens of *text* from *start* to *end* to those *found* before."""
    for match in _TOKEN.finditer(text, start, end):
        raw = match[0]
        if raw.lower() in UNITS and found and found[-1].kind is Kind.NUMBER:
            found.append(Token(UNITS[raw.lower()], Kind.UNIT, *match.span()))
        elif raw.isascii():
            found.extend(_ascii_tokens(raw, match.start()))
        else:
            found.extend(_other_tokens(raw, match.start()))


def _ascii_tokens(raw: str, start: int) -> list[Token]:
    key, kind, split = classified(raw)
    if split:
        number, unit = key[:split], UNITS[key[split:]]
        middle = start + split
        return [
            Token(number.lstrip("+"), Kind.NUMBER, start, middle),
            Token(unit, Kind.UNIT, middle, start + len(raw)),
        ]
    return [Token(key, kind, start, start + len(raw))]


def _other_tokens(raw: str, start: int) -> list[Token]:
    """Tokens of a *raw* piece with characters beyond ASCII."""
    found: list[Token] = []
    held = 0  # where the part begins that is no run of a script without blanks
    for index, character in enumerate(raw):
        if character.isascii() or not _stands_alone(character):
            continue
        found.extend(_folded(raw[held:index], start + held))
        key = fold(character)
        if key:
            found.append(Token(key, Kind.WORD, start + index, start + index + 1))
        held = index + 1
    return found + _folded(raw[held:], start + held)


def _stands_alone(character: str) -> bool:
    return is_unspaced(character) and not (
        "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7ff"
    )


def _folded(raw: str, start: int) -> list[Token]:
    key = fold(raw.replace("’", "'"))
    if not key.strip(" "):
        return []
    if len(key) == len(raw) and key.isascii():
        return _ascii_tokens(key, start)
    return [Token(key, _kind_of(key, key), start, start + len(raw))]


@lru_cache(maxsize=65536)
def classified(raw: str) -> tuple[str, Kind, int]:
    """The key and kind of an ASCII token, and where its unit begins, if it has one."""
    key = raw.lower().rstrip("/") or raw
    quantity = _QUANTITY.fullmatch(key)
    if quantity and quantity[2] in UNITS and not _TIME.fullmatch(key):
        return key, Kind.NUMBER, quantity.start(2)
    kind = _kind_of(key, raw)
    if kind is Kind.NUMBER:
        key = NUMBERS.get(key, key.replace(",", "") if _grouped(key) else key).lstrip("+")
        key = "+" + key if raw.startswith("+") else key
    elif kind is Kind.WEEKDAY:
        key = WEEKDAYS[key]
    elif kind is Kind.MONTH:
        key = MONTHS[key]
    elif kind is Kind.UNIT:
        key = UNITS[key]
    elif kind is Kind.WORD and key.endswith("'s"):
        key = key[:-2] if key not in ("it's", "that's", "there's") else key
    return key, kind, 0


def _grouped(key: str) -> bool:
    return re.fullmatch(r"\d{1,3}(,\d{3})+", key) is not None


def _kind_of(key: str, raw: str) -> Kind:
    if key.isalpha():
        return _kind_of_letters(key, raw)
    if key[0] == "-" and not key[1:2].isdigit():
        return Kind.FLAG
    for pattern, kind in (
        (_DATE, Kind.DATE), (_TIME, Kind.TIME), (_NUMBER, Kind.NUMBER), (_TICKET, Kind.ID),
        (_HASH, Kind.ID),
    ):  # fmt: skip
        if pattern.fullmatch(key):
            return kind
    if not re.search(r"\w", key):
        return Kind.SIGN
    if _NAME.search(key) or any(c.isdigit() for c in key) or key[-1] in "+#*":
        return Kind.NAME
    return Kind.NAME if _CAMEL.search(raw) else Kind.WORD


def _kind_of_letters(key: str, raw: str) -> Kind:
    if key in NUMBERS:
        return Kind.NUMBER
    if key in WEEKDAYS:
        return Kind.WEEKDAY
    if key in MONTHS and key not in ("may", "march") and len(key) > 2:
        return Kind.MONTH
    if key in ("may", "march") and raw[0].isupper() and not raw.isupper():
        return Kind.MONTH
    if key in PERIODS:
        return Kind.PERIOD
    if key in UNITS and len(key) > 2 and key != "min":
        return Kind.UNIT
    return Kind.NAME if _CAMEL.search(raw) and not raw.isupper() else Kind.WORD
