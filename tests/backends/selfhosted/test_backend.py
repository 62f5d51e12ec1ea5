"""The self-hosted backend's own traps: no app_id on the wire, no pages, a cap, rights, odd rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from mem0_tui.backends.base import scan
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.backends.selfhosted.backend import SelfHostedBackend
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    AuthError,
    InvalidRequestError,
    ResponseError,
    ServerError,
    UnsupportedError,
)
from mem0_tui.model.filter import And, Compare, Field, Op, belongs_to
from mem0_tui.model.memory import Draft
from tests.support.faulty import FaultyPlatform
from tests.support.loopback import loopback
from tests.support.memories import memory, uuid_of
from tests.support.selfhosted import ADMIN_KEY, SESSION, USER_KEY, SelfHosted

pytestmark = pytest.mark.anyio

KIM = EntityRef(EntityKind.USER, "kim")
SHOP = Scope(user_id="kim", app_id="shop-api")


@asynccontextmanager
async def selfhosted(
    server: SelfHosted, key: str | None = ADMIN_KEY
) -> AsyncIterator[SelfHostedBackend]:
    with loopback(server.app()) as url:
        clock = FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))
        backend = open_backend("selfhosted", BackendOptions(url=url, api_key=key, clock=clock))
        assert isinstance(backend, SelfHostedBackend)
        try:
            yield backend
        finally:
            await backend.aclose()


def held(count: int, user: str = "kim") -> SelfHosted:
    server = SelfHosted()
    for number in range(count):
        created = f"2026-01-01T{number % 24:02}:00:00+00:00"
        server.records[uuid_of(len(server.records) + 1)] = {
            "data": f"memory number {number}",
            "hash": "x",
            "user_id": user,
            "role": "user",
            "created_at": created,
            "updated_at": created,
        }
    return server


async def test_an_app_is_kept_in_metadata_and_never_sent_as_a_scope() -> None:
    server = SelfHosted()
    async with selfhosted(server) as backend:
        added = await backend.add(Draft("of the shop", SHOP, {"type": "decision"}))
        await backend.add(Draft("of infra", Scope(user_id="kim", app_id="infra")))
        assert added.scope == SHOP
        assert added.metadata == {"type": "decision"}
        assert server.records[added.id]["app_id"] == "shop-api"
        app = belongs_to(EntityRef(EntityKind.APP, "shop-api"))
        condition = And((belongs_to(KIM), app))
        assert [found.id for found in (await backend.list(condition)).items] == [added.id]
        assert [hit.memory.id for hit in (await backend.search("of", condition)).hits] == [added.id]
        await backend.update(added.id, Edit(metadata={"type": "convention"}))
        assert (await backend.get(added.id)).scope == SHOP
        await backend.delete_scope(KIM)
    assert not any("app_id" in urlsplit(url).query for _, url in server.requests)
    assert len(server.bodies) == 4
    assert not any("app_id" in {**body, **body.get("filters", {})} for body in server.bodies)


async def test_a_whole_apps_delete_is_refused_before_anything_is_sent() -> None:
    server = held(2)
    async with selfhosted(server) as backend:
        for call in (backend.delete_scope, backend.delete_entity):
            with pytest.raises(UnsupportedError, match="kind app"):
                await call(EntityRef(EntityKind.APP, "shop-api"))
    assert server.requests == []
    assert len(server.records) == 2


async def test_more_than_the_cap_is_listed_entity_by_entity() -> None:
    server = held(700)
    server.records |= {
        id_: record | {"user_id": "lee"}
        for id_, record in held(1400).records.items()
        if id_ not in server.records
    }
    async with selfhosted(server) as backend:
        found = [memory.id async for memory in scan(backend)]
        page = await backend.list(limit=1)
    assert len(found) == len(set(found)) == 1400
    assert page.total == 1400


async def test_a_key_without_the_admins_rights_lists_entity_by_entity() -> None:
    server = held(3)
    server.records |= {uuid_of(9): server.records[uuid_of(1)] | {"user_id": "lee"}}
    async with selfhosted(server, USER_KEY) as backend:
        assert (await backend.list()).total == 4
        assert {entity.id for entity in await backend.entities()} == {"kim", "lee"}
        with pytest.raises(AuthError, match="Admin role"):
            await backend.delete_scope(KIM)
    assert len(server.records) == 4


async def test_entities_are_found_where_the_server_lists_none() -> None:
    server = held(3)
    server.lists_entities = False
    async with selfhosted(server) as backend:
        (kim,) = await backend.entities()
        assert (kim.ref, kim.memory_count) == (KIM, 3)
        assert len((await backend.search("number")).hits) == 3


async def test_a_session_goes_as_a_bearer_token() -> None:
    async with selfhosted(held(1), SESSION) as backend:
        assert (await backend.info()).backend == "selfhosted"


async def test_a_missing_key_is_an_auth_error() -> None:
    async with selfhosted(held(1), None) as backend:
        with pytest.raises(AuthError, match="Authentication required"):
            await backend.info()


async def test_another_server_is_recognised_as_such() -> None:
    with loopback(FaultyPlatform().app()) as url:
        backend = open_backend("selfhosted", BackendOptions(url=url, api_key=ADMIN_KEY))
        with pytest.raises(ResponseError, match="not a self-hosted Mem0 server"):
            await backend.info()
        await backend.aclose()


async def test_a_memory_needs_an_owner_that_the_server_knows() -> None:
    server = SelfHosted()
    async with selfhosted(server) as backend:
        with pytest.raises(InvalidRequestError, match="a user, an agent or a run"):
            await backend.add(Draft("x", Scope(app_id="shop-api")))
        with pytest.raises(UnsupportedError, match="immutable"):
            await backend.add(Draft("x", SHOP, immutable=True))
    assert server.requests == []


@pytest.mark.parametrize("key", ["role", "data", "created_at", "user_id", "app_id"])
async def test_metadata_that_the_server_would_swallow_is_refused(key: str) -> None:
    async with selfhosted(SelfHosted()) as backend:
        with pytest.raises(UnsupportedError, match=key):
            await backend.add(Draft("x", SHOP, {key: "mine"}))
        added = await backend.add(Draft("x", SHOP))
        with pytest.raises(UnsupportedError, match=key):
            await backend.update(added.id, Edit(metadata={key: "mine"}))


async def test_an_immutable_memory_of_elsewhere_is_put_back_as_an_ordinary_one() -> None:
    async with selfhosted(SelfHosted()) as backend:
        restored = await backend.restore(replace(memory(1, "kept"), immutable=True))
    assert (restored.text, restored.immutable) == ("kept", False)


async def test_history_survives_the_delete() -> None:
    async with selfhosted(SelfHosted()) as backend:
        added = await backend.add(Draft("x", SHOP))
        await backend.delete([added.id])
        events = [entry.event for entry in await backend.history(added.id)]
    assert events == ["ADD", "DELETE"]


async def test_a_scope_that_is_not_emptied_is_reported() -> None:
    class Keeping(SelfHosted):
        def _remove(self, id_: str) -> None:
            if id_ != uuid_of(2):
                super()._remove(id_)

    server = Keeping(records=held(3).records)
    async with selfhosted(server) as backend:

        async def no_wait(_seconds: float) -> None:
            return None

        backend.http.sleep = no_wait
        with pytest.raises(ServerError, match="1 memory of user:kim is still there"):
            await backend.delete_scope(KIM)
        outcome = await backend.delete([uuid_of(2)])
    assert isinstance(outcome[uuid_of(2)], ServerError)


async def test_a_search_stays_within_its_type() -> None:
    server = SelfHosted()
    async with selfhosted(server) as backend:
        await backend.add(Draft("about keys", SHOP, {"type": "decision"}))
        await backend.add(Draft("about keys too", SHOP, {"type": "convention"}))
        condition = And((belongs_to(KIM), Compare(Field.TYPE, Op.EQ, "decision")))
        hits = (await backend.search("about keys", condition)).hits
    assert [hit.memory.type for hit in hits] == ["decision"]


@pytest.mark.parametrize(("said", "stored"), [("assistant", "assistant"), ("system", "user")])
async def test_who_said_it_comes_back_with_a_memory(said: str, stored: str) -> None:
    server = held(1)
    server.records[uuid_of(1)]["role"] = said
    async with selfhosted(server) as backend:
        for before in (await backend.get(uuid_of(1)), (await backend.list()).items[0]):
            again = await backend.restore(before)
            assert server.records[again.id]["role"] == stored
            assert again.metadata == before.metadata
            del server.records[again.id]


@pytest.mark.parametrize(
    ("draft", "what"),
    [
        (Draft("x", SHOP, {"note": "a\0b"}), r"the character NUL in metadata\.note"),
        (Draft("x", SHOP, {"a": [{"n": 1e400}]}), r"a number beyond 1e308 in metadata\.a\.n"),
        (Draft("a\0b", SHOP), r"the character NUL in text"),
    ],
)
async def test_what_the_database_cannot_store_is_named(draft: Draft, what: str) -> None:
    server = held(1)
    async with selfhosted(server) as backend:
        with pytest.raises(InvalidRequestError, match=f"HTTP 502.*PostgreSQL cannot store {what}"):
            await backend.add(draft)
        with pytest.raises(InvalidRequestError, match="PostgreSQL cannot store"):
            await backend.update(uuid_of(1), Edit(text=draft.text, metadata=draft.metadata))
    assert len(server.records) == 1
