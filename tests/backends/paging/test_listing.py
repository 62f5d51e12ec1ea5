"""Listings that do not end, or that contradict themselves: they end as incomplete, and say why."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.base import Backend, scan
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.curator.reading import read_all
from mem0_tui.model.errors import IncompleteError
from mem0_tui.wire.memory import memory_to_wire
from tests.support.faulty import FaultyPlatform, platform
from tests.support.mcp_fake import FakeServer, faked, reading
from tests.support.memories import memory

pytestmark = pytest.mark.anyio

ROWS = [memory_to_wire(memory(number)) for number in range(1, 301)]

Pages = Sequence[tuple[int | None, bool, Sequence[dict[str, Any]]]]
"""For each page the server's count, whether another follows, and the rows; the last repeats."""


def document(pages: Pages, number: int) -> dict[str, Any]:
    count, more, rows = pages[min(number, len(pages)) - 1]
    return {
        "count": count,
        "next": f"http://server/?page={number + 1}" if more else None,
        "previous": None,
        "results": list(rows),
    }


@asynccontextmanager
async def over_rest(pages: Pages) -> AsyncIterator[tuple[Backend, list[int]]]:
    server, asked = FaultyPlatform(), []

    async def paged(request: Request) -> Response | None:
        if request.url.path not in ("/v3/memories/", "/v1/entities/"):
            return None
        asked.append(int(request.query_params["page"]))
        if request.url.path == "/v1/entities/":
            rows = [{"type": "user", "name": "kim"}]
            return JSONResponse(document([(1, True, rows)], asked[-1]))
        return JSONResponse(document(pages, asked[-1]))

    server.faults.append(paged)
    async with platform(server) as backend:
        yield backend, asked


@asynccontextmanager
async def over_mcp(pages: Pages) -> AsyncIterator[tuple[Backend, list[int]]]:
    server: FakeServer = reading([])
    asked: list[int] = []

    async def paged(arguments: dict[str, Any]) -> str:
        asked.append(arguments["page"])
        return json.dumps(document(pages, asked[-1]))

    server.handlers["get_memories"] = paged
    with faked(server) as url:
        backend = open_backend("mcp", BackendOptions(url=url))
        yield backend, asked
        await backend.aclose()


WAYS = pytest.mark.parametrize("way", [over_rest, over_mcp], ids=["rest", "mcp"])


@WAYS
@pytest.mark.parametrize(
    ("pages", "came", "why"),
    [
        ([(None, True, ROWS[:200])], 200, "page 2 of the server repeats earlier ones"),
        ([(None, True, ROWS[:200]), (None, True, ROWS[:100])], 200, "page 2 of the server repeats"),
        (
            [(None, True, ROWS[:200]), (None, True, ROWS[150:250]), (None, True, ROWS[:200])],
            250,
            "page 3 of the server repeats",
        ),
        ([(10_000, True, ROWS[:200])], 200, "page 2 of the server repeats"),
        ([(300, False, ROWS[:200])], 200, "the server counts 300 and shows 200"),
        ([(300, False, [*ROWS[:200], *ROWS[:100]])], 200, "the server counts 300 and shows 200"),
        ([(2, False, ROWS[:3])], 3, "the server counts 2 and shows 3"),
    ],
    ids=["repeats", "part", "circle", "count", "short", "twice", "more"],
)
async def test_a_listing_that_does_not_advance_or_agree_ends_as_incomplete(
    way: Any, pages: Pages, came: int, why: str
) -> None:
    async with way(pages) as (backend, asked):
        found = [each.id async for each in scan(backend)]
        assert len(found) == len(set(found)) == came
        assert len(asked) <= 5
        with pytest.raises(IncompleteError, match=f"{came} memories came, and there may be more"):
            await read_all(backend)
        page = await backend.list(limit=200)
        while page.next is not None:
            page = await backend.list(cursor=page.next, limit=200)
        assert page.total is None
        assert not page.complete
        assert page.missing[0].startswith(why)
        counts = await backend.kind_counts()
        assert sum(counts.values()) == came
        assert counts.missing == page.missing


@WAYS
async def test_a_listing_that_agrees_is_complete(way: Any) -> None:
    pages = [(300, True, ROWS[:200]), (300, False, ROWS[200:])]
    async with way(pages) as (backend, _):
        assert len(await read_all(backend)) == 300
        assert not (await backend.kind_counts()).missing


@WAYS
async def test_a_listing_that_goes_on_past_its_count_ends(way: Any) -> None:
    pages = [(10, True, [row]) for row in ROWS]
    async with way(pages) as (backend, asked):
        with pytest.raises(IncompleteError, match="11 memories came, and there may be more"):
            await read_all(backend)
        assert max(asked) == 11
        page = await backend.list(limit=200)
        while page.next is not None:
            page = await backend.list(cursor=page.next, limit=200)
        assert page.missing == ("the server counts 10 and shows 11",)


@WAYS
async def test_full_pages_are_read_past_a_count_that_is_wrong(way: Any) -> None:
    more = [memory_to_wire(memory(number)) for number in range(301, 402)]
    pages = [(200, True, ROWS[:200]), (200, False, [*ROWS[200:], *more])]
    async with way(pages) as (backend, _):
        assert len([each async for each in scan(backend)]) == 401


async def test_a_list_of_entities_that_repeats_ends() -> None:
    async with over_rest([]) as (backend, asked):
        assert [entity.id for entity in await backend.entities()] == ["kim"]
    assert asked == [1, 2]
