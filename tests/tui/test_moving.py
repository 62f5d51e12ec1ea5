"""Moving memories to another app, user, agent or run: in the edit pane, and a whole scope."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mem0_tui.model.change import with_metadata
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.prompt import Prompt
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import SIZE, Bench, find, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def apps(desk: Bench) -> Counter[str | None]:
    found = await desk.backend.list(limit=1000, include_expired=True)
    return Counter(memory.scope.app_id for memory in found.items)


async def test_the_edit_pane_moves_a_memory(desk: Bench) -> None:
    added = await desk.backend.add(Draft("Use pnpm", Scope(user_id="kim", app_id="Shop API")))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, 'app:"Shop API"')
        await press(pilot, "e")
        assert isinstance(app.screen, EditMemory)
        app.screen.query_one("#edit-app", Input).value = "shop-api"
        app.screen.query_one("#edit-user", Input).value = ""
        await settle(pilot)
        assert "app: Shop API → shop-api" in text_of(app)
        await press(pilot, "ctrl+s")
        assert " V untyped" in text_of(app)
        await press(pilot, "a")
        assert "move 1 memory" in text_of(app)
        await press(pilot, "y")
        moved = await desk.backend.get(added.id)
        assert moved.scope == Scope(app_id="shop-api")
        await press(pilot, "u", "y")
        assert (await desk.backend.get(added.id)).scope == added.scope


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"#edit-app": "*"}, "contains a wildcard"),
        ({"#edit-app": "", "#edit-user": ""}, "needs a user, an agent, an app or a run"),
    ],
)
async def test_the_edit_pane_refuses_a_scope_that_cannot_be_meant(
    desk: Bench, values: dict[str, str], said: str
) -> None:
    await desk.backend.add(Draft("Use pnpm", Scope(user_id="kim", app_id="Shop API")))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, 'app:"Shop API"')
        await press(pilot, "e")
        for name, value in values.items():
            app.screen.query_one(name, Input).value = value
        await settle(pilot)
        assert said in " ".join(text_of(app).split())
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, EditMemory)


async def ask_in_the_tree(pilot: Pilot[Any], entity: EntityRef) -> None:
    await press(pilot, "1")
    tree = pilot.app.screen.query_one(ScopeList)
    for _ in range(100):
        if tree.current == entity:
            break
        await press(pilot, "j")
    assert tree.current == entity
    await press(pilot, "m")
    assert isinstance(pilot.app.screen, Prompt)


async def test_a_whole_scope_is_moved_by_a_plan_and_taken_back(desk: Bench) -> None:
    one, two = [
        await desk.backend.add(Draft(text, Scope(user_id="kim", app_id="Shop API")))
        for text in ("Use pnpm", "Pin the versions")
    ]
    await desk.backend.update(two.id, with_metadata(two, {"pinned": True}))
    before = await apps(desk)
    entity = next(ref for ref in one.scope if ref.id == "Shop API")
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await ask_in_the_tree(pilot, entity)
        await press(pilot, "*", "enter")
        assert isinstance(app.screen, Prompt)
        assert "contains a wildcard" in text_of(app)
        app.screen.query_one(Input).value = "shop-api"
        await press(pilot, "enter")
        assert isinstance(app.screen, PlanView)
        assert "move 1 memory" in text_of(app)
        assert "1 pinned memory left out" in text_of(app)
        await press(pilot, "y")
        assert await apps(desk) - before == Counter({"shop-api": 1})
        assert (await desk.backend.get(two.id)).scope.app_id == "Shop API"
        await press(pilot, "2", "u", "y")
        assert await apps(desk) == before
