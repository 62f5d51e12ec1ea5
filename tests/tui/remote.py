"""The app on a remote backend: Mem0's Platform protocol over a real socket, and a mirror of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from mem0_tui.backends.base import Backend
from mem0_tui.backends.library.mirror import MirrorLibrary
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.curator.service import Curator
from mem0_tui.model.clock import Clock
from mem0_tui.server.auth import Access
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store.journal.journal import Journal
from tests.support.faulty import FaultyPlatform, platform
from tests.support.loopback import loopback
from tests.tui.harness import Bench

KEY = "m0-for-the-screen-123456"


@asynccontextmanager
async def served(desk: Bench, folder: Path) -> AsyncIterator[Bench]:
    """*desk*, with the app reaching its store through our server instead of directly."""
    service = Service(desk.backend)
    app = platform_app(service, Access(key=KEY, bound_to="127.0.0.1"))
    with loopback(app) as url:
        options = BackendOptions(url=url, api_key=KEY, clock=desk.clock)
        async with mirrored(desk, open_backend("platform", options), folder, desk.clock) as made:
            yield made


@asynccontextmanager
async def faulty(desk: Bench, folder: Path, server: FaultyPlatform) -> AsyncIterator[Bench]:
    """*desk*, with the app working on a Platform that fails as *server* says."""
    async with platform(server) as backend, mirrored(desk, backend, folder, desk.clock) as made:
        yield made


@asynccontextmanager
async def mirrored(
    desk: Bench, backend: Backend, folder: Path, clock: Clock
) -> AsyncIterator[Bench]:
    """*desk*, with the app working on *backend* through a mirror and a journal of its own."""
    library = MirrorLibrary(backend, clock)
    journal = Journal(folder / "remote.db", clock=clock)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    parts = replace(
        desk.parts, library=library, curator=lambda: curator, remote=True, title="platform"
    )
    try:
        yield replace(desk, parts=parts, curator=curator)
    finally:
        await library.aclose()
        await backend.aclose()
        journal.close()
