"""Reads what other programs' databases say: Mem0's plugin of what it gave, Codex of its threads.

They are read without a lock and without leaving a file beside them; older ones lack columns.
"""

from __future__ import annotations

from mem0_tui.evidence.event import Found, FoundKind, FoundSource, is_memory_id, milliseconds
from mem0_tui.store.sqlite.foreign import read_foreign

PLUGIN_FILE = "evidence.sqlite3"
THREADS_FILE = "state_5.sqlite"
_MOST = 500_000
"""Rows that are read."""


def read_retrievals(path: str) -> list[tuple[str, Found]]:
    """What the plugin gave to which session (mem0 plugin 0.3.0 to 0.3.4).

    Raises:
        StoreError: it is no database, or damaged.
    """
    with read_foreign(path) as database:
        columns = database.columns("retrievals")
        if not {"session_id", "memory_id", "injected_at"} <= columns:
            return []
        rank = "rank" if "rank" in columns else "0"
        rows = database.rows(
            f"SELECT rowid, session_id, memory_id, injected_at, {rank} FROM retrievals"
            " ORDER BY rowid LIMIT ?",
            _MOST,
        )
    return [
        (
            str(session),
            Found(
                *(FoundKind.GIVEN, FoundSource.PLUGIN, str(memory)),
                *(row if isinstance(row, int) else 0, milliseconds(at), ""),
                place if isinstance(place, int) else 0,
            ),
        )
        for row, session, memory, at, place in rows
        if is_memory_id(str(memory))
    ]


def read_threads(path: str) -> list[tuple[object, ...]]:
    """Codex's own list of its threads, as :meth:`Index.keep_threads` takes it (0.150 to 0.171).

    Raises:
        StoreError: it is no database, or damaged.
    """
    with read_foreign(path) as database:
        columns = database.columns("threads")
        if not {"id", "created_at", "updated_at", "cwd"} <= columns:
            return []

        def or_blank(name: str) -> str:
            return f"coalesce({name}, '')" if name in columns else "''"

        return database.rows(
            "SELECT id, created_at * 1000, updated_at * 1000, cwd,"
            f" {or_blank('git_branch')}, {or_blank('git_sha')}, {or_blank('memory_mode')}"
            " FROM threads LIMIT ?",
            _MOST,
        )
