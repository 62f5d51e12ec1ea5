"""What every test gets: a temporary home, no real key, and no way out but loopback."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from mem0_tui.store.sqlite.database import Database
from tests.support.connections import warn_of_unclosed

# On a busy machine a single example may take any time.
settings.register_profile("any time", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any time")

warn_of_unclosed()

_KEPT_VARIABLES = ("MEM0_TUI_CODEX_CACHE", "MEM0_TUI_CLIENTS_CACHE", "MEM0_TUI_MINILM_WHEEL")
_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "LOCALAPPDATA": "data",
    "APPDATA": "config",
}


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: tests of other programs wait a good deal."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that none of them is left alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through everything that is imported, again and
    again: that took more than a third of the time of the tests of the screen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that nobody has used, without a look at thousands of others for a free name."""
    place = tmp_path_factory.mktemp("machines")
    return (place / str(number) for number in count())


@pytest.fixture(autouse=True)
def isolated_home(machines: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every folder and key that the app looks at to an empty temporary place."""
    for name in list(os.environ):
        if name.startswith(("MEM0_", "CODEX_", "XDG_")) and name not in _KEPT_VARIABLES:
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    base = next(machines)
    for folder in set(_FOLDERS.values()):
        (base / folder).mkdir(parents=True)
    for name, folder in _FOLDERS.items():
        monkeypatch.setenv(name, str(base / folder))
    monkeypatch.setenv("MEM0_TELEMETRY", "False")
    return base / "home"


@pytest.fixture(autouse=True)
def no_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk in this process: what a commit brings is there for everybody at once, and
    only a machine that goes down could lose it. Programs that tests start, and kill, do wait."""
    for name in ("_connect", "_connect_writer"):
        monkeypatch.setattr(Database, name, _without_disk(getattr(Database, name)))
    monkeypatch.setattr(os, "fsync", os.fstat)  # which fails, too, where no file is open


def _without_disk(opens: Callable[[Database], sqlite3.Connection]) -> Any:
    def opened(self: Database) -> sqlite3.Connection:
        connection = opens(self)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    return opened


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection of this process that would leave the machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(address: Any) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise AssertionError(f"a test tried to reach {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        checked(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        checked(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
