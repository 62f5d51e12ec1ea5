"""The copy of a remote backend: refreshed by what changed, with few requests and few rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.backends.mirror import MirrorLibrary
from mem0_tui.backends.selfhosted import SelfHostedBackend
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from tests.backends.test_enumeration import held, reading
from tests.support.faulty import FaultyPlatform, holding, platform
from tests.support.memories import memory, uuid_of
from tests.support.selfhosted import SelfHosted

pytestmark = pytest.mark.anyio

CLOCK = FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))


@asynccontextmanager
async def copied(server: FaultyPlatform) -> AsyncIterator[MirrorLibrary]:
    async with platform(server) as backend:
        library = MirrorLibrary(backend, CLOCK)
        await library.refresh()
        server.requests.clear()
        yield library
        await library.aclose()


async def ids(library: MirrorLibrary) -> set[str]:
    keys = await library.keys(include_expired=True)
    return {each.id for each in (await library.memories(list(keys))).values()}


def lists(server: FaultyPlatform) -> int:
    return len(server.sent("POST", "/v3/memories/"))


def many(count: int) -> FaultyPlatform:
    return holding(*(memory(number) for number in range(1, count + 1)))


async def test_with_nothing_changed_one_page_is_read() -> None:
    server = many(450)
    async with copied(server) as library:
        before = await library.revision()
        for _ in range(3):
            await library.refresh(changes_only=True)
        assert len(server.requests) == lists(server) == 3
        assert await library.revision() == before
        assert (library.partial, await library.total()) == (False, 450)


async def test_what_the_newest_page_shows_is_taken_over_by_itself() -> None:
    server = many(450)
    async with copied(server) as library:
        server.add([memory(451), memory(452)])
        del server.memories[uuid_of(430)]
        server.memories[uuid_of(440)] = replace(memory(440), text="changed by another")
        await library.refresh(changes_only=True)
        assert lists(server) == 1
        assert await ids(library) == set(server.memories)
        keys = await library.keys_of([uuid_of(440)])
        found = await library.memories(list(keys.values()))
        assert [each.text for each in found.values()] == ["changed by another"]
        assert (library.partial, await library.total()) == (False, 451)


async def test_what_a_page_does_not_explain_is_read_in_full() -> None:
    server = many(450)
    async with copied(server) as library:
        del server.memories[uuid_of(3)]
        await library.refresh(changes_only=True)
        assert await ids(library) == set(server.memories)
        server.add(memory(number) for number in range(451, 900))
        await library.refresh(changes_only=True)
        assert await ids(library) == set(server.memories)
        server.requests.clear()
        await library.refresh()
        assert lists(server) == 5, "asked for by a person, everything is read"


async def test_what_was_read_back_after_a_plan_is_no_change_of_others() -> None:
    server = many(450)
    async with copied(server) as library:
        del server.memories[uuid_of(3)]
        await library.refresh([uuid_of(3)])
        server.requests.clear()
        await library.refresh(changes_only=True)
        assert len(server.requests) == 1


async def test_a_refresh_that_failed_is_followed_by_a_full_one() -> None:
    server = many(450)
    async with copied(server) as library:
        server.add(memory(number) for number in range(451, 900))

        async def fails(request: Request) -> Response | None:
            page = request.query_params.get("page")
            return Response(b"{}", 501) if page == "3" else None

        server.faults.append(fails)
        with pytest.raises(Exception, match="501"):
            await library.refresh(changes_only=True)
        server.faults.clear()
        await library.refresh(changes_only=True)
        assert await ids(library) == set(server.memories)


@asynccontextmanager
async def copied_from(
    server: SelfHosted,
) -> AsyncIterator[tuple[MirrorLibrary, SelfHostedBackend]]:
    async with reading(server) as backend:
        library = MirrorLibrary(backend, CLOCK)
        await library.refresh()
        server.requests.clear()
        yield library, backend
        await library.aclose()


async def test_a_self_hosted_server_is_asked_for_no_memory_where_none_changed() -> None:
    server = held(kim=1200, lee=300)
    async with copied_from(server) as (library, _):
        for _ in range(3):
            await library.refresh(changes_only=True)
        assert [url.rpartition("/")[2] for _, url in server.requests] == ["entities"] * 3
        assert (library.partial, await library.total()) == (False, 1500)


async def test_of_a_self_hosted_server_the_changed_entity_alone_is_read() -> None:
    server = held(kim=1200, lee=300)
    async with copied_from(server) as (library, backend):
        mine = next(id_ for id_, row in server.records.items() if row["user_id"] == "lee")
        await backend.update(mine, Edit(text="changed by another"))
        added = await backend.add(Draft("new", Scope(user_id="max")))
        other = next(id_ for id_, row in server.records.items() if row["user_id"] == "lee")
        await backend.delete([other])
        server.requests.clear()
        await library.refresh(changes_only=True)
        listed = [url for _, url in server.requests if "/memories?" in url]
        assert any("user_id=lee" in url for url in listed)
        assert not any("user_id=kim" in url for url in listed)
        assert await ids(library) == set(server.records)
        assert added.id in await ids(library)
