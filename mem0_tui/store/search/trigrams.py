"""How many of a query's letters a memory holds: in-word trigrams, weighed by how rare they are.

This finds what word stems miss: misspelt words, parts of compounds, identifiers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import compress


def word_trigrams(words: Sequence[str]) -> list[str]:
    """The trigrams in *words*, each once; those at an end hold a blank."""
    return list(
        dict.fromkeys(
            padded[start : start + 3]
            for padded in (f" {word} " for word in words)
            for start in range(len(padded) - 2)
        )
    )


def trigrams(text: str) -> frozenset[str]:
    """The trigrams of a text."""
    return frozenset(text[start : start + 3] for start in range(len(text) - 2))


class TrigramWeights:
    """How rare trigrams are, by a sample of texts."""

    def __init__(self, sample: Sequence[str]) -> None:
        """*sample* holds texts as :func:`~mem0_tui.model.words.spaced` gives them."""
        self._size = len(sample)
        self._counts: Counter[str] = Counter()
        for text in sample:
            self._counts.update(trigrams(text))

    def weight(self, trigram: str) -> float:
        """The inverse document frequency of *trigram*, above 0."""
        rows = self._counts[trigram]
        return math.log1p((self._size - rows + 0.5) / (rows + 0.5))

    def of_query(self, words: Sequence[str]) -> QueryTrigrams:
        """The trigrams of *words* with their weights."""
        return QueryTrigrams({tri: self.weight(tri) for tri in word_trigrams(words)})


class QueryTrigrams:
    """The trigrams of one query."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._items = tuple(weights.items())
        self._trigrams, self._weights = tuple(weights), tuple(weights.values())
        self._total = sum(weights.values()) or 1.0

    def share(self, text: str | frozenset[str]) -> float:
        """The share, 0 to 1, of the query's weight that a text holds, which is given as
        :func:`~mem0_tui.model.words.spaced` has it, or as all of its :func:`trigrams`."""
        held = compress(self._weights, map(text.__contains__, self._trigrams))
        return sum(held) / self._total

    def rarest(self, count: int) -> list[str]:
        """The *count* heaviest trigrams that lie within a word."""
        inner = [item for item in self._items if " " not in item[0]]
        return [
            trigram for trigram, _ in sorted(inner, key=lambda item: (-item[1], item[0]))[:count]
        ]
