"""Reading from a Platform that misbehaves as real servers do: nothing missing, nothing made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from mem0_tui.backends.base import Backend, scan
from mem0_tui.backends.paging.backoff import ONCE
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    AuthError,
    InvalidRequestError,
    NetworkError,
    ResponseError,
)
from mem0_tui.model.filter import EVERYTHING, And, Compare, Field, Filter, Not, Op, Or, belongs_to
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.wire.memory import memory_to_wire
from tests.support.faulty import every, hang, holding, platform
from tests.support.memories import memory, uuid_of

pytestmark = pytest.mark.anyio

KIM = EntityRef(EntityKind.USER, "kim")


async def ids(backend: Backend, condition: Filter = EVERYTHING) -> list[str]:
    return [found.id async for found in scan(backend, condition)]


def many(count: int) -> list[Memory]:
    return [memory(number, type="decision") for number in range(1, count + 1)]


async def test_a_key_says_whose_it_is() -> None:
    async with platform(holding()) as backend:
        info = await backend.info()
    assert info.account == "org/proj kim@example.com"
    assert info.target.startswith("http://127.0.0.1:")


async def test_both_forms_together_miss_nothing_where_a_user_filter_hides_apps() -> None:
    with_app = memory(1)
    without = memory(2, scope=Scope(user_id="kim"))
    other = memory(3, scope=Scope(user_id="lee", app_id="x"))
    server = holding(with_app, without, other)
    server.hides_apps = True
    async with platform(server) as backend:
        assert await ids(backend, belongs_to(KIM)) == [without.id, with_app.id]
        assert await ids(backend) == [other.id, without.id, with_app.id]


async def test_everything_and_one_app_have_totals_at_once() -> None:
    async with platform(holding(*many(450))) as backend:
        page = await backend.list(limit=10)
        assert (page.total, len(page.items)) == (450, 10)
        app = belongs_to(EntityRef(EntityKind.APP, "shop-api"))
        assert (await backend.list(app, limit=10)).total == 450


async def test_a_users_total_is_unknown_until_all_is_loaded() -> None:
    async with platform(holding(*many(450))) as backend:
        page = await backend.list(belongs_to(KIM), limit=200)
        totals = [page.total]
        while page.next:
            page = await backend.list(cursor=page.next, limit=200)
            totals.append(page.total)
    assert totals == [None, None, 450]


async def test_a_condition_evaluated_here_gives_no_total_before_the_end() -> None:
    condition = Compare(Field.TEXT, Op.ICONTAINS, "NUMBER 44")
    async with platform(holding(*many(450))) as backend:
        page = await backend.list(condition, limit=5)
        assert (len(page.items), page.total) == (5, None)
        page = await backend.list(cursor=page.next or "", limit=50)
        assert (page.total, page.next) == (11, None)


async def test_rows_that_move_between_pages_are_not_missed_and_the_total_is_unknown() -> None:
    server = holding(*many(450))
    async with platform(server) as backend:
        page = await backend.list(limit=200)
        for number in range(251, 400):
            del server.memories[uuid_of(number)]
        seen = list(page.items)
        while page.next:
            page = await backend.list(cursor=page.next, limit=200)
            seen += page.items
    assert page.total is None
    assert len({found.id for found in seen}) == len(seen)
    assert set(server.memories) <= {found.id for found in seen}


async def test_rows_that_the_server_should_not_have_sent_are_dropped() -> None:
    right, wrong = memory(1), memory(2, scope=Scope(user_id="lee"))

    async def liar(request: Any) -> Response | None:
        if request.url.path != "/v3/memories/":
            return None
        rows = [memory_to_wire(right), memory_to_wire(wrong)]
        return JSONResponse({"count": 2, "next": None, "previous": None, "results": rows})

    server = holding()
    server.faults.append(liar)
    async with platform(server) as backend:
        page = await backend.list(belongs_to(KIM))
    assert [found.id for found in page.items] == [right.id]


async def test_an_impossible_condition_asks_nobody() -> None:
    server = holding(*many(3))
    async with platform(server) as backend:
        assert (await backend.list(Or())).total == 0
        assert (await backend.search("x", Or())).hits == ()
    assert server.requests == []


@pytest.mark.parametrize("sort", list(Sort))
async def test_other_orders_are_made_here(sort: Sort) -> None:
    rows = [
        replace(memory(1, "aaa", type="b", confidence="0.9"), updated_at=None),
        memory(2, "a", confidence=0.3),
        memory(3, "aa", type="a"),
    ]
    expected = {
        Sort.NEWEST: [3, 2, 1],
        Sort.OLDEST: [1, 2, 3],
        Sort.UPDATED: [3, 2, 1],
        Sort.TYPE: [3, 1, 2],
        Sort.LENGTH: [1, 3, 2],
        Sort.CONFIDENCE: [1, 2, 3],
    }
    async with platform(holding(*rows)) as backend:
        page = await backend.list(sort=sort)
    assert [found.id for found in page.items] == [uuid_of(number) for number in expected[sort]]
    assert page.total == 3


async def test_a_cursor_of_a_forgotten_listing_says_how_to_go_on() -> None:
    async with platform(holding()) as backend:
        with pytest.raises(InvalidRequestError, match="this listing has expired"):
            await backend.list(cursor="99:0")


async def test_expired_memories_are_shown_only_when_asked_for() -> None:
    gone = memory(1, expires_on=date(2026, 5, 31))
    today = memory(2, expires_on=date(2026, 6, 1))
    async with platform(holding(gone, today)) as backend:
        assert await ids(backend) == [today.id]
        page = await backend.list(include_expired=True)
        assert [found.id for found in page.items] == [today.id, gone.id]


async def test_a_server_that_fails_now_and_then_is_read_completely() -> None:
    server = holding(*many(1500))
    server.faults.append(every(3, lambda: JSONResponse({"detail": "oops"}, 500)))
    async with platform(server) as backend:
        assert len(await ids(backend, belongs_to(KIM))) == 1500


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (JSONResponse({"detail": "Invalid API key"}, 401), AuthError),
        (HTMLResponse("<h1>Welcome</h1>"), ResponseError),
        (Response(b'{"count": 1, "results": [{"id"', media_type="application/json"), ResponseError),
        (JSONResponse({"count": 1, "results": "none"}), ResponseError),
        (JSONResponse({"count": 1, "results": [{"memory": "no id"}]}), ResponseError),
        (JSONResponse([]), ResponseError),
    ],
)
async def test_a_broken_list_raises_instead_of_looking_empty(
    answer: Response, kind: type[Exception]
) -> None:
    server = holding()
    server.faults.append(every(1, lambda: answer))
    async with platform(server) as backend:
        with pytest.raises(kind):
            await backend.list(belongs_to(KIM))


async def test_a_server_that_hangs_is_given_up() -> None:
    server = holding()
    server.faults.append(hang)
    async with platform(server, total=0.1, backoff=ONCE) as backend:
        with pytest.raises(NetworkError):
            await backend.list()


async def test_a_search_sends_threshold_and_top_k_and_keeps_the_servers_score() -> None:
    server = holding(*many(30))
    async with platform(server) as backend:
        result = await backend.search("auth", belongs_to(KIM), limit=5, threshold=0.0)
        limited = await backend.search(
            "auth",
            And((belongs_to(KIM), Not(Compare(Field.TEXT, Op.ICONTAINS, "number 3")))),
            limit=5,
        )
    calls = [seen.body for seen in server.sent("POST", "/v3/memories/search/")]
    assert [(call["top_k"], call["threshold"]) for call in calls[:2]] == [(5, 0.0), (5, 0.0)]
    assert {call["top_k"] for call in calls[2:]} == {1000}
    assert [hit.memory.id for hit in result.hits] == [uuid_of(n) for n in range(30, 25, -1)]
    assert result.hits[0].score == 1.0
    assert [hit.memory.id for hit in limited.hits] == [uuid_of(n) for n in range(29, 24, -1)]
