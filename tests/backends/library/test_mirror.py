"""The copy of a remote backend: refreshed by what changed, with few requests and few rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.library.mirror import MirrorLibrary
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.backends.selfhosted.backend import SelfHostedBackend
from mem0_tui.backends.tallying import count
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.wire.memory import memory_to_wire
from tests.backends.selfhosted.test_enumeration import held, reading
from tests.support.faulty import FaultyPlatform, holding, platform
from tests.support.mcp_serving import served as mcp_served
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


async def test_what_is_counted_is_said_to_be_all_only_once_all_was_read() -> None:
    server = many(450)
    async with platform(server) as backend:
        library = MirrorLibrary(backend, CLOCK)
        before = await library.tallies(include_expired=True)
        assert (before.total, before.missing) == (0, ("not all memories have been read",))
        await library.refresh()
        after = await library.tallies(include_expired=True)
        assert (after.total, after.missing) == (450, ())
        there, _ = await count(backend, include_expired=True)
        assert sorted(after, key=repr) == sorted(there, key=repr), "as the server's pages count"
        await library.aclose()


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


LATER = datetime(2031, 1, 1, tzinfo=UTC)


def edit(server: FaultyPlatform, number: int, text: str = "changed by another") -> None:
    """What somebody else does on the server: edit the memory of this number."""
    before = server.memories[uuid_of(number)]
    server.memories[uuid_of(number)] = replace(before, text=text, updated_at=LATER)


async def text_of(library: MirrorLibrary, number: int) -> str:
    keys = await library.keys_of([uuid_of(number)])
    (found,) = (await library.memories(list(keys.values()))).values()
    return found.text


async def test_an_edit_of_an_old_memory_shows_by_the_second_look() -> None:
    server = many(900)
    async with copied(server) as library:
        assert library.lag == 2
        for round_, number in enumerate((3, 450, 3)):
            edit(server, number, f"edit {round_}")
            server.memories[uuid_of(number)] = replace(
                server.memories[uuid_of(number)], updated_at=LATER + timedelta(days=round_)
            )
            server.requests.clear()
            for _ in range(library.lag):
                await library.refresh(changes_only=True)
            assert await text_of(library, number) == f"edit {round_}"
            assert lists(server) == library.lag, "a page each time"
            assert await library.total() == 900
        server.requests.clear()
        for _ in range(6):
            await library.refresh(changes_only=True)
        assert len(server.requests) == lists(server) == 6


async def test_what_is_new_beside_an_edit_is_taken_over_with_it() -> None:
    server = many(450)
    async with copied(server) as library:
        await library.refresh(changes_only=True)
        edit(server, 3)
        server.add([replace(memory(451), updated_at=LATER)])
        server.requests.clear()
        await library.refresh(changes_only=True)
        assert await text_of(library, 3) == "changed by another"
        assert await ids(library) == set(server.memories)
        await library.refresh(changes_only=True)
        assert lists(server) == 2, "and the total is right without reading everything"


@pytest.mark.parametrize("manner", ["ignores", "refuses", "sends no dates"])
async def test_without_word_of_edits_older_pages_have_their_turn(manner: str) -> None:
    server = many(900)
    if manner == "sends no dates":
        server.memories = {k: replace(m, updated_at=None) for k, m in server.memories.items()}

    async def deaf(request: Request) -> Response | None:
        asked = await request.body()
        if b"updated_at" not in asked:
            return None
        if manner == "refuses":
            return Response(b'{"detail": "no such filter"}', 400)
        rows = [memory_to_wire(memory(number)) for number in range(900, 700, -1)]
        return JSONResponse({"count": 900, "next": "more", "previous": None, "results": rows})

    server.faults.append(deaf)
    async with copied(server) as library:
        for _ in range(2):
            await library.refresh(changes_only=True)
        assert library.lag == 8, "900 memories are four pages beside the newest"
        for number in (3, 250, 500, 690):
            edit(server, number)
            server.requests.clear()
            for _ in range(library.lag):
                await library.refresh(changes_only=True)
            assert await text_of(library, number) == "changed by another"
            assert len(server.requests) <= library.lag + 1


async def test_more_of_one_date_than_fit_on_a_page_cost_no_more() -> None:
    server = many(900)
    server.memories = {k: replace(m, updated_at=LATER) for k, m in server.memories.items()}
    async with copied(server) as library:
        for _ in range(6):
            await library.refresh(changes_only=True)
        assert len(server.requests) == lists(server) == 6
        edit(server, 3)
        for _ in range(library.lag):
            await library.refresh(changes_only=True)
        assert await text_of(library, 3) == "changed by another"


async def test_an_edit_over_mcp_shows_by_the_second_look(tmp_path: Path) -> None:
    with mcp_served(tmp_path / "memories.db") as place:
        await place.store.restore([memory(number) for number in range(1, 451)])
        backend = open_backend("mcp", BackendOptions(url=f"{place.url}/mcp", api_key=place.key))
        library = MirrorLibrary(backend, CLOCK)
        try:
            await library.refresh()
            await place.store.update(uuid_of(3), Edit(text="changed by another"))
            for _ in range(library.lag):
                await library.refresh(changes_only=True)
            assert await text_of(library, 3) == "changed by another"
        finally:
            await library.aclose()
            await backend.aclose()


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


async def test_the_parts_of_apps_are_counted_once_all_memories_are_there() -> None:
    lane = Scope(agent_id="shop-b1c397fde9", app_id="shop")
    own = Scope(user_id="kim", app_id="shop")
    server = holding(*(memory(n, scope=lane if n % 3 else own) for n in range(1, 10)))
    async with copied(server) as library:
        parts = set((await library.entities()).parts)
        assert parts == {("shop", lane.agent_id, None, 6), ("shop", None, "kim", 3)}
        server.add([memory(10, scope=lane)])
        await library.refresh(changes_only=True)
        assert ("shop", lane.agent_id, None, 7) in (await library.entities()).parts
