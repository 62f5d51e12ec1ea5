"""Our backend on Mem0's own MCP server from PyPI, with its traps, and in front of our REST server.

It has no option for the host: the driver that starts it tells its client another one than
api.mem0.ai, and changes nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mem0_tui.backends.base import Backend
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import AuthError, NetworkError, NotFoundError, UnsupportedError
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.memory import Draft, Memory
from tests.e2e.clients import CACHE, MCP_SERVER, ClientsUnavailableError, install
from tests.e2e.reference import DEFAULT_USER, DRIVER, variables
from tests.support.serving import KEY, Serving, serving

pytestmark = [pytest.mark.anyio, pytest.mark.clients]

KIM = Scope(user_id="kim", app_id="shop")
BOT = EntityRef(EntityKind.AGENT, "bot")


@pytest.fixture(scope="module")
def binaries() -> Path:
    try:
        return install(CACHE, MCP_SERVER)
    except ClientsUnavailableError as error:
        pytest.skip(f"mem0-mcp-server cannot be installed: {error}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path / "memories.db") as running:
        yield running


@asynccontextmanager
async def by_stdio(
    binaries: Path, server: Serving, monkeypatch: pytest.MonkeyPatch, home: Path, key: str = KEY
) -> AsyncIterator[Backend]:
    """The server started as a command, as a user's settings would name it."""
    for name, value in variables(home, key).items():
        monkeypatch.setenv(name, value)
    command = (str(binaries / "python"), str(DRIVER), server.url, "stdio")
    backend = open_backend("mcp", BackendOptions(command=command, api_key=key, timeout=60))
    yield backend
    await backend.aclose()


async def seeded(server: Serving) -> tuple[Memory, Memory, Memory]:
    rest = open_backend("platform", BackendOptions(url=server.url, api_key=KEY))
    texts = (
        Draft("Tokens use RS256", KIM, {"type": "decision"}),
        Draft("Of the server's own user", Scope(user_id=DEFAULT_USER)),
        Draft("Of an agent", Scope(agent_id="bot")),
    )
    added = [await rest.add(draft) for draft in texts]
    await rest.aclose()
    return added[0], added[1], added[2]


async def test_it_is_read_edited_and_pruned_over_its_pipes(
    binaries: Path, server: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, default, agents = await seeded(server)
    async with by_stdio(binaries, server, monkeypatch, tmp_path) as backend:
        info = await backend.info()
        assert (info.backend, KEY in info.target) == ("mcp", False)
        assert Capability.EDIT_TEXT in backend.capabilities
        lacking = {Capability.ADD_VERBATIM, Capability.EDIT_METADATA, Capability.BACKDATE}
        assert not lacking & set(backend.capabilities.can)
        everything = {memory.id for memory in (await backend.list()).items}
        assert everything == {mine.id, default.id, agents.id}
        assert [m.id for m in (await backend.list(belongs_to(BOT))).items] == [agents.id]
        assert (await backend.search("which tokens?")).hits[0].memory == mine
        after = await backend.update(mine.id, Edit(text="Tokens use RS512"))
        assert (after.text, after.metadata) == ("Tokens use RS512", mine.metadata)
        assert await backend.delete([mine.id]) == {mine.id: None}
        with pytest.raises(NotFoundError):
            await backend.get(mine.id)


async def test_its_delete_all_never_reaches_its_default_user(
    binaries: Path, server: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For an agent's memories, it would send its default user beside the agent."""
    mine, default, agents = await seeded(server)
    async with by_stdio(binaries, server, monkeypatch, tmp_path) as backend:
        with pytest.raises(UnsupportedError):
            await backend.delete_scope(BOT)
        await backend.delete_scope(EntityRef(EntityKind.USER, "kim"))
        left = {memory.id for memory in (await backend.list()).items}
        assert left == {default.id, agents.id}
        await backend.delete_entity(BOT)
        assert [memory.id for memory in (await backend.list()).items] == [default.id]


async def test_nothing_is_added_where_it_might_be_rewritten(
    binaries: Path, server: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with by_stdio(binaries, server, monkeypatch, tmp_path) as backend:
        with pytest.raises(UnsupportedError, match="infer"):
            await backend.add(Draft("word for word", KIM))
        assert (await backend.list()).items == ()


async def test_a_wrong_key_is_found_in_what_calls_itself_a_success(
    binaries: Path, server: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with by_stdio(binaries, server, monkeypatch, tmp_path, "m0-wrong-wrong") as backend:
        with pytest.raises(AuthError):
            await backend.info()


async def test_where_it_is_not_installed_its_own_words_say_so() -> None:
    command = (sys.executable, str(DRIVER), "http://127.0.0.1:9", "stdio")
    backend = open_backend("mcp", BackendOptions(command=command, api_key=KEY))
    with pytest.raises(NetworkError, match="No module named"):
        await backend.info()
    await backend.aclose()
