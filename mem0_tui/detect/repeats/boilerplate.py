"""Openings and endings that a store puts around many memories, learned from the store itself.

What stands before or behind at least three different texts that are also there without it says
nothing of them: ``Pairing notes, week 12 —``, ``logged by the bot``.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from mem0_tui.detect.repeats.reading import Reading
from mem0_tui.detect.repeats.vocabulary import DOUBTS, RELATIONS

_LONGEST: Final = 12
"""Words of a wrapper, at most."""
_CORES: Final = 3
"""Different texts around which one must have been seen."""
_SHORTEST_CORE: Final = 2
"""Words that count which must be left."""


class Side(StrEnum):
    """Where a wrapper stands."""

    OPENING = "opening"
    ENDING = "ending"


def affix(reading: Reading, side: Side, start: int, end: int) -> str | None:
    """The name of the words from *start* to *end* of *reading* as an opening or an ending.

    None if they can be no boilerplate: because they say no, doubt or narrow what they stand at,
    hold a value, or are too many.
    """
    if len(reading.words) - (end - start) < _SHORTEST_CORE:
        return None
    if side is Side.OPENING:
        first = 0
        last = reading.token_at(reading.words[end].start) if end < len(reading.words) else 0
    else:
        first = reading.token_at(reading.words[start].start)
        last = len(reading.raw)
    if not _is_apart(reading, side, first, last):
        return None
    tokens = reading.raw[first:last]
    if not 0 < len(tokens) <= _LONGEST or tokens[0].key in RELATIONS:
        return None
    if any(token.key in DOUBTS or token.kind.is_value for token in tokens):
        return None
    return f"{side} {' '.join(token.key for token in tokens)}"


def _is_apart(reading: Reading, side: Side, first: int, last: int) -> bool:
    """Whether punctuation, or ``that``, parts the tokens from *first* to *last* from the rest."""
    raw, text = reading.raw, reading.text
    if side is Side.OPENING:
        if not 0 < last < len(raw):
            return False
        between = text[raw[last - 1].end : raw[last].start]
        return raw[last - 1].key == "that" or between.strip(" `\"'*") != ""
    if not 0 < first < len(raw):
        return False
    return text[raw[first - 1].end : raw[first].start].strip(" `\"'*") != ""


def learned(seen: Iterable[tuple[str, int]]) -> frozenset[str]:
    """The affixes that are boilerplate, of pairs of an affix and a core that it was seen around."""
    cores: dict[str, set[int]] = {}
    for name, core in seen:
        cores.setdefault(name, set()).add(core)
    return frozenset(name for name, around in cores.items() if len(around) >= _CORES)
