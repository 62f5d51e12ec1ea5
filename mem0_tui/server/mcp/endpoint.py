"""Mem0's tools as an MCP server: over streamable HTTP beside the REST interface, and over stdio.

Each request stands alone: no session is kept, so a client goes on after the server was restarted.
The SDK takes longer to import than everything else together, so that happens behind the start.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from mem0_tui import __version__
from mem0_tui.server.app import Mount
from mem0_tui.server.mcp.tools import ToolCalls
from mem0_tui.server.requests.body import MAX_BODY
from mem0_tui.server.requests.client_name import caller
from mem0_tui.server.responses.answers import refusal
from mem0_tui.wire.tools import TOOLS

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp_types import (
        CallToolRequestParams,
        CallToolResult,
        ListToolsResult,
        PaginatedRequestParams,
    )

PATH = "/mcp"
INSTRUCTIONS = (
    "Long-term memory that outlives a session. Search it when a task begins, and add what later "
    "sessions should know, with a metadata.type such as decision, convention, anti_pattern, "
    "task_learning, user_preference or environmental."
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}")


def mcp_mount(calls: ToolCalls) -> Mount:
    """The tools at ``/mcp`` and ``/mcp/``, behind the same gate as the REST interface."""
    endpoint = Endpoint(calls)
    return Mount(PATH, endpoint, endpoint.running)


async def serve_stdio(calls: ToolCalls) -> None:
    """Answer on standard output what comes on standard input, until that ends."""
    from mcp.server.stdio import stdio_server

    server = mcp_server(calls)
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())


def mcp_server(calls: ToolCalls) -> Server[Any]:
    """The SDK's server with the tools of *calls*."""
    from mcp.server.lowlevel import Server
    from mcp_types import CallToolResult, ListToolsResult

    listed = ListToolsResult.model_validate({"tools": [tool.definition() for tool in TOOLS]})

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return listed

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        result = await calls.call(params.name, params.arguments, actor=_client(context))
        return CallToolResult.model_validate(result)

    return Server(
        "mem0-tui",
        version=__version__,
        title="mem0-tui",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _client(context: ServerRequestContext[Any]) -> str:
    """What the client calls itself in the protocol, or else in its HTTP headers."""
    client = context.session.client_params
    named = _NAME.match(client.client_info.name) if client is not None else None
    if named is not None:
        return named.group().strip()
    if isinstance(context.request, Request):
        return caller(context.request).removeprefix("api").strip() or "mcp"
    return "mcp"


class Endpoint:
    """The ASGI application behind :data:`PATH`."""

    def __init__(self, calls: ToolCalls) -> None:
        self._calls = calls
        self._group: asyncio.TaskGroup | None = None
        self._stopped = asyncio.Event()
        self._starting = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Get ready in the background, and hold the SDK's tasks until the server stops.

        Codex does not wait for a slow server: in its first turn, the tools would be missing.
        """
        async with asyncio.TaskGroup() as group:
            self._group = group
            group.create_task(self._start())
            try:
                yield
            finally:
                self._stopped.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; there is no stream to GET and no session to DELETE."""
        if scope["path"] not in (PATH, f"{PATH}/"):
            await refusal(404, "Not found.")(scope, receive, send)
            return
        if scope["method"] != "POST":
            text = f'Method "{scope["method"]}" not allowed.'
            await refusal(405, text, headers={"Allow": "POST"})(scope, receive, send)
            return
        manager = self._manager or await self._start()
        await manager.handle_request(scope, receive, send)

    async def _start(self) -> StreamableHTTPSessionManager:
        async with self._starting:
            if self._manager is None:
                if self._group is None:
                    raise RuntimeError("the endpoint is not running")
                made = await asyncio.to_thread(self._make)
                ready = asyncio.Event()
                self._group.create_task(self._hold(made, ready))
                await ready.wait()
                self._manager = made
            return self._manager

    def _make(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        return StreamableHTTPSessionManager(
            mcp_server(self._calls),
            json_response=True,
            stateless=True,
            max_request_body_size=MAX_BODY,
        )

    async def _hold(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        async with manager.run():
            ready.set()
            await self._stopped.wait()
