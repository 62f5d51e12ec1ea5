from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.errors import SettingsError
from mem0_tui.store.embedding.embedder import Embedder
from mem0_tui.store.query.conditions import equip
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.search import embeddings
from mem0_tui.store.search.indexer import Indexer
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.store import MemoryStore, open_store
from tests.support.embedding import WordEmbedder
from tests.support.memories import memory, uuid_of

pytestmark = pytest.mark.anyio

_CLOCK = FrozenClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MemoryStore]:
    opened = open_store(tmp_path / "memories.db", _CLOCK, durable=False)
    yield opened
    opened.close()


def _waiting(store: MemoryStore) -> int:
    return len(store.database.read_now(embeddings.pending_seqs))


def _vectors(store: MemoryStore) -> int:
    found = store.database.read_now(
        lambda c: c.execute("SELECT count(*) FROM vectors").fetchone()[0]
    )
    assert isinstance(found, int)
    return found


async def test_the_newest_memories_get_their_vectors_first(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore([memory(number) for number in (2, 5, 1, 4, 3)])
    indexer = Indexer(store, lambda: embedder)
    assert indexer.run_pending(limit=2) == 2
    assert embedder.embedded == ["memory number 5", "memory number 4"]
    assert indexer.run_pending() == 3
    assert indexer.run_pending() == 0
    assert _waiting(store) == 0


async def test_progress_counts_up_to_the_whole(store: MemoryStore) -> None:
    await store.restore([memory(number) for number in range(300)])
    told: list[tuple[int, int]] = []
    Indexer(store, WordEmbedder).run_pending(progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (300, 300)
    assert [of for _, of in told] == [300] * len(told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


async def test_a_cancelled_run_keeps_what_it_has_done(store: MemoryStore) -> None:
    await store.restore([memory(number) for number in range(300)])
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 2

    done = Indexer(store, WordEmbedder).run_pending(cancelled=cancelled)
    assert 0 < done < 300
    assert _waiting(store) == 300 - done


async def test_a_text_is_embedded_once_however_often_it_occurs(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore([memory(number, f"text {number % 3}") for number in range(30)])
    Indexer(store, lambda: embedder).run_pending()
    await store.restore([memory(number, "text 1") for number in range(40, 50)])
    assert Indexer(store, lambda: embedder).run_pending() == 10
    assert sorted(embedder.embedded) == ["text 0", "text 1", "text 2"]
    assert _vectors(store) == 3


async def test_an_edited_memory_gets_a_new_vector_and_one_with_new_metadata_does_not(
    store: MemoryStore,
) -> None:
    embedder = WordEmbedder()
    await store.restore([memory(1), memory(2)])
    Indexer(store, lambda: embedder).run_pending()
    await store.update(uuid_of(1), Edit(metadata={"type": "decision"}))
    assert _waiting(store) == 0
    await store.update(uuid_of(1), Edit(text="another text"))
    assert Indexer(store, lambda: embedder).run_pending() == 1
    assert embedder.embedded[-1] == "another text"


async def test_another_model_replaces_all_vectors(store: MemoryStore) -> None:
    await store.restore([memory(number) for number in range(5)])
    Indexer(store, WordEmbedder).run_pending()
    newer = WordEmbedder("words-2")
    assert Indexer(store, lambda: newer).run_pending() == 5
    assert len(newer.embedded) == 5
    assert _vectors(store) == 5


async def test_the_background_thread_follows_what_happens_to_the_store(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    indexer = Indexer(store, lambda: embedder)
    indexer.start()
    indexer.start()
    await store.restore([memory(number) for number in range(3)])
    _until(indexer, lambda: _vectors(store) == 3)
    await store.delete([uuid_of(0), uuid_of(1)])
    _until(indexer, lambda: _vectors(store) == 1)
    indexer.stop()
    indexer.stop()
    await store.restore([memory(7)])
    assert indexer.error is None
    assert _waiting(store) == 1


def _until(indexer: Indexer, reached: object) -> None:
    assert callable(reached)
    for _ in range(3000):
        if reached():
            return
        indexer.wake()
        Event().wait(0.01)
    raise AssertionError("the indexer did not get there")


async def test_two_at_once_do_no_harm(store: MemoryStore, tmp_path: Path) -> None:
    await store.restore([memory(number) for number in range(200)])
    other = open_store(tmp_path / "memories.db", _CLOCK, durable=False)
    threads = [Thread(target=Indexer(some, WordEmbedder).run_pending) for some in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _waiting(store) == 0
    assert _vectors(store) == 200
    other.close()


async def test_an_embedder_that_cannot_be_loaded_ends_the_work_and_says_so(
    store: MemoryStore,
) -> None:
    def missing() -> Embedder:
        raise SettingsError("onnxruntime is not installed")

    await store.restore([memory(1)])
    indexer = Indexer(store, missing)
    indexer.start()
    for _ in range(3000):
        if indexer.error is not None:
            break
        Event().wait(0.01)
    indexer.stop()
    assert isinstance(indexer.error, SettingsError)


async def test_a_store_that_is_busy_for_a_while_gets_its_vectors_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "memories.db"
    store = MemoryStore(Database(path, MIGRATIONS, equip=equip, patience=0.02), _CLOCK, None)
    await store.restore([memory(1)])
    again, tries = Event(), 0

    class Counting(WordEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            nonlocal tries
            tries += 1
            if tries == 2:
                again.set()  # the first could not be stored
            return super().embed(texts)

    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    indexer = Indexer(store, Counting)
    done = Event()
    indexer.start()
    try:
        while not again.wait(0.05):
            indexer.wake()
        other.execute("ROLLBACK")
        while _waiting(store) and indexer.error is None:
            indexer.wake()
            done.wait(0.01)
        assert indexer.error is None
    finally:
        indexer.stop()
        other.close()
        store.close()
