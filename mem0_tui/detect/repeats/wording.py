"""Says in a line in what repeats differ, and marks it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.difference import hunks
from mem0_tui.detect.repeats.tokens import Token, tokens
from mem0_tui.detect.suspicion import Mark
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

_MOST_PIECES: Final = 3
_LONGEST_PIECE: Final = 40
_MOST_TOKENS: Final = 2_000
_OPENING, _CLOSING = "([{<\"'`", ")]}>\"'`"

SAME: Final = "the same text"
Marks: TypeAlias = tuple[list[Mark], list[Mark]]


def difference(kept: str, other: str) -> Marks:
    """What differs in two texts: the marks in the one and in the other."""
    ours, theirs = _parts(kept), _parts(other)
    marks: tuple[list[Mark], list[Mark]] = [], []
    for (start, end), (other_start, other_end) in zip(ours, theirs, strict=True):
        if kept[start:end].lower() == other[other_start:other_end].lower():
            continue
        one, two = _differing((kept, start, end), (other, other_start, other_end))
        mine, yours = tokens(kept, *one), tokens(other, *two)
        if max(len(mine), len(yours)) > _MOST_TOKENS:
            continue
        for hunk in hunks([token.key for token in mine], [token.key for token in yours]):
            if hunk.start < hunk.end:
                marks[0].append(_mark(kept, mine, hunk.start, hunk.end))
            if hunk.other_start < hunk.other_end:
                marks[1].append(_mark(other, yours, hunk.other_start, hunk.other_end))
    return marks


def _parts(text: str) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Where the opening, the core and the ending stand."""
    start, end = wrapper.core(text)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return (0, start), (start, end), (end, len(text))


def _differing(
    one: tuple[str, int, int], other: tuple[str, int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """What is left of two parts (text, start, end) without the words at both ends that are equal,
    but for two of them: what a word is may depend on the one before it."""
    (text, start, end), (other_text, other_start, other_end) = one, other
    part, other_part = text[start:end], other_text[other_start:other_end]
    same = _common(part, other_part)
    tail = _common(part[same:][::-1], other_part[same:][::-1])
    blank = part.find(" ", len(part) - tail) if tail else -1
    cut = 0 if blank < 0 else len(part) - blank
    for _ in range(3):
        same = max(0, part.rfind(" ", 0, same))
    return (start + same, end - cut), (other_start + same, other_end - cut)


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at the beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def reason(kept: str, other: str, marks: Marks) -> str:
    """Why *other* is a repeat of *kept*, of which *marks* are the difference."""
    ours, theirs = marks
    if not ours and not theirs:
        return SAME
    if ours and theirs and _keys(kept, ours) == _keys(other, theirs):
        return "the same in another order"
    return f"the same but for {_named(kept, ours, other, theirs)}"


def nearly(one: str, other: str, marks: Marks) -> str:
    """Why a person should look at two texts that are nearly the same."""
    return f"nearly the same: look at {_named(one, marks[0], other, marks[1])}"


def _keys(text: str, marks: Sequence[Mark]) -> list[str]:
    return sorted(token.key for mark in marks for token in tokens(text[mark.start : mark.end]))


def _named(one: str, ours: Sequence[Mark], other: str, theirs: Sequence[Mark]) -> str:
    pieces = [quoted(one, mark.start, mark.end) for mark in ours]
    pieces += [quoted(other, mark.start, mark.end) for mark in theirs]
    pieces = list(dict.fromkeys(pieces))
    if len(pieces) > _MOST_PIECES:
        return f"{', '.join(pieces[:_MOST_PIECES])} and more"
    return " and ".join(filter(None, [", ".join(pieces[:-1]), *pieces[-1:]]))


def quoted(text: str, start: int, end: int) -> str:
    """The piece of *text* from *start* to *end* in quotes, see :func:`shown`."""
    return f'"{shown(text, start, end, _LONGEST_PIECE)}"'


def shown(text: str, start: int, end: int, longest: int) -> str:
    """The piece of *text* from *start* to *end* for a line of ours: on one line, of *longest*
    characters at most, and no part of a secret."""
    piece = text[start:end]
    if piece not in _redacted(text):
        piece = redact(piece)
        if piece == text[start:end]:
            return "…"
    line = one_line(piece)
    return line if len(line) <= longest else line[: longest - 1] + "…"


@lru_cache(maxsize=64)
def _redacted(text: str) -> str:
    return redact(text)


def _mark(text: str, all_: Sequence[Token], start: int, end: int) -> Mark:
    """The mark of tokens, with the brackets or quotes around them."""
    first, last = all_[start].start, all_[end - 1].end
    while first > 0 and last < len(text) and text[first - 1] in _OPENING:
        closing = _CLOSING[_OPENING.index(text[first - 1])]
        if text[last] != closing:
            break
        first, last = first - 1, last + 1
    return Mark(first, last)
