"""Each number of the statistics is what the list finds by the number's query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.reader import Reader
from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Query, parse
from mem0_tui.model.tally import tallied
from mem0_tui.presenting.stats.statistics import CountCell, Statistics, cells_of, statistics
from mem0_tui.store.store import open_store
from tests.model.strategies import memories
from tests.support.memories import uuid_of
from tests.support.memory_backend import MemoryBackend

CLOCK = FrozenClock(DEMO_NOW)
TODAY = DEMO_NOW.date()


def odd(number: int, created: datetime, source: object, kind: str | None = None) -> Memory:
    """A memory with anything as its source."""
    metadata = {"source": source, "type": kind} if kind else {"source": source}
    return Memory(uuid_of(number), "odd", Scope("kim"), metadata, created_at=created)


MIDNIGHT = datetime(2026, 5, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SOURCES: Sequence[object] = (
    *("hook", "Hook", "HOOK ", "none", "untyped", "a,b", 'say "x"', "\\", "", " ", "*", "ſ", "ß"),
    *(None, 3, 3.0, 0.7, True, False, 10**30, 1e300, -0.0),
    *([], ["hook", "hand"], [None, ""], [1, "1"], [{}], {}, {"a": 1}, [["deep"]], "\x00", "评审"),
)
MOMENTS = (
    *(MIDNIGHT, MIDNIGHT - TICK, MIDNIGHT + TICK, DEMO_NOW, DEMO_NOW + timedelta(days=3)),
    *(datetime(1969, 12, 31, 23, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
    datetime.combine(TODAY - timedelta(days=364), datetime.min.time(), UTC),
    datetime.combine(TODAY - timedelta(days=364), datetime.min.time(), UTC) - TICK,
)
KINDS = (None, "decision", "none", "untyped", "[b]bold[/b]", "decision ", "a b", '"', "*")
ODD = [
    odd(number, MOMENTS[number % len(MOMENTS)], SOURCES[number % len(SOURCES)], KINDS[number % 9])
    for number in range(1, 200)
]


STORES = ("odd", "demo", "10,000")


@pytest.fixture(scope="module", params=STORES[:2])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    made = {"odd": ODD, "demo": generate(), "10,000": generate(10_000)}
    path = tmp_path_factory.mktemp("stats") / "memories.db"
    store = open_store(path, CLOCK, durable=False)
    asyncio.run(store.restore(list(made[request.param])))
    yield Reader(LocalBackend(store), clock=CLOCK)
    store.close()


async def shown(reader: Reader, base: Query, *, expired: bool = False) -> Statistics:
    tallies, _ = await reader.count(base, include_expired=expired)
    return statistics(base, tallies, TODAY)


async def wrong(
    reader: Reader, cells: Sequence[CountCell], *, expired: bool = False
) -> list[tuple[CountCell, int | None]]:
    """The cells whose query finds another number of memories."""
    found = [
        (cell, (await reader.list(parse(cell.query), limit=1, include_expired=expired)).total)
        for cell in cells
    ]
    return [(cell, total) for cell, total in found if cell.count != total]


@pytest.mark.anyio
@pytest.mark.parametrize("reader", STORES, indirect=True)
@pytest.mark.parametrize("expired", [False, True])
async def test_every_number_is_what_the_list_finds(reader: Reader, expired: bool) -> None:
    found = await shown(reader, Query(), expired=expired)
    assert found.total == (await reader.list(Query(), limit=1, include_expired=expired)).total
    assert not await wrong(reader, cells_of(found), expired=expired)
    assert sum(cell.count for cell in found.ages) == found.total
    assert sum(cell.count for cell in found.kinds) == found.total


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["type:decision", "user:kim created:2026-05..", "-has:source"])
async def test_a_query_narrows_every_number(reader: Reader, text: str) -> None:
    found = await shown(reader, parse(text))
    assert found.total == (await reader.list(parse(text), limit=1)).total
    assert not await wrong(reader, [cell for cell in cells_of(found) if cell.count])


@pytest.mark.anyio
async def test_a_backend_that_is_read_gives_the_same_numbers(reader: Reader) -> None:
    """As a server's memories are counted: page by page, each once."""
    page = await reader.list(Query(), limit=1000, include_expired=True)
    there = Reader(MemoryBackend(page.items), clock=CLOCK)
    found, parts = await there.count(Query(), [parse("type:decision")], include_expired=True)
    assert parts == (sum(memory.type == "decision" for memory in page.items),)
    read = statistics(Query(), found, TODAY)
    assert read == await shown(reader, Query(), expired=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(memories(), max_size=8, unique_by=lambda memory: memory.id),
    st.dates(date(2025, 6, 1), date(2027, 1, 1)),
)
def test_of_any_memories_each_number_is_what_its_query_means(
    found: list[Memory], today: date
) -> None:
    now = datetime.combine(today, datetime.min.time(), UTC)
    for cell in cells_of(statistics(Query(), tallied(found), today)):
        condition = parse(cell.query).filter(now)
        assert cell.count == sum(matches(condition, memory) for memory in found), cell
