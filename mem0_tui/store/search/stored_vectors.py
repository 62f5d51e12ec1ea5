"""The vectors that a store has of texts, for whoever compares memories by meaning."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mem0_tui.model.text import encodable
from mem0_tui.store.search import embeddings
from mem0_tui.store.store import MemoryStore


class StoredVectors:
    """Reads what the indexer has stored; makes no vectors itself."""

    def __init__(self, store: MemoryStore, *, most: int | None = None) -> None:
        """*most*: how many texts are to be compared, at most."""
        self._store = store
        self.most = most

    def state(self) -> object:
        """Another value once there are more vectors, or others."""
        return self._store.database.read_now(
            lambda c: (embeddings.model(c), embeddings.last_place(c))
        )

    def of(self, texts: Sequence[str]) -> list[bytes | None]:
        """The packed vectors of *texts* (:func:`~.vectors.pack`); None where there is none."""

        def read(connection: sqlite3.Connection) -> list[bytes | None]:
            model = embeddings.model(connection)
            if model is None:
                return [None] * len(texts)
            keys = [embeddings.vector_key(model, encodable(text)) for text in texts]
            found = embeddings.vectors_of(connection, keys)
            return [found.get(key) for key in keys]

        return self._store.database.read_now(read)
