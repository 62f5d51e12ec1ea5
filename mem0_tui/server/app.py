"""The ASGI application: gate, routes, mounts, and the boundary where errors become answers.

A client never sees a traceback, and never an answer that is not JSON.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.secret import redact
from mem0_tui.server.auth import Access, Gate
from mem0_tui.server.requests.body import BodyTooLargeError, Bounded
from mem0_tui.server.responses.answers import refusal, refusal_of
from mem0_tui.server.rest.routing import RouteMatch, Routes, WrongMethod

log = logging.getLogger(__name__)

Lifespan: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]
"""Made and held open for as long as the server runs."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Another protocol on the same port, behind the same gate."""

    path: str
    """Where it is, without a final slash: ``/mcp``."""
    app: ASGIApp
    """Gets every request for *path* and what is below it, with ``root_path`` set."""
    lifespan: Lifespan | None = None


def create_app(
    routes: Routes,
    access: Access,
    *,
    mounts: Sequence[Mount] = (),
    lifespan: Lifespan | None = None,
) -> ASGIApp:
    """The application that answers *routes* and *mounts* to whom *access* lets in.

    *lifespan* is entered before the first request and left once the last one has been answered;
    those of *mounts* lie inside it.
    """
    held = [each for each in (lifespan, *(mount.lifespan for mount in mounts)) if each is not None]
    return _Lifespan(Gate(_Dispatch(routes, mounts), access), held)


class _Lifespan:
    """Opens and closes what the rest needs; the server calls it around everything else."""

    def __init__(self, app: ASGIApp, held: Sequence[Lifespan]) -> None:
        self._app = app
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as stack:
            await receive()
            for opened in self._held:
                await stack.enter_async_context(opened())
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


class _Dispatch:
    def __init__(self, routes: Routes, mounts: Sequence[Mount]) -> None:
        self._routes = routes
        self._mounts = tuple(mounts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        for mount in self._mounts:
            if path == mount.path or path.startswith(mount.path + "/"):
                app = Bounded(mount.app, refusal(413, BodyTooLargeError().message))
                await app({**scope, "root_path": mount.path}, receive, send)
                return
        try:
            response = await self._respond(scope, receive)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        try:
            found = self._routes.find(scope["method"], raw_path)
        except UnicodeDecodeError:
            return refusal(400, "The path is not UTF-8.")
        match found:
            case None:
                return refusal(404, "Not found.")
            case WrongMethod(allowed):
                return refusal(
                    405,
                    f'Method "{scope["method"]}" not allowed.',
                    headers={"Allow": ", ".join(allowed)},
                )
            case RouteMatch():
                return await _guarded(found, Request(scope, receive))


async def _guarded(found: RouteMatch, request: Request) -> Response:
    try:
        return await found(request)
    except BodyTooLargeError as error:
        return refusal(413, error.message)
    except Mem0TuiError as error:
        return refusal_of(error)
    except ClientDisconnect:
        raise
    except Exception:
        # What failed may tell of a memory.
        told = redact(traceback.format_exc())
        log.error("%s %s failed\n%s", request.method, request.url.path, told)
        return refusal(500, "The server failed; its log says why.")
