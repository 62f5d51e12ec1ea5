"""What memories of one store are like in general, by a sample: against it a hit stands out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from mem0_tui.model.words import spaced
from mem0_tui.store.search.trigrams import TrigramWeights, trigrams

LONGEST = 4000
"""Characters of a text in which words and trigrams are counted; bounds what one memory costs."""
TEXT = f"substr(folded, 1, {LONGEST})"
"""That part of a text, as SQL."""
_SAMPLE = 1000
_SOME = 40


class Sampled(NamedTuple):
    """A text of the sample, prepared for many queries."""

    seq: int
    """Its place in the store."""
    text: str
    """With blanks around its words."""
    trigrams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A sample of a store's texts, and what follows from it."""

    texts: tuple[Sampled, ...]
    """A part of the sample."""
    average_words: float
    weights: TrigramWeights


def backdrop(connection: sqlite3.Connection) -> Backdrop:
    """The backdrop of up to 1,000 memories, spread evenly over their places in the store."""
    last = connection.execute("SELECT max(seq) FROM memories").fetchone()[0] or 0
    step = max(1, last // _SAMPLE)
    places = ", ".join(map(str, range(last, 0, -step)))
    rows = connection.execute(f"SELECT seq, {TEXT} FROM memories WHERE seq IN ({places})")
    texts = [(seq, spaced(folded)) for seq, folded in rows]
    average = sum(len(text.split()) for _, text in texts) / max(1, len(texts))
    weights = TrigramWeights([text for _, text in texts])
    some = texts[:: -(-len(texts) // _SOME) or 1]
    return Backdrop(tuple(Sampled(*one, trigrams(one[1])) for one in some), average, weights)
