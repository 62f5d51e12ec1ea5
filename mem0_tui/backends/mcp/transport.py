"""Where an MCP server is: at a URL, or a command that is started and spoken to over its pipes.

Every HTTP failure reaches the caller as the error of the request that it belongs to: the SDK by
itself drops the status of an answer, and ends the session when a connection breaks.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final, Protocol, TextIO, cast

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from mem0_tui import __version__
from mem0_tui.backends.http.address import KEPT_IDLE, Address
from mem0_tui.backends.http.errors import reason_in
from mem0_tui.model.secret import mask, redact
from mem0_tui.model.text import one_line

FAILURE: Final = "mem0-tui"
"""The key of the JSON-RPC error data that tells what happened to a request on its way."""
_CODE: Final = -32000
_TOLD_BY_STATUS: Final = (401, 403, 429)
_LAST_WORDS: Final = 2000
_LONGEST_ANSWER: Final = 64 * 2**20
"""Bytes of an answer; a longer one is not read."""
_MOST: Final = "64 MB"
_OF_THE_WIRE: Final = ("content-encoding", "content-length", "transfer-encoding")


class Transport(Protocol):
    """A server that can be connected to."""

    @property
    def place(self) -> str:
        """What it is called in messages and journals; holds no secret."""
        ...

    @asynccontextmanager
    def client(self) -> AsyncIterator[Client]:
        """A connected client, for as long as the block runs, in one task."""
        ...

    def clean(self, text: str) -> str:
        """*text* without secrets."""
        ...

    def last_words(self) -> str:
        """What the server said before it ended, where that can be known."""
        ...


@dataclass(frozen=True)
class HttpTransport:
    """A server that speaks streamable HTTP."""

    address: Address
    key: str | None = field(default=None, repr=False)
    timeout: float = 30.0

    @property
    def place(self) -> str:
        return str(self.address)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        headers = {"User-Agent": f"mem0-tui/{__version__}"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        http = _TellingClient(
            clean=self.clean,
            headers=headers,
            timeout=httpx2.Timeout(self.timeout, connect=min(5.0, self.timeout)),
            limits=httpx2.Limits(keepalive_expiry=KEPT_IDLE),
            # A proxy has no business between us and a server on this machine.
            trust_env=not self.address.loopback,
            verify=self.address.scheme == "https",
        )
        async with http:
            transport = streamable_http_client(
                str(self.address), http_client=http, max_sse_event_size=_LONGEST_ANSWER
            )
            async with Client(transport, client_info=_myself()) as client:
                yield client

    def clean(self, text: str) -> str:
        return redact(text.replace(self.key, mask(self.key)) if self.key else text)

    def last_words(self) -> str:
        return ""


class CommandTransport:
    """A server that is started, and stopped when it is no longer needed."""

    def __init__(self, command: Sequence[str], key: str | None = None) -> None:
        """*key* is handed over as ``MEM0_API_KEY``; everything else is inherited."""
        self._command = tuple(command)
        self._key = key
        self._words = ""
        self._noise = _Noise()

    @property
    def place(self) -> str:
        return one_line(self.clean(shlex.join(self._command)))

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        environment = {**os.environ, **({"MEM0_API_KEY": self._key} if self._key else {})}
        parameters = StdioServerParameters(
            command=self._command[0], args=list(self._command[1:]), env=environment
        )
        self._noise = _Noise()
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as stderr,
            self._noise.caught(),
        ):
            try:
                transport = stdio_client(parameters, errlog=cast(TextIO, stderr))
                async with Client(transport, client_info=_myself()) as client:
                    yield client
            finally:
                self._words = _last_line(stderr)

    def clean(self, text: str) -> str:
        return redact(text.replace(self._key, mask(self._key)) if self._key else text)

    def last_words(self) -> str:
        words = one_line(self.clean(self._words))[:300]
        if self._noise.first is None:
            return words
        noise = one_line(self.clean(self._noise.first))[:100]
        return f"its standard output holds something other than MCP ({noise})" + (
            words and f"; {words}"
        )


class _Noise(logging.Handler):
    """Takes what the SDK logs of lines on a server's standard output that are no messages, with a
    traceback for each; keeps the first such line."""

    def __init__(self) -> None:
        super().__init__()
        self.first: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        tell = getattr(error, "errors", None)
        if self.first is None and callable(tell):
            self.first = next((str(each.get("input", "")) for each in tell()), "")

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Let nothing of it reach stderr while the block runs."""
        logger = logging.getLogger("mcp.client.stdio")
        logger.addHandler(self)
        propagates, logger.propagate = logger.propagate, False
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.propagate = propagates


def _last_line(stderr: IO[str]) -> str:
    stderr.seek(0, os.SEEK_END)
    stderr.seek(max(0, stderr.tell() - _LAST_WORDS))
    lines = [line.strip() for line in stderr.read().splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _myself() -> Implementation:
    return Implementation(name="mem0-tui", version=__version__)


class _TellingClient(httpx2.AsyncClient):
    """Answers a failed POST with the JSON-RPC error of its request."""

    def __init__(self, *, clean: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._clean = clean

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        if request.method != "POST":
            return await super().send(request, **options)
        try:
            response = await super().send(request, **options)
            if not _streams(response):
                whole = await _read(request, response)
                if whole is None:
                    return _failed(request, 502, {"too_long": _MOST})
                response = whole
        except httpx2.ConnectError:
            return _failed(request, 503, {"trouble": "nothing listens there"})
        except httpx2.TimeoutException:
            return _failed(request, 504, {"trouble": "no answer in time"})
        except httpx2.RequestError as error:
            trouble = self._clean(str(error)) or "the connection broke"
            return _failed(request, 503, {"trouble": trouble})
        status = response.status_code
        if _streams(response) or status < 400 and not response.content:
            return response
        if _is_rpc(response) and status not in _TOLD_BY_STATUS:
            return response
        if status < 300:
            return _failed(request, 502, {"status": 404})
        if status < 400:
            return response
        reason = self._clean(reason_in(response.text))
        wait = response.headers.get("retry-after")
        return _failed(request, status, {"status": status, "reason": reason, "retry_after": wait})


async def _read(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response | None:
    """*response* with its body, read here so that one that breaks off is the failure of this
    request alone; None where it is longer than is read."""
    body = bytearray()
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > _LONGEST_ANSWER:
                return None
    finally:
        await response.aclose()
    headers = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in _OF_THE_WIRE]
    return httpx2.Response(
        response.status_code, headers=headers, content=bytes(body), request=request
    )


def _streams(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").startswith("text/event-stream")


def _is_rpc(response: httpx2.Response) -> bool:
    try:
        document = json.loads(response.content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "jsonrpc" in document


def _failed(request: httpx2.Request, status: int, failure: dict[str, Any]) -> httpx2.Response:
    try:
        asked = json.loads(request.content)
    except ValueError:
        asked = {}
    error = {"code": _CODE, "message": "not answered", "data": {FAILURE: failure}}
    document = {"jsonrpc": "2.0", "id": asked.get("id"), "error": error}
    return httpx2.Response(status, json=document, request=request)
