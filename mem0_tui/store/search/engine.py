"""Search by meaning and words together: ``s = cosine + 0.2 words + 0.2 trigrams²``.

Every memory that has a vector is compared with the query exactly; words and trigrams are then
measured on the candidates that cosine and the rarer words single out. A memory without a vector is
ranked by its words and trigrams alone, and so are all where the model does not know the query's
words. Memories that literally hold what was typed come first
(:mod:`mem0_tui.store.search.literal`).
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode, SearchResult
from mem0_tui.model.text import encodable
from mem0_tui.model.words import spaced
from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.embedding.embedder import Embedder
from mem0_tui.store.history import last_seq
from mem0_tui.store.memories import Selection, marks
from mem0_tui.store.query.conditions import SqlCondition
from mem0_tui.store.rows import COLUMNS, memory_of
from mem0_tui.store.search import embeddings
from mem0_tui.store.search.bm25 import Matcher, Stemmer, Terms, content_words, weigh
from mem0_tui.store.search.literal import PARTS, LiteralMatch
from mem0_tui.store.search.sample import LONGEST, TEXT, Backdrop, Sampled, backdrop
from mem0_tui.store.search.scoring import (
    UNKNOWN,
    WITHOUT_MEANING,
    WORDS,
    ScoredMemory,
    Yardstick,
    graded,
    lexical,
    score_of,
)
from mem0_tui.store.search.trigrams import QueryTrigrams
from mem0_tui.store.search.vector_cache import Nearness
from mem0_tui.store.search.vectors import Float, Rowids
from mem0_tui.store.store import MemoryStore

T = TypeVar("T")
Mask = NDArray[np.bool_]

_CANDIDATES = 60
"""The fewest memories that are measured in full."""
_RARE_ROWS = 2_500
_RARE_ROWS_ALONE = 20_000
"""How many rows of the rarer words are looked up, beside vectors and without any."""
_TRIGRAMS_ALONE = 8
_NEWEST_LOOKED_AT = 5_000
_LACKING = -9.0
"""Stands for the cosine of what has no vector: below all that can be."""
_SPELT_OUT = 500
_QUERIES_KEPT = 128
_MASKS_KEPT = 8
_BACKDROP_DRIFT = 1.2
"""By so much the store may grow or shrink until its backdrop is taken anew."""


def hybrid_search(
    store: MemoryStore,
    text: str,
    condition: Filter = EVERYTHING,
    *,
    limit: int = 20,
    threshold: float = 0.1,
    include_expired: bool = False,
    embedder: Embedder | None = None,
) -> SearchResult:
    """The memories nearest in meaning to *text* among those passing *condition*, best first, equal
    ones newest first; without *embedder*, or vectors of its model, by words alone.

    There are *limit* hits at most, which score at least *threshold*, on a scale of 0 to 1 that
    only orders one answer.
    """
    with _LOCK:
        searcher = _SEARCHERS.get(store)
        if searcher is None:
            searcher = _SEARCHERS[store] = _Searcher()
    selection = store.selection(condition, include_expired=include_expired)
    return store.database.read_now(
        lambda c: searcher.search(store, c, encodable(text), selection, limit, threshold, embedder)
    )


@dataclass(frozen=True, slots=True)
class _Query:
    """A query's words, weighed for one store."""

    terms: Terms
    matcher: Matcher
    trigrams: QueryTrigrams
    literal: LiteralMatch
    known: bool
    """Whether the model knows what it means."""

    def found(
        self,
        seq: int,
        id_: str,
        created: int,
        semantic: float | None,
        folded: str,
        *,
        holds: bool,
    ) -> ScoredMemory:
        """A memory, measured by its *folded* text; *holds* if it is known to hold the words."""
        text = spaced(folded[:LONGEST])
        shares = self.matcher.share(text), self.trigrams.share(text)
        literal = self.literal.share(folded) or (PARTS if holds else 0.0)
        alone = WITHOUT_MEANING if self.known or literal else UNKNOWN
        return ScoredMemory.of(seq, id_, created, semantic, *shares, literal, alone=alone)

    def lexical_of(self, sampled: Sampled) -> float:
        """What both add to a cosine, for a text of the backdrop."""
        return lexical(self.matcher.share(sampled.text), self.trigrams.share(sampled.trigrams))


class _Kept:
    """The last few results of something costly."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]  # type: ignore[assignment]
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


class _Searcher:
    """What searches of one store share; it does not hold the store itself."""

    def __init__(self) -> None:
        self._nearness = Nearness()
        self._stemmer = Stemmer()
        self._vectors = _Kept(_QUERIES_KEPT)
        self._masks = _Kept(_MASKS_KEPT)
        self._backdrop: tuple[int, Backdrop] | None = None

    def search(
        self,
        store: MemoryStore,
        connection: sqlite3.Connection,
        text: str,
        selection: Selection,
        limit: int,
        threshold: float,
        embedder: Embedder | None,
    ) -> SearchResult:
        memories = store.counted(connection, Selection())
        back = self._backdrop_of(connection, memories)
        known = embedder is None or embedder.knows(text)
        query = self._query(connection, text, memories, back, known)
        mask = self._mask(connection, selection)
        rowids, cosines = self._cosines(connection, text, embedder)
        pool = _Pool(connection, mask, rowids, cosines)
        embedded = pool.embedded
        if not known:
            pool = _Pool(connection, mask, rowids[:0], cosines[:0])
        mode = SearchMode.HYBRID if known and len(rowids) else SearchMode.KEYWORD
        searched = store.counted(connection, selection)
        count = max(_CANDIDATES, 3 * limit)
        seqs = pool.nearest(query.terms, count)
        if pool.embedded < searched:
            seqs += pool.without_vector(query, count)
        holders = query.literal.holders(connection, mask, count)
        rows = _texts(connection, list(set(seqs).difference(holders)), TEXT)
        rows += _texts(connection, holders, "folded")
        known_holders = frozenset(holders)
        found = [
            query.found(seq, id_, created, pool.cosine(seq), folded, holds=seq in known_holders)
            for seq, id_, created, folded in rows
        ]
        best = sorted(found, key=lambda hit: (-hit.strength, -hit.created, hit.id))
        kept = [hit for hit in best if score_of(hit.strength) >= threshold][: max(limit, 0)]
        yardstick = None
        if kept and mode is SearchMode.HYBRID:
            yardstick = _yardstick(query, back, pool, memories)
        return SearchResult(_hits(connection, kept, yardstick), mode, embedded, searched)

    def _query(
        self,
        connection: sqlite3.Connection,
        text: str,
        memories: int,
        back: Backdrop,
        known: bool,
    ) -> _Query:
        words = content_words(text)
        terms = weigh(connection, words, self._stemmer, memories)
        matcher = Matcher(terms, self._stemmer, back.average_words)
        return _Query(terms, matcher, back.weights.of_query(words), LiteralMatch(text), known)

    def _cosines(
        self, connection: sqlite3.Connection, text: str, embedder: Embedder | None
    ) -> tuple[Rowids, Float]:
        if embedder is None or embeddings.model(connection) != embedder.model_id:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        model_id = embedder.model_id
        vector = self._vectors.get((model_id, text), lambda: embedder.embed([text])[0])
        return self._nearness.cosines(connection, model_id, vector)

    def _backdrop_of(self, connection: sqlite3.Connection, memories: int) -> Backdrop:
        kept = self._backdrop
        if kept is not None:
            smaller, larger = sorted((kept[0], memories))
            if larger <= smaller * _BACKDROP_DRIFT:
                return kept[1]
        self._backdrop = (memories, backdrop(connection))
        return self._backdrop[1]

    def _mask(self, connection: sqlite3.Connection, selection: Selection) -> Mask:
        """Which places of the store are selected."""
        key = (selection.where, last_seq(connection))
        return self._masks.get(key, lambda: _mask(connection, selection))


def _yardstick(query: _Query, back: Backdrop, pool: _Pool, memories: int) -> Yardstick | None:
    sample = [(pool.cosine(each.seq), query.lexical_of(each)) for each in back.texts]
    return Yardstick.of(pool.cosines, sample, memories)


class _Pool:
    """The selected memories as places in the store, and the cosines of those with a vector."""

    def __init__(
        self, connection: sqlite3.Connection, mask: Mask, rowids: Rowids, cosines: Float
    ) -> None:
        self._connection = connection
        self._mask = mask
        self.cosines = cosines
        if len(rowids) and int(rowids.max()) >= len(mask):
            # Another thread has seen memories that are not in this snapshot.
            known = rowids < len(mask)
            rowids, cosines = rowids[known], cosines[known]
        self._by_seq = np.full(len(mask), _LACKING, dtype=np.float32)
        self._by_seq[rowids] = cosines
        self.embedded = int(np.count_nonzero(mask[rowids]))
        self._bonus: NDArray[np.float64] | None = None

    def cosine(self, seq: int) -> float | None:
        """The cosine of one memory, None if it has no vector."""
        value = float(self._by_seq[seq]) if seq < len(self._by_seq) else _LACKING
        return None if value == _LACKING else value

    def nearest(self, terms: Terms, count: int) -> list[int]:
        """The *count* best by cosine and the rarer words, of those that have a vector."""
        strength = self._by_seq + WORDS * self._words(terms)
        strength[~self._mask] = _LACKING
        return _largest(strength, min(count, self.embedded))

    def without_vector(self, query: _Query, count: int) -> list[int]:
        """The *count* best by words, and some by trigrams or age, of those without a vector."""
        lacking = self._mask & (self._by_seq == _LACKING)
        shares = np.where(lacking, self._words(query.terms), 0.0)
        found = _largest(shares, min(count, int(np.count_nonzero(shares))))
        others = self._by_trigrams(query, count) if not self.embedded else self._newest(count)
        known = set(found)
        return found + [seq for seq in others if lacking[seq] and seq not in known]

    def _words(self, terms: Terms) -> NDArray[np.float64]:
        """Per place the share of the query's weight that rarer words found there bring."""
        if self._bonus is None:
            alone = len(self.cosines) == 0
            rows, shares = terms.found(self._connection, _RARE_ROWS_ALONE if alone else _RARE_ROWS)
            known = rows < len(self._mask)
            summed = np.bincount(rows[known], shares[known], len(self._mask))
            self._bonus = np.asarray(summed, dtype=np.float64)
        return self._bonus

    def _newest(self, count: int) -> list[int]:
        """The memories that came last and wait for their vector."""
        rows = self._connection.execute(
            "SELECT seq FROM memories WHERE seq > ? AND NOT EXISTS"
            " (SELECT 1 FROM embeddings e WHERE e.seq = memories.seq AND e.key IS NOT NULL)"
            " ORDER BY seq DESC LIMIT ?",
            (len(self._mask) - _NEWEST_LOOKED_AT, count),
        )
        return [row[0] for row in rows]

    def _by_trigrams(self, query: _Query, count: int) -> list[int]:
        """Memories that hold rare trigrams of the query, those with most of them first."""
        rarest = query.trigrams.rarest(_TRIGRAMS_ALONE)
        if not rarest:
            return []
        rows = self._connection.execute(
            "SELECT rowid FROM memories_trigrams WHERE memories_trigrams MATCH ?"
            " ORDER BY rank LIMIT ?",
            (" OR ".join(f'"{trigram}"' for trigram in rarest), count),
        )
        return [row[0] for row in rows]


_SEARCHERS: WeakKeyDictionary[MemoryStore, _Searcher] = WeakKeyDictionary()
_LOCK = Lock()


def _largest(values: NDArray[np.floating], count: int) -> list[int]:
    """The places of the *count* largest values, in no order."""
    places = np.argpartition(values, len(values) - count)[len(values) - count :] if count else ()
    return [int(place) for place in places]


def _mask(connection: sqlite3.Connection, selection: Selection) -> Mask:
    """By place, which memories are selected; without a condition, empty places may seem so too."""
    last = connection.execute("SELECT max(seq) FROM memories").fetchone()[0] or 0
    if not selection.unconditional:
        mask = np.zeros(last + 1, dtype=np.bool_)
        mask[_seqs(connection, selection.where)] = True
        return mask
    mask = np.ones(last + 1, dtype=np.bool_)
    mask[0] = False
    if selection.today is not None:
        mask[_seqs(connection, SqlCondition("expires_on < ?", (selection.today.isoformat(),)))] = (
            False
        )
    return mask


def _seqs(connection: sqlite3.Connection, chosen: SqlCondition) -> Rowids:
    rows = connection.execute(f"SELECT seq FROM memories WHERE {chosen.sql}", chosen.parameters)
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


def _texts(
    connection: sqlite3.Connection, seqs: list[int], text: str
) -> list[tuple[int, str, int, str]]:
    """Of the memories at *seqs* what measuring them takes; *text* is an SQL expression."""
    chosen = _one_of(seqs)
    return connection.execute(
        f"SELECT seq, id, created_at, {text} FROM memories WHERE {chosen.sql}", chosen.parameters
    ).fetchall()


def _hits(
    connection: sqlite3.Connection, kept: list[ScoredMemory], yardstick: Yardstick | None
) -> tuple[SearchHit, ...]:
    chosen = _one_of([hit.seq for hit in kept])
    rows = connection.execute(
        f"SELECT seq, {COLUMNS} FROM memories WHERE {chosen.sql}", chosen.parameters
    )
    memories: dict[int, Memory] = {row[0]: memory_of(row[1:]) for row in rows}
    return tuple(
        SearchHit(memories[hit.seq], score_of(hit.strength), graded(hit, yardstick), hit.parts())
        for hit in kept
    )


def _one_of(seqs: list[int]) -> SqlCondition:
    """That a memory is at one of these places; a few are found sooner when they are spelt out."""
    if len(seqs) <= _SPELT_OUT:
        return SqlCondition(f"seq IN ({marks(seqs)})", tuple(seqs))
    return SqlCondition("seq IN (SELECT value FROM json_each(?))", (json.dumps(seqs),))
