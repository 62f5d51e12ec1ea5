"""How literally memories hold what was typed: whoever holds it comes before what is only near.

What ``list`` finds for the same words is found here, too: each word, or what its wildcards stand
for, anywhere in the text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from mem0_tui.model.words import fold, is_unspaced, is_wild, longest_piece, word_pattern
from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.query.conditions import SqlCondition, joined
from mem0_tui.store.query.filters import holding, trigram_query, word_query

PHRASE, WORDS, PARTS = 1.0, 0.5, 0.15
"""What it is worth to hold all that was typed as one phrase; every word; every word, but some of
them only inside longer ones. The first is more than a cosine can make up for."""

_MOST_WORDS = 40
"""A longer text is no list of words to look for."""
_AT_ONCE = 500
_PUNCTUATION = "?!.,;:…。、，！？；："


class LiteralMatch:
    """One query's words, to be looked for as they are."""

    def __init__(self, text: str) -> None:
        typed = text.split()
        folded = [fold(word) for word in typed]
        self._unseen = [word for word in typed if not fold(word)][:_MOST_WORDS]
        """Words of nothing but accents or what cannot be seen; they are looked for as they are."""
        words = [word.rstrip(_PUNCTUATION) or word for word in folded]
        self._words = list(dict.fromkeys(word for word in words if word))
        if len(self._words) > _MOST_WORDS:
            self._words = []
        self._phrase = re.compile(r"\s+".join(_bounded(words)) if self._words else "(?!)")
        self._whole = [re.compile(_alone(word)) for word in self._words if not is_wild(word)]
        self._wild = [word_pattern(word) for word in self._words if is_wild(word)]
        self._parts = [word for word in self._words if not is_wild(word)]

    def share(self, folded: str) -> float:
        """What a *folded* text is worth by how it holds the words; 0 if it lacks one."""
        if not self._words or not all(part in folded for part in self._parts):
            return 0.0
        if not all(pattern.search(folded) for pattern in self._wild):
            return 0.0
        if self._phrase.search(folded):
            return PHRASE
        return WORDS if all(word.search(folded) for word in self._whole) else PARTS

    def holders(
        self, connection: sqlite3.Connection, selected: NDArray[np.bool_], most: int
    ) -> list[int]:
        """The latest memories that hold every word, *most* at the most, of those *selected*: a
        truth value by place in the store."""
        if not self._words and not self._unseen:
            return []
        pieces = [longest_piece(word) for word in self._words]
        conditions = [SqlCondition("instr(folded, ?)", (piece,)) for piece in pieces if piece]
        conditions += [SqlCondition("finds(?, folded)", (w,)) for w in self._words if is_wild(w)]
        conditions += [SqlCondition("instr(text, ?)", (word,)) for word in self._unseen]
        exact = joined("AND", conditions)
        found: list[int] = []
        for part in _candidates(connection, pieces, exact):
            places = [place for place in part if place < len(selected) and selected[place]]
            if len(found) >= most:
                break
            rows = connection.execute(
                f"SELECT seq FROM memories WHERE seq IN ({', '.join('?' * len(places))})"
                f" AND {exact.sql} ORDER BY seq DESC",
                (*places, *exact.parameters),
            )
            found += [row[0] for row in rows]
        return found[:most]


def _candidates(
    connection: sqlite3.Connection, pieces: list[str], exact: SqlCondition
) -> Iterator[list[int]]:
    """The places of all memories that may hold all *pieces*, the latest first, in parts; where no
    index knows one of them, of those that pass *exact*."""
    known = [piece for piece in pieces if holding(piece) is not None]
    trigrams = trigram_query([piece for piece in known if len(piece) > 2])
    statement, parameters = f"SELECT seq FROM memories WHERE {exact.sql} ORDER BY seq DESC", None
    for table, query in (
        ("memories_trigrams", trigrams),
        ("memories_words", " ".join(word_query(piece) for piece in known if len(piece) < 3)),
    ):
        if query and parameters is None:
            statement = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC"
            parameters = (query,)
    rows = connection.execute(statement, exact.parameters if parameters is None else parameters)
    while part := rows.fetchmany(_AT_ONCE):
        yield [row[0] for row in part]


def _bounded(words: list[str]) -> list[str]:
    """The words as patterns, with bounds at both ends of what they make together."""
    escaped = [re.escape(word) for word in words if word]
    if escaped:
        kept = [word for word in words if word]
        escaped[0] = _before(kept[0]) + escaped[0]
        escaped[-1] += _after(kept[-1])
    return escaped


def _alone(word: str) -> str:
    return _before(word) + re.escape(word) + _after(word)


def _before(word: str) -> str:
    return r"(?<!\w)" if word[0].isalnum() and not is_unspaced(word[0]) else ""


def _after(word: str) -> str:
    return r"(?!\w)" if word[-1].isalnum() and not is_unspaced(word[-1]) else ""
