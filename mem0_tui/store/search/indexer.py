"""Gives every memory its vector, newest first, in the background or to completion.

Two processes may do so for one store at once: each stores what it made, and equal work is merged.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

from mem0_tui.model.errors import Mem0TuiError, StoreBusyError, StoreFullError
from mem0_tui.store.embedding.embedder import Embedder
from mem0_tui.store.history import last_seq
from mem0_tui.store.search import embeddings
from mem0_tui.store.store import MemoryStore

_BATCH = 128
"""Texts embedded between two commits, at most half a second of work; of equal length, in the main,
once they are sorted."""
_LOOK_AGAIN = 1.0
"""Seconds between two looks for memories that came meanwhile."""


class Indexer:
    """Embeds the memories of one store."""

    def __init__(self, store: MemoryStore, embedder_factory: Callable[[], Embedder]) -> None:
        """*embedder_factory* is called once, at the first text to embed or at a warm start."""
        self._store = store
        self._factory = embedder_factory
        self._embedder: Embedder | None = None
        self._lock = Lock()
        self._thread: Thread | None = None
        self._stopping = Event()
        self._woken = Event()
        self.error: Mem0TuiError | None = None
        """Why the background work ended by itself, if it did."""

    def run_pending(
        self,
        progress: Callable[[int, int], None] | None = None,
        limit: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Embed what has no vector, in this thread, and return how many memories got one.

        Args:
            progress: called with (done, of how many) after each batch.
            limit: at most this many memories.
            cancelled: asked between batches; what was done by then stays.
        """
        database = self._store.database
        done = 0
        self._replace_other_model()
        seen = database.read_now(last_seq)
        waiting = database.read_now(embeddings.pending_seqs)
        while waiting and (limit is None or done < limit):
            if cancelled is not None and cancelled():
                break
            size = _BATCH if limit is None else min(_BATCH, limit - done)
            batch, waiting = waiting[:size], waiting[size:]
            done += self._embed(batch)
            if progress is not None:
                progress(done, done + len(waiting))
            newest = database.read_now(last_seq)
            if newest != seen:
                seen, waiting = newest, database.read_now(embeddings.pending_seqs)
        return done

    def start(self, *, warm: bool = False) -> None:
        """Embed in a thread of its own, now and whenever memories come, until :meth:`stop`.

        With *warm* the model is loaded at once, for whoever searches first will not wait long:
        a hook of Codex has 1.5 seconds.
        """
        with self._lock:
            if self._thread is None:
                self._stopping.clear()
                self._thread = Thread(
                    target=self._run, args=(warm,), name="store-indexer", daemon=True
                )
                self._thread.start()

    def wake(self) -> None:
        """Look for new memories now rather than within a second."""
        self._woken.set()

    def stop(self) -> None:
        """End the thread after the batch it is at; needed before the store is closed."""
        with self._lock:
            thread, self._thread = self._thread, None
        self._stopping.set()
        self._woken.set()
        if thread is not None:
            thread.join()

    def _run(self, warm: bool) -> None:
        seen: int | None = None
        try:
            if warm:
                self._loaded()
            while not self._stopping.is_set():
                with suppress(StoreBusyError, StoreFullError):  # it passes: try with the next look
                    seen = self._catch_up(seen)
                self._woken.wait(_LOOK_AGAIN)
                self._woken.clear()
        except Mem0TuiError as error:
            self.error = error

    def _catch_up(self, seen: int | None) -> int:
        """Embed what is new since the change *seen*, and return the last change."""
        newest = self._store.database.read_now(last_seq)
        if newest != seen:
            self.run_pending(cancelled=self._stopping.is_set)
            if not self._stopping.is_set():
                self._forget_unused()
        return newest

    def _replace_other_model(self) -> None:
        """Vectors that an earlier version's model made are of no use to this one's."""
        database = self._store.database
        model = database.read_now(embeddings.model)
        if model is not None and model != self._loaded().model_id:
            model_id = self._loaded().model_id
            database.write(lambda c: embeddings.adopt_model(c, model_id)).result()

    def _forget_unused(self) -> None:
        """Deleted memories leave no trace here: a vector gives its text away in part."""
        database = self._store.database
        if database.read_now(embeddings.has_unused):
            database.write(embeddings.forget_unused).result()

    def _embed(self, seqs: list[int]) -> int:
        database = self._store.database
        memories = database.read_now(lambda c: embeddings.pending(c, seqs))
        if not memories:
            return 0
        embedder = self._loaded()
        keys = [embeddings.vector_key(embedder.model_id, memory.text) for memory in memories]
        same_model = database.read_now(embeddings.model) == embedder.model_id
        known = database.read_now(lambda c: embeddings.known_keys(c, keys)) if same_model else set()
        missing = {
            key: memory.text for key, memory in zip(keys, memories, strict=True) if key not in known
        }
        vectors: dict[bytes, bytes] = {}
        if missing:
            from mem0_tui.store.search.vectors import pack

            packed = pack(embedder.embed(list(missing.values())))
            vectors = dict(zip(missing, packed, strict=True))
        done = list(zip(memories, keys, strict=True))
        database.write(lambda c: embeddings.link(c, embedder.model_id, done, vectors)).result()
        return len(done)

    def _loaded(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._factory()
        return self._embedder
