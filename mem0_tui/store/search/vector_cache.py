"""The vectors of one store in memory, brought up to date from the store before each use."""

from __future__ import annotations

import sqlite3
from threading import Lock

from mem0_tui.store.embedding.blas import np
from mem0_tui.store.search import embeddings
from mem0_tui.store.search.vectors import Float, Rowids, VectorIndex, unpack


class Nearness:
    """Cosines between a query and all memories that have a vector; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._index = VectorIndex()
        self._place = 0
        self._model: str | None = None

    def cosines(
        self, connection: sqlite3.Connection, model_id: str, query: Float
    ) -> tuple[Rowids, Float]:
        """The memories that have a vector of *model_id*, and the cosine of each with *query*, a
        unit vector, as of *connection*'s snapshot or a little later."""
        with self._lock:
            self._catch_up(connection)
            if self._model != model_id:
                return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
            index = self._index
        return index.scores(query)

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        model = embeddings.model(connection)
        if model != self._model:
            self._index, self._place, self._model = VectorIndex(), 0, model
        if embeddings.last_place(connection) <= self._place:
            return
        for part in embeddings.changes(connection, self._place):
            self._index.remove(seq for _, seq, blob in part if blob is None)
            present = [(seq, blob) for _, seq, blob in part if blob is not None]
            if present:
                self._index.add([seq for seq, _ in present], unpack([blob for _, blob in present]))
            self._place = part[-1][0]
