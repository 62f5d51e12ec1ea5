"""A store with its journal and its queues, for tests of what is around detectors."""

from __future__ import annotations

from pathlib import Path

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.service import Curator
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.detect.same_text import SameText


class Home:
    """One store with its journal, as one process has it open."""

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.folder, self.clock = folder, clock
        self.store = open_store(folder / "store.db", clock, durable=False)
        self.backend = LocalBackend(self.store)
        self.journal = Journal(folder / "journal.db", clock=clock)
        self.curator = Curator(
            self.backend, self.journal, clock=clock, snapshot_folder=folder / "snapshots"
        )
        self.detector = SameText()
        self.queues = ReviewQueues(
            LibrarySource(LocalLibrary(self.store)),
            self.curator.verdicts,
            clock,
            detectors=lambda _: [self.detector],
        )

    async def close(self) -> None:
        self.queues.close()
        self.journal.close()
        await self.backend.aclose()
