"""Asks an MCP server what the doctor wants to know, as a client would: its tools, and a call.

Plain JSON-RPC over streamable HTTP, without the SDK: what the server really answers (401, 404, a
page that is no MCP) is what is wanted here, and the SDK hides it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mem0_tui import __version__
from mem0_tui.backends.http.client import HttpAnswer, HttpClient, Policy
from mem0_tui.backends.http.errors import reason_in
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    NotFoundError,
    RefusedError,
    ResponseError,
    ServerError,
)
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.wire.tools import ToolResult

PROTOCOL: Final = "2025-06-18"
"""The version of MCP that Codex speaks."""
_POLICY: Final = Policy(connect=5.0, read=10.0, total=15.0)
_ACCEPT: Final = "application/json, text/event-stream"
_LONGEST = 200


class McpProbe:
    """One conversation with the server at *url*; blocking, for use in a thread of its own.

    Args:
        url: the MCP endpoint.
        headers: what the client is configured to send, the key's header among it.

    Raises:
        SettingsError: *url* is no URL.
        RefusedError: the headers hold a key, and the way to the server is not encrypted.
    """

    def __init__(self, url: str, headers: Mapping[str, str], policy: Policy = _POLICY) -> None:
        self._http = HttpClient(url, policy=policy)
        if headers and not self._http.address.private:
            raise RefusedError(f"{self._http.address} is not encrypted: the key was not sent")
        self._headers = {"Accept": _ACCEPT, **headers}
        self._path = "/" if url.rstrip().endswith("/") and self._http.address.base else ""
        self._runner = asyncio.Runner()
        self._number = 0
        self._open = False

    def tools(self) -> tuple[str, ...]:
        """The names of the tools it offers.

        Raises:
            AuthError: it wants a key, or another one.
            NotFoundError: there is nothing at that path.
            BackendError: the kind that fits the answer, or the lack of one.
        """
        self._begin()
        result = self._ask("tools/list", {})
        tools = result.get("tools")
        if not isinstance(tools, list):
            raise ResponseError("the answer to tools/list holds no tools")
        names = (tool.get("name") for tool in tools if isinstance(tool, dict))
        return tuple(name for name in names if isinstance(name, str))

    def call(self, tool: str, arguments: Mapping[str, object]) -> Any:
        """The JSON that the tool answers.

        Raises:
            BackendError: the tool failed, or did not answer.
        """
        self._begin()
        result = self._ask("tools/call", {"name": tool, "arguments": dict(arguments)})
        return ToolResult.parse(result).value()

    def close(self) -> None:
        """Let go of the connection."""
        try:
            self._runner.run(self._http.aclose())
        finally:
            self._runner.close()

    def _begin(self) -> None:
        if self._open:
            return
        self._open = True
        client = {"name": "mem0-tui", "version": __version__}
        given = {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": client}
        self._ask("initialize", given)
        self._headers["MCP-Protocol-Version"] = PROTOCOL
        self._post({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _ask(self, method: str, params: Mapping[str, object]) -> Mapping[str, Any]:
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": dict(params)}
        answer = self._post(request)
        if session := answer.headers.get("mcp-session-id"):
            self._headers["Mcp-Session-Id"] = session
        for document in _documents(answer):
            if document.get("id") == self._number and "error" in document:
                raise InvalidRequestError(f"{method}: {_error_text(document['error'])}")
            if document.get("id") == self._number and isinstance(document.get("result"), dict):
                found: Mapping[str, Any] = document["result"]
                return found
        raise ResponseError(f"the answer to {method} is not MCP")

    def _post(self, document: Mapping[str, object]) -> HttpAnswer:
        answer = self._runner.run(self._http.post(self._path, document, self._headers))
        if answer.status >= 300:
            raise _refusal(answer)
        return answer


def _refusal(answer: HttpAnswer) -> BackendError:
    text = answer.body.decode("utf-8", "replace")
    reason = redact(one_line(reason_in(text)))[:_LONGEST]
    message = f"HTTP {answer.status}" + (f": {reason}" if reason else "")
    if answer.status in (401, 403):
        return AuthError(message)
    if answer.status in (404, 405, 410):
        return NotFoundError(message)
    return ServerError(message) if answer.status >= 500 else ResponseError(message)


def _documents(answer: HttpAnswer) -> Iterator[Mapping[str, Any]]:
    """The JSON documents of an answer: one, or one for each event of a stream."""
    text = answer.body.decode("utf-8", "replace")
    if "text/event-stream" in answer.headers.get("content-type", ""):
        parts = [line[5:] for line in text.splitlines() if line.startswith("data:")]
    else:
        parts = [text]
    for part in parts:
        try:
            document = json.loads(part)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            yield document


def _error_text(error: object) -> str:
    message = error.get("message") if isinstance(error, dict) else None
    return redact(one_line(str(message or "no message")))[:_LONGEST]
