"""Sessions as the index knows them: where, when, and which memories they were given and wrote."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.file import COMPRESSED, is_archived
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.use import TURN, UseRow, moment_of

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A rollout of a session."""

    path: str
    gone: bool
    problem: str

    @property
    def state(self) -> str:
        """``there``, ``archived``, ``compressed``, ``missing`` or ``unreadable``."""
        if self.gone or not os.path.exists(self.path):
            return "missing"
        if self.problem:
            return "unreadable"
        if self.path.endswith(COMPRESSED):
            return "compressed"
        return "archived" if is_archived(self.path) else "there"


@dataclass(frozen=True, slots=True)
class SessionTurn:
    """A turn, and where it begins."""

    id: str
    at: datetime
    path: str
    position: int
    end: int | None = None
    """The byte at which the next turn begins; None where it is the file's last."""


@dataclass(frozen=True, slots=True)
class CodexSession:
    """One thread of Codex."""

    id: str
    root: str
    """The session that a person began."""
    parent: str
    forked_from: str
    agent: str
    started: datetime | None
    seen: datetime | None
    """The last that is known of it."""
    folder: str
    branch: str
    commit: str
    version: str
    memory_mode: str
    """``enabled``, ``disabled`` or ``polluted``, as Codex's own list says; blank where it does
    not."""
    files: tuple[SessionFile, ...]
    rows: tuple[UseRow, ...]

    def keys(self, *kinds: FoundKind) -> list[str]:
        """The memories to which that happened here, in the order in which it did."""
        rows = sorted((row for row in self.rows if row.kind in kinds), key=lambda row: row.at)
        return list(dict.fromkeys(row.key for row in rows))

    @property
    def resumes(self) -> str:
        """The command that goes on with it; blank for a subagent, and where its file is not in
        use."""
        return f"codex resume {self.id}" if self.state == "there" and not self.parent else ""

    @property
    def state(self) -> str:
        """What can be said of its files in a word; ``missing`` where there is none."""
        states = [file.state for file in self.files]
        wanting = ("missing", "unreadable", "compressed", "archived")
        return next((s for s in wanting if s in states), "there" if states else "missing")


_COLUMNS = (
    "t.id, t.thread, t.root, t.parent, t.forked_from, t.agent, t.started, t.seen, t.cwd, t.branch,"
    " t.commit_id, t.version, t.memory_mode"
)


def read_sessions(
    index: Index, *, begins: str = "", limit: int | None = None, with_memories: bool = False
) -> tuple[list[CodexSession], int]:
    """The sessions whose id *begins* so, the latest first, and how many there are.

    *with_memories* leaves out those that no memory was given to, and that wrote none.
    """

    def work(connection: sqlite3.Connection) -> tuple[list[CodexSession], int]:
        where = "t.thread >= ? AND t.thread < ? || x'7f'"
        if with_memories:
            where += " AND EXISTS (SELECT 1 FROM uses u WHERE u.thread = t.id)"
        count = connection.execute(f"SELECT count(*) FROM threads t WHERE {where}", (begins,) * 2)
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM threads t WHERE {where}"
            " ORDER BY max(t.seen, t.started) DESC, t.thread LIMIT ?",
            (begins, begins, -1 if limit is None else limit),
        ).fetchall()
        return [_session(connection, row) for row in rows], int(count.fetchone()[0])

    return index.read(work)


def turns_of(index: Index, session: str) -> list[SessionTurn]:
    """The turns of *session*, the first first."""

    def work(connection: sqlite3.Connection) -> Sequence[tuple[str, int, str, int]]:
        return connection.execute(
            "SELECT n.turn, n.at, f.path, n.position FROM turns n JOIN threads t ON t.id = n.thread"
            " JOIN files f ON f.id = n.file WHERE t.thread = ? ORDER BY n.at, n.id",
            (session,),
        ).fetchall()

    rows = index.read(work)
    begins: dict[str, list[int]] = {}
    for _, _, path, position in rows:
        begins.setdefault(path, []).append(position)
    after = {path: sorted(positions) for path, positions in begins.items()}
    turns = []
    for turn, at, path, position in rows:
        there = after[path]
        following = bisect_right(there, position)
        end = there[following] if following < len(there) else None
        turns.append(SessionTurn(turn, moment_of(at), path, position, end))
    return turns


def _session(connection: sqlite3.Connection, row: tuple[Any, ...]) -> CodexSession:
    number, thread, root, parent, forked_from, agent, started, seen, *where = row
    cwd, branch, commit, version, mode = where
    files = connection.execute(
        "SELECT path, gone, problem FROM files WHERE thread = ? AND kind = 'rollout' ORDER BY name",
        (number,),
    ).fetchall()
    uses = connection.execute(
        f"SELECT k.key, u.kind, u.source, ?, {TURN}, u.at, u.rank FROM uses u"
        " JOIN keys k ON k.id = u.key LEFT JOIN turns n ON n.id = u.turn WHERE u.thread = ?",
        (thread, number),
    ).fetchall()
    return CodexSession(
        id=thread,
        root=root,
        parent=parent,
        forked_from=forked_from,
        agent=agent,
        started=moment_of(started) if started else None,
        seen=moment_of(seen or started) if seen or started else None,
        folder=cwd,
        branch=branch,
        commit=commit,
        version=version,
        memory_mode=mode,
        files=tuple(SessionFile(path, bool(gone), problem) for path, gone, problem in files),
        rows=tuple(map(UseRow._make, uses)),
    )
