"""The eleven tools as the SDK's own client calls them, over real HTTP, in both ages of MCP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store.store import open_store
from mem0_tui.wire.tools import TOOLS
from tests.support.mcp_serving import Served, Tools, served, tools

pytestmark = pytest.mark.anyio

GONE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "memories.db") as running:
        yield running


@pytest.fixture
async def call(server: Served) -> AsyncIterator[Tools]:
    async with tools(f"{server.url}/mcp", name="codex-mcp-client") as connected:
        yield connected


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
async def test_both_ages_of_the_protocol_work_at_both_paths(
    server: Served, mode: str, path: str
) -> None:
    async with tools(server.url + path, mode="auto" if mode == "auto" else "legacy") as call:
        listed = (await call.client.list_tools()).tools
        assert [tool.name for tool in listed] == [tool.name for tool in TOOLS]
        assert call.client.instructions
        memory_id = await call.add("Use RS256", metadata={"type": "decision"})
        assert (await call("get_memory", memory_id=memory_id))["memory"] == "Use RS256"


async def test_clients_are_told_what_reads_and_what_destroys(call: Tools) -> None:
    hints = {
        tool.name: tool.annotations
        for tool in (await call.client.list_tools()).tools
        if tool.annotations
    }
    assert len(hints) == 11
    assert {name for name, hint in hints.items() if hint.read_only_hint} == {
        "search_memories",
        "get_memories",
        "get_memory",
        "list_entities",
        "list_events",
        "get_event_status",
    }
    destroying = {name for name, hint in hints.items() if hint.destructive_hint}
    assert destroying == {
        "update_memory",
        "delete_memory",
        "delete_all_memories",
        "delete_entities",
    }
    assert all(hint.idempotent_hint and not hint.open_world_hint for hint in hints.values())


async def test_a_memory_is_added_found_listed_changed_and_deleted(call: Tools) -> None:
    metadata = {"type": "decision", "files": ["auth.py"]}
    answer = await call("add_memory", text="Tokens use RS256", metadata=metadata, app_id="shop")
    (added,) = answer["results"]
    assert (answer["status"], added["event"], added["user_id"]) == ("SUCCEEDED", "ADD", "kim")
    event = await call("get_event_status", event_id=answer["event_id"])
    assert (event["status"], event["results"][0]["id"]) == ("SUCCEEDED", added["id"])
    (hit,) = (await call("search_memories", query="RS256 tokens"))["results"]
    assert (hit["id"], hit["metadata"], hit["app_id"]) == (added["id"], metadata, "shop")
    page = await call("get_memories")
    assert (page["count"], page["next"], page["results"][0]["id"]) == (1, None, added["id"])
    changed = await call("update_memory", memory_id=added["id"], text="RS512", metadata={"a": 1})
    assert (changed["memory"], changed["metadata"]) == ("RS512", {"a": 1})
    entities = await call("list_entities")
    names = {(row["type"], row["name"], row["total_memories"]) for row in entities["results"]}
    assert names == {("user", "kim", 1), ("app", "shop", 1)}
    deleted = await call("delete_memory", memory_id=added["id"])
    assert deleted["memory_id"] == added["id"]
    assert "not found" in (await call.refused("get_memory", memory_id=added["id"])).casefold()
    assert (await call("list_events"))["results"][0]["id"] == answer["event_id"]


async def test_what_is_worth_it_is_stored_once_and_the_rest_is_named(call: Tools) -> None:
    messages = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "We deploy on Fridays"},
        {"role": "assistant", "content": "Noted"},
    ]
    first = await call("add_memory", messages=messages, text="not this")
    assert [(row["event"], row.get("reason")) for row in first["results"]] == [
        ("NONE", "an instruction of the system"),
        ("ADD", None),
        ("NONE", "a single word"),
    ]
    [second] = (await call("add_memory", text="We deploy on Fridays"))["results"]
    stored = first["results"][1]
    assert (second["event"], second["id"]) == ("NONE", stored["id"])
    assert second["reason"] == "stored already"
    verbatim = await call("add_memory", messages=messages, infer=False)
    assert [(row["event"], row["memory"]) for row in verbatim["results"]] == [
        ("NONE", "We deploy on Fridays"),
        ("ADD", "Noted"),
    ]
    assert (await call("get_memories"))["count"] == 2
    assert "blank" in await call.refused("add_memory", text="  ")
    assert "blank" in await call.refused("add_memory")


async def test_who_is_not_named_is_the_default_user(call: Tools, server: Served) -> None:
    await call.add("mine")
    await call.add("mine in the shop", app_id="shop")
    await call.add("of an agent", agent_id="bot")
    await call.add("of a run", run_id="r1")
    await call.add("of lee", user_id="lee")
    scopes = {m.text: m.scope.user_id for m in (await server.store.page()).items}
    assert scopes == {
        "mine": "kim",
        "mine in the shop": "kim",
        "of an agent": None,
        "of a run": None,
        "of lee": "lee",
    }

    async def listed(**arguments: object) -> set[str]:
        return {row["memory"] for row in (await call("get_memories", **arguments))["results"]}

    assert await listed() == {"mine", "mine in the shop"}
    assert await listed(filters={}) == {"mine", "mine in the shop"}
    assert await listed(filters={"metadata": {"type": "x"}}) == set()
    assert await listed(filters={"NOT": [{"app_id": "shop"}]}) == {"mine"}
    assert await listed(filters={"app_id": "shop"}) == {"mine in the shop"}
    assert await listed(filters={"agent_id": "bot"}) == {"of an agent"}
    assert await listed(user_id="lee") == {"of lee"}
    assert await listed(filters={"OR": [{"user_id": "*"}, {"run_id": "*"}]}) == {
        "mine",
        "mine in the shop",
        "of lee",
        "of a run",
    }


async def test_what_a_hook_or_a_newer_client_adds_is_taken_as_it_is(call: Tools) -> None:
    memory_id = await call.add(
        "x", enable_graph=True, source="codex", confidence=0.7, agent_id=None
    )
    rows = await call("search_memories", query="x", top_k=3, rerank=True, enable_graph=False)
    assert [row["id"] for row in rows["results"]] == [memory_id]
    rows = await call("search_memories", query="x", limit=1, threshold=0, fields=["memory"])
    assert set(rows["results"][0]) == {"id", "memory", "created_at"}
    assert (await call("get_memory", id=memory_id))["id"] == memory_id


async def test_pages_follow_one_another_to_the_end(call: Tools) -> None:
    for number in range(5):
        await call.add(f"number {number}")
    first = await call("get_memories", page_size=2)
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert first["next"] == "?page=2&page_size=2"
    last = await call("get_memories", page=3, page_size=2)
    assert (len(last["results"]), last["next"]) == (1, None)
    assert "Invalid page" in await call.refused("get_memories", page=4, page_size=2)
    assert "page_size" in await call.refused("get_memories", page_size=201)


async def test_expired_memories_hide_until_asked_for(call: Tools) -> None:
    memory_id = await call.add("gone since", expiration_date="2020-01-01")
    assert (await call("get_memories"))["count"] == 0
    assert (await call("get_memories", show_expired=True))["count"] == 1
    assert (await call("search_memories", query="gone since"))["results"] == []
    found = await call("search_memories", query="gone since", show_expired=True)
    assert len(found["results"]) == 1
    await call("update_memory", memory_id=memory_id, expiration_date=None)
    assert (await call("get_memories"))["count"] == 1


async def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(call: Tools) -> None:
    for form in ("{}", "mem0:{}", "[mem0:{}]"):
        memory_id = await call.add("short")
        reference = form.format(memory_id[:8])
        assert (await call("get_memory", memory_id=reference))["id"] == memory_id
        await call("update_memory", memory_id=reference, text="shorter")
        await call("delete_memory", memory_id=reference)
        assert "not found" in (await call.refused("get_memory", memory_id=reference)).casefold()


async def test_an_id_that_begins_several_touches_none(call: Tools, server: Served) -> None:
    from dataclasses import replace

    from tests.support.memories import memory

    twins = [replace(memory(n), id=f"abcd1234-0000-4000-8000-00000000000{n}") for n in range(1, 3)]
    await server.store.restore(twins)
    for tool, more in (("get_memory", {}), ("update_memory", {"text": "x"}), ("delete_memory", {})):
        said = await call.refused(tool, memory_id="mem0:abcd1234", **more)
        assert all(twin.id in said for twin in twins)
    assert [m.text for m in (await server.store.page()).items] == [m.text for m in twins[::-1]]


async def test_what_is_no_id_finds_nothing(call: Tools) -> None:
    await call.add("still here")
    for memory_id in ("", " ", "*", "../x", "abc", "%", "a" * 500, GONE):
        for tool in ("get_memory", "update_memory", "delete_memory"):
            assert await call.refused(tool, memory_id=memory_id, text="x")
    assert (await call("get_memories"))["results"][0]["memory"] == "still here"


async def test_a_tool_that_does_not_exist_is_refused_with_those_that_do(call: Tools) -> None:
    assert "search_memories" in await call.refused("forget_everything")


@pytest.mark.parametrize("odd", ["x/1", "x 2", "a"])
async def test_an_id_that_is_no_uuid_names_its_memory(
    call: Tools, tmp_path: Path, odd: str
) -> None:
    with closing(open_store(tmp_path / "memories.db")) as store:
        await store.restore([Memory(odd, "one", Scope(user_id="kim"))])
    assert (await call("get_memory", memory_id=odd))["memory"] == "one"
    await call("update_memory", memory_id=odd, text="two")
    assert (await call("delete_memory", memory_id=odd))["memory_id"] == odd


async def test_categories_are_given_changed_and_taken_away(call: Tools) -> None:
    added = await call(
        "add_memory", text="We deploy on Fridays", infer=False, categories=["workflows"]
    )
    [row] = added["results"]
    assert row["categories"] == ["workflows"]
    for given, kept in ((["a", "b"], ["a", "b"]), ([], []), (["c"], ["c"])):
        changed = await call("update_memory", memory_id=row["id"], categories=given)
        assert (changed["categories"], changed["memory"]) == (kept, "We deploy on Fridays")
    changed = await call("update_memory", memory_id=row["id"], text="On Mondays", categories=None)
    assert (changed["categories"], changed["memory"]) == (["c"], "On Mondays")
    found = await call("get_memories", filters={"categories": {"in": ["c"]}})
    assert [each["id"] for each in found["results"]] == [row["id"]]
    assert "blank" in await call.refused("update_memory", memory_id=row["id"], categories=[" "])
