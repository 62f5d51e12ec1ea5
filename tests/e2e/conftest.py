"""A served store and Mem0's own clients for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.clients import (
    CACHE,
    Cli,
    ClientsUnavailableError,
    NpmCli,
    NpmSdk,
    Sdk,
    install,
    npm_modules,
)
from tests.support.npm import NpmUnavailableError
from tests.support.serving import Serving, serving


@pytest.fixture(scope="session")
def client_binaries() -> Path:
    """Where the official clients are; skips, saying why, where they cannot be installed."""
    try:
        return install(CACHE)
    except ClientsUnavailableError as error:
        pytest.skip(f"Mem0's clients cannot be installed: {error}")


@pytest.fixture(scope="session")
def npm_clients() -> Path:
    """The folder with the official clients of npm; skips, saying why, where they cannot be had."""
    try:
        return npm_modules(CACHE)
    except NpmUnavailableError as error:
        pytest.skip(f"Mem0's clients of npm cannot be installed: {error}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of an empty store, one per test module."""
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as running:
        yield running


@pytest.fixture(scope="module")
def sdk(
    client_binaries: Path, server: Serving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sdk]:
    """Both SDK clients, connected to the server."""
    client = Sdk(client_binaries, tmp_path_factory.mktemp("sdk"), server.url, server.key)
    yield client
    client.close()


@pytest.fixture(scope="module")
def npm_sdk(
    npm_clients: Path, server: Serving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NpmSdk]:
    """The client of npm, connected to the server."""
    client = NpmSdk(npm_clients, tmp_path_factory.mktemp("npm"), server.url, server.key)
    yield client
    client.close()


@pytest.fixture(scope="module", params=[Cli, NpmCli], ids=["pypi", "npm"])
def cli(
    request: pytest.FixtureRequest, server: Serving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cli]:
    """The ``mem0`` command of each kind, pointed at the server."""
    kind: type[Cli] = request.param
    program = request.getfixturevalue("npm_clients" if kind is NpmCli else "client_binaries")
    command = kind(program, tmp_path_factory.mktemp("cli"), server.url, server.key)
    yield command
    command.close()
