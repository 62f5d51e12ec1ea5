"""A line for every request that was answered: whether a client reaches the server, and with what.

It holds neither keys nor memories: method, path, an MCP call's tool, status, time, and the client.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

_PEEK = 1 << 16
"""Bytes of a body in which an MCP call is looked for."""


class RequestLines:
    """ASGI middleware that tells *tell* of each answer, as one line that is safe to print."""

    def __init__(
        self, app: ASGIApp, tell: Callable[[str], None], clock: Clock | None = None
    ) -> None:
        self._app = app
        self._tell = tell
        self._clock = clock or SystemClock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, body = monotonic(), 0, bytearray()

        async def received() -> Message:
            message = await receive()
            if len(body) < _PEEK:
                body.extend(message.get("body", b"")[:_PEEK])
            return message

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, received, sent)
        finally:
            taken = f"{1000 * (monotonic() - begun):.0f} ms"
            at = f"{self._clock.now():%H:%M:%S}"
            what = f"{scope['method']} {scope['path']}{_call(bytes(body))}"
            client = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
            line = f"{at}  {status or 'broken off'}  {what}  {taken}  {client.partition(' ')[0]}"
            self._tell(redact(one_line(line)).rstrip())


def _call(body: bytes) -> str:
    """The method of an MCP message, and which tool it calls."""
    if b'"jsonrpc"' not in body:
        return ""
    try:
        message: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        return ""
    params = message.get("params")
    name = params.get("name") if isinstance(params, dict) else None
    tool = f" {name}" if message["method"] == "tools/call" and isinstance(name, str) else ""
    return f" {message['method']}{tool}"
