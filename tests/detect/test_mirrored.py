"""Queues of a remote backend: the copy tells what has changed, and says when it is a part."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.backends.library.mirror import MirrorLibrary
from mem0_tui.curator.service import Curator
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.journal.journal import Journal
from tests.detect.same_text import SameText
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import REMOTE, START, MemoryBackend

pytestmark = pytest.mark.anyio


async def test_what_a_server_tells_later_is_looked_at_alone(tmp_path: Path) -> None:
    clock = FrozenClock(START)
    backend = MemoryBackend([memory(n) for n in range(1, 300)], can=REMOTE)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=tmp_path)
    mirror, detector = MirrorLibrary(backend, clock), SameText()
    queues = ReviewQueues(
        LibrarySource(mirror), curator.verdicts, clock, detectors=lambda _: [detector]
    )
    try:
        assert (await queues.scan()).missing, "nothing has been read of the server yet"
        await mirror.refresh()
        whole = await queues.scan()
        assert not whole.missing
        assert whole.total == 299
        told = len(detector.told)

        await backend.update(uuid_of(7), Edit(text="memory number 8"))
        await mirror.refresh([uuid_of(7)])
        [group] = (await queues.scan()).of(Queue.REPEATS)
        assert group.ids == (uuid_of(7), uuid_of(8))
        assert detector.told[told:] == [[uuid_of(7)]]
    finally:
        queues.close()
        journal.close()
        await mirror.aclose()
