"""The server with its MCP tools on a loopback port, and the SDK's own client for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.clock import Clock
from mem0_tui.server.auth import Access
from mem0_tui.server.mcp.endpoint import mcp_mount
from mem0_tui.server.mcp.tools import ToolCalls
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store.store import MemoryStore, open_store
from tests.support.loopback import loopback

KEY = "m0-for-the-tools-1234"


@dataclass
class Served:
    """A running server, and the store behind it."""

    url: str
    store: MemoryStore
    key: str = KEY


@contextmanager
def served(
    path: Path, *, clock: Clock | None = None, user: str = "kim", read_only: bool = False
) -> Iterator[Served]:
    """A server of the store at *path*, whose MCP default user is *user*."""
    store = open_store(path, clock, durable=False)
    service = Service(LocalBackend(store), read_only=read_only)
    mounts = [mcp_mount(ToolCalls(service, user))]
    app = platform_app(service, Access(key=KEY, bound_to="127.0.0.1"), mounts=mounts)
    with loopback(app, lifespan=True) as url:
        yield Served(url, store)


class Tools:
    """The tools as a client calls them."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def __call__(self, tool: str, **arguments: Any) -> Any:
        """The JSON that *tool* answers, which must be no failure."""
        result = await self.client.call_tool(tool, arguments)
        (block,) = result.content
        assert block.type == "text"
        assert not result.is_error, block.text
        value = json.loads(block.text)
        assert result.structured_content == value
        return value

    async def refused(self, tool: str, **arguments: Any) -> str:
        """What *tool* says when it refuses, which it must."""
        result = await self.client.call_tool(tool, arguments)
        (block,) = result.content
        assert block.type == "text"
        assert result.is_error, block.text
        return block.text

    async def add(self, text: str, **arguments: Any) -> str:
        """The id under which *text* is stored now."""
        answer = await self("add_memory", text=text, infer=False, **arguments)
        (added,) = answer["results"]
        return str(added["id"])


@asynccontextmanager
async def tools(
    url: str,
    key: str = KEY,
    *,
    name: str = "test-client",
    mode: Literal["auto", "legacy"] = "auto",
) -> AsyncIterator[Tools]:
    """The tools at *url*, called by the SDK's client as *name*."""
    headers = {"Authorization": f"Bearer {key}", "User-Agent": f"{name}/1"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(url, http_client=http)
        myself = Implementation(name=name, version="1")
        async with Client(transport, client_info=myself, mode=mode) as client:
            yield Tools(client)
