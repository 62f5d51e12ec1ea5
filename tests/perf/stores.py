"""Stores of many demo memories, made once per run, with made-up vectors where they are wanted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.memory import Memory
from mem0_tui.store.embedding.blas import np
from mem0_tui.store.search import embeddings
from mem0_tui.store.search.embeddings import Pending
from mem0_tui.store.search.vectors import DIMENSIONS, pack
from mem0_tui.store.store import MemoryStore, open_store

_BATCH = 2_000


def open_filled(folder: Path, count: int) -> MemoryStore:
    """The store of *count* memories in *folder*, filled at the first call of this run."""
    return open_store(filled(folder, count), FrozenClock(DEMO_NOW), durable=False)


@lru_cache(maxsize=8)
def filled(folder: Path, count: int) -> Path:
    """The file of a store of *count* demo memories."""
    path = folder / f"memories-{count}.db"
    store = open_store(path, FrozenClock(DEMO_NOW), durable=False)
    for batch in batches(generate(count)):
        asyncio.run(store.restore(batch))
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def batches(memories: Iterator[Memory]) -> Iterator[list[Memory]]:
    """*memories* in lists of 2,000."""
    while batch := list(islice(memories, _BATCH)):
        yield batch


def give_vectors(store: MemoryStore, model_id: str, seed: int = 11) -> None:
    """Give every memory a random unit vector of the model *model_id*."""
    random = np.random.default_rng(seed)
    seqs = store.database.read_now(embeddings.pending_seqs)
    for start in range(0, len(seqs), _BATCH):
        chosen = seqs[start : start + _BATCH]
        waiting: list[Pending] = store.database.read_now(
            lambda c, some=tuple(chosen): embeddings.pending(c, some)  # type: ignore[misc]
        )
        raw = random.standard_normal((len(waiting), DIMENSIONS)).astype(np.float32)
        raw /= np.linalg.norm(raw, axis=1, keepdims=True)
        keys = [embeddings.vector_key(model_id, f"{memory.seq}") for memory in waiting]
        vectors = dict(zip(keys, pack(raw), strict=True))
        done = list(zip(waiting, keys, strict=True))

        def linked(
            connection: sqlite3.Connection,
            done: list[tuple[Pending, bytes]] = done,
            vectors: dict[bytes, bytes] = vectors,
        ) -> None:
            embeddings.link(connection, model_id, done, vectors)

        store.database.write(linked).result()
