"""Judges two texts by the words in which they differ: no measure of likeness decides.

Numbers, names and dates may make a conflict, never a repeat; so do negation and opposites. Only
what is known to say nothing, or the same, makes a repeat. What is not known is for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import permutations
from typing import NamedTuple

from mem0_tui.detect.repeats import place
from mem0_tui.detect.repeats.boilerplate import Side, affix
from mem0_tui.detect.repeats.difference import Hunk, hunks
from mem0_tui.detect.repeats.opposites import CONTRADICTIONS, OPPOSITES, are_apart, are_opposite
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText
from mem0_tui.detect.repeats.synonyms import inflected, is_past_of
from mem0_tui.detect.repeats.tokens import Kind
from mem0_tui.detect.repeats.vocabulary import LEADING, NOT, word_set
from mem0_tui.detect.repeats.voice import same_in_another_voice
from mem0_tui.model.words import fold

_MOST_HUNKS = 6
_LONGEST_VALUE = 3
_FEWEST_COMMON = 2
"""Words that texts which differ in one must have in common."""
_MODALS = word_set("may can might could will would")
_CLAUSES_TRIED = 4
_HERE = frozenset(("", "incodebase", "inproject", "inrepository"))
"""Where all that a project's memories say holds."""
_MEANS = word_set("using with via through")
"""Words before the tool with which something is done."""


class Relation(StrEnum):
    """What two texts are to each other."""

    REPEAT = "repeat"
    ALIKE = "alike"
    """A repeat, perhaps: a person has to tell."""
    CONFLICT = "conflict"
    CHOICE = "choice"
    """A conflict, perhaps: another word where a value stands."""


class PairJudgement(NamedTuple):
    """How two texts are related."""

    sort: Relation
    affixes: tuple[str, ...] = ()
    """Openings and endings (:func:`~.boilerplate.affix`) that must be boilerplate; if they are not,
    it is *otherwise*."""
    otherwise: Relation | None = None
    spans: tuple[tuple[int, int], tuple[int, int]] | None = None
    """Of a conflict: where the value stands in the text of the one and of the other."""
    yes_or_no: bool = False
    """Of a conflict: whether one denies what the other says."""

    @property
    def reversed(self) -> PairJudgement:
        """The judgement of the same two texts in the other order."""
        return self._replace(spans=self.spans[::-1]) if self.spans else self


class _Part(StrEnum):
    """What one hunk is."""

    NOTHING = "nothing"
    VALUE = "value"
    NOT = "not"
    OPPOSITE = "opposite"
    WORD = "word"
    CHOICE = "choice"
    AFFIX = "affix"


def judge(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    """How *one* and *other* are related; None where they are two memories."""
    if one.keys == other.keys:
        return PairJudgement(Relation.REPEAT) if one.keys else None
    found = hunks(one.keys, other.keys)
    if len(found) > 1 and sorted(one.keys) == sorted(other.keys):
        return _reordered(one, other)
    turned = same_in_another_voice(one, other) if len(found) > 1 else None
    if turned is not None:
        return PairJudgement(Relation.REPEAT if turned else Relation.ALIKE)
    if len(found) > _MOST_HUNKS:
        return None
    parts: dict[_Part, list[Hunk]] = {}
    for hunk in found:
        part = _part(one, other, hunk)
        if part is None:
            return None
        parts.setdefault(part, []).append(hunk)
    parts.pop(_Part.NOTHING, None)
    return _combined(one, other, parts)


def _combined(
    one: ParsedText, other: ParsedText, parts: dict[_Part, list[Hunk]]
) -> PairJudgement | None:
    if not parts:
        return PairJudgement(Relation.REPEAT)
    if len(parts) > 1:
        return None
    ((part, found),) = parts.items()
    if part is _Part.AFFIX:
        return _wrapped(one, other, found)
    if len(found) > 1:
        return None
    hunk = found[0]
    if part is _Part.WORD and place.is_choice(one, other, hunk):
        part = _Part.CHOICE
    common = len(one.words) - (hunk.end - hunk.start)
    if common < (_FEWEST_COMMON if part in (_Part.WORD, _Part.NOT) else 1):
        return None
    spans = (
        _span(one.words, hunk.start, hunk.end),
        _span(other.words, hunk.other_start, hunk.other_end),
    )
    if part is _Part.WORD:
        return PairJudgement(Relation.ALIKE)
    if part is _Part.CHOICE:
        return PairJudgement(Relation.CHOICE, spans=spans)
    if part is _Part.VALUE:
        return (
            PairJudgement(Relation.CONFLICT, spans=spans)
            if place.is_value(one, other, hunk)
            else None
        )
    if part is _Part.OPPOSITE:
        pair = _said(one, hunk.start, other, hunk.other_start)
        return PairJudgement(
            Relation.CONFLICT if pair in CONTRADICTIONS else Relation.CHOICE, spans=spans
        )
    return PairJudgement(Relation.CONFLICT, spans=spans, yes_or_no=True)


def _part(one: ParsedText, other: ParsedText, hunk: Hunk) -> _Part | None:
    ours = one.words[hunk.start : hunk.end]
    theirs = other.words[hunk.other_start : hunk.other_end]
    if _joined(ours) == _joined(theirs):
        return _Part.NOTHING
    if ours and theirs and _all_values(ours) and _all_values(theirs):
        return _Part.VALUE if _same_shape(ours, theirs) else None
    if _is_negation(ours, theirs) or _is_negation(theirs, ours):
        return _Part.NOT
    if len(ours) == len(theirs) == 1:
        if ours[0].kind is theirs[0].kind is Kind.WORD and inflected(ours[0].key, theirs[0].key):
            return _Part.NOTHING
        said = _said(one, hunk.start, other, hunk.other_start)
        if said[0] == said[1] or {*said} <= _MEANS:
            return _Part.NOTHING
        if said in OPPOSITES or are_opposite(ours[0].key, theirs[0].key):
            return _Part.OPPOSITE
        if are_apart(ours[0].key, theirs[0].key):
            return None
        if not hunk.start and not hunk.other_start and _is_past(ours[0].key, theirs[0].key):
            return None
    if len(ours) == len(theirs) == 2 and {ours[0].key, theirs[0].key} == {"for", "to"}:
        return _Part.NOTHING if inflected(ours[1].key, theirs[1].key) else None
    if "prefer" in one.keys and _joined(ours) + _joined(theirs) in ("overto", "toover"):
        return _Part.NOTHING
    if _HERE.issuperset({_joined(ours), _joined(theirs)}):
        return _Part.NOTHING
    if (
        len(ours) == len(theirs)
        and 1 < len(ours) <= _LONGEST_VALUE
        and _word_by_word(one, other, hunk)
    ):
        return _Part.NOTHING
    if _is_infinitive(ours, theirs) or _is_infinitive(theirs, ours):
        return _Part.NOTHING
    return _unknown(one, other, hunk)


def _word_by_word(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether each word of the one says what the word at its place in the other does."""
    places = zip(range(hunk.start, hunk.end), range(hunk.other_start, hunk.other_end), strict=True)
    single = [Hunk(at, at + 1, there, there + 1) for at, there in places]
    return all(_part(one, other, each) is _Part.NOTHING for each in single)


def _is_past(one: str, other: str) -> bool:
    """Whether one tells what was done and the other what is to be done."""
    return (
        one == f"{other}~ed"
        or other == f"{one}~ed"
        or (is_past_of(one, other) or is_past_of(other, one))
    )


def _is_infinitive(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether *ours* is ``to test`` and *theirs* ``testing``."""
    if len(ours) != 2 or len(theirs) != 1 or ours[0].key != "to":
        return False
    return theirs[0].key.endswith("ing") and inflected(ours[1].key, theirs[0].key)


def _unknown(one: ParsedText, other: ParsedText, hunk: Hunk) -> _Part | None:
    """What a hunk is that no list knows."""
    ours, theirs = hunk.end - hunk.start, hunk.other_end - hunk.other_start
    words = (
        *one.words[hunk.start : hunk.end],
        *other.words[hunk.other_start : hunk.other_end],
    )
    values = any(word.kind.is_value for word in words)
    at_edge = (hunk.start == 0 and hunk.other_start == 0) or (
        hunk.end == len(one.words) and hunk.other_end == len(other.words)
    )
    if at_edge and not values and not any(word.key == NOT for word in words):
        return _Part.AFFIX
    if max(ours, theirs) > 1 or any(word.key == NOT for word in words):
        return None
    if any(word.kind in (Kind.SIGN, Kind.FLAG) for word in words):
        return None
    if values and min(ours, theirs) == 0:
        dated = at_edge and hunk.start == 0 and all(word.kind is Kind.DATE for word in words)
        return _Part.WORD if dated else None
    return _Part.WORD


def _wrapped(one: ParsedText, other: ParsedText, found: Sequence[Hunk]) -> PairJudgement | None:
    """The judgement of texts of which each may have an opening or an ending of its own."""
    affixes: list[str] = []
    known = True
    for hunk in found:
        side = Side.OPENING if hunk.start == 0 and hunk.other_start == 0 else Side.ENDING
        for reading, start, end in (
            (one, hunk.start, hunk.end),
            (other, hunk.other_start, hunk.other_end),
        ):
            if start == end:
                continue
            name = affix(reading, side, start, end)
            known = known and name is not None
            affixes.append(name or "")
    hunk = found[0]
    otherwise, spans = None, None
    if len(found) == 1 and max(hunk.end - hunk.start, hunk.other_end - hunk.other_start) == 1:
        plain = _combined(one, other, {_Part.WORD: [hunk]})
        otherwise, spans = (plain.sort, plain.spans) if plain else (None, None)
    if known and otherwise is None:
        otherwise = Relation.ALIKE  # it says something apart: a person has to tell
    if not known:
        return PairJudgement(otherwise, spans=spans) if otherwise else None
    return PairJudgement(Relation.REPEAT, tuple(affixes), otherwise, spans)


def _reordered(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    """The judgement of texts of the same words in another order: the same clauses are a repeat."""
    clauses, others = _clauses(one), _clauses(other)
    if not one.ordered and not other.ordered:
        if clauses[0] == others[0]:
            clauses, others = clauses[1:], others[1:]
        if sorted(clauses) == sorted(others) and all(len(each) > 1 for each in clauses):
            return PairJudgement(Relation.REPEAT)
    if _permuted(clauses, other.keys) or _permuted(others, one.keys):
        return PairJudgement(Relation.REPEAT)
    if _owned(one, other) or _owned(other, one) or _inverted(one, other):
        return PairJudgement(Relation.REPEAT)
    turned = same_in_another_voice(one, other)
    if turned is not None:
        return PairJudgement(Relation.REPEAT if turned else Relation.ALIKE)
    if (one.start or other.start) and _moved(one.keys, other.keys):
        # German puts the verb elsewhere behind an opening, and last behind "dass".
        told = any(each.text[: each.start].rstrip().endswith("dass") for each in (one, other))
        return PairJudgement(Relation.REPEAT if told else Relation.ALIKE)
    moved = not one.ordered and not other.ordered and len(one.keys) > _FEWEST_COMMON + 1
    if one.ordered and other.ordered:
        return None
    if min(len(clauses), len(others)) > 1 or (moved and _moved(one.keys, other.keys)):
        return PairJudgement(Relation.ALIKE)
    return None


def _moved(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether all that differs is where one word stands."""
    at = next(index for index, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1)
    for mine, theirs in ((one, other), (other, one)):
        rest = mine[:at] + mine[at + 1 :]
        for index, key in enumerate(theirs):
            if key == mine[at] and theirs[:index] + theirs[index + 1 :] == rest:
                return True
    return False


def _clauses(reading: ParsedText) -> list[tuple[str, ...]]:
    """The words by clauses; one heading before the only colon is a clause of its own."""
    colons = sum(word.headed for word in reading.words)
    found: list[list[str]] = [[]]
    for word in reading.words:
        heading = word.headed and colons == 1 and len(found) == 1
        if (word.breaks or heading) and found[-1]:
            found.append([])
        found[-1].append(word.key)
    return [tuple(clause) for clause in found]


def _owned(one: ParsedText, other: ParsedText) -> bool:
    """Whether *one* has ``the mailer's limit`` where *other* has ``the limit of the mailer``."""
    if not any(token.key == "of" for token in other.raw):
        return False
    for index, word in enumerate(one.words):
        if not word.owns:
            continue
        for first in range(max(0, index - 2), index + 1):
            owner, rest = one.keys[first : index + 1], one.keys[index + 1 :]
            for size in range(1, 4):
                moved = one.keys[:first] + rest[:size] + owner + rest[size:]
                if moved == other.keys:
                    return True
    return False


def _inverted(one: ParsedText, other: ParsedText) -> bool:
    """Whether *one* says that X is the Y and *other* that the Y is X."""
    sides = [_sides(reading) for reading in (one, other)]
    if sides[0] is None or sides[1] is None:
        return False
    (left, right, definite), (other_left, other_right, other_definite) = sides[0], sides[1]
    return left == other_right and right == other_left and (definite or other_definite)


def _sides(reading: ParsedText) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    """The words before and behind the only ``is``, and whether ``the`` follows it."""
    places = [index for index, token in enumerate(reading.raw) if token.key in ("is", "are")]
    if len(places) != 1 or places[0] + 1 >= len(reading.raw):
        return None
    at = reading.raw[places[0]].start
    left = tuple(word.key for word in reading.words if word.start < at)
    right = tuple(word.key for word in reading.words if word.start > at)
    return left, right, reading.raw[places[0] + 1].key in ("the", "our")


def _permuted(clauses: list[tuple[str, ...]], keys: tuple[str, ...]) -> bool:
    """Whether *keys* are the clauses in another order, one of which may stand anywhere."""
    if not 1 < len(clauses) <= _CLAUSES_TRIED or not any(c[0] in LEADING for c in clauses):
        return False
    return any(sum(order, ()) == keys for order in permutations(clauses))


def _said(one: ParsedText, index: int, other: ParsedText, other_index: int) -> tuple[str, str]:
    """The two words as they were written, folded."""
    mine, theirs = one.words[index], other.words[other_index]
    return fold(one.text[mine.start : mine.end]), fold(other.text[theirs.start : theirs.end])


def _joined(words: Sequence[ContentWord]) -> str:
    return "".join(word.key for word in words).replace("-", "")


def _all_values(words: Sequence[ContentWord]) -> bool:
    return len(words) <= _LONGEST_VALUE and all(word.kind.is_value for word in words)


def _same_shape(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    return [word.kind for word in ours] == [word.kind for word in theirs]


def _is_negation(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether *ours* is *theirs* denied."""
    keys = [word.key for word in ours]
    if NOT not in keys or keys.count(NOT) > 1:
        return False
    rest = [key for key in keys if key != NOT]
    said = [word.key for word in theirs]
    return rest == said or (not rest and len(said) == 1 and said[0] in _MODALS)


def _span(words: Sequence[ContentWord], start: int, end: int) -> tuple[int, int]:
    """Where *words* from *start* to *end* stand in their text; nothing stands before the next."""
    if start < end:
        return words[start].start, words[end - 1].end
    at = words[start].start if start < len(words) else (words[-1].end if words else 0)
    return at, at
