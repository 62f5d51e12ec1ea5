"""The MCP backend on servers that differ, fail, hide their errors, restart and end."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mem0_tui.backends.base import Backend
from mem0_tui.backends.mcp.backend import McpBackend
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
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
    UnsupportedError,
)
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.memory import Draft
from tests.support.loopback import loopback
from tests.support.mcp_fake import FakeServer, Replaceable, faked, memory_row, reading

pytestmark = pytest.mark.anyio

KEY = "m0-abcdefghijklmnop1234"
KIM = Scope(user_id="kim")
GONE = "00000000-0000-4000-8000-000000000000"


@asynccontextmanager
async def backend_at(url: str, **options: Any) -> AsyncIterator[McpBackend]:
    backend = open_backend("mcp", BackendOptions(url=url, api_key=KEY, **options))
    assert isinstance(backend, McpBackend)
    backend.link.sleep = _no_wait
    yield backend
    await backend.aclose()


async def _no_wait(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_server_with_the_fewest_parameters_is_read_and_not_asked_for_more() -> None:
    rows = [memory_row("one"), memory_row("two", expiration_date="2020-01-01")]
    server = reading(rows)
    with faked(server) as url:
        async with backend_at(url) as backend:
            assert (await backend.info()).target == url
            can = backend.capabilities
            assert {Capability.LIST_EVERYTHING, Capability.SEMANTIC_SEARCH} <= can.can
            for missing in (
                Capability.ADD_VERBATIM,
                Capability.EDIT_TEXT,
                Capability.EDIT_METADATA,
                Capability.EDIT_EXPIRY,
                Capability.SHOW_EXPIRED,
                Capability.BACKDATE,
                Capability.DELETE_SCOPE,
                Capability.DELETE_ENTITY,
                Capability.EVENTS,
            ):
                assert missing not in can
                assert can.notes[missing]
            assert [m.text for m in (await backend.list(include_expired=True)).items] == [
                "one",
                "two",
            ]
            assert [h.memory.text for h in (await backend.search("x", limit=7)).hits] == []
            assert (await backend.get(rows[0]["id"])).text == "one"
    asked = {name: set(arguments) for name, arguments in server.calls}
    assert asked["get_memories"] == {"filters", "page", "page_size"}
    assert asked["search_memories"] == {"query", "filters", "limit"}


async def test_what_a_server_does_not_take_is_refused_before_anything_is_sent() -> None:
    rows = [memory_row("one")]
    server = reading(rows)
    server.tool("update_memory", "memory_id", "text")
    server.tool("add_memory", "text", "user_id", "metadata", "infer")
    server.tool("delete_all_memories", "user_id", "agent_id", "app_id", "run_id")
    with faked(server) as url:
        async with backend_at(url) as backend:
            await backend.info()
            before = len(server.calls)
            memory_id = rows[0]["id"]
            attempts: tuple[Callable[[], Any], ...] = (
                lambda: backend.update(memory_id, Edit(metadata={"a": 1})),
                lambda: backend.update(memory_id, Edit(expires_on=None)),
                lambda: backend.add(Draft("x", KIM, immutable=True)),
                lambda: backend.delete_scope(EntityRef(EntityKind.APP, "shop")),
                lambda: backend.delete_entity(EntityRef(EntityKind.USER, "kim")),
                lambda: backend.feedback(memory_id, "POSITIVE"),
                lambda: backend.events(),
            )
            for attempt in attempts:
                with pytest.raises(UnsupportedError):
                    await attempt()
            with pytest.raises(InvalidRequestError):
                await backend.add(Draft("x", Scope(app_id="shop")))
    assert {name for name, _ in server.calls[before:]} <= {"get_memory"}


async def test_a_condition_without_a_user_mentions_one_all_the_same() -> None:
    """Mem0's own server adds its default user to filters in which it finds none."""
    server = reading([])
    with faked(server) as url:
        async with backend_at(url) as backend:
            await backend.list(belongs_to(EntityRef(EntityKind.AGENT, "bot")))
            await backend.search("x", belongs_to(EntityRef(EntityKind.APP, "shop")))
    sent = [arguments["filters"] for name, arguments in server.calls if "filters" in arguments]
    assert len(sent) >= 2
    assert all('"user_id"' in json.dumps(filters) for filters in sent)
    assert all(set(filters) == {"AND"} for filters in sent)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (json.dumps({"error": "Invalid API key", "status": None}), AuthError),
        (json.dumps({"error": "out of disk", "status": None}), ServerError),
        ("Error: upstream", ResponseError),
        ("", ResponseError),
        ("[1, 2]", ResponseError),
        (json.dumps({"results": "none"}), ResponseError),
        (json.dumps({"results": [{"memory": "no id"}]}), ResponseError),
        ("[" * 10_000, ResponseError),
    ],
)
async def test_an_error_in_a_successful_result_is_found(
    text: str, kind: type[BackendError]
) -> None:
    server = reading([])
    server.tool("get_memories", "filters", text=text or " ")
    with faked(server) as url:
        async with backend_at(url) as backend:
            with pytest.raises(kind):
                await backend.list()


async def test_a_write_that_the_server_only_claims_is_not_believed() -> None:
    rows = [memory_row("one")]
    server = reading(rows)
    done = {"message": "done", "results": [{"id": rows[0]["id"], "event": "ADD"}]}
    server.tool("add_memory", "text", "infer", "user_id", "metadata", answer=done)
    server.tool("update_memory", "memory_id", "text", answer={"message": "done"})
    server.tool("delete_memory", "memory_id", answer={"message": "done"})
    server.tool("delete_all_memories", "user_id", answer={"message": "done"})
    with faked(server) as url:
        async with backend_at(url) as backend:
            with pytest.raises(ServerError, match="did not keep its text"):
                await backend.add(Draft("other", KIM))
            with pytest.raises(ServerError, match="did not keep its text"):
                await backend.update(rows[0]["id"], Edit(text="other"))
            outcome = await backend.delete([rows[0]["id"], GONE])
            assert isinstance(outcome[rows[0]["id"]], ServerError)
            assert isinstance(outcome[GONE], NotFoundError)
            with pytest.raises(ServerError, match="still there"):
                await backend.delete_scope(EntityRef(EntityKind.USER, "kim"))


def answering(status: int, body: object, **headers: str) -> Starlette:
    async def answer(_request: Request) -> Response:
        if isinstance(body, str):
            return PlainTextResponse(body, status, headers)
        return JSONResponse(body, status, headers)

    return Starlette(routes=[Route("/mcp", answer, methods=["GET", "POST", "DELETE"])])


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, {"error": "Authentication required"}, AuthError, "Authentication required"),
        (403, "no", AuthError, "403"),
        (404, {"detail": "Not Found"}, ResponseError, "no MCP server"),
        (405, "Method Not Allowed", ResponseError, "no MCP server"),
        (429, {"detail": "slow down"}, RateLimitedError, "slow down"),
        (500, "<html>oops</html>", ServerError, "500"),
        (200, "<html>Welcome</html>", ResponseError, "no MCP server"),
        (200, {"hello": "world"}, ResponseError, "no MCP server"),
        (401, {"error": f"bad key {KEY}"}, AuthError, "m0-…1234"),
    ],
)
async def test_what_is_no_mcp_server_is_said_by_its_answer(
    status: int, body: object, kind: type[BackendError], said: str
) -> None:
    with loopback(answering(status, body, **{"retry-after": "0"})) as url:
        async with backend_at(f"{url}/mcp") as backend:
            with pytest.raises(kind, match=said) as caught:
                await backend.info()
            assert KEY not in str(caught.value)


async def test_nobody_there_is_a_network_error_and_the_next_call_tries_again() -> None:
    server = Replaceable(answering(503, "starting"))
    with loopback(server) as url, faked(reading([])):
        pass
    async with backend_at(f"{url}/mcp", timeout=60) as backend:
        for _ in range(2):
            with pytest.raises(NetworkError, match="nothing listens"):
                await backend.info()


async def test_a_server_without_memory_tools_is_named_as_such() -> None:
    server = FakeServer()
    server.tool("weather", "city", answer={})
    with faked(server) as url:
        async with backend_at(url) as backend:
            with pytest.raises(ResponseError, match="get_memories"):
                await backend.list()


async def test_a_call_that_is_never_answered_ends_and_others_go_on() -> None:
    server = reading([memory_row("one")])
    blocked = asyncio.Event()

    async def never(_arguments: dict[str, Any]) -> str:
        await asyncio.sleep(60)
        blocked.set()
        return "{}"

    server.handlers["get_memories"] = never
    with faked(server) as url:
        async with backend_at(url, timeout=60) as backend:
            assert await backend.entities()
            backend.link._timeout = 0.5  # of this call alone: others may take their time
            with pytest.raises(NetworkError, match="within"):
                await backend.list()
            backend.link._timeout = 60
            assert await backend.entities()
    assert not blocked.is_set()


async def test_a_lost_session_is_opened_anew_for_reads_and_writes_are_not_sent_twice() -> None:
    server = reading([memory_row("one")])
    server.tool("add_memory", "text", "infer", "user_id", answer={})
    with faked(server) as first, faked(server) as second:
        way = Redirecting(first)
        with loopback(Replaceable(way)) as url:
            async with backend_at(f"{url}/mcp") as backend:
                assert len((await backend.list()).items) == 1
                way.target = second
                assert len((await backend.list()).items) == 1
                way.target = first
                with pytest.raises(BackendError):
                    await backend.add(Draft("once", KIM))
        added = [arguments for name, arguments in server.calls if name == "add_memory"]
        assert len(added) <= 1


class Redirecting:
    """Hands every request to *target*, as a proxy does."""

    def __init__(self, target: str) -> None:
        self.target = target

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in ("host", "content-length")
        }
        if request.method == "GET":
            await PlainTextResponse("no", 405)(scope, receive, send)
            return
        async with httpx.AsyncClient(timeout=300) as client:
            answer = await client.request(
                request.method, self.target, content=await request.body(), headers=headers
            )
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name in ("content-type", "mcp-session-id")
        }
        await Response(answer.content, answer.status_code, kept)(scope, receive, send)


async def test_many_first_calls_share_one_session_and_nothing_is_left_behind() -> None:
    rows = [memory_row(f"number {n}") for n in range(30)]
    server = reading(rows)
    before = asyncio.all_tasks()
    with faked(server) as url:
        async with backend_at(url) as backend:
            found = await asyncio.gather(*(backend.get(row["id"]) for row in rows))
            assert [memory.text for memory in found] == [row["memory"] for row in rows]
            log = backend.link.log.entries
            assert {(entry.method, entry.path, entry.status) for entry in log} == {
                ("CALL", "get_memory", 200)
            }
    assert asyncio.all_tasks() == before


async def test_a_cancelled_call_leaves_the_session_usable() -> None:
    server = reading([memory_row("one")])
    with faked(server) as url:
        async with backend_at(url) as backend:
            first = asyncio.get_running_loop().create_task(backend.info())
            await asyncio.sleep(0)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            assert len((await backend.list()).items) == 1


@pytest.mark.parametrize(
    ("command", "kind", "said"),
    [
        (("no-such-program-here", "x"), SettingsError, "cannot be started"),
        ((sys.executable, "-c", "raise SystemExit('bad luck')"), NetworkError, "bad luck"),
        ((sys.executable, "-c", "print('hello')"), NetworkError, "ended"),
    ],
)
async def test_a_command_that_is_no_server_says_why(
    command: tuple[str, ...], kind: type[Exception], said: str
) -> None:
    backend = open_backend("mcp", BackendOptions(command=command, api_key=KEY))
    with pytest.raises(kind, match=said):
        await backend.info()
    await backend.aclose()


async def test_a_key_in_a_command_is_not_shown() -> None:
    command = (sys.executable, "-c", "raise SystemExit(1)", "--key", KEY)
    backend = open_backend("mcp", BackendOptions(command=command, api_key=KEY))
    with pytest.raises(NetworkError) as caught:
        await backend.info()
    assert KEY not in str(caught.value)
    await backend.aclose()


def test_a_key_is_not_sent_unencrypted_to_another_machine() -> None:
    with pytest.raises(RefusedError):
        open_backend("mcp", BackendOptions(url="http://mem0.example.com/mcp", api_key=KEY))
    with pytest.raises(SettingsError, match="URL or a command"):
        open_backend("mcp", BackendOptions())


async def test_a_base_url_means_its_mcp_path() -> None:
    with faked(reading([])) as url:
        backend: Backend = open_backend("mcp", BackendOptions(url=url.removesuffix("/mcp")))
        assert (await backend.info()).target == url
        await backend.aclose()
