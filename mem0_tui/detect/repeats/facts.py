"""Whether two texts in other words give one subject another value, or one denies the other.

A fact is a subject, of words that count in any order, and one value; how it is put does not
matter: ``The Mulberry server runs on 5173`` and ``Mulberry's server uses port 3000``. Subjects
are equal or there is no conflict: who has a word more may speak of a part, so that is for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from mem0_tui.detect.repeats import place
from mem0_tui.detect.repeats.carriers import ASPECTS, CARRIERS
from mem0_tui.detect.repeats.derivation import root
from mem0_tui.detect.repeats.difference import Hunk
from mem0_tui.detect.repeats.opposites import CONTRADICTIONS, OPPOSITES, are_apart, are_opposite
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText
from mem0_tui.detect.repeats.relation import PairJudgement, Relation
from mem0_tui.detect.repeats.tokens import Kind
from mem0_tui.detect.repeats.vocabulary import (
    CHOOSING,
    EVENTS,
    LEADING,
    NOT,
    RELATIONS,
    word_set,
)

_DENIALS = word_set("""
without off stop stopped abandon abandoned gave retired uninstalled removed dropped rejects reject
""")
"""Words that deny what they stand at."""
_TIED = (
    RELATIONS
    | LEADING
    | word_set("of as than and or but who it will would was were go de del a au")
)
_ENVIRONMENTS = word_set("staging production development test preview local qa live sandbox")
_SIZES = ("ms second minute hour day week month year", "kb mb gb tb", "percent", "px")
_FAMILY = {unit: family for family, units in enumerate(_SIZES) for unit in units.split()}
_JOINED = (Kind.UNIT, Kind.MONTH, Kind.DATE, Kind.NUMBER)
"""What makes one value with the number or date before it."""
_LONGEST = 24
"""Words of texts that are looked at, at most."""
_SENTENCES = re.compile(r"[.!?。！？]\s+\S|\n\s*\S|[。！？](?=\w)")
_FEWEST_ALIKE = 3
_FEWEST_DENIED = 2
"""Words of a subject of which something is denied."""
_ONCE = word_set("took lasted needed ran finished completed dauerte brauchte duro tardo")
"""Words behind which stands what was measured."""
_LONGEST_VALUE = 2
"""Words of a value that is no number, at most."""


class _Fact(NamedTuple):
    """What a text says of what."""

    reading: ParsedText
    subject: dict[str, int]
    """The roots of its words, each with the index of one that has it."""
    values: tuple[tuple[int, int], ...]
    """Where values begin and end, as indexes of words."""
    aspects: frozenset[str]
    denied: int
    """The index of the word that denies it; -1 where there is none."""

    @property
    def said(self) -> list[tuple[str, ...]]:
        """Its values."""
        return [self.reading.keys[slice(*each)] for each in self.values]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where its words from *start* to *end* stand in the text."""
        return self.reading.words[start].start, self.reading.words[end - 1].end

    def before(self, index: int) -> str:
        """The token before the word at *index*."""
        at = self.reading.token_at(self.reading.words[index].start)
        return self.reading.raw[at - 1].key if at else ""


def compared(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    """How two texts are related that are no repeats word by word: in conflict, or alike."""
    if max(len(one.words), len(other.words)) > _LONGEST or _is_long(one) or _is_long(other):
        return None
    mine, theirs = _fact(one), _fact(other)
    if mine is None or theirs is None:
        return None
    more = mine.subject.keys() - theirs.subject.keys()
    others = theirs.subject.keys() - mine.subject.keys()
    common = len(mine.subject) - len(more)
    if common < max(len(more), len(others), 1) or _are_apart(mine, more, theirs, others):
        return None
    if (mine.denied < 0) != (theirs.denied < 0):
        unsure = bool(more or others)
        if len(more) + len(others) > 1 or common < _FEWEST_DENIED:
            return None
        return _denial(mine, theirs, unsure)
    if mine.aspects and theirs.aspects and not mine.aspects & theirs.aspects:
        return None
    if more and others:
        return _another_word(mine, more, theirs, others)
    if sorted(mine.said) == sorted(theirs.said):
        extra, known = len(more) + len(others), common + len(mine.values)
        in_order = _are_in_order(mine, theirs) and known >= _FEWEST_ALIKE + 2 * extra
        found = extra < 2 and (in_order or (not extra and known > _FEWEST_ALIKE))
        return PairJudgement(Relation.ALIKE) if found else None
    if len(more) + len(others) > 1 or _narrows(mine, more) or _narrows(theirs, others):
        return None
    return _another_value(mine, theirs, bool(more or others))


def _is_long(reading: ParsedText) -> bool:
    """Whether it is more than a sentence: what one denies need not be what the other says."""
    return _SENTENCES.search(reading.text, reading.start, reading.end) is not None


def _fact(reading: ParsedText) -> _Fact | None:
    subject: dict[str, int] = {}
    values: list[tuple[int, int]] = []
    aspects: set[str] = set()
    denied = -1
    for index, word in enumerate(reading.words):
        if word.kind is Kind.UNIT and not (values and values[-1][1] == index):
            aspects.add(word.key)
        elif word.kind.is_value and word.kind is not Kind.PERIOD and not _is_product(word):
            joined = word.kind in _JOINED and reading.words[index - 1].kind in _JOINED
            if values and values[-1][1] == index and joined:
                values[-1] = values[-1][0], index + 1
            else:
                values.append((index, index + 1))
        elif word.key == NOT or word.key in _DENIALS:
            if denied >= 0:
                return None
            denied = index
        elif word.key in ASPECTS:
            aspects.add(word.key)
        elif not _is_carrier(word.key):
            subject.setdefault(root(word.key), index)
    return _Fact(reading, subject, tuple(values), frozenset(aspects), denied)


def _is_product(word: ContentWord) -> bool:
    """Whether it is a name such as ``OrbStack``, and no path or identifier."""
    return word.kind is Kind.NAME and word.key.isalpha()


def _is_carrier(key: str) -> bool:
    return key in CARRIERS or key in _TIED or root(key) in CARRIERS


def _are_apart(mine: _Fact, more: Collection[str], theirs: _Fact, others: Collection[str]) -> bool:
    """Whether they speak of two of a kind, of which each has its own: staging and production."""
    ours = [mine.reading.keys[mine.subject[word]] for word in more]
    yours = [theirs.reading.keys[theirs.subject[word]] for word in others]
    return any(are_apart(word, another) for word in ours for another in yours)


def _denial(mine: _Fact, theirs: _Fact, unsure: bool) -> PairJudgement | None:
    if sorted(mine.said) != sorted(theirs.said):
        return None
    spans = [
        fact.span(max(0, fact.denied), fact.denied + 1)
        if fact.denied >= 0
        else (fact.reading.words[0].start, fact.reading.words[0].start)
        for fact in (mine, theirs)
    ]
    sort = Relation.CHOICE if unsure else Relation.CONFLICT
    return PairJudgement(sort, spans=(spans[0], spans[1]), yes_or_no=True)


def _are_in_order(mine: _Fact, theirs: _Fact) -> bool:
    """Whether the words of both subjects come in one order and tell of one time: else who does it
    to whom, or that it was done, may be what they differ in."""
    ours = [word for word in mine.subject if word in theirs.subject]
    yours = [word for word in theirs.subject if word in mine.subject]
    past = [{key for key in fact.reading.keys if key.endswith("~ed")} for fact in (mine, theirs)]
    return ours == yours and past[0] == past[1]


def _another_word(
    mine: _Fact, more: Collection[str], theirs: _Fact, others: Collection[str]
) -> PairJudgement | None:
    """The judgement where all is equal but a word or two where a value stands."""
    ours, yours = _place(mine, more), _place(theirs, others)
    if mine.values or theirs.values or ours is None or yours is None:
        return None
    words = mine.reading.keys[ours[0]], theirs.reading.keys[yours[0]]
    against = words in OPPOSITES or are_opposite(*words)
    if not against and len(mine.subject) - len(more) < 2:
        return None
    sort = Relation.CONFLICT if words in CONTRADICTIONS else Relation.CHOICE
    return PairJudgement(sort, spans=(mine.span(*ours), theirs.span(*yours)))


def _place(fact: _Fact, words: Collection[str]) -> tuple[int, int] | None:
    """Where *words* stand together, if that is where a value stands."""
    places = sorted(fact.subject[word] for word in words)
    first, end = places[0], places[-1] + 1
    if end - first != len(places) or len(places) > _LONGEST_VALUE:
        return None
    reading = fact.reading
    named = first == 0 and reading.text[reading.words[0].start].isupper()
    last = end == len(reading.words)
    return (first, end) if last or named or fact.before(first) in CHOOSING else None


def _narrows(fact: _Fact, words: Collection[str]) -> bool:
    """Whether one of *words* says where or for what the rest holds."""
    places = [fact.subject[word] for word in words]
    return any(
        fact.reading.keys[at] in _ENVIRONMENTS or fact.before(at) in RELATIONS for at in places
    )


def _another_value(mine: _Fact, theirs: _Fact, unsure: bool) -> PairJudgement | None:
    differing = [_not_said_by(theirs, mine), _not_said_by(mine, theirs)]
    if [len(values) for values in differing] != [1, 1]:
        return None
    (ours,), (yours,) = differing
    one, other = mine.reading, theirs.reading
    if not _are_alike(one.words[slice(*ours)], other.words[slice(*yours)]):
        return None
    if _is_measured(mine, *ours) or _is_measured(theirs, *yours):
        return None
    if not (
        place.is_value(one, other, Hunk(*ours, *yours))
        and place.is_value(other, one, Hunk(*yours, *ours))
    ):
        return None
    sort = Relation.CHOICE if unsure else Relation.CONFLICT
    return PairJudgement(sort, spans=(mine.span(*ours), theirs.span(*yours)))


def _is_measured(fact: _Fact, start: int, end: int) -> bool:
    """Whether the value tells of one time only: how long it took, or how many passed. The next
    time has another."""
    keys = fact.reading.keys
    return fact.before(start) in _ONCE or (end < len(keys) and keys[end] in EVENTS)


def _not_said_by(other: _Fact, fact: _Fact) -> list[tuple[int, int]]:
    """The values of *fact* that *other* has not."""
    told = other.said
    left = []
    for value, said in zip(fact.values, fact.said, strict=True):
        if said in told:
            told.remove(said)
        else:
            left.append(value)
    return left


def _are_alike(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether two values are of one kind: numbers that count the same, or two paths."""
    return _kinds(ours) == _kinds(theirs)


def _kinds(words: Sequence[ContentWord]) -> set[tuple[Kind, object]]:
    dated = (Kind.MONTH, Kind.WEEKDAY)
    return {
        (Kind.DATE, "") if word.kind in dated
        else (word.kind, _FAMILY.get(word.key, word.key) if word.kind is Kind.UNIT else "")
        for word in words
    }  # fmt: skip
