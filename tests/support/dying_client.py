"""A process that applies a plan on any backend and may be killed by ``kill -9`` at a chosen point.

Points are what leaves a trace: each entry of the journal, before and after; each write to the
embedded store, before and after; and on a server each request, when it arrives and when it has been
carried out but not answered. The former are counted in the process, the latter at the server.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from mem0_tui.backends.base import Backend
from mem0_tui.backends.local import LocalBackend
from mem0_tui.backends.mcp import backend as _mcp  # noqa: F401  (loaded before the fork)
from mem0_tui.backends.platform import backend as _platform  # noqa: F401
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.backends.selfhosted import backend as _selfhosted  # noqa: F401
from mem0_tui.curator.planning.plan_file import load
from mem0_tui.curator.service import Curator
from mem0_tui.model.clock import SystemClock
from mem0_tui.store.journal.journal import Journal
from tests.support.dying_apply import DyingJournal, Fuse

_WRITES = ("add", "restore", "update", "delete")
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@dataclass(frozen=True)
class Place:
    """Where the memories and the journal are."""

    name: str
    """Of the backend."""
    folder: Path
    url: str | None = None
    key: str | None = None

    def backend(self) -> Backend:
        """The backend, opened anew."""
        path = self.folder / "memories.db"
        options = BackendOptions(url=self.url, api_key=self.key, store_path=path)
        return open_backend(self.name, options)

    def curator(self, backend: Backend, journal: Journal) -> Curator:
        """What works on *backend* with *journal*."""
        snapshots = self.folder / "snapshots"
        return Curator(backend, journal, clock=SystemClock(), snapshot_folder=snapshots)

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"


@dataclass
class Gate:
    """A server's application that can kill the process which asks it."""

    app: ASGIApp
    left: int = 0
    """Points until it kills; 0 is never."""
    victim: int | None = None
    passed: int = 0
    _open: int = 0
    _idle: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._idle.set()

    def arm(self, point: int) -> None:
        """Count from now on, and kill at *point*."""
        self.left, self.passed, self.victim = point, 0, None

    def settle(self, url: str) -> None:
        """Return once all that had been sent to *url* has been carried out: what a process sent
        before it died may still lie in the socket, and is read before what is asked later."""
        for _ in range(2):
            httpx.get(url, trust_env=False, timeout=300)
        assert self._idle.wait(300)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self._open += 1
        self._idle.clear()
        try:
            self._burn()
            told = False

            async def answer(message: object) -> None:
                nonlocal told
                if not told:
                    told = True
                    self._burn()
                await send(message)  # type: ignore[arg-type]

            await self.app(scope, receive, answer)
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()

    def _burn(self) -> None:
        self.passed += 1
        self.left -= 1
        if self.left == 0 and self.victim is not None:
            os.kill(self.victim, _KILL)


def _burning(
    fuse: Fuse, method: Callable[..., Awaitable[object]]
) -> Callable[..., Awaitable[object]]:
    async def burn(*args: object, **options: object) -> object:
        fuse.burn()
        answer = await method(*args, **options)
        fuse.burn()
        return answer

    return burn


async def _work(place: Place, word: str, fuse: Fuse) -> None:
    backend = place.backend()
    journal = DyingJournal(place.journal, clock=SystemClock())
    journal.fuse = fuse
    with ExitStack() as patches:
        if isinstance(backend, LocalBackend):
            for name in _WRITES:
                burning = _burning(fuse, getattr(backend, name))
                patches.enter_context(mock.patch.object(backend, name, burning))
        curator = place.curator(backend, journal)
        if word == "undo":
            plan = await curator.plan_undo()
        else:
            plan = load((place.folder / word).read_text(encoding="utf-8"))
        await curator.apply(plan)
    journal.close()
    await backend.aclose()


def _run(place: Place, word: str, point: int, passed: Connection, go: Connection) -> None:
    go.recv()
    fuse = Fuse(point or 10**9)
    asyncio.run(_work(place, word, fuse))
    passed.send(fuse.passed)


_PROCESSES = multiprocessing.get_context("forkserver") if os.name != "nt" else None


def run(place: Place, word: str, gate: Gate | None, point: int = 0) -> tuple[int, int] | None:
    """Apply the plan file *word* of *place*'s folder, or ``undo``, in a process of its own that is
    killed at *point*, counted from 1 over those of the process and then those of the server: as
    many as that are passed in the process are given as a negative number.

    How many points were passed in the process and at the server; None if it was killed.
    """
    assert _PROCESSES is not None
    _PROCESSES.set_forkserver_preload([__name__])
    passed, tell = _PROCESSES.Pipe(duplex=False)
    wait, go = _PROCESSES.Pipe(duplex=False)
    own = -point if point < 0 else 0
    process = _PROCESSES.Process(target=_run, args=(place, word, own, tell, wait))
    process.start()
    tell.close()
    if gate is not None:
        gate.arm(max(point, 0))
        gate.victim = process.pid
    go.send(None)
    try:
        counted = passed.recv()
    except EOFError:
        counted = None
    process.join()
    seen = 0
    if gate is not None:
        gate.victim = None
        seen = gate.passed
        assert place.url is not None
        gate.settle(place.url)
    if counted is None:
        assert process.exitcode == -_KILL, process.exitcode
        return None
    return counted, seen
