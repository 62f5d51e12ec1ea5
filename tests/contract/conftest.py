"""One bench per backend: the embedded store, the Platform protocol and the MCP tools through our
own server over real HTTP, the self-hosted protocol through a stand-in for Mem0's server, and
Mem0's own MCP server from PyPI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.base import Backend
from mem0_tui.backends.http.address import Address
from mem0_tui.backends.mcp.session import McpSession
from mem0_tui.backends.mcp.transport import HttpTransport
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.clock import FrozenClock
from mem0_tui.server.auth import Access
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from tests.contract.reference import KEY, Reference, Seeded, running
from tests.e2e.clients import CACHE, MCP_SERVER, ClientsUnavailableError, install
from tests.support.loopback import loopback
from tests.support.selfhosted import ADMIN_KEY, SelfHosted

REFERENCE = "mem0-mcp-server"
PARAMS = [
    "local",
    "platform",
    "selfhosted",
    "mcp",
    pytest.param(REFERENCE, marks=pytest.mark.clients),
]
OF_A_KEY = frozenset({"test_a_wrong_key_is_an_auth_error"})
"""Tests of what needs a server with a key of its own."""
BEYOND_REFERENCE = frozenset(
    {
        "test_a_key_that_undo_cannot_take_away_is_said_before",
        "test_a_lane_is_deleted_by_both_its_ids_and_comes_back",
        "test_a_memory_is_edited_and_moved_in_one_change",
        "test_a_memory_is_moved_undone_and_redone",
        "test_a_memory_that_was_changed_meanwhile_is_not_moved",
        "test_a_scope_is_deleted_whole_and_comes_back",
        "test_a_survivor_that_is_moved_may_have_a_new_id",
        "test_an_edit_changes_what_it_names_and_nothing_else",
        "test_an_export_is_imported_once",
        "test_an_unchanged_survivor_stays_as_it_is",
        "test_deletes_edits_and_merges_are_undone_and_redone",
        "test_references_of_all_forms_find_their_memory",
        "test_the_survivor_is_edited_where_it_is",
        "test_what_a_move_loses_was_said_before",
        "test_what_a_user_sees_is_his_own_and_what_is_shared",
        "test_what_is_lost_is_what_was_declared",
        "test_what_is_put_back_lacks_only_what_was_declared",
    }
)
"""Tests of what Mem0's own MCP server cannot do, which is refused; see ``test_curating.py``."""
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Bench:
    """A backend under test, and how to reach the same memories with another key."""

    backend: Backend
    secret: str | None = None
    with_key: Callable[[str], Backend] | None = None
    """The same server with another key; None where there is no server."""


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """``mem0-mcp-server`` from PyPI; skips, saying why, where it cannot be installed."""
    try:
        binaries = install(CACHE, MCP_SERVER)
    except ClientsUnavailableError as error:
        pytest.skip(f"mem0-mcp-server cannot be installed: {error}")
    with running(binaries, tmp_path_factory.mktemp("reference")) as made:
        yield made


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each backend, without those of which a test is not."""
    marks = metafunc.definition.iter_markers("parametrize")
    if "bench" not in metafunc.fixturenames or any("bench" in mark.args[0] for mark in marks):
        return
    name = metafunc.function.__name__
    left_out = {"local", REFERENCE} if name in OF_A_KEY else set()
    left_out |= {REFERENCE} if name in BEYOND_REFERENCE else set()
    params = [each for each in PARAMS if _name(each) not in left_out]
    metafunc.parametrize("bench", params, indirect=True)


def _name(param: object) -> object:
    return param if isinstance(param, str) else REFERENCE


@pytest.fixture
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    name: str = request.param
    if name == REFERENCE:
        reference: Reference = request.getfixturevalue("reference")
        async with _reference(reference, tmp_path / "memories.db") as made:
            yield made
            await made.backend.aclose()
        return
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
    from mem0_tui.server.mcp.endpoint import mcp_mount
    from mem0_tui.server.mcp.tools import ToolCalls
    from mem0_tui.store.store import open_store

    service = Service(LocalBackend(open_store(path, FrozenClock(NOW))))
    mounts = [mcp_mount(ToolCalls(service, "nobody"))]
    app = platform_app(service, Access(key=KEY, bound_to="127.0.0.1"), mounts=mounts)
    with loopback(app, lifespan=True) as url:
        bench = _remote("mcp", f"{url}/mcp", KEY)
        await bench.backend.info()
        yield bench


@asynccontextmanager
async def _reference(reference: Reference, path: Path) -> AsyncIterator[Bench]:
    from mem0_tui.backends.local import LocalBackend
    from mem0_tui.store.store import open_store

    clock = FrozenClock(NOW)
    service = Service(LocalBackend(open_store(path, clock)))
    reference.app = platform_app(service, Access(key=KEY, bound_to="127.0.0.1"))
    options = BackendOptions(url=reference.rest_url, api_key=KEY, clock=clock)
    rest = open_backend("platform", options)
    target = HttpTransport(Address.parse(reference.url))
    backend = Seeded(McpSession(target, clock=clock), rest, clock)
    await backend.info()
    yield Bench(backend)
    service.close()


@asynccontextmanager
async def _selfhosted(_path: Path) -> AsyncIterator[Bench]:
    with loopback(SelfHosted(today=NOW.date()).app()) as url:
        yield _remote("selfhosted", url, ADMIN_KEY)


def _remote(name: str, url: str, key: str) -> Bench:
    def with_key(other: str) -> Backend:
        options = BackendOptions(url=url, api_key=other, clock=FrozenClock(NOW))
        return open_backend(name, options)

    return Bench(with_key(key), key, with_key)
