"""What stands under an app in the scope tree, what choosing it shows, what deleting it takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from mem0_tui.backends.library.entities import EntityList, Part
from mem0_tui.model.entity import Entity, EntityKind, EntityRef, Scope
from mem0_tui.model.filter import EVERYTHING
from mem0_tui.model.memory import Draft
from mem0_tui.review.lanes import parts_of
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.scope_delete import ScopeDelete
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import Bench, browse, notices, press, settle, text_of

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
A, B = "shop-b1c397fde9", "shop-11946c2bd3"
APP = EntityRef(EntityKind.APP, "shop")


def listed(agents: dict[str, datetime | None], parts: list[Part]) -> EntityList:
    entities = [Entity(EntityKind.APP, "shop", 9)]
    entities += [Entity(EntityKind.AGENT, id_, 3, None, at) for id_, at in agents.items()]
    return EntityList.of(entities, parts)


@pytest.mark.parametrize(
    ("agents", "names"),
    [
        ({A: NEW}, {A: "shared"}),
        ({A: OLD, B: NEW}, {B: "shared", A: "shared (older lane)"}),
        ({A: None, B: NEW}, {A: "shared · b1c397fde9", B: "shared · 11946c2bd3"}),
        ({A: NEW, B: NEW}, {A: "shared · b1c397fde9", B: "shared · 11946c2bd3"}),
        ({A: OLD, "shop": NEW, "bot": NEW}, {A: "shared", "shop": "shared (older lane)"}),
        ({"shop": None}, {"shop": "shared (older lane)"}),
        ({"local-" + A: NEW}, {"local-" + A: "shared"}),
    ],
)
def test_what_the_lanes_of_an_app_are_called(
    agents: dict[str, datetime | None], names: dict[str, str]
) -> None:
    entities = listed(agents, [("shop", id_, None, 3) for id_ in agents])
    lanes = {part.scope.agent_id: part.name for part in parts_of(entities)["shop"]}
    assert lanes == names


@pytest.mark.parametrize(
    ("cells", "name"), [(19, "shared (older lane)"), (18, "older lane"), (9, "older"), (3, "older")]
)
def test_an_older_lane_has_a_name_for_every_width(cells: int, name: str) -> None:
    (part,) = parts_of(listed({"shop": None}, [("shop", "shop", None, 3)]))["shop"]
    assert part.name_within(cells) == name


def test_each_user_of_an_app_stands_below_its_lanes_with_all_that_is_his_there() -> None:
    parts: list[Part] = [
        ("shop", None, "ravi", 2),
        ("shop", None, "kim", 4),
        ("shop", A, "kim", 1),
        ("shop", A, None, 5),
        ("shop", "bot", None, 7),
    ]
    rows = [(part.name, part.count) for part in parts_of(listed({A: NEW}, parts))["shop"]]
    assert rows == [("shared", 6), ("kim", 5), ("ravi", 2)]


async def fill(desk: Bench) -> None:
    """What the plugins wrote in two apps, and an agent of the lane's name without the app."""
    in_lane = Scope(agent_id=A, app_id="shop")
    await desk.store.add_many(
        [
            Draft("ours", in_lane, {"author": "kim"}),
            Draft("ours, and pinned", in_lane, {"pinned": True}),
            Draft("both", Scope(user_id="kim", agent_id=A, app_id="shop")),
            Draft("kim's", Scope(user_id="kim", app_id="shop")),
            Draft("lee's", Scope(user_id="lee", app_id="shop")),
            Draft("kim's elsewhere", Scope(user_id="kim", app_id="other")),
            Draft("no app", Scope(agent_id=A)),
            Draft("another app", Scope(agent_id=A, app_id="other")),
        ]
    )


async def go_to(pilot: Pilot[int], name: str, app_id: str = "shop") -> None:
    """Put the tree's cursor on the part of an app."""
    tree = pilot.app.screen.query_one(ScopeList)
    await press(pilot, "1")
    for index, row in enumerate(tree._rows):
        if row.part is not None and (row.part.name, row.part.scope.app_id) == (name, app_id):
            tree.cursor = index
            await settle(pilot)
            return
    raise AssertionError(f"{name} of {app_id} is not in the tree")


async def texts(desk: Bench) -> set[str]:
    keys = await desk.store_library.keys(EVERYTHING, include_expired=True)
    found = await desk.store_library.memories(keys)
    return {memory.text for memory in found.values()}


def shown(app: Mem0App) -> set[str]:
    return {memory.text for memory in browse(app).memories.rows.loaded().values()}


def tree_lines(app: Mem0App) -> list[str]:
    return [" ".join(line.strip("│ ").split()) for line in text_of(app).splitlines()]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("shared", {"ours", "ours, and pinned", "both"}),
        ("kim", {"kim's", "both"}),
        ("lee", {"lee's"}),
    ],
)
async def test_choosing_a_part_shows_as_many_as_its_row_says(
    desk: Bench, name: str, wanted: set[str]
) -> None:
    await fill(desk)
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        assert any(row.startswith(f"{name} {len(wanted)} ") for row in tree_lines(app))
        await go_to(pilot, name)
        await press(pilot, "enter")
        assert shown(app) == wanted
        assert len(browse(app).memories.rows) == len(wanted)
        await press(pilot, "enter")
        assert browse(app).session.view == BrowseState()


@pytest.mark.anyio
async def test_i_shows_the_ids_and_an_app_can_be_folded(desk: Bench) -> None:
    await desk.store.add_many([Draft("ours", Scope(agent_id=A, app_id="shop"))])
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        assert any(row.startswith("shared 1 ") for row in tree_lines(app))
        assert not any(row.startswith(A[:10]) for row in tree_lines(app))
        await press(pilot, "1", "i")
        assert any(row.startswith(A[:10]) for row in tree_lines(app))
        assert not any(row.startswith("shared 1 ") for row in tree_lines(app))
        await press(pilot, "i")
        await go_to(pilot, "shared")
        await press(pilot, "left")
        assert not any(row.startswith("shared 1 ") for row in tree_lines(app))
        tree = app.screen.query_one(ScopeList)
        assert tree.current == APP
        await press(pilot, "right")
        assert any(row.startswith("shared 1 ") for row in tree_lines(app))


@pytest.mark.anyio
async def test_an_agent_with_memories_outside_its_lane_stays_among_the_agents(desk: Bench) -> None:
    await fill(desk)
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        assert any(row.startswith(A[:10]) for row in tree_lines(app))
        assert any(row.startswith("shared 3 ") for row in tree_lines(app))


def test_space_adds_a_user_of_the_same_app_and_shows_any_other_part_alone() -> None:
    def part(**ids: str) -> frozenset[EntityRef]:
        return frozenset(Scope(**ids))

    kim, lee = part(user_id="kim", app_id="shop"), part(user_id="lee", app_id="shop")
    lane, elsewhere = part(agent_id=A, app_id="shop"), part(user_id="kim", app_id="other")
    state = BrowseState().with_scope_toggled(kim)
    assert state.scope == kim
    assert state.with_scope_toggled(lee).scope == kim | lee
    assert state.with_scope_toggled(lee).with_scope_toggled(kim).scope == lee
    assert state.with_scope_toggled(kim).scope == frozenset()
    assert state.with_scope_toggled(lane).scope == lane
    assert state.with_scope_toggled(elsewhere).scope == elsewhere
    assert BrowseState(scope=frozenset({APP})).with_scope_toggled(kim).scope == kim


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "typed", "gone"),
    [
        ("shared", A, {"ours", "both"}),
        ("shared", f"agent:{A} app:shop", {"ours", "both"}),
        ("kim", "user:kim app:shop", {"kim's", "both"}),
    ],
)
async def test_deleting_a_part_takes_what_its_row_shows_and_keeps_what_is_pinned(
    desk: Bench, name: str, typed: str, gone: set[str]
) -> None:
    await fill(desk)
    before = await texts(desk)
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        await go_to(pilot, name)
        await press(pilot, "D")
        assert isinstance(app.screen, ScopeDelete)
        assert ("1 pinned memory left out" in text_of(app)) is (name == "shared")
        assert "Delete 2 memories" in text_of(app)
        whose = "what all users share" if name == "shared" else "what kim has"
        assert f"{whose} in shop; only memories with both ids go" in text_of(app)
        await press(pilot, "enter")
        assert app.screen.query_one("#delete", Button).disabled
        app.screen.query_one(Input).value = "kim" if name == "kim" else "shared"
        await settle(pilot)
        assert app.screen.query_one("#delete", Button).disabled
        app.screen.query_one(Input).value = typed
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert before - await texts(desk) == gone
        await press(pilot, "escape", "2", "u", "y")
        assert await texts(desk) == before


@pytest.mark.anyio
async def test_what_came_into_a_lane_after_it_was_shown_stays(desk: Bench) -> None:
    await fill(desk)
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        await go_to(pilot, "shared")
        await press(pilot, "D")
        await desk.store.add_many([Draft("newer", Scope(agent_id=A, app_id="shop"))])
        app.screen.query_one(Input).value = A
        await settle(pilot)
        await press(pilot, "enter", "enter")
        left = await texts(desk)
        assert "newer" in left
        assert "ours" not in left


@pytest.mark.anyio
async def test_a_lane_in_which_all_is_pinned_is_left_alone(desk: Bench) -> None:
    await desk.store.add_many([Draft("rule", Scope(agent_id=A, app_id="shop"), {"pinned": True})])
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        await go_to(pilot, "shared")
        await press(pilot, "D")
        assert not isinstance(app.screen, ScopeDelete)
        assert "1 pinned memory left out" in notices(app)
        assert "rule" in await texts(desk)
