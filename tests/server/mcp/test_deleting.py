"""Deletes over MCP: a scope in full or nothing, and always a way back that names who did it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.service import Curator
from mem0_tui.model.clock import SystemClock
from mem0_tui.store.journal.journal import Journal
from tests.support.mcp_serving import Served, Tools, served, tools

pytestmark = pytest.mark.anyio

SCOPES = (
    {"user_id": "kim", "app_id": "shop"},
    {"user_id": "kim", "app_id": "infra"},
    {"user_id": "kim"},
    {"user_id": "lee", "app_id": "shop"},
    {"agent_id": "bot", "run_id": "r1"},
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "memories.db") as running:
        yield running


@pytest.fixture
async def call(server: Served) -> AsyncIterator[Tools]:
    async with tools(f"{server.url}/mcp", name="codex-mcp-client", mode="legacy") as connected:
        for number, scope in enumerate(SCOPES):
            await connected.add(f"number {number}", **scope)
        yield connected


async def left(server: Served) -> list[int]:
    page = await server.store.page(include_expired=True)
    return sorted(int(memory.text.removeprefix("number ")) for memory in page.items)


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        ({"user_id": "kim"}, {0, 1, 2}),
        ({"app_id": "shop"}, {0, 3}),
        ({"user_id": "kim", "app_id": "shop"}, {0}),
        ({"user_id": "kim", "agent_id": "bot"}, set()),
        ({"agent_id": "bot", "run_id": "r1", "user_id": None}, {4}),
        ({"user_id": "nobody"}, set()),
        ({"user_id": "kim", "app_id": "shop", "source": "hook"}, {0}),
    ],
)
async def test_a_scope_means_memories_that_have_all_of_its_ids(
    call: Tools, server: Served, scope: dict[str, Any], gone: set[int]
) -> None:
    answer = await call("delete_all_memories", **scope)
    assert answer["deleted"] == len(gone)
    assert await left(server) == sorted(set(range(5)) - gone)
    event = await call("get_event_status", event_id=answer["event_id"])
    assert (event["event_type"], event["status"]) == ("DELETE_ALL", "SUCCEEDED")


UNSAFE: tuple[dict[str, Any], ...] = (
    {},
    {"user_id": None},
    {"user_id": ""},
    {"user_id": "  "},
    {"user_id": "*"},
    {"user_id": "ki*"},
    {"user_id": " kim"},
    {"user_id": "kim", "app_id": "*"},
    {"user_id": "kim", "app_id": ""},
    {"user_id": ["kim"]},
    {"user_id": {"in": ["kim"]}},
    {"filters": {"user_id": "kim"}},
    {"user_id": "kim", "filters": {"metadata": {"type": "session_state"}}},
    {"user_id": "kim", "metadata": {"type": "session_state"}},
    {"user_id": "kim", "memory_ids": []},
    {"user_id": "kim", "User_Id": "lee"},
    {"all": True},
)
"""Missing, blank, wide or not understood."""


@pytest.mark.parametrize("tool", ["delete_all_memories", "delete_entities"])
async def test_an_unsafe_scope_deletes_nothing(call: Tools, server: Served, tool: str) -> None:
    for scope in UNSAFE:
        assert await call.refused(tool, **scope)
    assert await left(server) == [0, 1, 2, 3, 4]


async def test_one_entity_is_deleted_with_its_memories(call: Tools, server: Served) -> None:
    assert (await call("delete_entities", app_id="shop"))["deleted"] == 2
    assert await left(server) == [1, 2, 4]
    names = {row["name"] for row in (await call("list_entities"))["results"]}
    assert names == {"kim", "lee", "infra", "bot", "r1"}
    assert (await call("delete_entities", app_id="shop"))["deleted"] == 0


async def test_several_entities_at_once_are_refused_and_named(call: Tools, server: Served) -> None:
    said = await call.refused("delete_entities", user_id="kim", app_id="shop")
    assert "user:kim" in said
    assert "app:shop" in said
    assert await left(server) == [0, 1, 2, 3, 4]


async def test_every_delete_can_be_taken_back_in_the_app(
    call: Tools, server: Served, tmp_path: Path
) -> None:
    before = (await server.store.page()).items
    await call("delete_memory", memory_id=before[0].id)
    await call("delete_all_memories", user_id="kim", app_id="shop")
    await call("delete_entities", user_id="lee")
    assert await left(server) == [1, 2]
    assert {deleted.by for deleted in await server.store.trash()} == {"codex-mcp-client"}
    clock = SystemClock()
    journal = Journal(tmp_path / "journal.db", clock=clock)
    curator = Curator(LocalBackend(server.store), journal, clock=clock, snapshot_folder=tmp_path)
    trash = await curator.trash()
    assert len(trash) == 3
    plan = await curator.plan_restore([entry.memory.id for entry in trash])
    assert (await curator.apply(plan)).complete
    journal.close()
    assert (await server.store.page()).items == before


async def test_a_read_only_server_reads_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with served(path) as writable:
        async with tools(f"{writable.url}/mcp") as call:
            memory_id = await call.add("kept")
    with served(path, read_only=True) as running:
        async with tools(f"{running.url}/mcp") as call:
            assert (await call("get_memory", memory_id=memory_id))["memory"] == "kept"
            for tool, arguments in (
                ("add_memory", {"text": "new"}),
                ("update_memory", {"memory_id": memory_id, "text": "new"}),
                ("delete_memory", {"memory_id": memory_id}),
                ("delete_all_memories", {"user_id": "kim"}),
                ("delete_entities", {"user_id": "kim"}),
            ):
                assert "read-only" in await call.refused(tool, **arguments)
            assert (await call("get_memories"))["results"][0]["memory"] == "kept"
