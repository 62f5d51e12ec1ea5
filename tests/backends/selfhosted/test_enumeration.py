"""A self-hosted server at scale: all of it or «at least», really newest first, never a failure
because of one entity."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.base import scan
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.backends.selfhosted.backend import SelfHostedBackend
from mem0_tui.curator.reading import read_all
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import ResponseError
from mem0_tui.model.filter import EVERYTHING, And, Filter, belongs_to
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page
from tests.support.loopback import loopback
from tests.support.memories import uuid_of
from tests.support.selfhosted import ADMIN_KEY, USER_KEY, SelfHosted

pytestmark = pytest.mark.anyio

BORN = datetime(2026, 1, 1, tzinfo=UTC)


def user(id_: str) -> Filter:
    return belongs_to(EntityRef(EntityKind.USER, id_))


def held(server: SelfHosted | None = None, **counts: int) -> SelfHosted:
    """A server with so many memories of each user, in an order of its own."""
    server = server or SelfHosted()
    users = [name for name, count in counts.items() for _ in range(count)]
    order = Random(7)
    order.shuffle(users)
    for name in users:
        put(server, user_id=name)
    rows = list(server.records.items())
    order.shuffle(rows)
    server.records = dict(rows)
    return server


def put(server: SelfHosted, **record: Any) -> None:
    number = len(server.records) + 1
    at = (BORN + timedelta(minutes=number)).isoformat()
    server.records[uuid_of(number)] = {
        "data": f"note {number}",
        "hash": "x",
        "role": "user",
        "created_at": at,
        "updated_at": at,
        **record,
    }


@asynccontextmanager
async def reading(server: SelfHosted, key: str = ADMIN_KEY) -> AsyncIterator[SelfHostedBackend]:
    with loopback(server.app()) as url:
        clock = FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))
        backend = open_backend("selfhosted", BackendOptions(url=url, api_key=key, clock=clock))
        assert isinstance(backend, SelfHostedBackend)
        backend.http.sleep = _no_wait
        try:
            yield backend
        finally:
            await backend.aclose()


async def _no_wait(_seconds: float) -> None:
    return None


async def last_page(backend: SelfHostedBackend, condition: Filter = EVERYTHING) -> Page[Memory]:
    page = await backend.list(condition, limit=5000)
    while page.next is not None:
        page = await backend.list(cursor=page.next, limit=5000)
    return page


async def test_twelve_hundred_memories_of_one_user_come_whole_and_newest_first() -> None:
    server = held(kim=1200, lee=300)
    async with reading(server) as backend:
        memories = [memory async for memory in scan(backend, user("kim"))]
        page = await last_page(backend, user("kim"))
    mine = {id_ for id_, record in server.records.items() if record["user_id"] == "kim"}
    assert {memory.id for memory in memories} == mine
    born = [memory.created_at for memory in memories if memory.created_at]
    assert born == sorted(born, reverse=True)
    assert page.complete
    assert page.total == 1200


async def test_two_owners_at_once_come_whole_beyond_the_listings_limit() -> None:
    server = SelfHosted()
    for number in range(1500):
        put(server, user_id="kim", run_id="r1" if number < 1100 else "r2")
    async with reading(server) as backend:
        run = belongs_to(EntityRef(EntityKind.RUN, "r1"))
        assert (await last_page(backend, And((user("kim"), run)))).total == 1100


@pytest.mark.parametrize("key", [ADMIN_KEY, USER_KEY])
async def test_more_memories_than_the_server_scans_come_whole(key: str) -> None:
    server = held(kim=1200, lee=4000, max=6013)
    async with reading(server, key) as backend:
        assert len(await read_all(backend)) == 11_213
        counts = {entity.id: entity.memory_count for entity in await backend.entities()}
    assert counts == {"kim": 1200, "lee": 4000, "max": 6013}


class Literal(SelfHosted):
    """A store on which ``*`` is an id like any other."""

    def _visible(self, owners: Any, show_expired: bool) -> list[dict[str, Any]]:
        return [] if "*" in owners.values() else super()._visible(owners, show_expired)


async def test_where_the_server_cannot_be_asked_for_everything_the_rest_is_at_least() -> None:
    server = held(Literal(), kim=1200, lee=9000)
    for number in range(1013):
        put(server, user_id=f"late-{number}")
    async with reading(server) as backend:
        page = await last_page(backend)
        assert not page.complete
        assert page.total is None
        assert "10,000" in page.missing[0]
        with pytest.raises(ResponseError, match=r"10,\d\d\d memories came, and there may be more"):
            await read_all(backend)
        counts = await backend.kind_counts()
        assert counts.missing
        known = {entity.id: entity.memory_count for entity in await backend.entities()}
        assert known["lee"] is None
        assert len(await read_all(backend, user("kim"))) == 1200


class Capped(SelfHosted):
    """A server whose search stops at 1,100, whatever is asked for."""

    async def _search(self, request: Request) -> Response:
        rows = json.loads(bytes((await super()._search(request)).body))["results"]
        return JSONResponse({"results": rows[:1100]})


async def test_fewer_than_the_servers_own_count_is_said() -> None:
    async with reading(held(Capped(), kim=1200, lee=10)) as backend:
        for condition in (EVERYTHING, user("kim")):
            page = await last_page(backend, condition)
            assert page.total is None
            assert "user:'kim'" in page.missing[0]
            assert "of 1,200" in page.missing[0]
        assert (await last_page(backend, user("lee"))).complete


@pytest.mark.parametrize(
    ("make", "shown", "whole"),
    [(SelfHosted, 1105, True), (Literal, 1102, False)],
    ids=["wildcard", "literal"],
)
async def test_one_user_with_a_blank_does_not_hide_the_others(
    make: Callable[[], SelfHosted], shown: int, whole: bool
) -> None:
    server = held(make(), kim=1102)
    for _ in range(3):
        put(server, user_id="Kim Smith")
    # In the order of the heap they are beyond what one listing shows.
    async with reading(server) as backend:
        seen = [memory async for memory in scan(backend)]
        page = await last_page(backend)
        assert len(seen) == shown
        assert page.complete is whole
        if whole:
            assert (await last_page(backend, user("Kim Smith"))).total == 3
        else:
            assert page.missing == (
                "user:'Kim Smith': the server refuses ids with a blank (0 of 3 shown)",
            )
            assert (await last_page(backend, user("Kim Smith"))).missing == page.missing


async def test_an_entity_that_the_server_fails_on_is_left_out_and_said() -> None:
    class Failing(SelfHosted):
        async def _list(self, request: Request) -> Response:
            if request.query_params.get("user_id") == "lee":
                return JSONResponse({"detail": "Upstream provider error."}, 502)
            return await super()._list(request)

    async with reading(held(Failing(), kim=900, lee=400)) as backend:
        page = await last_page(backend)
    assert len(page.missing) == 1
    assert page.missing[0].startswith("user:'lee': the server shows")
