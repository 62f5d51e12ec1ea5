"""How much of a query's words a memory holds: BM25 over stems, as a share of what is possible.

Stems are SQLite's own (FTS5, porter over unicode61), so query, index and memory agree on them.
Words are those of :mod:`mem0_tui.model.words`, in every script.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from weakref import finalize

from mem0_tui.model.words import is_unspaced, words_of
from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.query.filters import word_query
from mem0_tui.store.search.vectors import Rowids

_STOP = (
    "a about after again all also am an and any are as at be because been before being "
    "between both but by can could did do does doing down during each few for from "
    "further had has have having he her here hers him his how i if in into is it its "
    "itself just me more most my no nor not now of off on once only or other our ours "
    "out over own s same she should so some such t than that the their theirs them then "
    "there these they this those through to too under until up us very was we were what "
    "when where which while who whom why will with would you your yours"
)
_STOP_WORDS = frozenset(_STOP.split())
_TOKENIZE = """tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\""""
"""As the store's index of words has it."""
_K1, _B = 1.2, 0.75
_MOST = 1.5
"""What the share is cut at: a word that occurs often can bring more than its own weight."""
_STEMS_KEPT = 20_000
_HEAD = 3
"""Letters by which words that may have a stem are told from those that cannot."""


class Stemmer:
    """FTS5's stems of single words."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, str] = {}
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.executescript(
            f"CREATE VIRTUAL TABLE words USING fts5(word, content='', {_TOKENIZE});"
            "CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance);"
        )
        # Not in __del__: of a cycle that is collected, the connection may be finalized first.
        finalize(self, self._connection.close)

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stem of each of *words*; a word that FTS5 takes for none is its own."""
        with self._lock:
            new = list(dict.fromkeys(word for word in words if word not in self._known))
            if new:
                if len(self._known) > _STEMS_KEPT:
                    self._known.clear()
                    new = list(dict.fromkeys(words))
                self._learn(new)
            return [self._known[word] for word in words]

    def _learn(self, words: list[str]) -> None:
        run = self._connection.execute
        self._known.update(zip(words, words, strict=True))
        self._connection.executemany(
            "INSERT INTO words (rowid, word) VALUES (?, ?)", list(enumerate(words))
        )
        for number, stem in run("SELECT doc, term FROM stems ORDER BY offset DESC"):
            self._known[words[number]] = stem
        run("INSERT INTO words (words) VALUES ('delete-all')")
        self._connection.commit()


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a query."""

    word: str
    stem: str
    rows: int
    """How many memories hold it."""
    weight: float
    """Its inverse document frequency."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The content words of a query, weighed by how rare they are in the store."""

    terms: tuple[Term, ...]
    total: float
    """What all weights add up to, words that no memory holds included."""

    def found(
        self, connection: sqlite3.Connection, most: int
    ) -> tuple[Rowids, NDArray[np.float64]]:
        """Rows that hold one of the rarer words, and the share of the total weight that it brings;
        a row that holds several words comes several times. About *most* rows at the most."""
        found = [np.empty(0, dtype=np.int64)]
        shares: list[float] = []
        lengths: list[int] = []
        for term in sorted(self.terms, key=lambda term: (term.rows, term.stem)):
            if not term.rows or (lengths and sum(lengths) + term.rows > most):
                continue
            # Backwards is slower, so only where not all of them can be had.
            newest = " ORDER BY rowid DESC" if term.rows > most else ""
            rows = connection.execute(
                f"SELECT rowid FROM memories_words WHERE memories_words MATCH ?{newest} LIMIT ?",
                (word_query(term.word), most),
            ).fetchall()
            found.append(np.fromiter(chain.from_iterable(rows), np.int64, len(rows)))
            shares.append(term.weight / self.total)
            lengths.append(len(rows))
        return np.concatenate(found), np.repeat(np.array(shares), lengths)


class _StemsOf(dict[str, str]):
    """Words to those stems of them that a query has, or to an empty string; fills itself."""

    def __init__(self, stems: Iterable[str], stemmer: Stemmer) -> None:
        super().__init__()
        self._wanted = frozenset(stems)
        self._stemmer = stemmer

    def __missing__(self, word: str) -> str:
        stem = self._stemmer.stems([word])[0]
        if stem not in self._wanted:
            begins = word[:1]  # a character that was looked for alone begins pairs
            stem = begins if begins in self._wanted and is_unspaced(begins) else ""
        self[word] = stem
        return stem


class Matcher:
    """Measures texts against the words of one query."""

    def __init__(self, terms: Terms, stemmer: Stemmer, average_length: float) -> None:
        """*average_length* is that of all texts, in words."""
        self._weights = {term.stem: term.weight for term in terms.terms if term.rows}
        self._total = terms.total
        self._average = max(average_length, 1.0)
        self._stems = _StemsOf(self._weights, stemmer)
        heads = "|".join(sorted({re.escape(_head(stem)) for stem in self._weights})) or "(?!)"
        self._likely = re.compile(f" ((?:{heads})[^ ]*)").findall

    def share(self, spaced_text: str) -> float:
        """BM25 of a text from :func:`~mem0_tui.model.words.spaced`, divided by the weights of all;
        0 to 1.5."""
        found = [stem for word in self._likely(spaced_text) if (stem := self._stems[word])]
        if not found:
            return 0.0
        length = _K1 * (1 - _B + _B * len(spaced_text.split()) / self._average)
        score = 0.0
        for stem in dict.fromkeys(found):
            count = found.count(stem)
            score += self._weights[stem] * count * (_K1 + 1) / (count + length)
        return min(_MOST, score / self._total)


def _head(stem: str) -> str:
    """What a word of this stem begins with: the stem, but for a last letter that may differ."""
    if len(stem) > _HEAD:
        return stem[:_HEAD]
    return stem if not stem.isalpha() or len(stem) == 1 else stem[:-1]


def content_words(text: str) -> list[str]:
    """The words of *text*, folded, each once, without stop words (unless it has no others)."""
    words = words_of(text)
    return [word for word in words if word not in _STOP_WORDS] or words


def weigh(
    connection: sqlite3.Connection, words: Sequence[str], stemmer: Stemmer, memories: int
) -> Terms:
    """*words* as terms, of a store of so many *memories*."""
    by_stem = dict(zip(stemmer.stems(words), words, strict=True))
    marks = ", ".join("?" * len(by_stem))
    counted = dict(
        connection.execute(
            f"SELECT term, doc FROM memories_vocabulary WHERE term IN ({marks})", tuple(by_stem)
        ).fetchall()
    )
    terms = []
    for stem, word in by_stem.items():
        rows = counted.get(stem, 0)
        if len(word) == 1 and is_unspaced(word):
            rows = min(memories, _beginning(connection, word))
        weight = max(1e-6, math.log((memories - rows + 0.5) / (rows + 0.5)))
        terms.append(Term(word, stem, rows, weight))
    return Terms(tuple(terms), sum(term.weight for term in terms) or 1.0)


def _beginning(connection: sqlite3.Connection, character: str) -> int:
    """In how many memories, at the most, a word begins with *character*."""
    found = connection.execute(
        "SELECT sum(doc) FROM memories_vocabulary WHERE term >= ? AND term < ?",
        (character, chr(ord(character) + 1)),
    ).fetchone()[0]
    return int(found or 0)
