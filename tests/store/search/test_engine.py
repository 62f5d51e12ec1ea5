from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Op, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Grade, SearchMode
from mem0_tui.store.search.engine import hybrid_search
from mem0_tui.store.search.indexer import Indexer
from mem0_tui.store.store import MemoryStore, open_store
from tests.support.embedding import WordEmbedder
from tests.support.memories import memory, uuid_of

pytestmark = pytest.mark.anyio

_CLOCK = FrozenClock(datetime(2026, 3, 1, tzinfo=UTC))
_TEXTS = (
    "Deploys go out on Tuesday between ten and three",
    "The database listens on port 5433",
    "Tokens are signed with RS256",
    "Kim prefers small commits",
    "The checkout locks the stock hold inside the transaction",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MemoryStore]:
    opened = open_store(tmp_path / "memories.db", _CLOCK, durable=False)
    yield opened
    opened.close()


def _memories(count: int = 40) -> list[Memory]:
    texts = [*_TEXTS, *(f"filler number {n} about gardens" for n in range(count - len(_TEXTS)))]
    return [memory(number, text) for number, text in enumerate(texts[:count])]


def _index(store: MemoryStore, embedder: WordEmbedder) -> None:
    Indexer(store, lambda: embedder).run_pending()


def _found(store: MemoryStore, text: str, embedder: WordEmbedder | None = None) -> list[str]:
    return [hit.memory.text for hit in hybrid_search(store, text, embedder=embedder).hits]


async def test_words_find_inflected_words_before_anything_is_embedded(store: MemoryStore) -> None:
    await store.restore(_memories())
    result = hybrid_search(store, "locked stocks", embedder=WordEmbedder())
    assert result.mode is SearchMode.KEYWORD
    assert result.hits[0].memory.text == _TEXTS[4]
    assert (result.embedded, result.searched) == (0, 40)
    assert all(hit.grade is None for hit in result.hits)


async def test_a_misspelt_word_is_found_without_vectors_too(store: MemoryStore) -> None:
    await store.restore(_memories())
    assert _found(store, "comits")[0] == _TEXTS[3]
    assert _found(store, "databse")[0] == _TEXTS[1]


async def test_vectors_and_words_rank_together_once_there_are_vectors(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore(_memories())
    _index(store, embedder)
    result = hybrid_search(store, "which port does the database use", embedder=embedder)
    assert result.mode is SearchMode.HYBRID
    assert (result.embedded, result.searched) == (40, 40)
    best = result.hits[0]
    assert best.memory.text == _TEXTS[1]
    assert best.grade is Grade.STRONG
    assert set(best.parts) == {"semantic", "words", "trigrams"}


async def test_vectors_of_another_model_are_not_mixed_in(store: MemoryStore) -> None:
    await store.restore(_memories())
    _index(store, WordEmbedder("old"))
    assert hybrid_search(store, "port", embedder=WordEmbedder("new")).mode is SearchMode.KEYWORD


async def test_a_memory_that_waits_for_its_vector_is_found_by_its_words(
    store: MemoryStore,
) -> None:
    embedder = WordEmbedder()
    await store.restore(_memories())
    _index(store, embedder)
    await store.restore([memory(99, "Grafana dashboards live in the folder observability")])
    result = hybrid_search(store, "grafana dashboards", embedder=embedder)
    assert result.hits[0].memory.id == uuid_of(99)
    assert "semantic" not in result.hits[0].parts
    assert (result.embedded, result.searched) == (40, 41)
    misspelt = hybrid_search(store, "graphana dashbord", embedder=embedder, threshold=0.05)
    assert uuid_of(99) in [hit.memory.id for hit in misspelt.hits]


async def test_edits_and_deletes_show_in_the_next_search(
    store: MemoryStore, tmp_path: Path
) -> None:
    embedder = WordEmbedder()
    await store.restore(_memories())
    _index(store, embedder)
    assert _found(store, "database port", embedder)[0] == _TEXTS[1]
    other = open_store(tmp_path / "memories.db", _CLOCK, durable=False)
    await other.update(uuid_of(1), Edit(text="The cache listens on another socket"))
    await other.delete([uuid_of(2)])
    assert _TEXTS[1] not in _found(store, "database port", embedder)
    assert _TEXTS[2] not in _found(store, "tokens signed", embedder)
    _index(other, embedder)
    hits = hybrid_search(store, "cache socket", embedder=embedder).hits
    assert hits[0].memory.id == uuid_of(1)
    assert "semantic" in hits[0].parts
    other.close()


async def test_only_memories_that_pass_the_condition_are_found_however_far_down(
    store: MemoryStore,
) -> None:
    embedder = WordEmbedder()
    many = [replace(m, metadata={"type": "noise"}) for m in _memories(600)]
    many[300] = replace(many[300], metadata={"type": "decision"}, text="gardens have gates")
    await store.restore(many)
    _index(store, embedder)
    condition = Compare(Field.TYPE, Op.EQ, "decision")
    for engine in (embedder, None):
        result = hybrid_search(
            store, "filler about gardens", condition, embedder=engine, threshold=0.0
        )
        assert [hit.memory.id for hit in result.hits] == [many[300].id]
        assert result.searched == 1


async def test_what_has_expired_is_left_out_unless_asked_for(store: MemoryStore) -> None:
    old = memory(1, "the old staging host", expires_on=date(2026, 2, 28))
    last_day = memory(2, "the staging host of today", expires_on=date(2026, 3, 1))
    await store.restore([old, last_day])
    assert _found(store, "staging host") == [last_day.text]
    both = hybrid_search(store, "staging host", include_expired=True)
    assert {hit.memory.id for hit in both.hits} == {old.id, last_day.id}


async def test_equally_good_hits_come_newest_first(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    same = [memory(number, "the same text twice over") for number in (3, 1, 2)]
    twins = [
        replace(memory(number, "the same text twice over"), created_at=same[0].created_at)
        for number in (9, 8)
    ]
    await store.restore([*same, *twins, *_memories(1)])
    expected = [uuid_of(number) for number in (3, 8, 9, 2, 1)]
    for engine in (None, embedder):
        hits = hybrid_search(store, "the same text", embedder=engine).hits
        assert [hit.memory.id for hit in hits] == expected
        _index(store, embedder)


async def test_scores_fall_from_one_to_the_threshold(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore(list(generate(300)))
    _index(store, embedder)
    for engine in (embedder, None):
        for text in ("jwt signing", "how do we deploy", "Kim wants small commits"):
            hits = hybrid_search(
                store, text, embedder=engine, limit=50, threshold=0.15, include_expired=True
            ).hits
            scores = [hit.score for hit in hits]
            assert scores == sorted(scores, reverse=True)
            assert all(0.15 <= score <= 1 for score in scores)
            assert scores


async def test_no_grade_among_fewer_than_twenty_memories(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore(_memories(19))
    _index(store, embedder)
    assert {hit.grade for hit in hybrid_search(store, "port", embedder=embedder).hits} == {None}


async def test_limit_and_hostile_queries(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    await store.restore(list(generate(200)))
    _index(store, embedder)
    queries = (
        *('"', "NEAR(a b) OR *", "a:b ^c -d", "nul \0 here", "\ud800", "!!!", "x" * 100_000),
        *("naïve Straße 部署", "the of and", "' OR 1=1 --", "{x} [y]", "%_", "\x1b[31m"),
    )
    for text in queries:
        for engine in (embedder, None):
            assert len(hybrid_search(store, text, embedder=engine, limit=3).hits) <= 3
    assert hybrid_search(store, "deploy", embedder=embedder, limit=0).hits == ()
    assert len(hybrid_search(store, "the", embedder=embedder, limit=150, threshold=0).hits) <= 150


async def test_an_empty_store_has_no_hits(store: MemoryStore) -> None:
    result = hybrid_search(store, "anything", embedder=WordEmbedder())
    assert (result.hits, result.searched, result.embedded) == ((), 0, 0)


async def test_searches_in_several_threads_see_a_growing_store(store: MemoryStore) -> None:
    embedder = WordEmbedder()
    memories = [m for m in generate(600, now=DEMO_NOW) if m.scope.app_id != "sandbox"]
    indexer = Indexer(store, lambda: embedder)
    indexer.start()
    condition = Compare(Field.APP, Op.EQ, "infra")
    for start in range(0, len(memories), 100):
        await store.restore(memories[start : start + 100])
        answers = [
            store.database.read(
                lambda _, text=text: hybrid_search(  # type: ignore[misc]
                    store, text, condition, embedder=embedder
                )
            )
            for text in ("terraform state", "deploy window", "runner disk", "dns lookups")
        ]
        for answer in answers:
            hits = answer.result().hits
            assert all(matches(condition, hit.memory) for hit in hits)
    indexer.stop()
    assert indexer.error is None
    store_now = hybrid_search(store, "terraform", EVERYTHING, embedder=embedder)
    assert store_now.searched
