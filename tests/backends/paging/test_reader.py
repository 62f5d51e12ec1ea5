"""What the readers of the three remote servers do alike, whatever their servers do: one table."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.base import Backend
from mem0_tui.backends.paging.ordering import ordered
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model import query
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.model.filter import EVERYTHING, NOTHING, Filter, belongs_to, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page, Sort
from mem0_tui.wire.filters import parse_filters
from mem0_tui.wire.memory import memory_from_wire, memory_to_wire
from mem0_tui.wire.tofilters import FilterJson
from tests.support.faulty import FaultyPlatform, platform
from tests.support.loopback import loopback
from tests.support.mcp_fake import faked, reading
from tests.support.memories import memory, uuid_of
from tests.support.selfhosted import ADMIN_KEY, SelfHosted, upstream

pytestmark = pytest.mark.anyio

KIM, LEE = Scope(user_id="kim"), Scope(user_id="lee")
OF_KIM = belongs_to(EntityRef(EntityKind.USER, "kim"))
CLOCK = FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))
COUNT = 450


@dataclass
class Held:
    """What a server holds, and how it misbehaves; the requests that it got."""

    memories: Sequence[Memory]
    twice: bool = False
    """It shows every row twice."""
    shows: int | None = None
    """It knows of all of them, and shows so many."""
    mixes_up: bool = False
    """It answers a request for one memory with another."""
    asked: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What it lists, newest first; it leaves conditions to whoever asks."""
        shown = ordered(self.memories, Sort.NEWEST)[: self.shows]
        return [memory_to_wire(each) for each in shown for _ in range(1 + self.twice)]

    def page(self, number: int, size: int) -> dict[str, Any]:
        rows = self.rows
        end = number * size
        return {
            "count": None if self.twice else len(self.memories),
            "next": "http://server/?page=more" if end < len(rows) else None,
            "previous": None,
            "results": rows[end - size : end],
        }

    def hits(self, top_k: int, filters: FilterJson) -> dict[str, Any]:
        condition = parse_filters(filters)
        found = [row for row in self.rows if matches(condition, memory_from_wire(row))]
        return {"results": [{**row, "score": 0.9} for row in found[:top_k]]}

    def one(self, memory_id: str) -> dict[str, Any] | None:
        found = [row for row in self.rows if (row["id"] == memory_id) is not self.mixes_up]
        return found[0] if found else None


@asynccontextmanager
async def over_rest(held: Held) -> AsyncIterator[Backend]:
    server = FaultyPlatform()

    async def answered(request: Request) -> Response | None:
        path, asked = request.url.path, request.query_params
        held.asked.append(path)
        if path == "/v3/memories/":
            return JSONResponse(held.page(int(asked["page"]), int(asked["page_size"])))
        if path == "/v3/memories/search/":
            body = await request.json()
            return JSONResponse(held.hits(body["top_k"], body["filters"]))
        row = held.one(path.split("/")[3])
        return JSONResponse(row) if row else JSONResponse({"error": "Memory not found!"}, 404)

    server.faults.append(answered)
    async with platform(server) as backend:
        yield backend


@asynccontextmanager
async def over_mcp(held: Held) -> AsyncIterator[Backend]:
    server = reading([])
    server.parameters["search_memories"] = ("query", "filters", "top_k", "threshold")

    async def listed(arguments: dict[str, Any]) -> str:
        held.asked.append("get_memories")
        return json.dumps(held.page(arguments["page"], arguments["page_size"]))

    async def searched(arguments: dict[str, Any]) -> str:
        held.asked.append("search_memories")
        return json.dumps(held.hits(arguments["top_k"], arguments["filters"]))

    async def got(arguments: dict[str, Any]) -> str:
        held.asked.append("get_memory")
        missing = {"error": "Memory not found!", "status": None, "payload": None}
        return json.dumps(held.one(arguments["memory_id"]) or missing)

    server.handlers |= {"get_memories": listed, "search_memories": searched, "get_memory": got}
    with faked(server) as url:
        backend = open_backend("mcp", BackendOptions(url=url, clock=CLOCK))
        yield backend
        await backend.aclose()


class Misbehaving(SelfHosted):
    """Mem0's own server with the faults of *held*."""

    held: Held

    async def _list(self, request: Request) -> Response:
        answer = json.loads(bytes((await super()._list(request)).body))
        return JSONResponse(
            {"results": [row for row in answer["results"] for _ in range(1 + self.held.twice)]}
        )

    async def _search(self, request: Request) -> Response:
        if self.held.shows is not None:
            raise upstream()
        return await super()._search(request)

    async def _get(self, request: Request) -> Response:
        if self.held.mixes_up:
            return JSONResponse(self.held.one(request.path_params["id"]))
        return await super()._get(request)


@asynccontextmanager
async def over_selfhosted(held: Held) -> AsyncIterator[Backend]:
    server = Misbehaving()
    server.held = held
    for each in held.memories:
        wire = memory_to_wire(each)
        server.records[each.id] = {
            "data": each.text,
            "hash": "x",
            "role": "user",
            **{name: wire[name] for name in ("created_at", "updated_at", "expiration_date")},
            **each.scope.ids(),
            **each.metadata,
        }
    with loopback(server.app()) as url:
        options = BackendOptions(url=url, api_key=ADMIN_KEY, clock=CLOCK)
        backend = open_backend("selfhosted", options)
        yield backend
        held.asked += [url for _, url in server.requests]
        await backend.aclose()


Way: TypeAlias = Callable[[Held], AbstractAsyncContextManager[Backend]]
WAYS = pytest.mark.parametrize(
    "way", [over_rest, over_mcp, over_selfhosted], ids=["platform", "mcp", "selfhosted"]
)


def many(count: int = COUNT) -> list[Memory]:
    """So many memories, every third of them Lee's, every fourth a decision."""
    found = []
    for number in range(1, count + 1):
        metadata: dict[str, Any] = {} if number % 4 else {"type": "decision"}
        text = f"note {number} {'x' * (number % 7)}"
        found.append(memory(number, text, scope=KIM if number % 3 else LEE, **metadata))
    return found


async def pages(
    backend: Backend, condition: Filter = EVERYTHING, **options: Any
) -> list[Page[Memory]]:
    """All pages of a listing."""
    found = [await backend.list(condition, limit=200, **options)]
    while found[-1].next is not None:
        found.append(await backend.list(cursor=found[-1].next, limit=200))
    return found


def ids(found: Sequence[Page[Memory]]) -> list[str]:
    return [each.id for page in found for each in page.items]


@WAYS
@pytest.mark.parametrize("sort", list(Sort))
async def test_the_same_pages_in_every_order(way: Way, sort: Sort) -> None:
    held = Held(many())
    async with way(held) as backend:
        found = await pages(backend, sort=sort)
    assert [len(page.items) for page in found] == [200, 200, 50]
    assert ids(found) == [each.id for each in ordered(held.memories, sort)]
    assert found[-1].total == COUNT
    assert found[-1].complete


@WAYS
@pytest.mark.parametrize("words", ["user:kim", "note 44", "type:decision user:lee", "type:none"])
async def test_what_comes_passes_the_condition_whatever_the_server_sends(
    way: Way, words: str
) -> None:
    condition = query.parse(words).filter(CLOCK.now())
    held = Held(many())
    passing = [each for each in ordered(held.memories, Sort.NEWEST) if matches(condition, each)]
    async with way(held) as backend:
        found = await pages(backend, condition)
        counts = await backend.kind_counts(condition)
    assert passing
    assert ids(found) == [each.id for each in passing]
    assert found[-1].total == len(passing)
    assert sum(counts.values()) == len(passing)


@WAYS
async def test_a_row_that_is_sent_twice_comes_once(way: Way) -> None:
    held = Held(many(90), twice=True)
    async with way(held) as backend:
        found = await pages(backend)
        counts = await backend.kind_counts()
        hits = (await backend.search("note", OF_KIM, limit=200)).hits
    assert ids(found) == [each.id for each in ordered(held.memories, Sort.NEWEST)]
    assert found[-1].total == 90
    assert counts == {None: 68, "decision": 22}
    assert len({hit.memory.id for hit in hits}) == len(hits) == 60


@WAYS
async def test_where_the_server_hides_rows_the_number_is_an_at_least(way: Way) -> None:
    of_one = [replace(each, scope=KIM) for each in many(1200)]
    held = Held(of_one, shows=1000)
    async with way(held) as backend:
        found = await pages(backend)
        counts = await backend.kind_counts()
    assert len(ids(found)) == 1000
    assert found[-1].total is None
    assert found[-1].missing
    assert not found[-1].complete
    assert sum(counts.values()) == 1000
    assert counts.missing == found[-1].missing


@WAYS
async def test_what_has_expired_is_hidden_until_it_is_asked_for(way: Way) -> None:
    gone, today, never = [
        replace(memory(number, "note", scope=KIM), expires_on=day)
        for number, day in enumerate((date(2026, 5, 31), date(2026, 6, 1), None), 1)
    ]
    async with way(Held([gone, today, never])) as backend:
        assert ids(await pages(backend)) == [never.id, today.id]
        assert ids(await pages(backend, include_expired=True)) == [never.id, today.id, gone.id]
        assert sum((await backend.kind_counts()).values()) == 2
        assert sum((await backend.kind_counts(include_expired=True)).values()) == 3
        hits = (await backend.search("note", OF_KIM)).hits
        assert {hit.memory.id for hit in hits} == {never.id, today.id}
        assert (await backend.get(gone.id)).id == gone.id


@WAYS
async def test_memories_are_read_by_id_each_once_in_the_order_asked(way: Way) -> None:
    two, one, gone = uuid_of(2), uuid_of(1), uuid_of(900)
    async with way(Held(many(3))) as backend:
        found = await backend.get_many([two, one, two, gone])
        assert list(found) == [two, one]
        assert found[one].text == "note 1 x"
        assert await backend.get_many([]) == {}
        for unknown in (gone, two[:8], "", ".", "no id", "*"):
            with pytest.raises(NotFoundError, match="no memory"):
                await backend.get(unknown)


@WAYS
async def test_another_memory_than_the_one_asked_for_is_no_answer(way: Way) -> None:
    async with way(Held(many(3), mixes_up=True)) as backend:
        with pytest.raises(NotFoundError):
            await backend.get(uuid_of(2))


@WAYS
async def test_what_no_memory_passes_and_what_says_nothing_is_not_sent(way: Way) -> None:
    held = Held(many(3))
    async with way(held) as backend:
        assert await pages(backend, NOTHING) == [Page((), total=0)]
        assert await backend.kind_counts(NOTHING) == {}
        assert (await backend.search("note", NOTHING)).hits == ()
        with pytest.raises(InvalidRequestError, match="no words"):
            await backend.search(" \n")
        with pytest.raises(InvalidRequestError, match="this listing has expired"):
            await backend.list(cursor="99:0")
    assert held.asked == []


@WAYS
@pytest.mark.parametrize(("limit", "came"), [(5, 5), (1, 1), (0, 1), (1000, 20)])
async def test_a_search_gives_as_many_as_are_wanted(way: Way, limit: int, came: int) -> None:
    async with way(Held(many(30))) as backend:
        hits = (await backend.search("note", OF_KIM, limit=limit)).hits
    assert len(hits) == came
    assert {hit.memory.scope.user_id for hit in hits} == {"kim"}
    assert all(hit.score > 0 for hit in hits)
