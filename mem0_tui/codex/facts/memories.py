"""Codex's own memories: whether they are on, what they hold, and what keeps sessions out of them.

Files and tables as of Codex 0.171.0, where the feature is stable and off. Its databases are read
without a lock and without leaving a file beside them, and only while the feature is on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.files.text_file import FileState, note, read
from mem0_tui.model.record import Record

SUMMARY = "memory_summary.md"
"""What Codex gives to every session."""
BUDGET = 10_000
"""Bytes of the summary that a session is given: 2,500 tokens of four bytes (0.150.0 to 0.171.0)."""
EXTERNAL = ("disable_on_external_context", "no_memories_if_mcp_or_web_search")
"""The switch under both of its names, today's first."""


class CodexMemories(Record):
    """What one look shows of Codex's own memories."""

    enabled: bool
    generates: bool
    """Whether sessions are turned into memories."""
    uses: bool
    """Whether sessions are given the summary."""
    keeps_out: str | None
    """The key by which sessions that call an MCP tool are kept out; None where none does."""
    summary: int
    """Characters of the summary, 0 where there is none."""
    folder: str
    summary_bytes: int = 0
    """The same in UTF-8."""
    sessions: Mapping[str, int] = MappingProxyType({})
    """How many sessions Codex knows by their mode: ``enabled``, ``disabled``, ``polluted``."""
    digested: int = 0
    """Sessions of which Codex keeps a digest."""
    failed: tuple[str, ...] = ()
    """The errors of jobs that failed last, the newest first."""
    problem: str | None = None
    """Why one of Codex's databases cannot be read."""

    def spot(self, config: Config, *key: str) -> Spot:
        """Where a setting stands, or Codex's folder of memories where none does."""
        return config.spot(*key) if config.origin(*key) else Spot(self.folder)


def read_memories(config: Config, homes: Homes) -> CodexMemories | None:
    """Codex's own memories; None where nobody has switched them and there are none."""
    folder = os.path.join(homes.codex_home, "memories")
    note(folder)
    switch = config.feature("memories")
    if switch is None and not os.path.isdir(folder):
        return None
    file = read(os.path.join(folder, SUMMARY))
    found = CodexMemories(
        enabled=switch is True,
        generates=config.get("memories", "generate_memories") is not False,
        uses=config.get("memories", "use_memories") is not False,
        keeps_out=next((k for k in EXTERNAL if config.get("memories", k) is True), None),
        summary=len(file.text.strip()) if file.state is FileState.OK else 0,
        folder=folder,
        summary_bytes=len(file.text.strip().encode()) if file.state is FileState.OK else 0,
    )
    return _with_records(found, homes) if found.enabled else found


def _with_records(found: CodexMemories, homes: Homes) -> CodexMemories:
    """*found* with what Codex's databases say."""
    from mem0_tui.model.errors import StoreError

    try:
        return found.replace(
            sessions=MappingProxyType(_sessions(os.path.join(homes.codex_home, "state_5.sqlite"))),
            **_work(os.path.join(homes.codex_home, "memories_1.sqlite")),
        )
    except StoreError as error:
        return found.replace(problem=error.message)


def _sessions(path: str) -> dict[str, int]:
    rows = _rows(
        path, "threads", "memory_mode", "SELECT memory_mode, count(*) FROM threads GROUP BY 1"
    )
    return {str(mode): int(str(count)) for mode, count in rows}


def _work(path: str) -> dict[str, object]:
    digested = _rows(path, "stage1_outputs", "thread_id", "SELECT count(*) FROM stage1_outputs")
    errors = "SELECT last_error FROM jobs WHERE status = 'error' ORDER BY finished_at DESC"
    failed = _rows(path, "jobs", "last_error", errors)
    from mem0_tui.model.secret import redact
    from mem0_tui.model.text import one_line

    return {
        "digested": int(str(digested[0][0])) if digested else 0,
        "failed": tuple(one_line(redact(str(error or ""))) for (error,) in failed),
    }


def _rows(path: str, table: str, column: str, statement: str) -> list[tuple[object, ...]]:
    """What *statement* gives, nothing where the database has no such table and column."""
    for name in (path, f"{path}-wal"):
        note(name)
    if not os.path.isfile(path):
        return []
    from mem0_tui.store.sqlite.foreign import read_foreign

    with read_foreign(path) as database:
        return database.rows(statement) if column in database.columns(table) else []
