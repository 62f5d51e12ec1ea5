"""Nothing waits for ever or reads without end: servers that drip, hang, or never stop."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from mem0_tui.backends.http.client import HttpClient, Policy
from mem0_tui.backends.mcp.session import McpSession
from mem0_tui.backends.mcp.transport import HttpTransport
from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.backends.paging.waits import Waits
from mem0_tui.model.errors import NetworkError, ResponseError
from tests.support.faulty import answer, first, holding, platform
from tests.support.loopback import loopback
from tests.support.memories import memory

pytestmark = pytest.mark.anyio


@contextmanager
def dripping() -> Iterator[str]:
    """A server that gives each connection a byte at a time, for ever."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    connections: list[socket.socket] = []

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
                connections.append(connection)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            except OSError:
                pass
            for connection in list(connections):
                try:
                    connection.sendall(b" ")
                except OSError:
                    connections.remove(connection)
                    connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        for connection in connections:
            connection.close()
        listener.close()


async def test_a_server_that_drips_is_given_up_in_time_whatever_the_tries() -> None:
    with dripping() as url:
        http = HttpClient(url, policy=Policy(read=30, total=0.5))
        with pytest.raises(NetworkError, match=r"no complete answer within 0\.5 s"):
            await http.request("GET", "/memories")
        await http.aclose()
    (entry,) = http.log.entries
    assert entry.failed


async def test_a_request_has_one_deadline_for_all_its_tries() -> None:
    server = holding()
    server.faults.append(first(100, lambda: answer(503)))
    waits: list[float] = []
    async with platform(server, total=0.2, backoff=Backoff(50, first=0.15)) as backend:

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            await asyncio.sleep(seconds)

        backend.http.sleep = sleep
        with pytest.raises(Exception, match="HTTP 503|no complete answer"):
            await backend.info()
    assert sum(waits) <= 0.2


async def test_what_is_waited_for_is_known_meanwhile() -> None:
    waits = Waits()
    seen = []

    async def look(_request: Request) -> Response | None:
        seen.append(waits.longest)
        return answer(503) if len(seen) < 3 else None

    server = holding()
    server.faults.append(look)
    async with platform(server) as backend:
        backend.http.waits = waits
        await backend.info()
    assert [(w.attempt, w.attempts) for w in seen if w] == [(1, 4), (2, 4), (3, 4)]
    assert "try 3 of 4" in str(seen[2])
    assert waits.longest is None


async def much(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    return StreamingResponse(parts(), media_type="application/json")


def talkative() -> Any:
    return loopback(Starlette(routes=[Route("/{path:path}", endpoint=much, methods=METHODS)]))


METHODS = ["GET", "POST"]


async def test_an_answer_beyond_the_limit_is_refused_with_the_limit() -> None:
    with talkative() as url:
        http = HttpClient(url, policy=Policy(longest_answer=2**20))
        with pytest.raises(ResponseError, match="the answer to GET /memories is longer than 1 MB"):
            await http.request("GET", "/memories")
        await http.aclose()
    assert len(http.log.entries) == 1


async def test_an_mcp_answer_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from mem0_tui.backends.http.address import Address
    from mem0_tui.backends.mcp import transport as mcptarget

    monkeypatch.setattr(mcptarget, "_LONGEST_ANSWER", 2**20)
    with talkative() as url:
        link = McpSession(HttpTransport(Address.parse(url), timeout=300))
        with pytest.raises(ResponseError, match="longer than"):
            await link.offer()
        await link.aclose()


async def test_a_missing_memory_at_the_read_back_is_no_failed_request() -> None:
    here = [memory(number) for number in range(1, 6)]
    server = holding(*here)

    async def hides_from_lists(request: Request) -> Response | None:
        if request.url.path != "/v3/memories/":
            return None
        return JSONResponse({"count": 0, "next": None, "previous": None, "results": []})

    server.faults.append(hides_from_lists)
    async with platform(server) as backend:
        outcome = await backend.delete([each.id for each in here])
        log = backend.http.log.entries
    assert set(outcome.values()) == {None}
    gone = [entry for entry in log if entry.status == 404]
    assert len(gone) == 5
    assert not any(entry.failed for entry in log)
    assert [entry.number for entry in log] == list(range(1, len(log) + 1))
