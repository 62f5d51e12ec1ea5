"""The queue of repeats over a real store, while its indexer is at work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.embedding.embedder import load_embedder
from mem0_tui.store.search.indexer import Indexer
from mem0_tui.store.search.stored_vectors import StoredVectors
from tests.detect.home import Home
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import START

pytestmark = pytest.mark.anyio


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(tmp_path, FrozenClock(START))
    home.queues.close()
    home.queues = ReviewQueues(
        LibrarySource(LocalLibrary(home.store)),
        home.curator.verdicts,
        home.clock,
        vectors=StoredVectors(home.store),
    )
    yield home
    await home.close()


async def looked_at(home: Home) -> list[set[str]]:
    return [set(each.ids) for each in (await home.queues.scan()).of(Queue.REPEATS)]


async def test_new_vectors_are_noticed_though_no_memory_changed(home: Home) -> None:
    await home.store.restore(
        [
            memory(1, "Payments are processed by Stripe."),
            memory(2, "Stripe handles our payments."),
            memory(3, "Payments are processed by Stripe.", pinned=True),
            memory(4, "The gateway terminates TLS."),
        ]
    )
    indexer = Indexer(home.store, load_embedder)
    first = await home.queues.scan()
    assert "4 memories without a vector yet" in first.partly[Queue.REPEATS]
    copies = {uuid_of(1), uuid_of(3)}
    assert await looked_at(home) == [copies]

    indexer.run_pending()
    assert await looked_at(home) == [copies, {uuid_of(2), uuid_of(3)}], "one of the copies"
    again = await home.queues.scan()
    assert again is await home.queues.scan(), "nothing has happened"
    assert Queue.REPEATS not in again.partly

    await home.backend.update(uuid_of(2), Edit(text="TLS ends at the gateway."))
    assert await looked_at(home) == [copies]
    indexer.run_pending()
    assert await looked_at(home) == [copies, {uuid_of(2), uuid_of(4)}]
