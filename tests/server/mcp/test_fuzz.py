"""Any arguments at all: an answer that can be sent, and nothing changed that was not named."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import Memory
from mem0_tui.server.mcp.tools import ToolCalls
from mem0_tui.server.service import Service
from mem0_tui.store.store import MemoryStore, open_store
from mem0_tui.wire.tools import TOOLS
from tests.support.mcp_serving import KEY, served

IDS = ("kim", "lee", "shop", "bot", "r1")
WORDS = st.sampled_from(
    [*IDS, "", " ", "*", "ki*", " kim", "AND", "..", "\x00", "\ud800", "%", "mem0:", "2020-01-01"]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 10**30, 10**400]),
    st.floats(),
    WORDS,
    st.text(max_size=12),
)
KEYS = st.one_of(
    st.sampled_from([kind.id_field for kind in EntityKind]),
    st.sampled_from(["AND", "OR", "NOT", "metadata", "created_at", "categories", "memory_ids"]),
    st.sampled_from(["type", "eq", "in", "gte", "contains", "exists", "keywords", "text", "role"]),
    st.text(max_size=8),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
FIELDS = sorted({name for tool in TOOLS for name in tool.schema()["properties"]})


PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    **{kind.id_field: st.sampled_from(IDS) for kind in EntityKind},
    "memory_id": st.builds("@{}:{}".format, st.integers(0, 7), st.sampled_from([4, 8, 36])),
    "text": st.text(min_size=1, max_size=12),
    "query": st.sampled_from(["number", "0 1"]),
    "metadata": st.dictionaries(KEYS, JSON, max_size=2),
    "messages": st.lists(
        st.fixed_dictionaries({"role": st.just("user"), "content": st.text(max_size=9)}), max_size=2
    ),
    "filters": st.dictionaries(KEYS, st.sampled_from(IDS), max_size=2),
    "page": st.integers(1, 2),
    "page_size": st.integers(1, 3),
    "expiration_date": st.sampled_from(["2020-01-01", "2100-01-01", None]),
}
"""Values that fit; ``@3:8`` is the id of memory 3, or its first eight characters."""


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    tool = draw(st.sampled_from(TOOLS))
    own = sorted(tool.schema()["properties"])
    names = set(draw(st.lists(st.sampled_from(own or FIELDS), max_size=3))) | set(tool.required)
    if tool.name == "add_memory":
        names.add(draw(st.sampled_from(["text", "messages"])))
    if draw(st.integers(0, 9)) == 0:
        names.add(draw(st.one_of(st.sampled_from(FIELDS), KEYS)))
    odd = draw(st.sampled_from([None, None, *sorted(names)]))
    return tool.name, {
        name: draw(st.one_of(SCALARS, JSON) if name == odd else PLAUSIBLE.get(name, SCALARS))
        for name in sorted(names)
    }


class Bench:
    """A store with memories of several scopes, and the tools on it."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.tools = ToolCalls(Service(LocalBackend(store)), "kim")
        scopes = ({"user_id": "kim"}, {"user_id": "kim", "app_id": "shop"}, {"user_id": "lee"})
        for number, scope in enumerate((*scopes, {"agent_id": "bot", "run_id": "r1"})):
            for again in range(2):
                self.call("add_memory", {"text": f"number {number} {again}", **scope})
        self.before = self.memories()

    def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return asyncio.run(self.tools.call(tool, arguments, actor="fuzz"))

    def named(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """*arguments* with the ids that they stand for."""
        reference = re.fullmatch("@([0-7]):([0-9]+)", str(arguments.get("memory_id")))
        if reference:
            number, length = map(int, reference.groups())
            arguments["memory_id"] = sorted(self.before)[number][:length]
        return arguments

    def memories(self) -> dict[str, Memory]:
        page = asyncio.run(self.store.page(limit=1000, include_expired=True))
        return {memory.id: memory for memory in page.items}

    def put_back(self) -> None:
        async def work() -> None:
            now = [m.id for m in (await self.store.page(limit=1000, include_expired=True)).items]
            await self.store.delete(now)
            await self.store.restore(list(self.before.values()))

        asyncio.run(work())


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    store = open_store(tmp_path_factory.mktemp("fuzz") / "memories.db", durable=False)
    yield Bench(store)
    store.close()


def may_go(memory: Memory, tool: str, arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments name *memory* as one to be deleted."""
    if tool == "delete_memory":
        asked = str(arguments.get("memory_id", arguments.get("id")))
        return memory.id.startswith(asked.strip("[] ").removeprefix("mem0:").casefold())
    if tool in ("delete_all_memories", "delete_entities"):
        given = {kind: arguments.get(kind.id_field) for kind in EntityKind}
        named = {kind: id_ for kind, id_ in given.items() if id_ is not None}
        return bool(named) and all(memory.scope.get(kind) == id_ for kind, id_ in named.items())
    return False


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(call=calls())
def test_no_arguments_crash_a_tool_or_delete_what_they_do_not_name(
    bench: Bench, call: tuple[str, dict[str, Any]]
) -> None:
    tool, arguments = call[0], bench.named(call[1])
    result = bench.call(tool, arguments)
    text = result["content"][0]["text"]
    assert text.encode()
    assert json.dumps(result, allow_nan=False)
    if not result["isError"]:
        assert json.loads(text) == result["structuredContent"]
    after = bench.memories()
    gone = [memory for id_, memory in bench.before.items() if id_ not in after]
    assert all(may_go(memory, tool, arguments) for memory in gone), gone
    if tool != "update_memory":
        assert all(after[id_] == memory for id_, memory in bench.before.items() if id_ in after)
    if tool != "add_memory":
        assert set(after) <= set(bench.before)
    if after != bench.before:
        bench.put_back()


@settings(deadline=None, max_examples=60)
@given(
    filters=st.dictionaries(KEYS, JSON, max_size=3),
    tool=st.sampled_from(["search_memories", "get_memories"]),
)
def test_filters_never_show_more_than_they_name(
    bench: Bench, tool: str, filters: dict[str, Any]
) -> None:
    """With a user beside them, any filters are about that user at most."""
    result = bench.call(tool, {"query": "number", "filters": filters, "user_id": "lee"})
    if not result["isError"]:
        rows = result["structuredContent"]["results"]
        assert {row["user_id"] for row in rows} <= {"lee"}


def test_no_arguments_make_the_server_fail(tmp_path: Path) -> None:
    headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {KEY}"}
    with (
        served(tmp_path / "memories.db") as running,
        httpx.Client(base_url=running.url, headers=headers, timeout=60) as http,
    ):

        @settings(deadline=None, max_examples=100)
        @given(call=calls(), modern=st.booleans(), whole=JSON)
        def asked(call: tuple[str, dict[str, Any]], modern: bool, whole: Any) -> None:
            version = "2026-07-28" if modern else "2025-06-18"
            for params in ({"name": call[0], "arguments": call[1]}, whole):
                document = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
                answer = http.post(
                    "/mcp",
                    content=json.dumps(document),
                    headers={"Content-Type": "application/json", "MCP-Protocol-Version": version},
                )
                assert answer.status_code < 500, answer.text

        asked()
        still = http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert len(still.json()["result"]["tools"]) == 11
