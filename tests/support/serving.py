"""A real ``mem0-tui serve`` in its own process, for tests that go over real HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

import httpx

KEY = "m0-only-for-this-test"
_READY = "listening on "


@dataclass
class Serving:
    """A server process; what it says goes to ``lines``."""

    process: subprocess.Popen[str]
    key: str = KEY
    url: str = ""
    lines: list[str] = field(default_factory=list)
    _reader: threading.Thread | None = None
    _ready: Queue[str | None] = field(default_factory=Queue)

    def wait_until_ready(self) -> None:
        """Return once it listens; AssertionError with what it said if it ended before."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        url = self._ready.get(timeout=120)
        assert url is not None, "".join(self.lines)
        self.url = url

    def warm_up(self) -> None:
        """Make it as it is when it was started a while ago: its first search and its first answer
        to MCP take long on a busy machine, and Codex gives a server little time."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=120) as client:
            search = {"query": "x", "filters": {"user_id": "x"}}
            client.post("/v3/memories/search/", json=search).raise_for_status()
            hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            client.post("/mcp", json=hello).raise_for_status()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith(_READY):
                self._ready.put(line.removeprefix(_READY).strip())
        self._ready.put(None)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, wait, and return its exit code."""
        if self.process.poll() is None:
            # Windows has one signal that another process can catch.
            self.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", number))
        code = self.process.wait(timeout=120)
        if self._reader is not None:
            self._reader.join()
        for stream in (self.process.stderr, self.process.stdout):
            if stream is not None:
                stream.close()
        return code


def serve_command(store: Path, *options: str) -> list[str]:
    """The command that serves *store* on a free port."""
    return [sys.executable, "-m", "mem0_tui", "serve", "--store", str(store), *options]


@contextmanager
def serving(
    store: Path, options: Sequence[str] = ("--port", "0", "--api-key", KEY)
) -> Iterator[Serving]:
    """A server of *store*, ready, and stopped at the end."""
    process = subprocess.Popen(
        serve_command(store, *options),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    server = Serving(process)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()
