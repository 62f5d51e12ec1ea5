"""The scan behind the queues: it waits for keys, tells how far it is, and fails in words."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.errors import StoreError
from mem0_tui.model.verdict import Verdict
from mem0_tui.store.journal.verdicts import Verdicts
from mem0_tui.tui.controllers import queues
from mem0_tui.tui.runtime.threads import only_young_collected
from tests.tui.harness import Bench, browse, notices, press, settle, text_of, until
from tests.tui.queues.conftest import Finder
from tests.tui.queues.test_judging import open_queue, tabs

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_between_its_pieces_the_scan_lets_keys_go_first(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: browse(app).session.queues.scanned)
        await press(pilot, "j")
        assert app.is_busy_with_keys(600)
        await browse(app).controllers.queues._pause()
        assert not app.is_busy_with_keys(queues._REST)


async def test_while_it_scans_old_objects_are_left_alone_and_then_as_before(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = gc.get_threshold(), []
    work = Finder.work

    def watched(finder: Finder) -> Iterator[None]:
        seen.append(gc.get_threshold())
        return work(finder)

    monkeypatch.setattr(Finder, "work", watched)
    stays: list[bool] = []
    app = desk.app(scanned=lambda: stays.append(True))
    async with app.run_test() as pilot:
        await until(pilot, lambda: not browse(app).session.queues.scanning)
        assert seen[0][:2] == before[:2]
        assert seen[0][2] > 100 * before[2]
        assert gc.get_threshold() == before
        assert stays == [True]
    with pytest.raises(ValueError, match="any"), only_young_collected():
        raise ValueError("any")
    assert gc.get_threshold() == before


async def test_a_scan_that_fails_says_why_and_the_next_one_is_looked_at(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, broken = ReviewQueues.scan, [True]

    async def failing(service: ReviewQueues, progress: object = None) -> object:
        if broken:
            raise StoreError("the store cannot be read just now")
        return await scan(service, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(ReviewQueues, "scan", failing)
    app = desk.app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: "cannot be read just now" in notices(app))
        assert not browse(app).session.queues.scanning
        assert tabs(app) == "Inbox [All]"
        await press(pilot, "left_square_bracket")
        assert "Looking through the memories" in text_of(app)
        await press(pilot, "c")
        assert "still being looked through" in notices(app)
        broken.clear()
        await press(pilot, "f5")
        await until(pilot, lambda: "Repeats 3" in tabs(app))
        assert "[Inbox 12]" in tabs(app)


async def test_a_verdict_that_cannot_be_kept_does_not_count(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_self: Verdicts, _verdicts: list[Verdict]) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Verdicts, "record", full)
    app = desk.app()
    async with app.run_test() as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "K")
        await settle(pilot)
        assert "the disk is full" in notices(app)
        assert "[Noise 3 +1?]" in tabs(app)


async def test_what_others_write_changes_the_queues_that_are_shown(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test() as pilot:
        await open_queue(pilot, Queue.REPEATS)
        found = await desk.store_library.memories(await desk.store_library.keys())
        last = next(memory for memory in found.values() if memory.text == "sign commits")
        await desk.backend.delete([last.id])
        await until(pilot, lambda: "[Repeats 2]" in tabs(app))
        assert "sign commits" not in text_of(app)
