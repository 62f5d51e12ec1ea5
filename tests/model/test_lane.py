from __future__ import annotations

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.lane import Lane, lane_of, recognised
from mem0_tui.model.memory import Memory

HASH = "b1c397fde9"


@pytest.mark.parametrize(
    ("agent_id", "app_id", "lane"),
    [
        (f"acme-shop-{HASH}", "acme-shop", Lane(f"acme-shop-{HASH}", "acme-shop", HASH)),
        ("acme-shop", "acme-shop", Lane("acme-shop", "acme-shop")),
        (f"local-shop-{HASH}", "shop", Lane(f"local-shop-{HASH}", "shop", HASH, local=True)),
        (f"local-shop-{HASH}", "local-shop", Lane(f"local-shop-{HASH}", "local-shop", HASH)),
        (f"acme-shop-{HASH}", "shop", None),
        (f"acme-shop-{HASH[:9]}", "acme-shop", None),
        (f"acme-shop-{HASH}0", "acme-shop", None),
        (f"acme-shop-{HASH.upper()}", "acme-shop", None),
        (f"acme-shop{HASH}", "acme-shop", None),
        (f"-{HASH}", "", None),
        ("bot", "shop", None),
        ("bot", None, None),
        (None, "shop", None),
        (None, None, None),
    ],
)
def test_the_lane_of_an_app(agent_id: str | None, app_id: str | None, lane: Lane | None) -> None:
    assert lane_of(agent_id, app_id) == lane
    assert Memory("1", "x", Scope(agent_id=agent_id, app_id=app_id)).shared is (lane is not None)


@pytest.mark.parametrize(
    ("agent_id", "apps", "app_id"),
    [
        (f"acme-shop-{HASH}", {"acme-shop", "shop"}, "acme-shop"),
        ("acme-shop", {"acme-shop"}, "acme-shop"),
        (f"local-shop-{HASH}", {"shop"}, "shop"),
        # A folder called shop without a remote, or the remote local/shop?
        (f"local-shop-{HASH}", {"shop", "local-shop"}, None),
        # The lane of shop, or what 0.3.0 wrote for an app of that name?
        (f"shop-{HASH}", {"shop", f"shop-{HASH}"}, None),
        (f"acme-shop-{HASH}", {"shop"}, None),
        ("bot", {"shop"}, None),
        ("bot", set(), None),
    ],
)
def test_whose_lane_an_agent_is(agent_id: str, apps: set[str], app_id: str | None) -> None:
    lane = recognised(agent_id, apps)
    assert (lane and lane.app_id) == app_id
