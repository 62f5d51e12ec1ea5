"""A small Platform on a loopback port that fails on command.

It stands for what no honest server can be made to do: overload, broken answers, deletes that stop
half-way, jobs that fail. What it does well it does as the Platform documents.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mem0_tui.backends.http.client import Credential, HttpClient, Policy
from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.backends.paging.ordering import ordered
from mem0_tui.backends.platform.backend import PlatformBackend
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.filter import Filter, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.wire.filters import parse_filters
from mem0_tui.wire.memory import memory_from_wire, memory_to_wire
from mem0_tui.wire.tofilters import FilterJson
from tests.support.loopback import loopback

Fault: TypeAlias = Callable[[Request], Awaitable[Response | None]]
"""Answers in the server's place, or returns None to let it answer."""


@dataclass
class Seen:
    """A request as the server saw it."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class FaultyPlatform:
    """The server's memories, its requests so far, and how it is to fail."""

    memories: dict[str, Memory] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Seen] = field(default_factory=list)
    most_deletes: int | None = None
    """How many memories a delete really removes, whatever it says."""
    takes_along: list[str] = field(default_factory=list)
    """Ids of memories that the next delete removes as well."""
    event_status: str = "SUCCEEDED"
    keeps_entities: bool = False
    hides_apps: bool = False
    """Whether a filter that names no app hides the memories that have one."""
    forgets: frozenset[str] = frozenset()
    """Fields that an update ignores."""

    def add(self, memories: Iterable[Memory]) -> None:
        """Hold *memories* too."""
        self.memories |= {memory.id: memory for memory in memories}

    def sent(self, method: str, path: str) -> list[Seen]:
        """The requests of that method and path so far."""
        return [seen for seen in self.requests if (seen.method, seen.path) == (method, path)]

    def app(self) -> Starlette:
        """The ASGI application."""
        table: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("GET", "/v1/ping/", self._ping),
            ("POST", "/v3/memories/", self._list),
            ("POST", "/v3/memories/search/", self._search),
            ("POST", "/v3/memories/add/", self._add),
            ("DELETE", "/v1/memories/", self._delete_all),
            ("GET", "/v1/memories/{id}/", self._get),
            ("PUT", "/v1/memories/{id}/", self._put),
            ("DELETE", "/v1/batch/", self._delete_batch),
            ("GET", "/v1/event/{id}/", self._event),
            ("GET", "/v1/entities/", self._entities),
            ("DELETE", "/v2/entities/{kind}/{id:path}/", self._delete_entity),
        ]
        return Starlette(
            routes=[
                Route(path, self._guarded(handler), methods=[method])
                for method, path, handler in table
            ]
        )

    def _guarded(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            body = json.loads(raw) if raw else None
            self.requests.append(
                Seen(request.method, request.url.path, body, dict(request.headers))
            )
            for fault in self.faults:
                answer = await fault(request)
                if answer is not None:
                    return answer
            return await handler(request)

        return endpoint

    async def _ping(self, _request: Request) -> Response:
        return JSONResponse(
            {"status": "ok", "org_id": "org", "project_id": "proj", "user_email": "kim@example.com"}
        )

    async def _list(self, request: Request) -> Response:
        body = await request.json()
        page = int(request.query_params["page"])
        size = int(request.query_params["page_size"])
        rows = self._shown(body["filters"])
        start = (page - 1) * size
        if page > 1 and start >= len(rows):
            return JSONResponse({"detail": "Invalid page."}, 404)
        more = start + size < len(rows)
        return JSONResponse(
            {
                "count": len(rows),
                "next": f"{request.base_url}v3/memories/?page={page + 1}" if more else None,
                "previous": None,
                "results": [memory_to_wire(m) for m in rows[start : start + size]],
            }
        )

    async def _search(self, request: Request) -> Response:
        body = await request.json()
        rows = self._shown(body["filters"])
        hits = [
            {**memory_to_wire(m, run_field="run_id"), "score": 1 / (number + 1)}
            for number, m in enumerate(rows[: body["top_k"]])
        ]
        return JSONResponse({"results": hits})

    async def _add(self, request: Request) -> Response:
        body = await request.json()
        memory = memory_from_wire(
            {
                **{key: value for key, value in body.items() if key != "messages"},
                "id": str(uuid4()),
                "memory": body["messages"][0]["content"],
                "created_at": "2026-06-01T00:00:00Z",
            }
        )
        self.add([memory])
        result = {"id": memory.id, "data": {"memory": memory.text}, "event": "ADD"}
        return JSONResponse({"status": "SUCCEEDED", "event_id": "e", "results": [result]})

    async def _get(self, request: Request) -> Response:
        memory = self.memories.get(request.path_params["id"])
        if memory is None:
            return JSONResponse({"error": "Memory not found!"}, 404)
        return JSONResponse(memory_to_wire(memory))

    async def _put(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        wire = memory_to_wire(self.memories[id_])
        names = {"text": "memory", "metadata": "metadata", "expiration_date": "expiration_date"}
        for name, value in (await request.json()).items():
            if name not in self.forgets:
                wire[names[name]] = value
        self.memories[id_] = memory_from_wire(wire)
        return JSONResponse(wire)

    async def _delete_batch(self, request: Request) -> Response:
        ids = [item["memory_id"] for item in (await request.json())["memories"]]
        for id_ in [*ids[: self.most_deletes], *self.takes_along]:
            self.memories.pop(id_, None)
        self.takes_along.clear()
        return JSONResponse({"message": f"Successfully deleted {len(ids)} memories"})

    async def _delete_all(self, request: Request) -> Response:
        self._drop(parse_filters(dict(request.query_params)))
        return JSONResponse({"message": "Delete in progress.", "event_id": "job"})

    async def _delete_entity(self, request: Request) -> Response:
        kind, id_ = request.path_params["kind"], request.path_params["id"]
        self._drop(parse_filters({f"{kind}_id": id_}))
        return JSONResponse({"message": "Delete in progress.", "event_id": "job"})

    def _drop(self, condition: Filter) -> None:
        doomed = [id_ for id_, memory in self.memories.items() if matches(condition, memory)]
        for id_ in doomed[: self.most_deletes]:
            del self.memories[id_]

    async def _event(self, request: Request) -> Response:
        return JSONResponse(
            {
                "id": request.path_params["id"],
                "event_type": "DELETE_ALL",
                "status": self.event_status,
                "error": "out of disk" if self.event_status == "FAILED" else None,
            }
        )

    async def _entities(self, _request: Request) -> Response:
        refs = sorted({ref for memory in self.memories.values() for ref in memory.scope})
        rows = [{"id": ref.id, "name": ref.id, "type": ref.kind.value} for ref in refs]
        if self.keeps_entities:
            rows.append({"id": "kim", "name": "kim", "type": "user"})
        return JSONResponse({"count": len(rows), "next": None, "previous": None, "results": rows})

    def _shown(self, filters: FilterJson) -> list[Memory]:
        condition = parse_filters(filters)
        named = [part["memory_ids"] for part in filters.get("AND", []) if "memory_ids" in part]
        hidden = self.hides_apps and "app_id" not in json.dumps(filters)
        rows = [self.memories[id_] for id_ in named[0] if id_ in self.memories] if named else None
        return [
            memory
            for memory in ordered(self.memories.values() if rows is None else rows, Sort.NEWEST)
            if not (hidden and memory.scope.app_id) and matches(condition, memory)
        ]


def answer(status: int, body: object = None) -> Response:
    """An answer with *status*, and *body* or an error as JSON."""
    return JSONResponse(body if body is not None else {"detail": "no"}, status)


def every(number: int, answer: Callable[[], Response]) -> Fault:
    """Gives *answer* to every *number*-th request."""
    count = 0

    async def fault(_request: Request) -> Response | None:
        nonlocal count
        count += 1
        return answer() if count % number == 0 else None

    return fault


def first(number: int, answer: Callable[[], Response]) -> Fault:
    """Gives *answer* to the first *number* requests."""
    count = 0

    async def fault(_request: Request) -> Response | None:
        nonlocal count
        count += 1
        return answer() if count <= number else None

    return fault


async def hang(_request: Request) -> Response | None:
    """Never answers."""
    await asyncio.sleep(3600)
    return None


async def _no_wait(_seconds: float) -> None:
    return None


@asynccontextmanager
async def platform(server: FaultyPlatform, **policy: Any) -> AsyncIterator[PlatformBackend]:
    """A backend that speaks to *server* over a real socket, and never sleeps."""
    with loopback(server.app()) as url:
        http = HttpClient(url, Credential.token("m0-key"), policy=Policy(**policy), sleep=_no_wait)
        backend = PlatformBackend(
            http,
            clock=FrozenClock(datetime(2026, 6, 1, tzinfo=UTC)),
            jobs=Backoff.polling(2),
            echo=Backoff.polling(1),
        )
        try:
            yield backend
        finally:
            await backend.aclose()


def holding(*memories: Memory) -> FaultyPlatform:
    """A server that holds *memories* and does nothing wrong yet."""
    server = FaultyPlatform()
    server.add(memories)
    return server
