"""The whole round: one task stores what it learned, the next finds it, a person prunes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.backends.local import LocalBackend
from mem0_tui.codex import diagnose, scan
from mem0_tui.curator.service import Curator
from mem0_tui.model.clock import SystemClock
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.parts import Parts
from tests.support.mcp_serving import Tools, tools
from tests.support.serving import KEY, serving
from tests.tui.harness import browse, settle

pytestmark = pytest.mark.anyio

LEARNED = {
    "decision": "Access tokens are signed with RS256; the key pair is rotated each quarter.",
    "convention": "Every migration has a down script and a test that runs both ways.",
    "user_preference": "Kim wants a short plan before any change is made.",
}


async def test_two_tasks_and_a_person_share_one_store(tmp_path: Path) -> None:
    path = tmp_path / "memories.db"
    options = ("--port", "0", "--api-key", KEY, "--default-user", "kim")
    with serving(path, options) as server:
        async with tools(f"{server.url}/mcp", server.key) as first_task:
            ids = {
                kind: await first_task.add(text, metadata={"type": kind}, app_id="shop-api")
                for kind, text in LEARNED.items()
            }
        async with tools(f"{server.url}/mcp", server.key) as second_task:
            assert await _finds(second_task, "how do we sign tokens") == ids["decision"]
            await _curate(path, tmp_path, edit=ids["convention"], delete=ids["decision"])
            left = {row["id"]: row["memory"] for row in await _all(second_task)}
            assert set(left) == {ids["convention"], ids["user_preference"]}
            assert left[ids["convention"]].startswith("ALWAYS ")
            assert await _finds(second_task, "how do we sign tokens") != ids["decision"]


async def _finds(call: Tools, query: str) -> str | None:
    found = await call("search_memories", query=query)
    rows = found["results"]
    return rows[0]["id"] if rows else None


async def _all(call: Tools) -> list[dict[str, str]]:
    found = await call("get_memories", filters={"user_id": "kim"})
    rows: list[dict[str, str]] = found["results"]
    return rows


async def _curate(path: Path, folder: Path, *, edit: str, delete: str) -> None:
    """What a person does by keys, in the app on the same store while the server runs."""
    clock = SystemClock()
    store = open_store(path, clock, "kim")
    backend = LocalBackend(store)
    journal = Journal(folder / "journal.db", clock=clock)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    parts = Parts(
        library=LocalLibrary(store),
        curator=lambda: curator,
        doctor=lambda: diagnose(scan(folder, folder / "codex", folder, {})),
        now=clock.now,
        title="local",
        target="",
    )
    app = Mem0App(parts)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        screen = browse(app)
        shown = {memory.id: key for key, memory in screen.memories.rows.loaded().items()}
        assert len(shown) == len(LEARNED)
        screen.memories.move_to(screen.memories.rows.position(shown[delete]) or 0)
        await pilot.press("d")
        screen.memories.move_to(screen.memories.rows.position(shown[edit]) or 0)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, EditMemory)
        await pilot.press("A", "L", "W", "A", "Y", "S", "space", "ctrl+s")
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert isinstance(app.screen, PlanView)
        await pilot.press("y")
        await settle(pilot)
    journal.close()
    await backend.aclose()
