"""The doctor's MCP client against servers that answer well, oddly, badly, and not at all."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mem0_tui.backends.http.client import Policy
from mem0_tui.backends.mcp.probe import McpProbe
from mem0_tui.model.errors import (
    AuthError,
    InvalidRequestError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RefusedError,
    ResponseError,
    ServerError,
)
from tests.support.faulty import hang
from tests.support.loopback import loopback

KEY = {"Authorization": "Bearer m0-abcdefghijklmnop"}
RESULTS = {
    "initialize": {"protocolVersion": "2025-06-18", "capabilities": {}},
    "tools/list": {"tools": [{"name": "search_memories"}, {"name": "add_memory"}]},
    "tools/call": {"content": [{"type": "text", "text": '{"results": []}'}], "isError": False},
}
Answer = Callable[[Request], Awaitable[Response]]


@contextmanager
def server(answer: Answer, path: str = "/mcp") -> Iterator[str]:
    app = Starlette(routes=[Route(path, answer, methods=["POST"])])
    with loopback(app) as url:
        yield url + "/mcp"


@contextmanager
def probe(url: str, headers: dict[str, str] | None = None, **policy: float) -> Iterator[McpProbe]:
    limits = Policy(**policy)  # type: ignore[arg-type]
    made = McpProbe(url, KEY if headers is None else headers, limits)
    try:
        yield made
    finally:
        made.close()


async def as_json(request: Request) -> Response:
    asked = await request.json()
    if "id" not in asked:
        return Response(status_code=202)
    return JSONResponse({"jsonrpc": "2.0", "id": asked["id"], "result": RESULTS[asked["method"]]})


async def as_events(request: Request) -> Response:
    asked = await request.json()
    if "id" not in asked:
        return Response(status_code=202)
    note = {"jsonrpc": "2.0", "method": "notifications/message", "params": {}}
    found = {"jsonrpc": "2.0", "id": asked["id"], "result": RESULTS[asked["method"]]}
    body = "".join(f"event: message\r\ndata: {json.dumps(each)}\r\n\r\n" for each in (note, found))
    return Response(body, media_type="text/event-stream")


@pytest.mark.parametrize("answer", [as_json, as_events])
def test_lists_tools_and_calls_one(answer: Answer) -> None:
    with server(answer) as url, probe(url) as asked:
        assert asked.tools() == ("search_memories", "add_memory")
        assert asked.call("search_memories", {"query": "x"}) == {"results": []}


def test_keeps_the_session_that_the_server_gives_and_sends_the_key() -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    async def answer(request: Request) -> Response:
        asked = await request.json()
        session = request.headers.get("mcp-session-id")
        seen.append((asked["method"], session, request.headers.get("authorization")))
        response = await as_json(request)
        response.headers["Mcp-Session-Id"] = "s1"
        return response

    with server(answer) as url, probe(url) as asked:
        asked.tools()
    key = KEY["Authorization"]
    assert seen == [
        ("initialize", None, key),
        ("notifications/initialized", "s1", key),
        ("tools/list", "s1", key),
    ]


def test_follows_a_redirect_on_the_same_server_with_the_body() -> None:
    async def moved(_request: Request) -> Response:
        return RedirectResponse("/mcp/", 307)

    routes = [
        Route("/mcp", moved, methods=["POST"]),
        Route("/mcp/", as_json, methods=["POST"]),
    ]
    with loopback(Starlette(routes=routes)) as url, probe(url + "/mcp") as asked:
        assert asked.tools() == ("search_memories", "add_memory")


def test_takes_the_key_to_no_other_server() -> None:
    heard: list[str] = []

    async def listen(request: Request) -> Response:
        heard.append(request.url.path)
        return await as_json(request)

    with server(listen) as other:

        async def away(_request: Request) -> Response:
            return RedirectResponse(other, 307)

        with server(away) as url, probe(url) as asked, pytest.raises(ResponseError):
            asked.tools()
    assert heard == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AuthError), (403, AuthError), (404, NotFoundError), (405, NotFoundError)]
    + [(500, ServerError), (503, ServerError), (429, ResponseError)],
)
def test_says_what_the_status_means(status: int, kind: type[Mem0TuiError]) -> None:
    async def answer(_request: Request) -> Response:
        return JSONResponse({"detail": "no: m0-abcdefghijklmnop"}, status)

    with server(answer) as url, probe(url) as asked:
        with pytest.raises(kind) as caught:
            asked.tools()
        assert str(status) in caught.value.message
        assert "abcdefgh" not in caught.value.message


async def _page(_request: Request) -> Response:
    return PlainTextResponse("<html>Welcome</html>", media_type="text/html")


async def _no_tools(request: Request) -> Response:
    asked = await request.json()
    return JSONResponse({"jsonrpc": "2.0", "id": asked.get("id"), "result": {}})


@pytest.mark.parametrize("answer", [_page, _no_tools])
def test_what_is_no_mcp_is_called_so(answer: Answer) -> None:
    with server(answer) as url, probe(url) as asked, pytest.raises(ResponseError):
        asked.tools()


def test_a_protocol_error_and_a_failed_tool_are_told() -> None:
    async def answer(request: Request) -> Response:
        asked = await request.json()
        if asked["method"] == "tools/call":
            failed = {"content": [{"type": "text", "text": "no such user"}], "isError": True}
            return JSONResponse({"jsonrpc": "2.0", "id": asked["id"], "result": failed})
        if asked["method"] == "tools/list":
            error = {"code": -32601, "message": "Method not found"}
            return JSONResponse({"jsonrpc": "2.0", "id": asked["id"], "error": error})
        return await as_json(request)

    with server(answer) as url, probe(url) as asked:
        with pytest.raises(InvalidRequestError, match="Method not found"):
            asked.tools()
        with pytest.raises(ServerError, match="no such user"):
            asked.call("search_memories", {"query": "x"})


def test_nothing_there_and_no_answer_are_network_errors() -> None:
    with probe("http://127.0.0.1:9/mcp") as asked, pytest.raises(NetworkError):
        asked.tools()

    async def never(request: Request) -> Response:
        await hang(request)
        raise AssertionError

    with (
        server(never) as url,
        probe(url, read=0.2, total=0.4) as asked,
        pytest.raises(NetworkError),
    ):
        asked.tools()


def test_a_key_does_not_travel_unencrypted() -> None:
    with pytest.raises(RefusedError):
        McpProbe("http://mem0.example/mcp", KEY)
