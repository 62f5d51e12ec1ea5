"""From a hit's parts to its strength, the score that people see, and its grade.

The weights and thresholds are measured ones; the score keeps the order of the strengths, and no
number here is a probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mem0_tui.model.memory import JsonObject
from mem0_tui.model.page import Grade
from mem0_tui.store.search.vectors import Float

WORDS = 0.2
TRIGRAMS = 0.2
WITHOUT_MEANING = 2.5
"""What words and trigrams count for where no cosine does: they then reach about as far."""
UNKNOWN = 1.9
"""The same for a query that the model does not know: what holds only a half of its words must not
reach the threshold of .3 that Mem0's clients send."""

_KNEE = 0.8
_FEWEST = 20
"""Memories below which no hit is graded."""
_GRADES = ((4.0, Grade.STRONG), (3.0, Grade.GOOD), (2.0, Grade.WEAK))


def lexical(words: float, trigrams: float) -> float:
    """What words and trigrams add to a cosine."""
    return WORDS * words + TRIGRAMS * trigrams**2


class ScoredMemory(NamedTuple):
    """A memory that was measured against a query."""

    seq: int
    id: str
    created: int
    """Microseconds since 1970."""
    semantic: float | None
    """The cosine; None without a vector."""
    words: float
    trigrams: float
    literal: float
    """What it is worth that the text holds what was typed."""
    strength: float
    """What hits are ordered by, to six digits: beyond, the order of additions shows."""

    @classmethod
    def of(
        cls,
        seq: int,
        id_: str,
        created: int,
        semantic: float | None,
        words: float,
        trigrams: float,
        literal: float = 0.0,
        *,
        alone: float = WITHOUT_MEANING,
    ) -> ScoredMemory:
        """A hit of these parts; words and trigrams count *alone* times where no cosine does.

        Args:
            seq: the row key.
            id_: the memory's id.
            created: microseconds since 1970.
            semantic: the cosine with the query; None without a vector.
            words: how well its words fit, from 0 up.
            trigrams: how well its letters fit, from 0 up.
            literal: what it is worth that the text holds what was typed.
            alone: the factor of words and trigrams where there is no cosine.
        """
        strength = lexical(words, trigrams)
        strength = alone * strength if semantic is None else semantic + strength
        strength = round(strength + literal, 6)
        return cls(seq, id_, created, semantic, words, trigrams, literal, strength)

    def parts(self) -> JsonObject:
        """What the strength is made of."""
        parts = {"words": round(self.words, 4), "trigrams": round(self.trigrams, 4)}
        if self.literal:
            parts["literal"] = self.literal
        if self.semantic is not None:
            parts["semantic"] = round(self.semantic, 4)
        return parts


def score_of(strength: float) -> float:
    """*strength* as a score from 0 to 1 that keeps the order."""
    if strength <= _KNEE:
        return max(0.0, strength)
    room = 1 - _KNEE
    return _KNEE + room * (1 - math.exp((_KNEE - strength) / room))


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How strong the memories of the store are for this query on the whole."""

    mean: float
    deviation: float

    @classmethod
    def of(
        cls, cosines: Float, sample: Sequence[tuple[float | None, float]], memories: int
    ) -> Yardstick | None:
        """By the *cosines* of all, and a *sample* of (cosine, lexical part), in a store of so many
        *memories*; None if that is no ground to grade on."""
        pairs = [(cosine, other) for cosine, other in sample if cosine is not None]
        if memories < _FEWEST or len(pairs) < _FEWEST:
            return None
        mean_cosine = sum(cosine for cosine, _ in pairs) / len(pairs)
        mean_lexical = sum(other for _, other in pairs) / len(pairs)
        spread = sum(
            (other - mean_lexical) ** 2 + 2 * (other - mean_lexical) * (cosine - mean_cosine)
            for cosine, other in pairs
        ) / len(pairs)
        variance = float(cosines.var(dtype="f8")) + spread
        if variance <= 1e-12:
            return None
        return cls(float(cosines.mean(dtype="f8")) + mean_lexical, math.sqrt(variance))


def graded(hit: ScoredMemory, yardstick: Yardstick | None) -> Grade | None:
    """How far *hit* stands out; None without a yardstick or a cosine."""
    if yardstick is None or hit.semantic is None:
        return None
    z = (hit.strength - yardstick.mean) / yardstick.deviation
    return next((grade for least, grade in _GRADES if z >= least), Grade.MORE)
