from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mem0_tui.backends.entity_list import EntityList
from mem0_tui.model.entity import Entity, EntityKind, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.lanes import lanes_of
from tests.tui.harness import Bench, press, settle, text_of

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
A, B = "shop-b1c397fde9", "shop-11946c2bd3"


@pytest.mark.parametrize(
    ("agents", "names"),
    [
        ({A: NEW}, {A: "shared"}),
        ({A: OLD, B: NEW}, {B: "shared", A: "shared (older lane)"}),
        ({A: None, B: NEW}, {A: "shared · b1c397fde9", B: "shared · 11946c2bd3"}),
        ({A: NEW, B: NEW}, {A: "shared · b1c397fde9", B: "shared · 11946c2bd3"}),
        ({A: OLD, "shop": NEW, "bot": NEW}, {A: "shared", "shop": "shared (older lane)"}),
        ({"shop": None}, {"shop": "shared (older lane)"}),
    ],
)
def test_what_the_lanes_of_an_app_are_called(
    agents: dict[str, datetime | None], names: dict[str, str]
) -> None:
    entities = [Entity(EntityKind.APP, "shop", 9)]
    entities += [Entity(EntityKind.AGENT, id_, 3, None, at) for id_, at in agents.items()]
    lanes = lanes_of(EntityList.of(entities))
    assert {lane.entity.id: lane.name for lane in lanes["shop"]} == names


@pytest.mark.anyio
async def test_a_lane_stands_under_its_app_and_i_shows_its_id(desk: Bench) -> None:
    await desk.store.add_many([Draft("ours", Scope(agent_id=A, app_id="shop"))])
    app = desk.app()
    async with app.run_test(size=(160, 60)) as pilot:
        await settle(pilot)
        rows = [line.strip("│ ") for line in text_of(app).splitlines()]
        assert any(row.startswith("shared ") for row in rows)
        assert not any(row.startswith(A[:10]) for row in rows)
        await press(pilot, "1", "i")
        rows = [line.strip("│ ") for line in text_of(app).splitlines()]
        assert any(row.startswith(A[:10]) for row in rows)
        assert not any(row.startswith("shared ") for row in rows)
