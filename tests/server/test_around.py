"""Entities, exports, the project and its numbers; other protocols beside; read-only serving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.errors import StoreAccessError
from mem0_tui.server.app import Mount
from mem0_tui.server.auth import Access
from mem0_tui.server.key import FILE_NAME, choose_key
from mem0_tui.server.requests.body import MAX_BODY
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store import jobs
from mem0_tui.store.store import open_store
from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

PROJECT = "/api/v1/orgs/organizations/mem0-tui/projects/default/"


@pytest.mark.parametrize("name", ["a b/ü", "history", "...", "%", "5", "?x=1#y", "user"])
async def test_an_entity_of_any_name_is_listed_read_and_deleted(api: Api, name: str) -> None:
    await api.add("one", user=name)
    await api.add("two", user="other")
    listed = await api.ok("GET", "/v1/entities/")
    assert (listed["count"], listed["total_users"], listed["total_apps"]) == (2, 2, 0)
    path = f"/v2/entities/user/{quote(name, safe='')}/"
    [entity] = await api.ok("GET", path)
    assert (entity["name"], entity["type"], entity["total_memories"]) == (name, "user", 1)
    for _ in range(2):
        answer = await api.ok("DELETE", path)
        event = await api.ok("GET", f"/v1/event/{answer['event_id']}/")
        assert event["event_type"] == "DELETE_USER"
    assert await api.ok("GET", path) == []
    assert await api.texts(user_id=name) == []
    assert await api.texts(user_id="other") == ["two"]


async def test_the_deprecated_path_takes_ids_that_are_numbers(api: Api) -> None:
    await api.add("one", user="5")
    await api.add("two", user="6")
    await api.ok("DELETE", "/v1/entities/user/5/")
    assert [entity["name"] for entity in (await api.ok("GET", "/v1/entities/"))["results"]] == ["6"]


async def test_kinds_and_ids_that_name_no_entity_are_refused(api: Api) -> None:
    await api.add("one")
    answer = await api.client.delete("/v2/entities/users/kim/")
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid entity type")
    for path in ("/v2/entities/user/*/", "/v2/entities/user/%20/", "/v1/entities/user/kim/"):
        assert (await api.refused("DELETE", path))[0] == 400
    assert await api.texts() == ["one"]


async def test_entities_are_paged_only_when_asked(api: Api) -> None:
    for number in range(120):
        await api.add("one", user=f"user {number}")
    assert len((await api.ok("GET", "/v1/entities/"))["results"]) == 120
    page = await api.ok("GET", "/v1/entities/?page=2&page_size=100")
    assert (len(page["results"]), page["count"], page["next"]) == (20, 120, None)


async def test_filters_offer_users_and_the_projects_categories(api: Api) -> None:
    await api.add("one")
    await api.ok("PATCH", PROJECT, json={"custom_categories": [{"tooling": "build tools"}]})
    filters = await api.ok("GET", "/v1/entities/filters/")
    assert (filters["users"], filters["categories"]) == (["kim"], ["tooling"])


async def test_project_settings_stay_and_nonsense_does_not(api: Api) -> None:
    await api.ok("PATCH", PROJECT, json={"custom_instructions": "short", "decay": True})
    await api.ok("PATCH", PROJECT, json={"decay": False})
    project = await api.ok("GET", PROJECT)
    assert (project["custom_instructions"], project["decay"]) == ("short", False)
    for body in ({}, {"unknown": 1}, {"custom_categories": ["bare"]}, {"decay": "x"}, {"name": 5}):
        assert (await api.refused("PATCH", PROJECT, json=body))[0] == 400
    other = "/api/v1/orgs/organizations/acme/projects/p/"
    assert (await api.refused("GET", other))[0] == 404


async def test_stats_count_what_there_is(api: Api) -> None:
    await api.add("one", "two", app_id="shop")
    await api.add("three", user="eva", expiration_date="2020-01-01")
    await api.ok("POST", "/v3/memories/search/", json={"query": "x", "filters": {"user_id": "*"}})
    stats = await api.ok("GET", "/v1/stats/")
    assert stats["total_memories"] == 3
    assert (stats["total_add_events"], stats["total_retrieval_events"]) == (2, 1)
    assert stats["total_users_with_memories"] == 2


async def test_exports_are_found_by_id_or_by_the_same_filters(api: Api) -> None:
    await api.add("one")
    made = await api.client.post(
        "/v1/exports/", json={"schema": {}, "filters": {"AND": [{"user_id": "kim"}]}}
    )
    assert made.status_code == 201
    await api.add("two")
    by_id = {"memory_export_id": made.json()["id"]}
    for body in (by_id, {"filters": {"user_id": "kim"}}, {"user_id": "kim"}):
        export = await api.ok("POST", "/v1/exports/get/", json=body)
        assert [memory["memory"] for memory in export["memories"]] == ["one"]
    for body in ({"memory_export_id": ""}, {"memory_export_id": "x"}, {"user_id": "eva"}):
        assert (await api.refused("POST", "/v1/exports/get/", json=body))[0] == 404
    assert (await api.refused("POST", "/v1/exports/get/"))[0] == 400


async def test_only_the_latest_exports_are_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "EXPORTS_KEPT", 2)
    ids = []
    for number in range(3):
        body = {"schema": "{}", "filters": {"user_id": f"user {number}"}}
        ids.append((await api.ok("POST", "/v1/exports/", json=body))["id"])
    body = {"memory_export_id": ids[0]}
    assert (await api.refused("POST", "/v1/exports/get/", json=body))[0] == 404
    assert (await api.ok("POST", "/v1/exports/get/", json={"memory_export_id": ids[1]}))[
        "count"
    ] == 0


@pytest.mark.parametrize(
    "body",
    [{}, {"schema": None}, {"schema": "nonsense"}, {"schema": {}}, {"schema": {}, "filters": {}}],
)
async def test_an_export_needs_a_schema_and_a_scope(api: Api, body: dict[str, Any]) -> None:
    assert (await api.refused("POST", "/v1/exports/", json=body))[0] == 400


async def test_what_is_not_here_is_501_in_words(api: Api) -> None:
    answer = await api.client.get("/v2/entities/user/kim/profile/")
    assert answer.status_code == 501
    assert "not part of this server" in answer.json()["detail"]


async def test_a_read_only_server_reads_and_refuses_every_change(store_path: Path) -> None:
    store = open_store(store_path)
    app = platform_app(Service(LocalBackend(store), read_only=True), Access(None))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        read = Api(client, store)
        assert await read.texts() == []
        id_ = "00000000-0000-0000-0000-000000000000"
        one = {"messages": [{"role": "user", "content": "x"}], "user_id": "kim"}
        for method, path, body in (
            ("POST", "/v3/memories/add/", one),
            ("PUT", f"/v1/memories/{id_}/", {"text": "x"}),
            ("DELETE", f"/v1/memories/{id_}/", None),
            ("DELETE", "/v1/memories/?user_id=kim", None),
            ("PUT", "/v1/batch/", {"memories": [{"memory_id": id_, "text": "x"}]}),
            ("DELETE", "/v1/batch/", {"memories": [{"memory_id": id_}]}),
            ("DELETE", "/v2/entities/user/kim/", None),
            ("POST", "/v1/feedback/", {"memory_id": id_}),
            ("PATCH", PROJECT, {"decay": True}),
        ):
            assert (await read.refused(method, path, json=body))[0] == 403
    store.close()


async def test_another_protocol_is_mounted_behind_the_same_gate(store_path: Path) -> None:
    said: list[str] = []

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        said.append("opened")
        yield
        said.append("closed")

    async def mcp(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{scope['root_path']} {scope['path']}")(scope, receive, send)

    service = Service(LocalBackend(open_store(store_path)))
    app = platform_app(service, Access("m0-key"), mounts=[Mount("/mcp", mcp, lifespan)])
    async with (
        started(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client,
    ):
        assert said == ["opened"]
        assert (await client.get("/mcp")).status_code == 401
        client.headers["Authorization"] = "Bearer m0-key"
        for path in ("/mcp", "/mcp/", "/mcp/x"):
            assert (await client.get(path)).text == f"/mcp {path}"
        assert (await client.get("/mcpx")).status_code == 404
        assert (await client.post("/mcp", content=b"x" * (MAX_BODY + 1))).status_code == 413
    assert said == ["opened", "closed"]


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """*app* between its start and its stop, as a server would run it."""
    send_in, receive = anyio.create_memory_object_stream[Message](2)
    send, receive_out = anyio.create_memory_object_stream[Message](2)
    async with anyio.create_task_group() as tasks, send_in, receive, send, receive_out:
        tasks.start_soon(app, {"type": "lifespan"}, receive.receive, send.send)
        await send_in.send({"type": "lifespan.startup"})
        assert (await receive_out.receive())["type"] == "lifespan.startup.complete"
        yield
        await send_in.send({"type": "lifespan.shutdown"})
        assert (await receive_out.receive())["type"] == "lifespan.shutdown.complete"


def test_a_key_comes_from_the_option_the_environment_or_a_file(tmp_path: Path) -> None:
    environment = {"MEM0_API_KEY": "m0-platform", "MEM0_TUI_SERVE_KEY": "m0-served"}
    assert choose_key("m0-given", environment, tmp_path).key == "m0-given"
    assert choose_key(None, environment, tmp_path).origin == "MEM0_TUI_SERVE_KEY"
    del environment["MEM0_TUI_SERVE_KEY"]
    assert choose_key(None, environment, tmp_path).key == "m0-platform"
    made = choose_key(None, {"MEM0_API_KEY": " "}, tmp_path)
    assert choose_key(None, {}, tmp_path) == made
    assert made.key not in repr(made)
    (tmp_path / FILE_NAME).write_text("\n")
    with pytest.raises(StoreAccessError, match="empty"):
        choose_key(None, {}, tmp_path)
    with pytest.raises(StoreAccessError):
        choose_key(None, {}, tmp_path / "missing")
