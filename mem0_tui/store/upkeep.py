"""What a store forgets by itself: content that was kept for long enough, in the background.

Each step is small and waits its turn behind other writes; a process that ends in between leaves
the rest to the next one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import Future
from datetime import datetime, timedelta

from mem0_tui.model.errors import StoreError
from mem0_tui.store import changes
from mem0_tui.store.erasure.sweep import empty_log, is_unmerged, merge_step
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.timestamps import to_micros

_AGAIN = timedelta(hours=1)
"""How long after a look the next one is worth it."""


class Upkeep:
    """Looks now and then whether there is something to forget, and forgets it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked: datetime | None = None

    def look(self, now: datetime) -> None:
        """Begin, without waiting for it, what is due at *now*; at most once an hour."""
        if self._database.frozen or (self._looked and now - self._looked < _AGAIN):
            return
        self._looked = now
        micros = to_micros(now)
        if self._database.read_now(lambda c: changes.is_expiry_due(c, micros)):
            self._database.write(lambda c: changes.expire(c, micros))
            self._merge(first=True)
        elif self._database.read_now(is_unmerged, statements=1):
            self._merge(first=True)

    def _merge(self, *, first: bool) -> None:
        def work(connection: sqlite3.Connection) -> bool:
            return merge_step(connection, first=first)

        def done(step: Future[bool]) -> None:
            if step.cancelled() or step.exception() is not None:
                return  # the next process takes it up
            with contextlib.suppress(StoreError):  # it was closed meanwhile
                if step.result():
                    self._merge(first=False)
                else:
                    self._database.maintain(lambda c: empty_log(c, 0))

        self._database.write(work).add_done_callback(done)
