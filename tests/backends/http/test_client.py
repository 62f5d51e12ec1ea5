"""The HTTP client against a real loopback server: retries, errors, secrets, redirects."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.to_thread
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mem0_tui.backends.http.address import KEPT_IDLE
from mem0_tui.backends.http.client import Credential, HttpClient, Policy
from mem0_tui.backends.http.request_log import RequestLogEntry
from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ResponseError,
    ServerError,
    SettingsError,
)
from tests.support.loopback import loopback

pytestmark = pytest.mark.anyio

KEY = "m0-abcdefghijklmnop1234"
Answer = Callable[[Request], Awaitable[Response]]


class Script:
    """Gives its answers one after the other, the last one for ever."""

    def __init__(self, *answers: Response | Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.bodies: list[bytes] = []

    async def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        self.bodies.append(await request.body())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Response) else await answer(request)

    @contextmanager
    def served(self) -> Iterator[str]:
        methods = ["GET", "POST", "PUT", "DELETE"]

        async def endpoint(request: Request) -> Response:
            return await self(request)

        with loopback(Starlette(routes=[Route("/{path:path}", endpoint, methods=methods)])) as url:
            yield url


@asynccontextmanager
async def client(url: str, **options: Any) -> AsyncIterator[tuple[HttpClient, list[float]]]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    options.setdefault("policy", Policy(read=60))
    http = HttpClient(
        url,
        Credential.token(KEY),
        clock=FrozenClock(datetime(2026, 6, 1, tzinfo=UTC)),
        sleep=sleep,
        chance=lambda: 1.0,
        **options,
    )
    try:
        yield http, waits
    finally:
        await http.aclose()


def ok() -> Response:
    return JSONResponse({"ok": True})


async def test_it_sends_key_query_and_any_text_as_json() -> None:
    script = Script(ok())
    with script.served() as url:
        async with client(url + "/mem0/") as (http, _):
            body = {"text": "ü 🙂 \ud800 \x1b["}
            answer = await http.request("POST", "/v1/x/", params={"user_id": "a b&c"}, body=body)
    assert answer == {"ok": True}
    request = script.requests[0]
    assert request.url.path == "/mem0/v1/x/"
    assert request.query_params["user_id"] == "a b&c"
    assert request.headers["authorization"] == f"Token {KEY}"
    assert json.loads(script.bodies[0]) == {"text": "ü 🙂 � \x1b["}


@pytest.mark.parametrize(
    ("credential", "header", "value"),
    [
        (Credential.api_key(KEY), "x-api-key", KEY),
        (Credential.bearer(KEY), "authorization", f"Bearer {KEY}"),
    ],
)
async def test_each_server_gets_the_key_where_it_looks_for_it(
    credential: Credential, header: str, value: str
) -> None:
    script = Script(ok())
    with script.served() as url:
        http = HttpClient(url, credential)
        await http.request("GET", "/")
        await http.aclose()
    assert script.requests[0].headers[header] == value


async def test_a_read_survives_two_failures_with_growing_pauses() -> None:
    script = Script(JSONResponse({}, 503), JSONResponse({}, 500), ok())
    with script.served() as url:
        async with client(url) as (http, waits):
            assert await http.request("GET", "/v1/ping/") == {"ok": True}
            assert waits == [0.25, 0.5]
            assert [entry.attempt for entry in http.log.entries] == [1, 2, 3]
            assert [entry.status for entry in http.log.entries] == [503, 500, 200]


async def test_attempts_come_to_an_end() -> None:
    script = Script(JSONResponse({"detail": "overloaded"}, 502))
    with script.served() as url:
        async with client(url) as (http, _):
            with pytest.raises(ServerError, match="overloaded"):
                await http.request("GET", "/")
    assert len(script.requests) == 4


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_is_not_declared_repeatable_is_sent_once(status: int) -> None:
    script = Script(JSONResponse({}, status))
    with script.served() as url:
        async with client(url) as (http, _):
            with pytest.raises(BackendError):
                await http.request("POST", "/v3/memories/add/", body={})
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [("7", [7.0]), ("Mon, 01 Jun 2026 00:00:09 GMT", [9.0]), ("soon", [0.25]), ("-3", [0.25])],
)
async def test_it_waits_as_long_as_the_server_asks(header: str, expected: list[float]) -> None:
    script = Script(JSONResponse({}, 429, {"Retry-After": header}), ok())
    with script.served() as url:
        async with client(url) as (http, waits):
            await http.request("POST", "/search", body={}, repeatable=True)
            assert waits == expected


async def test_it_does_not_wait_an_hour() -> None:
    answer = JSONResponse({"detail": "slow down"}, 429, {"Retry-After": "3600"})
    with Script(answer).served() as url:
        async with client(url) as (http, waits):
            with pytest.raises(RateLimitedError, match="slow down") as caught:
                await http.request("GET", "/")
    assert caught.value.retry_after == 3600
    assert waits == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"error": "400 Bad Request", "details": {"message": "no ids"}}, None, "no ids"),
        (400, {"error": "bad uuid"}, InvalidRequestError, "bad uuid"),
        (401, {"detail": "Invalid API key"}, AuthError, "Invalid API key"),
        (403, {"detail": "Admin only"}, AuthError, "Admin only"),
        (404, {"error": "Memory not found!"}, NotFoundError, "Memory not found!"),
        (409, {"message": "conflict"}, InvalidRequestError, "conflict"),
        (
            422,
            {"detail": [{"loc": ["body", "top_k"], "msg": "too large", "type": "x"}]},
            InvalidRequestError,
            "body.top_k: too large",
        ),
        (200, {"error": "quota exceeded", "code": 7}, ResponseError, "quota exceeded"),
        (200, {"error": {"message": "over quota"}}, ResponseError, "over quota"),
        (501, {"message": "later"}, ServerError, "later"),
        (502, {"detail": "no key", "code": "provider_auth_failed"}, ServerError, "provider_auth"),
    ],
)
async def test_the_servers_own_words_reach_the_user(
    status: int, body: dict[str, Any], kind: type[BackendError] | None, words: str
) -> None:
    with Script(JSONResponse(body, status)).served() as url:
        async with client(url) as (http, _):
            with pytest.raises(kind or InvalidRequestError) as caught:
                await http.request("POST", "/v1/x/", body={})
    assert words in caught.value.message
    assert f"HTTP {status}" in caught.value.message


@pytest.mark.parametrize(
    "answer",
    [
        HTMLResponse("<html>hello</html>"),
        Response(b'{"results": [', media_type="application/json"),
        Response(b"", 204),
        Response(b"[" * 200_000, media_type="application/json"),
        Response(b"\xff\xfe", media_type="application/json"),
        HTMLResponse("<html>nothing here</html>", 404),
        Response(b"", 304),
    ],
)
async def test_an_answer_that_is_not_mem0s_says_so(answer: Response) -> None:
    with Script(answer).served() as url:
        async with client(url) as (http, _):
            with pytest.raises(ResponseError):
                await http.request("GET", "/v1/ping/")


async def test_an_answer_cut_short_is_asked_for_again() -> None:
    async def cut(_request: Request) -> Response:
        return Response(b'{"a": 1', headers={"content-length": "7000"})

    script = Script(cut, ok())
    with script.served() as url:
        async with client(url) as (http, waits):
            assert await http.request("GET", "/") == {"ok": True}
            assert len(waits) == 1
            first, second = http.log.entries
    assert first.status is None
    assert first.trouble
    assert second.status == 200


async def test_a_request_that_nobody_waits_for_any_more_is_no_failure() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        async with client(f"http://127.0.0.1:{listener.getsockname()[1]}") as (http, _):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(http.request, "GET", "/v1/ping/")
                peer, _ = await anyio.to_thread.run_sync(listener.accept)
                tasks.cancel_scope.cancel()
            peer.close()
            (entry,) = http.log.entries
    assert entry.withdrawn
    assert not entry.failed


async def test_no_request_is_sent_where_a_server_may_be_closing_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """uvicorn closes an idle connection after five seconds, httpx by itself keeps it as long."""
    assert KEPT_IDLE < 5
    monkeypatch.setattr("mem0_tui.backends.http.client.KEPT_IDLE", 0.05)
    script = Script(ok())
    with script.served() as url:
        async with client(url) as (http, _):
            await http.request("GET", "/")
            await asyncio.sleep(0.06)
            await http.request("GET", "/")
    ports = {request.client.port for request in script.requests if request.client}
    assert len(ports) == 2, "the second came by a new connection"


async def test_a_server_that_hangs_is_given_up() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with client(url, policy=Policy(read=0.05, backoff=Backoff(attempts=2))) as (
            http,
            waits,
        ):
            with pytest.raises(NetworkError, match=r"no answer within 0\.05 s"):
                await http.request("GET", "/")
            assert len(waits) == 1


async def test_nobody_there_is_a_network_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with client(f"http://127.0.0.1:{port}") as (http, waits):
        with pytest.raises(NetworkError, match=f"127.0.0.1:{port}: nothing listens there"):
            await http.request("GET", "/")
        assert len(waits) == 3


async def test_no_secret_leaks_from_errors_reprs_or_the_log() -> None:
    other = "sk-proj-aaaaaaaaaaaaaaaa9999"
    body = {"detail": f"key {KEY} is wrong, and {other} too\x1b[31m"}
    with Script(JSONResponse(body, 401)).served() as url:
        async with client(url) as (http, _):
            with pytest.raises(AuthError) as caught:
                await http.request("GET", "/v1/ping/", params={"k": KEY})
            shown = repr(http) + repr(http.log.entries) + str(caught.value) + repr(caught.value)
    assert KEY not in shown
    assert other not in shown
    assert "\x1b" not in caught.value.message
    assert "m0-…1234" in shown


async def test_listeners_hear_of_every_attempt_until_they_leave() -> None:
    heard: list[RequestLogEntry] = []
    with Script(JSONResponse({}, 500), ok()).served() as url:
        async with client(url) as (http, _):
            leave = http.log.subscribe(heard.append)
            await http.request("GET", "/v1/ping/")
            leave()
            await http.request("GET", "/v1/ping/")
    assert [(entry.method, entry.path, entry.status) for entry in heard] == [
        ("GET", "/v1/ping/", 500),
        ("GET", "/v1/ping/", 200),
    ]


async def test_a_redirect_to_another_host_keeps_the_key_here() -> None:
    thief = Script(ok())
    with (
        thief.served() as other,
        Script(RedirectResponse(f"{other}/steal")).served() as url,
    ):
        async with client(url) as (http, _):
            with pytest.raises(ResponseError, match="redirected to 127.0.0.1"):
                await http.request("GET", "/v1/ping/")
    assert thief.requests == []


async def test_a_redirect_within_the_server_is_followed() -> None:
    script = Script(RedirectResponse("/memories/", 307), ok())
    with script.served() as url:
        async with client(url) as (http, _):
            assert await http.request("POST", "/memories", body={"a": 1}) == {"ok": True}
    assert script.requests[1].method == "POST"
    assert json.loads(script.bodies[1]) == {"a": 1}


@pytest.mark.parametrize("status", [302, 303])
async def test_a_redirect_that_would_drop_the_body_is_refused(status: int) -> None:
    with Script(RedirectResponse("/memories/", status)).served() as url:
        async with client(url) as (http, _):
            with pytest.raises(ResponseError, match="drop the request.s body"):
                await http.request("POST", "/memories", body={"a": 1})


async def test_redirects_in_a_circle_end() -> None:
    with Script(RedirectResponse("/again", 307)).served() as url:
        async with client(url) as (http, _):
            with pytest.raises(ResponseError, match="redirects in a loop"):
                await http.request("GET", "/")


def test_a_key_does_not_travel_unencrypted_unless_allowed() -> None:
    credential = Credential.token(KEY)
    with pytest.raises(RefusedError, match="not encrypted") as caught:
        HttpClient("http://mem0.example.com", credential)
    assert "https://" in caught.value.hint
    HttpClient("http://mem0.example.com", credential, allow_plain_http=True)
    HttpClient("http://mem0.example.com")
    for url in ("http://127.0.0.1:8765", "http://localhost", "http://[::1]:1", "https://a.b"):
        HttpClient(url, credential)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://x", "mem0.ai", "https://", "http://a:b@c", "http://a:99999", "http://a/?q=1"],
)
def test_a_url_that_makes_no_sense_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        HttpClient(url)
    assert "a:b" not in caught.value.message


@pytest.mark.parametrize("key", ["m0-abc\n", "m0-ä", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(AuthError):
        HttpClient("https://api.mem0.ai", Credential.token(key))
