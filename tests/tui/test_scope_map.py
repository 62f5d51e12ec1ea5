"""The map of who finds which memories: to the list, and to the plan that puts a group right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from mem0_tui.backends.library.entities import Part
from mem0_tui.codex.reach.scope_map import ScopeMap, ScopeTally
from mem0_tui.codex.reach.sources import ReachedFolder, ReachedLane
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.scope_map_view import ScopeMapView
from tests.tui.harness import Bench, bench, browse, frame_of, press, settle, text_of, until
from tests.tui.scenes import still

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SIZES = {"vast": (220, 50), "wide": (140, 40), "normal": (80, 24), "narrow": (60, 20)}
LANE, OLD = "acme-shop-11946c2bd3", "acme-shop-b1c397fde9"
PLACE = ReachedFolder(
    root="/work/shop",
    remote="git@gitlab.com:acme/shop.git",
    app="acme-shop",
    user="kim",
    names=("shop", "acme-shop"),
    local="local-acme-shop-0000000000",
    lanes=(
        ReachedLane("plugin 0.3", "shared", Scope(agent_id=LANE, app_id="acme-shop"), True),
        ReachedLane("plugin 0.3", "personal", Scope(user_id="kim", app_id="acme-shop"), True),
        ReachedLane("plugin 0.2", "personal", Scope(user_id="kim", app_id="acme-shop"), False),
    ),
)
SCOPES = (
    Scope(agent_id=LANE, app_id="acme-shop"),
    Scope(agent_id=OLD, app_id="acme-shop"),
    Scope(agent_id=OLD, app_id="acme-shop"),
    Scope(user_id="kim", app_id="acme-shop"),
    Scope(user_id="kim", app_id="acme_shop"),
    Scope(user_id="lee", app_id="acme-shop"),
)


def look(parts: Iterable[Part]) -> ScopeMap:
    tally = ScopeTally(PLACE)
    for app_id, agent_id, user_id, count in parts:
        tally.add(app_id, agent_id, user_id, count or 0)
    return tally.map()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, count=0) as made:
        yield replace(made, parts=replace(made.parts, scopes=look))


async def fill(desk: Bench) -> None:
    for number, scope in enumerate(SCOPES):
        await desk.backend.add(Draft(f"note {number}", scope))


async def test_enter_shows_a_group_and_m_moves_it(desk: Bench) -> None:
    await fill(desk)
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "L")
        await until(pilot, lambda: isinstance(app.screen, ScopeMapView))
        await settle(pilot)
        shown = text_of(app)
        assert (
            f"the shared lane of another remote  agent:{OLD} app:acme-shop → agent:{LANE}" in shown
        )
        assert "plugin 0.2: personal · not installed" in shown
        assert "1 memory of other users of the app" in shown
        await press(pilot, "j", "j", "j", "enter")
        await settle(pilot)
        assert len(browse(app).memories.rows) == 2
        assert "note 1" in text_of(app)
        await press(pilot, "L")
        await until(pilot, lambda: isinstance(app.screen, ScopeMapView))
        await press(pilot, "j", "j", "j", "m")
        await until(pilot, lambda: isinstance(app.screen, PlanView))
        await settle(pilot)
        assert "move 2 memories" in text_of(app)
        await press(pilot, "y")
        await settle(pilot)
        moved = await desk.backend.list(limit=10)
        assert sum(each.scope.agent_id == LANE for each in moved.items) == 3


async def test_how_it_looks(desk: Bench, snapshot: SnapshotAssertion) -> None:
    await fill(desk)
    app = still(desk.app())
    async with app.run_test(size=SIZES["vast"]) as pilot:
        await settle(pilot)
        await press(pilot, "L")
        await until(pilot, lambda: isinstance(app.screen, ScopeMapView))
        for name, size in SIZES.items():
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert frame_of(app) == snapshot(name=name)
