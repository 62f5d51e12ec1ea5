"""The bench of ``mem0-mcp-server`` from PyPI: one process for all tests, a store for each.

It cannot add verbatim, so what a test adds is put into the store by REST; everything else goes
through its tools. What it cannot do is refused before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from mem0_tui.backends.base import Backend
from mem0_tui.backends.mcp.backend import McpBackend
from mem0_tui.backends.mcp.session import McpSession
from mem0_tui.model.clock import Clock
from mem0_tui.model.memory import Draft, Memory
from tests.e2e.reference import reference_server
from tests.support.loopback import loopback

KEY = "m0-for-the-contract-1234"


@dataclass
class Reference:
    """The running server, and the application that it asks."""

    url: str = ""
    rest_url: str = ""
    app: ASGIApp | None = field(default=None, repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@contextmanager
def running(binaries: Path, home: Path) -> Iterator[Reference]:
    """The server, whose application is set test by test."""
    reference = Reference()
    with loopback(reference) as rest_url:
        reference.rest_url = rest_url
        with reference_server(binaries, home, rest_url, KEY) as url:
            reference.url = url
            yield reference


class Seeded(McpBackend):
    """What is added comes into the store by *rest*; what is put back does not."""

    def __init__(self, link: McpSession, rest: Backend, clock: Clock) -> None:
        super().__init__(link, clock=clock)
        self._rest = rest

    async def add(self, draft: Draft) -> Memory:
        return await self.get((await self._rest.add(draft)).id)

    async def restore(self, memory: Memory) -> Memory:
        return await McpBackend.add(self, Draft.again(memory))

    async def aclose(self) -> None:
        await self._rest.aclose()
        await super().aclose()
