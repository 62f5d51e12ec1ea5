"""A semantic query against its parts: embedding the query, and one bare matrix-vector product."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path

from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, Op, all_of
from mem0_tui.store import memories
from mem0_tui.store.embedding.blas import np
from mem0_tui.store.embedding.embedder import Embedder, load_embedder
from mem0_tui.store.memories import Selection
from mem0_tui.store.search.engine import hybrid_search
from mem0_tui.store.search.vectors import DIMENSIONS
from mem0_tui.store.store import MemoryStore
from tests.perf.measure import compared, fact, heading, timed_together
from tests.perf.stores import give_vectors, open_filled

_QUESTIONS = (
    "which port does the local database listen on",
    "why did token refresh fail on some pods",
    "when may we deploy to production",
    "how is money stored",
    "what makes the checkout slow under load",
    "jwt signing key",
    "rollback procedure for the catalogue import",
    "does kim want to see a plan before edits",
)
_NUMBERS = count()
"""Makes every question a new one: vectors of queries are kept."""
_GOAL = "at most 1.5"


def run(folder: Path) -> None:
    """Compare at 10,000 and 100,000 memories."""
    heading("Semantic query, against one embedding and a bare numpy matrix-vector product")
    embedder = load_embedder()
    for size in (10_000, 100_000):
        store = open_filled(folder, size)
        give_vectors(store, embedder.model_id)
        start = time.perf_counter()
        hybrid_search(store, "first of all", embedder=embedder)
        fact(
            f"{size:,} memories: first query, vectors loaded",
            f"{time.perf_counter() - start:.2f} s",
        )
        _compare(f"{size:,} memories", store, embedder, EVERYTHING)
        app = Compare(Field.APP, Op.EQ, "shop-api")
        user = Compare(Field.USER, Op.EQ, "kim")
        _compare(f"{size:,} memories, of one user and app", store, embedder, all_of([app, user]))
        store.close()


def _compare(name: str, store: MemoryStore, embedder: Embedder, condition: Filter) -> None:
    stored = store.database.read_now(lambda c: memories.count(c, Selection()))
    random = np.random.default_rng(3)
    vectors = random.standard_normal((stored, DIMENSIONS), dtype=np.float32)

    def question() -> str:
        number = next(_NUMBERS)
        return f"{_QUESTIONS[number % len(_QUESTIONS)]} {number // len(_QUESTIONS)}"

    def parts() -> object:
        return vectors @ embedder.embed([question()])[0]

    def whole() -> object:
        return hybrid_search(store, question(), condition, embedder=embedder)

    ours, baseline = timed_together(whole, parts, calls=32)
    compared(name, ours, baseline, _GOAL)
