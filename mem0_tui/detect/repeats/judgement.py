"""Judges two texts by the words in which they differ: no measure of likeness decides.

Numbers, names and dates may make a conflict, never a repeat; so do negation and opposites. Only
what is known to say nothing, or the same, makes a repeat. What is not known is for people.
"""

from __future__ import annotations

from collections.abc import Sequence

from mem0_tui.detect.repeats import facts, place, shades
from mem0_tui.detect.repeats.boilerplate import Side, affix
from mem0_tui.detect.repeats.difference import Hunk, hunks
from mem0_tui.detect.repeats.opposites import CONTRADICTIONS
from mem0_tui.detect.repeats.order import reordered
from mem0_tui.detect.repeats.part import Part, as_written, part_of
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText
from mem0_tui.detect.repeats.relation import PairJudgement, Relation
from mem0_tui.detect.repeats.voice import same_in_another_voice

_MOST_HUNKS = 6
_FEWEST_COMMON = 2
"""Words that texts which differ in one must have in common."""


def judge(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    """How *one* and *other* are related; None where they are two memories."""
    found = _related(one, other)
    if found is not None and found.sort is Relation.REPEAT and not found.affixes:
        return PairJudgement(Relation.ALIKE) if shades.differ(one, other) else found
    if one.plain is one and other.plain is other:
        return found or facts.compared(one, other)
    told = _related(one.plain, other.plain)
    if told is None or told.sort is Relation.ALIKE or told.affixes:
        return found or told or facts.compared(one.plain, other.plain)
    other_teller = one.teller != other.teller and one.teller and other.teller
    if told.sort is Relation.REPEAT and (other_teller or shades.differ(one.plain, other.plain)):
        return PairJudgement(Relation.ALIKE)
    return told


def _related(one: ParsedText, other: ParsedText) -> PairJudgement | None:
    if one.keys == other.keys:
        return PairJudgement(Relation.REPEAT) if one.keys else None
    found = hunks(one.keys, other.keys)
    if len(found) > 1 and sorted(one.keys) == sorted(other.keys):
        return reordered(one, other)
    turned = same_in_another_voice(one, other) if len(found) > 1 else None
    if turned is not None:
        return PairJudgement(Relation.REPEAT if turned else Relation.ALIKE)
    if len(found) > _MOST_HUNKS:
        return None
    parts: dict[Part, list[Hunk]] = {}
    for hunk in found:
        part = part_of(one, other, hunk)
        if part is None:
            return None
        parts.setdefault(part, []).append(hunk)
    parts.pop(Part.NOTHING, None)
    return _combined(one, other, parts)


def _combined(
    one: ParsedText, other: ParsedText, parts: dict[Part, list[Hunk]]
) -> PairJudgement | None:
    if not parts:
        return PairJudgement(Relation.REPEAT)
    if len(parts) > 1:
        return None
    ((part, found),) = parts.items()
    if part is Part.AFFIX:
        return _wrapped(one, other, found)
    if len(found) > 1:
        return None
    hunk = found[0]
    if part is Part.WORD and place.is_choice(one, other, hunk):
        part = Part.CHOICE
    common = len(one.words) - (hunk.end - hunk.start)
    if common < (_FEWEST_COMMON if part in (Part.WORD, Part.NOT) else 1):
        return None
    spans = (
        _span(one.words, hunk.start, hunk.end),
        _span(other.words, hunk.other_start, hunk.other_end),
    )
    if part is Part.WORD:
        return PairJudgement(Relation.ALIKE)
    if part is Part.CHOICE:
        return PairJudgement(Relation.CHOICE, spans=spans)
    if part is Part.VALUE:
        return (
            PairJudgement(Relation.CONFLICT, spans=spans)
            if place.is_value(one, other, hunk)
            else None
        )
    if part is Part.OPPOSITE:
        pair = as_written(one, hunk.start, other, hunk.other_start)
        return PairJudgement(
            Relation.CONFLICT if pair in CONTRADICTIONS else Relation.CHOICE, spans=spans
        )
    return PairJudgement(Relation.CONFLICT, spans=spans, yes_or_no=True)


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
        plain = _combined(one, other, {Part.WORD: [hunk]})
        otherwise, spans = (plain.sort, plain.spans) if plain else (None, None)
    if known and otherwise is None:
        otherwise = Relation.ALIKE  # it says something apart: a person has to tell
    if not known:
        return PairJudgement(otherwise, spans=spans) if otherwise else None
    return PairJudgement(Relation.REPEAT, tuple(affixes), otherwise, spans)


def _span(words: Sequence[ContentWord], start: int, end: int) -> tuple[int, int]:
    """Where *words* from *start* to *end* stand in their text; nothing stands before the next."""
    if start < end:
        return words[start].start, words[end - 1].end
    at = words[start].start if start < len(words) else (words[-1].end if words else 0)
    return at, at
