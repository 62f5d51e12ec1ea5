"""Whether two texts of the same words in another order say the same."""

from __future__ import annotations

from itertools import permutations, product

from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.relation import PairJudgement, Relation
from mem0_tui.detect.repeats.tokens import Kind
from mem0_tui.detect.repeats.vocabulary import LEADING, word_set
from mem0_tui.detect.repeats.voice import same_in_another_voice
from mem0_tui.model.words import fold

_CLAUSES_TRIED = 4
_FEWEST_WORDS = 3
_ADVERBS = word_set("""
locally remotely globally manually automatically internally externally currently temporarily
initially finally daily weekly monthly hourly nightly yearly
""")
_EVERY = word_set("every each alle jeden jede cada chaque tous")
_MOST_NAMED = 20
_IT = word_set("it them they")
_NOUNS = frozenset((Kind.WORD, Kind.NAME))
_DATED = frozenset((Kind.WEEKDAY, Kind.DATE, Kind.PERIOD, Kind.MONTH))
_GERMAN_VERBS = word_set("""
muss mussen soll sollen sollte sollten wird werden wurde wurden darf durfen kann konnen lauft laufen
steht stehen liegt liegen hat haben gilt gelten
""")
"""Verbs that stand second in a German sentence, whatever it begins with."""
_FEWEST_MOVED = 4
"""Words of texts in which one may stand elsewhere."""


def reordered(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    """The judgement of texts of the same words in another order: the same clauses are a repeat."""
    clauses, others = _clauses(one), _clauses(other)
    if not one.ordered and not other.ordered:
        if clauses[0] == others[0]:
            clauses, others = clauses[1:], others[1:]
        if sorted(clauses) == sorted(others) and all(len(each) > 1 for each in clauses):
            return PairJudgement(Relation.REPEAT)
    if _permuted(clauses, other.keys) or _permuted(others, one.keys):
        return PairJudgement(Relation.REPEAT)
    for mine, theirs in ((one, other), (other, one)):
        if _owned(mine, theirs) or _compounded(mine, theirs) or _led(mine, theirs):
            return PairJudgement(Relation.REPEAT)
        if _named_elsewhere(mine, theirs):
            return PairJudgement(Relation.REPEAT)
    if _inverted(one, other):
        return PairJudgement(Relation.REPEAT)
    turned = same_in_another_voice(one, other)
    if turned is not None:
        return PairJudgement(Relation.REPEAT if turned else Relation.ALIKE)
    if (one.start or other.start) and _moved(one.keys, other.keys):
        # German puts the verb elsewhere behind an opening, and last behind "dass".
        told = any(each.text[: each.start].rstrip().endswith("dass") for each in (one, other))
        return PairJudgement(Relation.REPEAT if told else Relation.ALIKE)
    moved = not one.ordered and not other.ordered and len(one.keys) >= _FEWEST_MOVED
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


def _compounded(one: ParsedText, other: ParsedText) -> bool:
    """Whether *one* has ``search answers`` where *other* has ``answers of the search``."""
    keys = other.keys
    if _times_of(one) >= _times_of(other):
        return False
    for token in other.raw:
        if token.key != "of":
            continue
        at = sum(word.start < token.start for word in other.words)
        for size, moved in product(range(1, 4), range(1, 4)):
            first, last = at - size, at + moved
            if first < 0 or last > len(keys):
                continue
            if keys[:first] + keys[at:last] + keys[first:at] + keys[last:] == one.keys:
                return all(word.kind in _NOUNS for word in other.words[first:last])
    return False


def _times_of(reading: ParsedText) -> int:
    return sum(token.key == "of" for token in reading.raw)


def _led(one: ParsedText, other: ParsedText) -> bool:
    """Whether *one* begins with what *other* ends with, or has further behind: ``on Fridays``,
    ``in the shop``. German puts the verb before the subject then."""
    keys, length = one.keys, len(one.keys)
    if length < _FEWEST_WORDS or one.ordered or other.ordered:
        return False
    leads = keys[0] in LEADING or one.words[0].kind in _DATED or _is_adverb(one)
    leads = leads or one.raw[0].key in _EVERY
    if leads and any(keys[at:] + keys[:at] == other.keys for at in range(1, length)):
        return True
    verbs = [at for at, key in enumerate(keys) if key in _GERMAN_VERBS]
    return any(
        _is_second(one, verb, other.keys) for verb in verbs if leads or (not verb and one.start)
    )


def _is_adverb(reading: ParsedText) -> bool:
    """Whether the first word is an adverb."""
    word = reading.words[0]
    return word.kind is Kind.WORD and fold(reading.text[word.start : word.end]) in _ADVERBS


def _is_second(one: ParsedText, verb: int, other: tuple[str, ...]) -> bool:
    """Whether *other* begins with the subject behind the *verb* of *one*."""
    before, rest = one.keys[:verb], one.keys[verb + 1 :]
    for size in range(1, len(rest) + 1):
        subject, behind = (*rest[:size], one.keys[verb]), rest[size:]
        if other in (subject + before + behind, subject + behind + before):
            return True
    return False


def _named_elsewhere(one: ParsedText, other: ParsedText) -> bool:
    """Whether all that differs, but for a part that leads, is where a thing is named and where it
    is ``it``."""
    if not all(any(token.key in _IT for token in each.raw) for each in (one, other)):
        return False
    keys = one.keys
    if len(keys) > _MOST_NAMED or keys[0] not in LEADING:
        return False
    for at, named in enumerate(keys):
        rest = keys[:at] + keys[at + 1 :]
        for place, key in enumerate(other.keys):
            left = other.keys[:place] + other.keys[place + 1 :]
            if key == named and any(rest[cut:] + rest[:cut] == left for cut in range(1, len(rest))):
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
    following = reading.raw[places[0] + 1]
    owned = reading.text[: following.end].endswith(("'s", "’s"))
    return left, right, owned or following.key in ("the", "our")


def _permuted(clauses: list[tuple[str, ...]], keys: tuple[str, ...]) -> bool:
    """Whether *keys* are the clauses in another order, one of which may stand anywhere."""
    if not 1 < len(clauses) <= _CLAUSES_TRIED or not any(c[0] in LEADING for c in clauses):
        return False
    return any(sum(order, ()) == keys for order in permutations(clauses))
