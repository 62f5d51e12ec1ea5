"""From memories to queues: only what changed is looked at again, and verdicts stick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from mem0_tui.curator.purge.carry_out import Purger
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.purge.plan import plan_ids
from mem0_tui.detect.findings import proposed
from mem0_tui.detect.review_queues import ReviewQueues, ScanProgress
from mem0_tui.detect.source import BackendSource
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Delete, Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.verdict import Judgement
from tests.detect.home import Home
from tests.detect.same_text import SameText
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import START

pytestmark = pytest.mark.anyio

FEW = [
    memory(1, "we deploy on Fridays"),
    memory(2, "we deploy on Fridays"),
    memory(3, "noise"),
    memory(4, "we deploy on Fridays", pinned=True),
    memory(5, "the port is 8080"),
]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(tmp_path, FrozenClock(START))
    await home.store.restore(FEW)
    yield home
    await home.close()


async def ids(home: Home, queue: Queue) -> list[tuple[str, ...]]:
    return [each.ids for each in (await home.queues.scan()).of(queue)]


async def test_what_is_found_is_kept_until_something_changes(home: Home) -> None:
    found = await home.queues.scan()
    assert [each.ids for each in found.of(Queue.REPEATS)] == [(uuid_of(1), uuid_of(2), uuid_of(4))]
    assert list(found.inbox) == [uuid_of(n) for n in (5, 4, 3, 2, 1)], "newest first"
    assert found.not_measured[Queue.SECRETS]
    assert Queue.REPEATS not in found.not_measured
    assert await home.queues.scan() is found
    assert len(home.detector.told) == 1


async def test_only_what_changed_is_looked_at_again(home: Home) -> None:
    await home.queues.scan()
    await home.store.restore([memory(6, "the port is 8080")])
    await home.backend.update(uuid_of(3), Edit(text="no longer"))
    await home.backend.delete([uuid_of(2)])
    assert await ids(home, Queue.REPEATS) == [(uuid_of(1), uuid_of(4)), (uuid_of(5), uuid_of(6))]
    assert await ids(home, Queue.NOISE) == []
    assert sorted(home.detector.told[-1]) == [uuid_of(3), uuid_of(6)]
    assert len(home.detector.told) == 2
    assert uuid_of(2) not in (await home.queues.scan()).inbox


async def test_all_is_read_again_where_the_feed_of_changes_has_a_gap(home: Home) -> None:
    await home.queues.scan()
    await home.store.restore([memory(6, "the port is 8080")])
    await home.store.erase([uuid_of(3)])
    assert await ids(home, Queue.REPEATS) == [
        (uuid_of(1), uuid_of(2), uuid_of(4)),
        (uuid_of(5), uuid_of(6)),
    ]
    assert await ids(home, Queue.NOISE) == []
    assert home.detector.told[-1] == [uuid_of(6)], "what did not change is not looked at again"


async def test_a_scan_that_was_broken_off_goes_on_where_it_was(home: Home) -> None:
    await home.store.restore([memory(n) for n in range(10, 2010)])
    begun = asyncio.Event()

    def tell(progress: ScanProgress) -> None:
        assert progress.total == 2005
        begun.set()

    scan = asyncio.create_task(home.queues.scan(tell))  # noqa: TID251 – it is cancelled
    await begun.wait()
    scan.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scan
    found = await home.queues.scan()
    assert found.total == 2005
    told = [id_ for piece in home.detector.told for id_ in piece]
    assert len(told) == len(set(told)) == 2005


async def test_a_backend_that_tells_no_changes_gives_the_same(home: Home) -> None:
    other = ReviewQueues(
        BackendSource(home.backend),
        home.curator.verdicts,
        home.clock,
        detectors=lambda _: [SameText()],
    )
    try:
        assert await other.scan() == await home.queues.scan()
    finally:
        other.close()


async def test_what_was_judged_leaves_its_queue_until_its_text_changes(home: Home) -> None:
    await home.queues.scan()
    await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.KEEP)
    assert await ids(home, Queue.NOISE) == []
    assert uuid_of(3) not in (await home.queues.scan()).inbox
    await home.backend.update(uuid_of(3), Edit(metadata={"type": "decision"}))
    assert await ids(home, Queue.NOISE) == []
    await home.backend.update(uuid_of(3), Edit(text="noise, but other noise"))
    assert await ids(home, Queue.NOISE) == [(uuid_of(3),)]
    await home.backend.update(uuid_of(3), Edit(text="noise"))
    assert await ids(home, Queue.NOISE) == []


async def test_what_is_snoozed_comes_back_on_its_day(home: Home) -> None:
    await home.queues.scan()
    until = START.date() + timedelta(days=3)
    await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.SNOOZE, until)
    home.clock.advance(timedelta(days=2))
    assert await ids(home, Queue.NOISE) == []
    assert uuid_of(3) in (await home.queues.scan()).inbox, "it was put off in another queue"
    home.clock.advance(timedelta(days=1))
    assert await ids(home, Queue.NOISE) == [(uuid_of(3),)]


async def test_a_verdict_is_taken_back(home: Home) -> None:
    await home.queues.scan()
    await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.DONE)
    await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.OPEN)
    assert await ids(home, Queue.NOISE) == [(uuid_of(3),)]
    taken = await home.queues.take_back()
    assert [(each.memory_id, each.judgement) for each in taken] == [(uuid_of(3), Judgement.OPEN)]
    assert await ids(home, Queue.NOISE) == []
    await home.queues.take_back()
    assert await ids(home, Queue.NOISE) == [(uuid_of(3),)]
    assert await home.queues.take_back() == ()


async def test_of_a_group_the_judged_leave_and_the_kept_one_alone_is_none(home: Home) -> None:
    await home.queues.scan()
    await home.queues.judge([Queue.REPEATS], [uuid_of(2)], Judgement.KEEP)
    [left] = (await home.queues.scan()).of(Queue.REPEATS)
    assert left.ids == (uuid_of(1), uuid_of(4))
    await home.queues.judge([Queue.REPEATS], [uuid_of(4)], Judgement.DONE)
    assert await ids(home, Queue.REPEATS) == []


async def test_no_proposal_touches_what_is_pinned_or_kept_in_any_queue(home: Home) -> None:
    found = await home.queues.scan()
    assert proposed(found.found) == [Delete(uuid_of(2)), Delete(uuid_of(3))], "4 is pinned"
    await home.queues.judge([Queue.INBOX], [uuid_of(2)], Judgement.KEEP)
    found = await home.queues.scan()
    assert [each.ids for each in found.of(Queue.REPEATS)] == [(uuid_of(1), uuid_of(2), uuid_of(4))]
    assert proposed(found.found) == [Delete(uuid_of(3))]


async def test_verdicts_survive_a_restart_and_hold_for_every_process(home: Home) -> None:
    await home.queues.scan()
    other = Home(home.folder, home.clock)
    try:
        await other.queues.scan()
        await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.KEEP)
        assert await ids(other, Queue.NOISE) == []
    finally:
        await other.close()
    again = Home(home.folder, home.clock)
    try:
        assert await ids(again, Queue.NOISE) == []
    finally:
        await again.close()


async def test_verdicts_hold_for_a_memory_that_comes_back_under_its_id(home: Home) -> None:
    await home.queues.scan()
    await home.queues.judge([Queue.NOISE], [uuid_of(3)], Judgement.KEEP)
    exported = await home.backend.get(uuid_of(3))
    await home.backend.delete([uuid_of(3)])
    assert await ids(home, Queue.NOISE) == []
    await home.backend.restore(replace(exported, metadata={"again": True}))
    assert await ids(home, Queue.NOISE) == []


async def test_a_purge_leaves_no_verdict_behind(home: Home) -> None:
    await home.queues.scan()
    await home.queues.judge([Queue.NOISE, Queue.INBOX], [uuid_of(3)], Judgement.KEEP)
    await home.queues.judge([Queue.INBOX], [uuid_of(5)], Judgement.SNOOZE, date(2027, 1, 1))
    verdicts = await home.curator.verdicts()
    plan = await plan_ids(home.curator, [uuid_of(3)])
    roots = Roots((home.folder / "store.db", home.folder / "journal.db"), (), (), home.folder)
    report = await Purger(home.curator, roots).purge(plan)
    assert report.purged == (uuid_of(3),)
    assert [each.memory_id for each in await verdicts.all()] == [uuid_of(5)]
