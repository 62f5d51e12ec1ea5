"""An MCP server whose tools a test makes up: with sessions and event streams, as many have them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.loopback import loopback

Handler = Callable[[dict[str, Any]], Awaitable[str]]


@dataclass
class FakeServer:
    """Tools by name: their parameters, and what they answer; every call is kept."""

    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    handlers: dict[str, Handler] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    name: str = "a-server"

    def tool(self, name: str, *parameters: str, answer: object = None, text: str = "") -> None:
        """A tool that always answers *answer* as JSON, or *text*."""

        async def handler(_arguments: dict[str, Any]) -> str:
            return text or json.dumps(answer)

        self.parameters[name] = parameters
        self.handlers[name] = handler

    def listed(self) -> ListToolsResult:
        def schema(parameters: tuple[str, ...]) -> dict[str, Any]:
            return {"type": "object", "properties": {name: {} for name in parameters}}

        tools = [
            Tool(name=name, input_schema=schema(given)) for name, given in self.parameters.items()
        ]
        return ListToolsResult(tools=tools)

    def app(self) -> ASGIApp:
        """It speaks streamable HTTP at ``/mcp``."""

        async def list_tools(
            _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
        ) -> ListToolsResult:
            return self.listed()

        async def call_tool(
            _context: ServerRequestContext[Any], params: CallToolRequestParams
        ) -> CallToolResult:
            arguments = dict(params.arguments or {})
            self.calls.append((params.name, arguments))
            text = await self.handlers[params.name](arguments)
            return CallToolResult(content=[TextContent(type="text", text=text)])

        server: Server[Any] = Server(self.name, on_list_tools=list_tools, on_call_tool=call_tool)
        return server.streamable_http_app()


@contextmanager
def faked(server: FakeServer) -> Iterator[str]:
    """Its URL while the block runs."""
    with loopback(server.app(), lifespan=True) as url:
        yield f"{url}/mcp"


class Replaceable:
    """An application at a fixed address that is exchanged for another, as by a restart."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def memory_row(text: str, **more: Any) -> dict[str, Any]:
    """A memory as Mem0 writes it."""
    return {
        "id": str(uuid4()),
        "memory": text,
        "user_id": "kim",
        "metadata": {},
        "created_at": "2026-05-01T12:00:00Z",
        **more,
    }


def page_of(rows: list[dict[str, Any]]) -> Mapping[str, Any]:
    """*rows* as the only page."""
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


def reading(rows: list[dict[str, Any]]) -> FakeServer:
    """A server with the tools that every memory server has, and these memories."""
    server = FakeServer()
    server.tool("get_memories", "filters", "page", "page_size", answer=page_of(rows))
    server.tool("list_entities", answer=page_of([{"type": "user", "name": "kim"}]))
    server.tool("search_memories", "query", "filters", "limit", answer={"results": rows})

    async def get(arguments: dict[str, Any]) -> str:
        found = [row for row in rows if row["id"] == arguments["memory_id"]]
        missing = {"error": "Memory not found!", "status": None, "payload": None}
        return json.dumps(found[0] if found else missing)

    server.parameters["get_memory"] = ("memory_id",)
    server.handlers["get_memory"] = get
    return server
