"""One memory or a batch: read, change, delete, history, feedback, and who did it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

MISSING = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_id_is_a_uuid_and_an_unknown_one_is_404(api: Api, method: str) -> None:
    body = {"json": {"text": "x"}} if method == "PUT" else {}
    for id_ in ("x", "a%20b%2F%C3%BC", "{" + MISSING + "}", "1" * 36):
        refused = await api.refused(method, f"/v1/memories/{id_}/", **body)
        assert refused == (400, "memory_id should be a valid UUID")
    refused = await api.refused(method, f"/v1/memories/{MISSING}/", **body)
    assert refused == (404, "Memory not found!")


async def test_an_id_may_be_written_in_capitals_or_without_dashes(api: Api) -> None:
    [result] = await api.add("one")
    for id_ in (result["id"].upper(), result["id"].replace("-", "")):
        assert (await api.ok("GET", f"/v1/memories/{id_}/"))["id"] == result["id"]


async def test_a_memory_has_every_documented_member(api: Api) -> None:
    [result] = await api.add("one", metadata={"type": "decision"}, run_id="r1")
    memory = await api.ok("GET", f"/v1/memories/{result['id']}/")
    assert memory["hash"] == "f97c5d29941bfb1b2fdab0874906ab82"
    assert memory["session_id"] == "r1"
    assert memory["lifecycle_state"] == "active"
    assert memory["structured_attributes"]["year"] == int(memory["created_at"][:4])
    assert memory["created_at"].endswith("Z")
    for name in ("agent_id", "app_id", "expiration_date", "replaced_by", "feedback"):
        assert memory[name] is None
    assert (memory["categories"], memory["synthesized"], memory["immutable"]) == ([], False, False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": "CLI"},
        {"text": None},
        {"text": " "},
        {"text": 5},
        {"metadata": []},
        {"expiration_date": "soon"},
        {"timestamp": "soon"},
        {"timestamp": True},
    ],
)
async def test_an_update_that_does_not_fit_changes_nothing(api: Api, body: dict[str, Any]) -> None:
    [result] = await api.add("one")
    path = f"/v1/memories/{result['id']}/"
    assert (await api.refused("PUT", path, json=body))[0] == 400
    assert len(await api.ok("GET", path + "history/")) == 1


async def test_metadata_is_replaced_and_what_is_not_named_stays(api: Api) -> None:
    [result] = await api.add("one", metadata={"a": 1, "b": 2}, expiration_date="2099-01-01")
    path = f"/v1/memories/{result['id']}/"
    updated = await api.ok("PUT", path, json={"metadata": {"c": 3}})
    assert (updated["memory"], updated["metadata"]) == ("one", {"c": 3})
    assert updated["expiration_date"] == "2099-01-01"
    moved = await api.ok("PUT", path, json={"timestamp": "2020-02-03T04:05:06+01:00"})
    assert moved["created_at"] == "2020-02-03T03:05:06Z"
    cleared = await api.ok("PUT", path, json={"expiration_date": None})
    assert cleared["expiration_date"] is None
    assert cleared == await api.ok("GET", path)


async def test_delete_linked_takes_the_superseded_chain_along(api: Api) -> None:
    ids = [(await api.add(text))[0]["id"] for text in ("oldest", "older", "newest", "other")]
    for old, new in zip(ids, ids[1:3], strict=False):
        await _supersede(api, old, new)
    filters = {"filters": {"user_id": "kim"}, "latest_only": True}
    answer = await api.ok("POST", "/v3/memories/", json=filters)
    assert {row["memory"] for row in answer["results"]} == {"newest", "other"}
    answer = await api.ok("DELETE", f"/v1/memories/{ids[2]}/?delete_linked=true")
    assert answer["cascade_count"] == 2
    assert await api.texts() == ["other"]
    plain = await api.ok("DELETE", f"/v1/memories/{ids[3]}/")
    assert "cascade_count" not in plain


async def _supersede(api: Api, old: str, new: str) -> None:
    """Put *old* back as one that *new* replaced, as an import from Mem0 would."""
    memory = api.store.get_now(old)
    await api.store.delete([old])
    await api.store.restore([replace(memory, replaced_by=new)])


async def test_history_outlives_the_memory_and_names_the_scope(api: Api) -> None:
    [result] = await api.add("one", app_id="shop")
    path = f"/v1/memories/{result['id']}/"
    await api.ok("PUT", path, json={"text": "two"})
    await api.ok("DELETE", path)
    rows = await api.ok("GET", path + "history/")
    assert [row["event"] for row in rows] == ["ADD", "UPDATE", "DELETE"]
    assert [(row["old_memory"], row["new_memory"]) for row in rows[:2]] == [
        (None, "one"),
        ("one", "two"),
    ]
    assert {(row["user_id"], row["app_id"]) for row in rows} == {("kim", "shop")}
    assert all(isinstance(row["new_memory"], str) for row in rows)
    assert await api.ok("GET", f"/v1/memories/{uuid4()}/history/") == []
    feed = await api.ok("GET", "/v1/memories/events/?limit=2")
    assert (feed["count"], [row["event"] for row in feed["results"]]) == (3, ["DELETE", "UPDATE"])
    assert "limit=2" in feed["next"]


async def test_what_is_put_back_from_the_trash_reads_as_added(api: Api) -> None:
    [result] = await api.add("one")
    await api.ok("DELETE", f"/v1/memories/{result['id']}/")
    await api.store.restore_deleted([result["id"]])
    rows = await api.ok("GET", f"/v1/memories/{result['id']}/history/")
    assert [row["event"] for row in rows] == ["ADD", "DELETE", "ADD"]


async def test_a_batch_update_is_all_or_nothing(api: Api) -> None:
    [one] = await api.add("one")
    [two] = await api.add("two", immutable=True)
    for other, status in ((MISSING, 404), (two["id"], 400)):
        batch = [{"memory_id": one["id"], "text": "new"}, {"memory_id": other, "text": "new"}]
        assert (await api.refused("PUT", "/v1/batch/", json={"memories": batch}))[0] == status
    assert await api.texts() == ["two", "one"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "memories",
    [None, {}, "x", ["x"], [{}], [{"memory_id": "x"}], [{"memory_id": MISSING}] * 1001],
)
async def test_a_batch_that_does_not_fit_is_400(api: Api, method: str, memories: object) -> None:
    status, _ = await api.refused(method, "/v1/batch/", json={"memories": memories})
    assert status == 400


async def test_a_batch_delete_counts_what_was_there(api: Api) -> None:
    ids = [(await api.add(text))[0]["id"] for text in ("one", "two", "three")]
    batch = [{"memory_id": id_} for id_ in (ids[0], ids[0], ids[1], MISSING)]
    answer = await api.ok("DELETE", "/v1/batch/", json={"memories": batch})
    assert answer == {"message": "Successfully deleted 2 memories"}
    assert await api.texts() == ["three"]


@pytest.mark.parametrize(
    ("headers", "actor"),
    [
        ({"X-Mem0-Source": "CLI"}, "api CLI"),
        ({"X-Mem0-Client": "mem0-python/2.2.1"}, "api mem0-python"),
        ({"User-Agent": "codex/0.169.0 (Linux)"}, "api codex"),
        ({"User-Agent": "python-httpx/0.28"}, "api"),
        ({"User-Agent": "\x1b]0;evil"}, "api"),
        ({"User-Agent": ""}, "api"),
    ],
)
async def test_the_trash_says_which_client_deleted(
    api: Api, headers: dict[str, str], actor: str
) -> None:
    [result] = await api.add("one")
    await api.ok("DELETE", f"/v1/memories/{result['id']}/", headers=headers)
    [deleted] = await api.store.trash()
    assert (deleted.memory.text, deleted.by) == ("one", actor)


@pytest.mark.parametrize("body", [{}, {"memory_id": 5}, {"memory_id": "x"}])
async def test_feedback_on_an_id_that_is_none_is_400(api: Api, body: dict[str, Any]) -> None:
    refused = await api.refused("POST", "/v1/feedback/", json={**body, "feedback": "POSITIVE"})
    assert refused == (400, "Invalid memory_id")


async def test_feedback_that_does_not_exist_is_refused(api: Api) -> None:
    [result] = await api.add("one")
    body = {"memory_id": result["id"], "feedback": "meh"}
    assert (await api.refused("POST", "/v1/feedback/", json=body))[0] == 400
    body = {"memory_id": MISSING, "feedback": "POSITIVE"}
    assert await api.refused("POST", "/v1/feedback/", json=body) == (404, "Memory not found!")


ODD = ["x/1", "x 2", "om1", "a", "ü?", "a%2Fb", "x" * 36]


@pytest.mark.parametrize("odd", ODD)
async def test_an_id_that_is_no_uuid_is_served_where_the_store_has_it(api: Api, odd: str) -> None:
    await api.store.restore([Memory(odd, "one", Scope(user_id="kim"))])
    path = f"/v1/memories/{quote(odd, safe='')}/"
    assert (await api.ok("GET", path))["id"] == odd
    assert (await api.ok("PUT", path, json={"text": "two"}))["memory"] == "two"
    entry = {"memory_id": odd, "text": "three"}
    await api.ok("PUT", "/v1/batch/", json={"memories": [entry]})
    assert (await api.ok("GET", path))["memory"] == "three"
    await api.ok("POST", "/v1/feedback/", json={"memory_id": odd, "feedback": "POSITIVE"})
    await api.ok("DELETE", path)
    assert await api.texts() == []
    events = [row["event"] for row in await api.ok("GET", f"{path}history/")]
    assert events == ["ADD", "UPDATE", "UPDATE", "DELETE"]
    assert await api.refused("GET", path) == (404, "Memory not found!")


async def test_a_memory_is_moved_in_place_by_a_scope_of_its_own_field(api: Api) -> None:
    [result] = await api.add("one", user_id="kim", app_id="Shop API")
    path = f"/v1/memories/{result['id']}/"
    moved = await api.ok("PUT", path, json={"scope": {"user_id": "lee", "run_id": "r1"}})
    assert (moved["id"], moved["user_id"], moved["app_id"]) == (result["id"], "lee", None)
    assert (await api.ok("GET", path))["session_id"] == "r1"
    other = await api.ok("PUT", path, json={"text": "two", "user_id": "kim"})
    assert other["user_id"] == "lee", "what the Platform does not know moves nothing"
    assert (await api.ok("GET", "/v1/ping/"))["mem0_tui"] == {"moves": True}


@pytest.mark.parametrize(
    "scope", [{}, [], "kim", {"user": "kim"}, {"user_id": "*"}, {"user_id": " "}, {"app_id": None}]
)
async def test_no_memory_is_moved_to_where_it_cannot_be_found(api: Api, scope: object) -> None:
    [result] = await api.add("one", user_id="kim")
    path = f"/v1/memories/{result['id']}/"
    status, _ = await api.refused("PUT", path, json={"scope": scope})
    assert status == 400
    assert (await api.ok("GET", path))["user_id"] == "kim"
