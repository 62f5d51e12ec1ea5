"""MCP against a real ``mem0-tui serve``: many calls at once, both transports, one store."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.filter import EVERYTHING
from tests.support.mcp_serving import Tools, tools
from tests.support.serving import KEY, Serving, serve_command, serving

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AT_ONCE = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    options = ("--port", "0", "--api-key", KEY, "--default-user", "kim")
    with serving(tmp_path_factory.mktemp("served") / "memories.db", options) as running:
        yield running


@asynccontextmanager
async def by_stdio(store: Path, *options: str) -> AsyncIterator[Tools]:
    store.parent.mkdir(exist_ok=True)
    words = serve_command(store, "--stdio", *options)
    parameters = StdioServerParameters(
        command=words[0], args=words[1:], env=dict(os.environ), cwd=store.parent
    )
    async with Client(parameters) as client:
        yield Tools(client)


async def test_two_hundred_calls_at_once_lose_nothing(server: Serving) -> None:
    async with tools(f"{server.url}/mcp", server.key) as call:

        async def one(number: int) -> str:
            memory_id = await call.add(f"memory {number}", run_id="burst")
            if number % 4 == 0:
                await call("delete_memory", memory_id=memory_id)
            elif number % 4 == 1:
                await call("update_memory", memory_id=memory_id, text=f"changed {number}")
            else:
                await call("search_memories", query=f"memory {number}", user_id="kim")
            return memory_id

        ids = await asyncio.gather(*map(one, range(AT_ONCE)))
        assert len(set(ids)) == AT_ONCE
        asked = {"filters": {"run_id": "burst"}, "page_size": 200}
        found = {
            row["id"]: row["memory"] for row in (await call("get_memories", **asked))["results"]
        }
        assert found == {
            memory_id: f"changed {number}" if number % 4 == 1 else f"memory {number}"
            for number, memory_id in enumerate(ids)
            if number % 4
        }
        events = await call("list_events", page_size=200)
        assert events["count"] == AT_ONCE


async def test_what_comes_by_mcp_is_there_by_rest_and_the_other_way_round(server: Serving) -> None:
    rest = open_backend("platform", BackendOptions(url=server.url, api_key=server.key))
    async with tools(f"{server.url}/mcp", server.key) as call:
        memory_id = await call.add("both see it", metadata={"type": "decision"}, app_id="shared")
        found = await rest.get(memory_id)
        assert (found.text, found.scope.app_id, found.type) == ("both see it", "shared", "decision")
        assert await rest.delete([memory_id]) == {memory_id: None}
        rows = await call("search_memories", query="both see it", filters={"app_id": "shared"})
        assert rows["results"] == []
    await rest.aclose()


async def test_stdio_answers_as_http_does(tmp_path: Path) -> None:
    store = tmp_path / "data" / "memories.db"
    async with by_stdio(store, "--default-user", "kim") as call:
        assert len((await call.client.list_tools()).tools) == 11
        memory_id = await call.add("by pipe")
        assert (await call("search_memories", query="pipe"))["results"][0]["id"] == memory_id
        assert "several" in await call.refused("delete_entities", user_id="kim", app_id="x")
        await call("delete_memory", memory_id=memory_id[:8])
    backend = open_backend("local", BackendOptions(store_path=store))
    assert (await backend.list()).items == ()
    await backend.aclose()
    with closing(sqlite3.connect(store)) as connection:
        ((by, user),) = connection.execute("SELECT deleted_by, user_id FROM tombstones").fetchall()
    assert (by, user) == ("mcp", "kim")


async def test_several_processes_share_one_store(tmp_path: Path) -> None:
    store = tmp_path / "memories.db"

    async def fill(name: str) -> None:
        async with by_stdio(store) as call:
            await asyncio.gather(*(call.add(f"{name} {number}") for number in range(20)))

    await asyncio.gather(*map(fill, ("one", "two", "three")))
    backend = open_backend("local", BackendOptions(store_path=store))
    page = await backend.list(EVERYTHING, limit=100)
    assert page.total == 60
    await backend.aclose()


def test_serving_rest_alone_never_loads_the_sdk(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import mem0_tui.cli.commands.serve, mem0_tui.server.mcp.endpoint\n"
        "import mem0_tui.server.mcp.tools\n"
        "import mem0_tui.server.rest.routes, mem0_tui.server.runner\n"
        "assert not {'mcp', 'mcp_types', 'httpx2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_the_command_line_works_on_an_mcp_server(server: Serving, tmp_path: Path) -> None:
    environment = {**os.environ, "MEM0_API_KEY": server.key, "USER": "kim"}

    def run(*words: str) -> Any:
        command = [sys.executable, "-m", "mem0_tui", *words, "--json"]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    by_url = ("--url", f"{server.url}/mcp", "--write")
    run(*by_url, "add", "typed by hand", "--app", "typed")
    (found,) = run(*by_url, "list", "app:typed")["memories"]
    assert found["text"] == "typed by hand"
    run(*by_url, "rm", found["id"], "--yes")
    assert run(*by_url, "list", "app:typed")["memories"] == []
    run(*by_url, "undo", "--yes")
    assert len(run(*by_url, "list", "app:typed")["memories"]) == 1
    store = shlex.quote(str(tmp_path / "own.db"))
    command = f"{shlex.quote(sys.executable)} -m mem0_tui serve --stdio --store {store}"
    by_command = ("--command", command, "--write")
    run(*by_command, "add", "through a pipe")
    (found,) = run(*by_command, "list")["memories"]
    assert (found["text"], found["user_id"]) == ("through a pipe", "kim")


async def test_the_stdio_server_ends_with_its_client(tmp_path: Path) -> None:
    words = serve_command(tmp_path / "memories.db", "--stdio")
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    hello: dict[str, Any] = {"protocolVersion": "2025-06-18", "capabilities": {}}
    hello["clientInfo"] = {"name": "codex-mcp-client", "version": "0"}
    request = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(request).encode() + b"\n")
    answer = json.loads(await process.stdout.readline())
    assert answer["result"]["serverInfo"]["name"] == "mem0-tui"
    process.stdin.close()
    out, said = await process.communicate()
    assert out == b""
    assert b"stopped" in said
    assert process.returncode == 0
