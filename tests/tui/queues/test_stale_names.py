"""From a memory that names what is gone to the commit that removed it, by keys."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.detect.suspicion import Queue
from mem0_tui.evidence.staleness.service import Checkout, StaleNames
from mem0_tui.store import changes
from mem0_tui.store.rows import row_of
from mem0_tui.tui.modals.names_view import NamesView
from tests.evidence.staleness.made import Commit, git, lines, make
from tests.tui.harness import Bench, bench, browse, frame_of, notices, press, settle, text_of, until
from tests.tui.queues.conftest import memory
from tests.tui.queues.test_judging import open_queue
from tests.tui.scenes import still

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="paths are drawn as on POSIX"),
]

TEXTS = ("Retries are capped in src/net/retry.py", "The port is 8080")
SIZES = {"vast": (220, 50), "wide": (140, 40), "normal": (80, 24), "narrow": (60, 20)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(
        tmp_path_factory.mktemp("names") / "shop",
        [
            Commit("2025-01-01", put={"src/net/retry.py": lines(9), "src/app.py": lines(9, "x")}),
            Commit("2096-01-01", drop=["src/net/retry.py"], put={"src/app.py": lines(8, "x")}),
        ],
    )


@pytest.fixture
def desk(tmp_path: Path, shop: Path) -> Iterator[Bench]:
    """Two memories of shop-api, one of which names a file that is gone."""
    names = StaleNames(lambda: [Checkout(str(shop), frozenset({"shop-api"}))])
    with bench(tmp_path, count=0) as made:
        rows = [row_of(memory(n, text), made.clock) for n, text in enumerate(TEXTS)]
        author = made.store.author(None, None)
        made.store.database.write(lambda c: changes.add(c, rows, author)).result()

        def queues(pause: object) -> ReviewQueues:
            return ReviewQueues(
                LibrarySource(made.parts.library),
                made.curator.verdicts,
                made.clock,
                repositories=lambda: names,
                pause=pause,  # type: ignore[arg-type]
            )

        parts = replace(made.parts, queues=queues, stale_names=lambda: names)
        yield replace(made, parts=parts)


async def test_from_a_stale_memory_to_the_commit_that_removed_its_file(
    desk: Bench, shop: Path
) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await open_queue(pilot, Queue.STALE)
        commit = git(shop, "rev-parse", "HEAD").strip()
        reason = f"names src/net/retry.py, which is gone ({commit[:8]}, 2096-01-01)"
        assert reason in text_of(app)
        await press(pilot, "o")
        await until(pilot, lambda: isinstance(app.screen, NamesView))
        await settle(pilot)
        shown = text_of(app)
        assert f"removed by {commit[:8]}, 2096-01-01" in shown
        assert f"commit {commit}" in shown
        assert "change 2" in shown
        assert shown.index("D src/net/retry.py") < shown.index("M src/app.py")
        await press(pilot, "escape")
        assert not isinstance(app.screen, NamesView)


async def test_outside_the_queue_its_row_bears_a_sign_until_it_is_judged(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await open_queue(pilot, Queue.STALE)
        await open_queue(pilot, Queue.INBOX)
        memories = browse(app).memories
        lines = [memories.draw_line(at, 80).text for at in range(len(memories.rows))]
        assert ["† Retries" in line for line in lines] == ["Retries" in line for line in lines]
        await press(pilot, "home" if "Retries" in lines[0] else "end")
        assert "names src/net/retry.py, which is gone" in text_of(app)
        await open_queue(pilot, Queue.STALE)
        await press(pilot, "K")
        await until(pilot, lambda: not memories.decorations.stale)


async def test_a_memory_that_names_nothing_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await open_queue(pilot, Queue.INBOX)
        await press(pilot, "end", "o")
        said = "no other memory has replaced this one, and git has nothing to show"
        assert said in notices(app)


async def test_how_it_looks(desk: Bench, snapshot: SnapshotAssertion) -> None:
    app = still(desk.app())
    async with app.run_test(size=SIZES["vast"]) as pilot:
        await open_queue(pilot, Queue.STALE)
        await press(pilot, "o")
        await until(pilot, lambda: isinstance(app.screen, NamesView))
        for name, size in SIZES.items():
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert frame_of(app) == snapshot(name=name)
