"""What every backend promises about statistics: the numbers of its memories, wherever one is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from mem0_tui.backends.library.mirror import MirrorLibrary
from mem0_tui.curator.reader import Reader
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.model.query import Query, parse
from mem0_tui.model.tally import tallied
from mem0_tui.presenting.stats.statistics import statistics
from tests.contract.conftest import NOW, Bench
from tests.contract.test_reading import fill

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["Pacific/Auckland", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine whose days begin elsewhere than those of UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("zone")
async def test_statistics_count_what_the_list_finds_by_days_of_utc(bench: Bench) -> None:
    today = NOW.date()
    midnight = NOW.replace(hour=0)
    edges = (midnight, midnight - timedelta(seconds=1))
    drafts = [Draft(f"made at {at}", Scope(user_id="kim"), {}, created_at=at) for at in edges]
    everything = [*await fill(bench), *[await bench.backend.add(each) for each in drafts]]
    reader = Reader(bench.backend, clock=FrozenClock(NOW))
    tallies, _ = await reader.count(Query())
    found = statistics(Query(), tallies, today)
    assert found == statistics(Query(), tallied(everything), today)
    assert found.total == len(everything)
    day = next(cell for cell in reversed(found.days) if cell.count)
    kind = max(found.kinds, key=lambda cell: cell.count)
    for cell in (day, kind, *found.ages):
        listed = await reader.list(parse(cell.query), limit=100)
        assert len(listed.items) == cell.count, cell.query
    assert sum(cell.count for cell in found.ages) == found.total
    library = MirrorLibrary(bench.backend, FrozenClock(NOW))
    try:
        await library.refresh()
        mirrored = await library.tallies()
        assert statistics(Query(), mirrored, today) == found
    finally:
        await library.aclose()
