"""Whether two texts of the same words in another order say the same."""

from __future__ import annotations

from itertools import permutations

from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.relation import PairJudgement, Relation
from mem0_tui.detect.repeats.vocabulary import LEADING
from mem0_tui.detect.repeats.voice import same_in_another_voice

_CLAUSES_TRIED = 4
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
    if _owned(one, other) or _owned(other, one) or _inverted(one, other):
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
