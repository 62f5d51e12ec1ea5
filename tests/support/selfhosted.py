"""A stand-in for Mem0's open-source REST server, whose own code is not on PyPI.

It does what that server (mem0ai 2.2.1 on PostgreSQL with pgvector) was seen doing: flat records
that hold metadata beside the server's own fields, no ``app_id``, no pages, 200 and null for an
unknown id, raw rows when everything is listed, keys left out instead of nulls. A listing shows
1,000 rows in the order of the heap, where a changed row goes to the end; entities are counted over
the first 10,000; a search has no upper limit, and ``*`` stands for any id. Metadata is merged and
never removed. An id with a blank is refused: with 400 where it is written or searched, with 502
where it is listed or deleted. What PostgreSQL's JSON cannot hold is 502, too. Only the ranking of a
search is made up: the share of the query's words that a memory has.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ADMIN_KEY = "m0sk_admin-0123456789"
USER_KEY = "m0sk_user-0123456789"
SESSION = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJraW0ifQ.c2lnbmF0dXJl"
OWNERS = ("user_id", "agent_id", "run_id")
PROMOTED = (*OWNERS, "actor_id", "role", "attributed_to", "expiration_date")
CORE = {"data", "hash", "created_at", "updated_at", "id", "text_lemmatized", *PROMOTED}
RAW = {"data", *OWNERS, "hash", "created_at", "updated_at", "expiration_date"}
CAP = 1000
SCAN = 10_000

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, detail: object, **more: str) -> None:
        super().__init__(detail)
        self.response = JSONResponse({"detail": detail, **more}, status)


def upstream(code: str = "unknown", detail: str = "Upstream provider error.") -> Refused:
    """What the server makes of any error below it."""
    return Refused(502, detail, code=code, request_id="0a1b2c3d")


@dataclass
class SelfHosted:
    """The server's records by id, in the order in which its database happens to give them."""

    today: date = date(2026, 6, 1)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and URL of every request."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """The JSON of every request that had some."""
    lists_entities: bool = True
    """False on vector stores whose rows the entity scan does not understand."""
    _time: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def app(self) -> Starlette:
        """The ASGI application."""
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/memories", self._list),
            ("POST", "/memories", self._add),
            ("DELETE", "/memories", self._delete_all),
            ("GET", "/memories/{id}", self._get),
            ("PUT", "/memories/{id}", self._update),
            ("DELETE", "/memories/{id}", self._delete),
            ("GET", "/memories/{id}/history", self._history),
            ("POST", "/search", self._search),
            ("GET", "/entities", self._entities),
            ("DELETE", "/entities/{kind}/{id:path}", self._delete_entity),
        ]
        routes = [
            Route("/", lambda _: RedirectResponse("/docs")),
            Route("/auth/setup-status", lambda _: JSONResponse({"needsSetup": False})),
            Route("/openapi.json", lambda _: JSONResponse({"info": {"title": "Mem0 REST APIs"}})),
        ]
        routes += [
            Route(path, self._guarded(handler), methods=[method]) for method, path, handler in table
        ]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False
        return app

    def _guarded(self, handler: Handler) -> Handler:
        async def endpoint(request: Request) -> Response:
            self.requests.append((request.method, str(request.url)))
            if await request.body():
                self.bodies.append(await request.json())
            try:
                request.state.admin = _role(request) == "admin"
                return await handler(request)
            except Refused as refused:
                return refused.response

        return endpoint

    async def _add(self, request: Request) -> Response:
        body = await request.json()
        if not isinstance(body.get("messages"), list):
            detail = [{"type": "list_type", "loc": ["body", "messages"], "msg": "not a list"}]
            raise Refused(422, detail)
        owners = {name: _trimmed(name, body[name]) for name in OWNERS if body.get(name)}
        if not owners:
            raise Refused(400, "At least one identifier (user_id, agent_id, run_id) is required.")
        _check_storable(body)
        metadata = {k: v for k, v in (body.get("metadata") or {}).items() if k not in OWNERS}
        if body.get("expiration_date"):
            metadata["expiration_date"] = _day(body["expiration_date"])
        results = []
        for message in body["messages"]:
            if message["role"] == "system":
                continue
            id_ = str(uuid4())
            record = {**metadata, **owners, "role": message["role"]}
            record.setdefault("created_at", self._now())
            record["updated_at"] = record["created_at"]
            self.records[id_] = self._with_text(record, message["content"])
            self._log(id_, None, message["content"], "ADD")
            results.append(
                {
                    "id": id_,
                    "memory": message["content"],
                    "event": "ADD",
                    "actor_id": None,
                    "role": message["role"],
                }
            )
        return JSONResponse({"results": results})

    async def _list(self, request: Request) -> Response:
        top_k = request.query_params.get("top_k")
        if top_k is not None and not 0 <= int(top_k) <= CAP:
            raise Refused(422, [{"loc": ["query", "top_k"], "msg": "too large", "type": "x"}])
        owners = _owners(request)
        if not owners:
            if not request.state.admin:
                raise Refused(403, "Admin role required to list all memories.")
            limit = CAP if top_k is None else int(top_k)
            rows = [_raw_row(id_, record) for id_, record in list(self.records.items())[:limit]]
            return JSONResponse({"results": [{"id": None, "memory": None}, *rows]})
        limit = 20 if top_k is None else int(top_k)
        expired = request.query_params.get("show_expired") == "true"
        fetched = self._visible(owners, True)[: limit if expired else max(4 * limit, 60)]
        rows = [row for row in fetched if expired or not self._expired(row)]
        return JSONResponse({"results": rows[:limit]})

    async def _get(self, request: Request) -> Response:
        id_ = _id(request)
        record = self.records.get(id_)
        return JSONResponse(None if record is None else _row(id_, record))

    async def _search(self, request: Request) -> Response:
        body = await request.json()
        query = body["query"].strip()
        filters = dict(body.get("filters") or {})
        owners = {name: filters.pop(name) for name in OWNERS if name in filters}
        owners = {name: _trimmed(name, id_) for name, id_ in owners.items()}
        if not query or not owners:
            raise Refused(400, "filters must contain at least one of: user_id, agent_id, run_id.")
        if not 0 <= body.get("threshold", 0.1) <= 1:
            raise Refused(400, "threshold must be between 0 and 1.")
        if any(isinstance(value, (dict, list)) for value in filters.values()):
            raise Refused(400, "Unsupported filter operator(s)")
        words = set(query.casefold().split())
        hits = []
        for row in self._visible(owners, bool(body.get("show_expired"))):
            record = self.records[row["id"]]
            if any(record.get(name) != value for name, value in filters.items()):
                continue
            score = len(words & set(row["memory"].casefold().split())) / len(words)
            if score >= body.get("threshold", 0.1):
                hits.append({**row, "score": score})
        hits.sort(key=lambda hit: -hit["score"])
        return JSONResponse({"results": hits[: body.get("top_k", 20)]})

    async def _update(self, request: Request) -> Response:
        id_ = self._known(request)
        body = await request.json()
        if not {"metadata", "expiration_date"} & set(body) and body.get("text") is None:
            raise Refused(400, "At least one of text, metadata, or expiration_date must be given.")
        _check_storable(body)
        record = self.records[id_]
        before = record["data"]
        merged = {k: v for k, v in (body.get("metadata") or {}).items() if k not in OWNERS}
        if "expiration_date" in body:
            day = body["expiration_date"]
            merged["expiration_date"] = None if day is None else _day(day)
        kept = {"created_at": record["created_at"], "updated_at": self._now()}
        text = before if body.get("text") is None else body["text"]
        del self.records[id_]  # The changed row is another one in the heap.
        self.records[id_] = self._with_text({**record, **merged, **kept}, text)
        self._log(id_, before, text, "UPDATE")
        return JSONResponse({"message": "Memory updated successfully!"})

    async def _delete(self, request: Request) -> Response:
        self._remove(self._known(request))
        return JSONResponse({"message": "Memory deleted successfully"})

    async def _delete_all(self, request: Request) -> Response:
        if not request.state.admin:
            raise Refused(403, "Admin role required.")
        owners = _owners(request)
        if not owners:
            raise Refused(400, "At least one identifier is required.")
        for row in self._visible(owners, True):
            self._remove(row["id"])
        return JSONResponse({"message": "All relevant memories deleted"})

    async def _history(self, request: Request) -> Response:
        id_ = _id(request)
        return JSONResponse([row for row in self.changes if row["memory_id"] == id_])

    async def _entities(self, _request: Request) -> Response:
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for record in list(self.records.values())[:SCAN] if self.lists_entities else ():
            for name in OWNERS:
                if not record.get(name):
                    continue
                kind = name.removesuffix("_id")
                empty = {"id": record[name], "type": kind, "total_memories": 0}
                row = rows.setdefault((kind, record[name]), empty)
                row["total_memories"] += 1
                born, active = record["created_at"], record["updated_at"]
                row["created_at"] = min(row.get("created_at", born), born)
                row["updated_at"] = max(row.get("updated_at", active), active)
        return JSONResponse([rows[key] for key in sorted(rows)])

    async def _delete_entity(self, request: Request) -> Response:
        if not request.state.admin:
            raise Refused(403, "Admin role required.")
        kind = request.path_params["kind"]
        if f"{kind}_id" not in OWNERS:
            raise Refused(422, [{"loc": ["path", "entity_type"], "msg": "no such", "type": "x"}])
        owner = {f"{kind}_id": request.path_params["id"]}
        if any(character.isspace() for id_ in owner.values() for character in id_.strip()):
            raise upstream()
        for row in self._visible(owner, True):
            self._remove(row["id"])
        return JSONResponse({"message": "Entity deleted"})

    def _visible(self, owners: Mapping[str, str], show_expired: bool) -> list[dict[str, Any]]:
        return [
            _row(id_, record)
            for id_, record in self.records.items()
            if all(
                name in record if value == "*" else record.get(name) == value
                for name, value in owners.items()
            )
            and (show_expired or not self._expired(record))
        ]

    def _expired(self, record: Mapping[str, Any]) -> bool:
        day = record.get("expiration_date")
        return bool(day) and date.fromisoformat(str(day)) < self.today

    def _known(self, request: Request) -> str:
        id_ = _id(request)
        if id_ not in self.records:
            raise Refused(404, f"Memory with id {id_} not found")
        return id_

    def _remove(self, id_: str) -> None:
        self._log(id_, self.records.pop(id_)["data"], None, "DELETE")

    def _with_text(self, record: dict[str, Any], text: str) -> dict[str, Any]:
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return {**record, "data": text, "hash": digest, "text_lemmatized": text.casefold()}

    def _log(self, id_: str, old: str | None, new: str | None, event: str) -> None:
        now = self._now()
        row = {"id": str(uuid4()), "memory_id": id_, "old_memory": old, "new_memory": new}
        rest = {"event": event, "is_deleted": event == "DELETE", "actor_id": None, "role": "user"}
        self.changes.append({**row, **rest, "created_at": now, "updated_at": now})

    def _now(self) -> str:
        self._time += timedelta(seconds=1)
        return self._time.isoformat()


def _row(id_: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """One record as a scoped list, a search and a get by id show it: absent keys, not nulls."""
    row = {"id": id_, "memory": record["data"], "hash": record["hash"]}
    row |= {name: record[name] for name in ("created_at", "updated_at")}
    row |= {name: record[name] for name in PROMOTED if name in record}
    metadata = {name: value for name, value in record.items() if name not in CORE}
    return row | ({"metadata": metadata} if metadata else {})


def _raw_row(id_: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """One record as the listing of everything shows it: the server's own fields in metadata."""
    row = {"id": id_, "memory": record["data"]}
    row |= {name: record.get(name) for name in sorted(RAW - {"data"})}
    return row | {"metadata": {name: value for name, value in record.items() if name not in RAW}}


def _role(request: Request) -> str:
    given = request.headers.get("authorization", "")
    key = request.headers.get("x-api-key")
    if key == ADMIN_KEY or given == f"Bearer {SESSION}":
        return "admin"
    if key == USER_KEY:
        return "user"
    if given.startswith("Bearer "):
        raise Refused(401, "Invalid or expired token.")
    raise Refused(401, "Authentication required. Provide a Bearer token or an X-API-Key header.")


def _owners(request: Request) -> dict[str, str]:
    given = {name: request.query_params[name] for name in OWNERS if request.query_params.get(name)}
    if any(character.isspace() for id_ in given.values() for character in id_.strip()):
        raise upstream()
    return {name: id_.strip() for name, id_ in given.items()}


def _trimmed(name: str, id_: str) -> str:
    if any(character.isspace() for character in id_.strip()):
        raise Refused(
            400,
            f"Invalid {name}: cannot contain whitespace. "
            "Provide a valid identifier without spaces.",
        )
    return id_.strip()


def _check_storable(value: object) -> None:
    """Fail as PostgreSQL does on what its JSON cannot hold."""
    if isinstance(value, dict):
        for key, item in value.items():
            _check_storable(key)
            _check_storable(item)
    elif isinstance(value, list):
        for item in value:
            _check_storable(item)
    elif value in (math.inf, -math.inf) or (isinstance(value, str) and "\0" in value):
        raise upstream()


def _id(request: Request) -> str:
    id_: str = request.path_params["id"]
    try:
        return str(UUID(id_))
    except ValueError:
        raise upstream() from None


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Refused(400, "expiration_date must be a valid date.") from None
