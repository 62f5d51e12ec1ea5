"""Openings and endings that a store puts around many memories, learned from the store itself.

What stands before or behind at least three different texts that are also there without it says
nothing of them: ``Pairing notes, week 12 —``, ``logged by the bot``.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.vocabulary import DOUBTS, RELATIONS

_LONGEST: Final = 12
"""Words of a wrapper, at most."""
FEWEST_CORES: Final = 3
"""Different texts around which one must have been seen."""
_PARTING = re.compile(r"[:;,.!?–—()\[\]{}|<>\n]|(?<=\s)-(?=\s)|\bthat\b", re.IGNORECASE)
_SHORTEST_CORE: Final = 2
"""Words that count which must be left."""


class Side(StrEnum):
    """Where a wrapper stands."""

    OPENING = "opening"
    ENDING = "ending"


def affix(reading: ParsedText, side: Side, start: int, end: int) -> str | None:
    """The name of the words from *start* to *end* of *reading* as an opening or an ending.

    None if they can be no boilerplate: because they say no, doubt or narrow what they stand at,
    hold a value, or are too many.
    """
    if len(reading.words) - (end - start) < _SHORTEST_CORE:
        return None
    span = _apart(reading, side, start, end)
    if span is None:
        return None
    tokens = [token for token in reading.raw if span[0] <= token.start < span[1]]
    if not 0 < len(tokens) <= _LONGEST or tokens[0].key in RELATIONS:
        return None
    if any(token.key in DOUBTS or token.kind.is_value for token in tokens):
        return None
    return f"{side} {' '.join(token.key for token in tokens)}"


def _apart(reading: ParsedText, side: Side, start: int, end: int) -> tuple[int, int] | None:
    """Where the words from *start* to *end* stand with the small words that belong to them; None
    unless punctuation, or ``that``, parts them from the rest."""
    words, text = reading.words, reading.text
    if side is Side.OPENING:
        gap = words[end - 1].end, words[end].start
        parting = list(_PARTING.finditer(text, *gap))
        return (reading.start, parting[-1].end()) if parting else None
    gap = words[start - 1].end, words[start].start
    found = next((each for each in _PARTING.finditer(text, *gap) if each[0] != "that"), None)
    return (found.end(), reading.end) if found else None
