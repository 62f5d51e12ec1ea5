"""Which memories the installed sources find in a repository, and what lies out of place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from mem0_tui.codex.capture.lanes import local_lane
from mem0_tui.codex.facts.paths import find_homes
from mem0_tui.codex.facts.scan import scan
from mem0_tui.codex.reach.scope_map import ScopeMap, ScopeTally
from mem0_tui.codex.reach.sources import ReachedFolder, read_place
from mem0_tui.model.entity import EntityKind
from tests.codex.homes import Home

LANE = "acme-shop-11946c2bd3"
"""Of https://gitlab.com/acme/shop, as plugin 0.3 itself wrote it."""
OLD_LANE = "acme-shop-b1c397fde9"
"""Of https://github.com/acme/shop, likewise."""
AGENT, APP, USER = EntityKind.AGENT, EntityKind.APP, EntityKind.USER


def checkout(
    folder: Path, remote: str | None = "https://kim:s3cr3tt0ken@gitlab.com/acme/shop"
) -> Path:
    root = folder / "shop"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    config = "" if remote is None else f'[remote "origin"]\n\turl = {remote}\n'
    (root / ".git" / "config").write_text(config)
    return root


@pytest.fixture
def place(tmp_path: Path) -> ReachedFolder:
    """A checkout of acme/shop, with nothing installed."""
    homes = find_homes(tmp_path, cwd=checkout(tmp_path), environ={"USER": "kim", "HOME": "/"})
    return read_place(scan(homes.home, cwd=homes.cwd, environ=homes.environ))


def mapped(
    place: ReachedFolder, ids: Sequence[tuple[str | None, str | None, str | None]]
) -> ScopeMap:
    tally = ScopeTally(place)
    for each in ids:
        tally.add(*each)
    return tally.map()


def test_the_ids_are_those_that_each_source_asks_for(place: ReachedFolder) -> None:
    assert [(each.source, each.part, str(each.scope)) for each in place.lanes] == [
        ("plugin 0.3", "shared", f"agent:{LANE} app:acme-shop"),
        ("plugin 0.3", "shared (0.3.0)", "agent:acme-shop app:acme-shop"),
        ("plugin 0.3", "personal", "user:kim app:acme-shop"),
        ("plugin 0.2", "personal", "user:kim app:acme-shop"),
        ("mem0-tui's hooks", "personal", "user:kim app:acme-shop"),
    ]
    assert place.remote == "https://gitlab.com/acme/shop"


def test_each_memory_is_counted_where_it_is_found(place: ReachedFolder) -> None:
    found = mapped(
        place,
        [
            ("acme-shop", LANE, None), ("acme-shop", "acme-shop", "lee"),
            ("acme-shop", None, "kim"), ("acme-shop", LANE, "kim"),
            ("acme-shop", None, "lee"), ("acme-site", None, "kim"), (None, None, "kim"),
        ],
    )  # fmt: skip
    assert [count for _, count in found.reached] == [2, 1, 2, 2, 2]
    assert found.strays == ()
    assert found.others == (("lee", 1),)


@pytest.mark.parametrize(
    ("ids", "why", "query", "target"),
    [
        (("acme-shop", OLD_LANE, None), "of another remote",
         f"agent:{OLD_LANE} app:acme-shop", {AGENT: LANE}),
        (("acme-shop", OLD_LANE, "kim"), "of another remote",
         f"agent:{OLD_LANE} app:acme-shop", {AGENT: LANE}),
        (("Acme_Shop", "Acme_Shop-b1c397fde9", None), "of another remote",
         "agent:Acme_Shop-b1c397fde9 app:Acme_Shop", {AGENT: LANE, APP: "acme-shop"}),
        (("acme-shop", "local-acme-shop-0000000000", None), "of a folder",
         "agent:local-acme-shop-0000000000 app:acme-shop", {AGENT: LANE}),
        ((None, LANE, None), "without its app", f"agent:{LANE} app:none",
         {AGENT: LANE, APP: "acme-shop"}),
        (("shop", LANE, None), "under another app", f"agent:{LANE} app:shop",
         {AGENT: LANE, APP: "acme-shop"}),
        (("acme_shop", None, "kim"), "another spelling of the app", "user:kim app:acme_shop",
         {APP: "acme-shop"}),
        (("acme/shop", None, "Kim"), "another spelling of the app", "user:Kim app:acme/shop",
         {APP: "acme-shop", USER: "kim"}),
        (("shop", None, "lee"), "another name of the app", "user:lee app:shop",
         {APP: "acme-shop"}),
        (("acme-shop", None, "KIM"), "another spelling of the user", "user:KIM app:acme-shop",
         {USER: "kim"}),
        (("acme-shop", None, None), "belong to no user", "app:acme-shop user:none agent:none",
         {USER: "kim"}),
        (("acme_shop", None, None), "another spelling", "app:acme_shop user:none agent:none",
         {APP: "acme-shop", USER: "kim"}),
        (("acme-shop", "bot", None), "an agent that nobody asks for", "agent:bot app:acme-shop",
         {AGENT: LANE}),
    ],
)  # fmt: skip
def test_what_is_out_of_place_and_the_move_that_puts_it_right(
    place: ReachedFolder,
    ids: tuple[str | None, str | None, str | None],
    why: str,
    query: str,
    target: dict[EntityKind, str],
) -> None:
    [stray] = mapped(place, [ids, ids]).strays
    assert why in stray.why
    assert (stray.count, stray.query, dict(stray.target)) == (2, query, target)
    app, agent, user = (
        target.get(kind, id_) for kind, id_ in zip((APP, AGENT, USER), ids, strict=True)
    )
    assert mapped(place, [(app, agent, user)]).strays == (), "the move puts it right"


def test_a_lane_from_before_there_was_a_remote_is_known(place: ReachedFolder) -> None:
    lane = local_lane("acme-shop", place.root)
    [stray] = mapped(place, [("acme-shop", lane, None)]).strays
    assert stray.why == "the shared lane from before it had a remote"


def test_without_a_remote_the_lane_is_that_of_the_folder(tmp_path: Path) -> None:
    root = checkout(tmp_path, None)
    place = read_place(scan(tmp_path, cwd=root, environ={"USER": "kim"}))
    assert (place.app, place.remote) == ("shop", None)
    assert place.shared == local_lane("shop", str(root))
    assert mapped(place, [("shop", place.shared, None)]).strays == ()


def test_what_is_installed_is_said(tmp_path: Path) -> None:
    made = Home(tmp_path)
    made.option_b3()
    made.trust()
    place = read_place(made.scan())
    assert {each.source for each in place.lanes if each.installed} == {"plugin 0.3"}
