"""One bench per backend: the embedded store, the Platform protocol and the MCP tools through our
own server over real HTTP, and the self-hosted protocol through a stand-in for Mem0's server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.base import Backend
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.clock import FrozenClock
from mem0_tui.server.auth import Access
from mem0_tui.server.platform import platform_app
from mem0_tui.server.service import Service
from tests.support.loopback import loopback
from tests.support.selfhosted import ADMIN_KEY, SelfHosted

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = "m0-for-the-contract-1234"


@dataclass
class Bench:
    """A backend under test, and how to reach the same memories with another key."""

    backend: Backend
    secret: str | None = None
    with_key: Callable[[str], Backend] | None = None
    """The same server with another key; None where there is no server."""


@pytest.fixture(params=["local", "platform", "selfhosted", "mcp"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    name: str = request.param
    makers = {"local": _local, "platform": _platform, "selfhosted": _selfhosted, "mcp": _mcp}
    maker = makers[name]
    async with maker(tmp_path / "memories.db") as made:
        yield made
        await made.backend.aclose()


@asynccontextmanager
async def _local(path: Path) -> AsyncIterator[Bench]:
    options = BackendOptions(store_path=path, clock=FrozenClock(NOW))
    yield Bench(open_backend("local", options))


@asynccontextmanager
async def _platform(path: Path) -> AsyncIterator[Bench]:
    from mem0_tui.backends.local import LocalBackend
    from mem0_tui.store.store import open_store

    service = Service(LocalBackend(open_store(path, FrozenClock(NOW))))
    with loopback(platform_app(service, Access(key=KEY, bound_to="127.0.0.1"))) as url:
        yield _remote("platform", url, KEY)
    service.close()


@asynccontextmanager
async def _mcp(path: Path) -> AsyncIterator[Bench]:
    from mem0_tui.backends.local import LocalBackend
    from mem0_tui.server.mcp import mcp_mount
    from mem0_tui.server.mcp_calls import ToolCalls
    from mem0_tui.store.store import open_store

    service = Service(LocalBackend(open_store(path, FrozenClock(NOW))))
    mounts = [mcp_mount(ToolCalls(service, "nobody"))]
    app = platform_app(service, Access(key=KEY, bound_to="127.0.0.1"), mounts=mounts)
    with loopback(app, lifespan=True) as url:
        bench = _remote("mcp", f"{url}/mcp", KEY)
        await bench.backend.info()
        yield bench


@asynccontextmanager
async def _selfhosted(_path: Path) -> AsyncIterator[Bench]:
    with loopback(SelfHosted(today=NOW.date()).app()) as url:
        yield _remote("selfhosted", url, ADMIN_KEY)


def _remote(name: str, url: str, key: str) -> Bench:
    def with_key(other: str) -> Backend:
        options = BackendOptions(url=url, api_key=other, clock=FrozenClock(NOW))
        return open_backend(name, options)

    return Bench(with_key(key), key, with_key)
