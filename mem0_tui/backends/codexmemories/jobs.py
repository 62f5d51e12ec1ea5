"""Whether Codex is writing its memories just now (tables of Codex 0.171.0)."""

from __future__ import annotations

import os

from mem0_tui.model.errors import RefusedError
from mem0_tui.store.sqlite.foreign import read_foreign

DATABASE = "memories_1.sqlite"
_COLUMNS = frozenset({"kind", "status", "lease_until"})
_RUNNING = "SELECT kind FROM jobs WHERE status = 'running' AND coalesce(lease_until, ?) >= ?"


def check_idle(codex_home: str, now: float) -> None:
    """Do nothing if no job writes Codex's memories at *now*, in seconds since 1970.

    Raises:
        RefusedError: one does; a text that is changed meanwhile would be lost.
        StoreError: Codex's database cannot be read, so nobody knows.
    """
    path = os.path.join(codex_home, DATABASE)
    if not os.path.isfile(path):
        return
    with read_foreign(path) as database:
        if not database.columns("jobs") >= _COLUMNS:
            return
        running = database.rows(_RUNNING, int(now), int(now))
    if running:
        raise RefusedError(
            "Codex is writing its memories now",
            hint="wait until it is done, or add a note that says what to forget: it is read next",
        )


def kept_sessions(codex_home: str) -> frozenset[str]:
    """The sessions of which Codex keeps a digest: their summaries come back when deleted."""
    path = os.path.join(codex_home, DATABASE)
    if not os.path.isfile(path):
        return frozenset()
    with read_foreign(path) as database:
        if "thread_id" not in database.columns("stage1_outputs"):
            return frozenset()
        return frozenset(
            str(row[0]) for row in database.rows("SELECT thread_id FROM stage1_outputs")
        )
