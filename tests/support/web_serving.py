"""A real ``mem0-tui web`` in its own process, and what its tabs draw."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pyte

PATIENCE = 120.0
"""Seconds after which what is waited for does not come any more."""


@dataclass
class WebServing:
    """A server process and the address that it printed."""

    process: subprocess.Popen[str]
    address: str
    said: Path
    """The file of what it says on stderr."""

    @property
    def host(self) -> str:
        """``127.0.0.1:PORT``."""
        return urlsplit(self.address).netloc

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """The answer to a GET, its body read; a header's ``_`` stands for ``-``."""
        return get(self.host, path, **headers)

    def enter(self) -> Pass:
        """Use the address up."""
        return enter(self.host, self.address)

    def stop(self, number: int = signal.SIGINT) -> int:
        """End it, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@dataclass(frozen=True)
class Pass:
    """What a browser knows once it was let in."""

    host: str
    folder: str
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request of the page."""
        return {"Cookie": self.cookie, "Origin": f"http://{self.host}"}

    @property
    def socket(self) -> str:
        """The address that the page's script connects to."""
        return f"ws://{self.host}{self.folder}ws?width=100&height=30"


def get(host: str, path: str, **headers: str) -> HTTPResponse:
    """The answer of *host* to a GET, its body read as ``answer.text``."""
    name, _, port = host.partition(":")
    connection = HTTPConnection(name, int(port), timeout=PATIENCE)
    try:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        return answer
    finally:
        connection.close()


def enter(host: str, address: str) -> Pass:
    """Use *address* up, as a browser does."""
    parts = urlsplit(address)
    answer = get(host, f"{parts.path}?{parts.query}")
    assert answer.status == 200
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    folder = re.search(r"url=([^\"]+)", answer.text)  # type: ignore[attr-defined]
    assert folder is not None
    return Pass(host, folder[1], cookie)


@contextmanager
def web_serving(home: Path, *words: str, **environ: str) -> Iterator[WebServing]:
    """``mem0-tui`` with *words* (``web`` among them), ready, and stopped at the end."""
    places = ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME")
    folders = {f"XDG_{name}": str(home / name.lower()) for name in places}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEM0_")}
    said = home / "said.txt"
    with said.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "mem0_tui", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**kept, "HOME": str(home), **folders, **environ},
        )
    assert process.stdout is not None
    server = WebServing(process, process.stdout.readline().strip(), said)
    try:
        assert server.address, said.read_text(encoding="utf-8")
        yield server
    finally:
        server.stop()
        process.stdout.close()


def children(pid: int) -> list[int]:
    """The processes that *pid* has started and that run (Linux)."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [int(child) for child in listed.split()]


def is_running(pid: int) -> bool:
    """Whether there is a process *pid* that has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def told_to(pid: int, name: str) -> list[str]:
    """``cmdline`` or ``environ`` of the process *pid* (Linux)."""
    return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8").split("\0")


class Drawn:
    """What stands on the screen of a tab."""

    def __init__(self, columns: int = 100, rows: int = 30) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        """Draw *data*, which the app has sent."""
        self._stream.feed(data)

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._screen.display)
