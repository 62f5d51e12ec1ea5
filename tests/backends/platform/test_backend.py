"""Writing to a Platform that misbehaves as real servers do: no write is believed unread."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from mem0_tui.model.change import Edit
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    InvalidRequestError,
    NotFoundError,
    ServerError,
    StaleError,
    UnsafeScopeError,
    UnsupportedError,
)
from mem0_tui.model.memory import Draft, Memory
from tests.support.faulty import every, first, holding, platform
from tests.support.memories import memory, uuid_of

pytestmark = pytest.mark.anyio

KIM = EntityRef(EntityKind.USER, "kim")


def many(count: int) -> list[Memory]:
    return [memory(number, type="decision") for number in range(1, count + 1)]


async def test_a_delete_that_stops_half_way_is_told_id_by_id() -> None:
    server = holding(*many(250))
    server.most_deletes = 100
    async with platform(server) as backend:
        outcome = await backend.delete([uuid_of(number) for number in range(1, 251)])
    still = [id_ for id_, error in outcome.items() if error is not None]
    assert len(still) == 150
    assert set(still) == set(server.memories)
    assert all(isinstance(outcome[id_], ServerError) for id_ in still)


async def test_more_than_a_thousand_ids_go_in_several_calls() -> None:
    server = holding(*many(1201))
    async with platform(server) as backend:
        outcome = await backend.delete([uuid_of(number) for number in range(1, 1202)])
    assert set(outcome.values()) == {None}
    assert server.memories == {}
    calls = server.sent("DELETE", "/v1/batch/")
    assert [len(call.body["memories"]) for call in calls] == [1000, 201]


async def test_a_server_of_mem0s_is_given_no_categories() -> None:
    server = holding(*many(1))
    async with platform(server) as backend:
        with pytest.raises(UnsupportedError, match="the server assigns them itself"):
            await backend.add(Draft("x", Scope(user_id="kim"), categories=("ops",)))
        with pytest.raises(UnsupportedError, match="the server assigns them itself"):
            await backend.update(uuid_of(1), Edit(categories=("ops",)))
    assert not server.sent("POST", "/v3/memories/add/")
    assert not server.sent("PUT", f"/v1/memories/{uuid_of(1)}/")


async def test_what_changed_or_is_gone_is_not_deleted() -> None:
    server = holding(*many(3))
    seen = {id_: found.content_hash for id_, found in server.memories.items()}
    server.add([replace(server.memories[uuid_of(2)], text="edited meanwhile")])
    del server.memories[uuid_of(3)]
    async with platform(server) as backend:
        outcome = await backend.delete([uuid_of(3), uuid_of(2), uuid_of(1)], seen=seen)
    assert list(outcome) == [uuid_of(3), uuid_of(2), uuid_of(1)]
    assert isinstance(outcome[uuid_of(3)], NotFoundError)
    assert isinstance(outcome[uuid_of(2)], StaleError)
    assert outcome[uuid_of(1)] is None
    assert list(server.memories) == [uuid_of(2)]


async def test_a_delete_that_worked_although_its_answer_was_lost_counts_as_done() -> None:
    server = holding(*many(2))

    async def lost(request: Any) -> Response | None:
        if request.url.path == "/v1/batch/":
            server.memories.clear()
            return JSONResponse({"error": "gateway"}, 504)
        return None

    server.faults.append(lost)
    async with platform(server) as backend:
        outcome = await backend.delete([uuid_of(1), uuid_of(2)])
    assert outcome == {uuid_of(1): None, uuid_of(2): None}


async def test_a_memory_that_no_listing_shows_is_still_found_and_deleted() -> None:
    server = holding(*many(2))

    async def blind(request: Any) -> Response | None:
        if request.url.path != "/v3/memories/":
            return None
        return JSONResponse({"count": 0, "next": None, "previous": None, "results": []})

    server.faults.append(blind)
    async with platform(server) as backend:
        found = await backend.get_many([uuid_of(2), uuid_of(9), uuid_of(1)])
        assert list(found) == [uuid_of(2), uuid_of(1)]
        assert await backend.delete([uuid_of(1)]) == {uuid_of(1): None}
        server.most_deletes = 0
        assert isinstance((await backend.delete([uuid_of(2)]))[uuid_of(2)], ServerError)


async def test_a_scope_delete_names_one_entity_and_waits_until_it_is_empty() -> None:
    server = holding(*many(30), memory(31, scope=Scope(user_id="lee")))
    async with platform(server) as backend:
        await backend.delete_scope(KIM)
    assert list(server.memories) == [uuid_of(31)]
    (call,) = server.sent("DELETE", "/v1/memories/")
    assert call.body is None


@pytest.mark.parametrize("id_", ["", " ", "*", "a*", "kim "])
async def test_an_unsafe_scope_is_refused_before_anything_is_sent(id_: str) -> None:
    server = holding(*many(2))
    async with platform(server) as backend:
        for call in (backend.delete_scope, backend.delete_entity):
            with pytest.raises(UnsafeScopeError):
                await call(EntityRef(EntityKind.USER, id_))
    assert server.requests == []


@pytest.mark.parametrize("id_", [".", ".."])
async def test_an_entity_whose_name_means_a_path_is_refused(id_: str) -> None:
    server = holding(*many(2))
    async with platform(server) as backend:
        with pytest.raises(InvalidRequestError):
            await backend.delete_entity(EntityRef(EntityKind.USER, id_))
        with pytest.raises(NotFoundError):
            await backend.get(id_)
    assert server.requests == []


async def test_a_scope_delete_that_leaves_memories_says_how_many() -> None:
    server = holding(*many(250))
    server.most_deletes = 100
    async with platform(server) as backend:
        with pytest.raises(ServerError, match="150 memories of user:kim are still there"):
            await backend.delete_scope(KIM)


async def test_a_failed_job_is_a_failure() -> None:
    server = holding(*many(2))
    server.event_status = "FAILED"
    async with platform(server) as backend:
        with pytest.raises(ServerError, match="out of disk"):
            await backend.delete_scope(KIM)


async def test_a_job_that_does_not_end_is_not_reported_as_done() -> None:
    server = holding(*many(2))
    server.event_status = "RUNNING"
    async with platform(server) as backend:
        with pytest.raises(ServerError, match="still working on it"):
            await backend.delete_entity(KIM)


async def test_an_entity_that_is_still_listed_is_not_reported_as_deleted() -> None:
    server = holding(memory(1, scope=Scope(user_id="a b/ü")), memory(2))
    async with platform(server) as backend:
        await backend.delete_entity(EntityRef(EntityKind.USER, "a b/ü"))
        assert list(server.memories) == [uuid_of(2)]
        server.keeps_entities = True
        with pytest.raises(ServerError, match="still listed"):
            await backend.delete_entity(KIM)


async def test_an_add_that_is_pending_is_waited_for() -> None:
    server = holding(memory(1, "hello", scope=Scope(user_id="kim")))

    async def queued(request: Any) -> Response | None:
        if request.url.path == "/v3/memories/add/":
            return JSONResponse({"event_id": "e1", "status": "PENDING"})
        if request.url.path == "/v1/event/e1/":
            results = [{"id": uuid_of(1), "event": "ADD", "data": {"memory": "hello"}}]
            return JSONResponse({"id": "e1", "status": "SUCCEEDED", "results": results})
        return None

    server.faults.append(queued)
    async with platform(server) as backend:
        added = await backend.add(Draft("hello", Scope(user_id="kim")))
    assert added.id == uuid_of(1)


async def test_an_add_is_never_sent_twice() -> None:
    server = holding()
    server.faults.append(first(1, lambda: JSONResponse({}, 503)))
    async with platform(server) as backend:
        with pytest.raises(ServerError):
            await backend.add(Draft("hello", Scope(user_id="kim")))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("results", "words"),
    [([], "added nothing"), ([{"id": "twin", "event": "NONE"}], "already, as twin")],
)
async def test_an_add_that_adds_nothing_is_an_error(results: list[Any], words: str) -> None:
    server = holding()
    answer = {"event_id": "e", "status": "SUCCEEDED", "results": results}
    server.faults.append(every(1, lambda: JSONResponse(answer)))
    async with platform(server) as backend:
        with pytest.raises(InvalidRequestError, match=words) as caught:
            await backend.add(Draft("hello", Scope(user_id="kim")))
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("forgotten", "edit", "word"),
    [
        ("text", Edit(text="new"), "text"),
        ("metadata", Edit(metadata={"type": "convention"}), "metadata"),
        ("expiration_date", Edit(expires_on=None), "expiry"),
    ],
)
async def test_an_edit_that_the_server_does_not_keep_is_an_error(
    forgotten: str, edit: Edit, word: str
) -> None:
    server = holding(memory(1, expires_on=date(2027, 1, 1)))
    server.forgets = frozenset({forgotten})
    async with platform(server) as backend:
        with pytest.raises(ServerError, match=f"did not keep its {word}"):
            await backend.update(uuid_of(1), edit)


async def test_an_immutable_memory_is_not_edited() -> None:
    server = holding(replace(memory(1), immutable=True))
    async with platform(server) as backend:
        with pytest.raises(UnsupportedError, match="immutable"):
            await backend.update(uuid_of(1), Edit(text="new"))
    assert server.sent("PUT", f"/v1/memories/{uuid_of(1)}/") == []
