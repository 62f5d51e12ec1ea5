"""The index of evidence: one SQLite file that remembers what was read of which file.

Only ids, hashes, places and times are in it. What does not open is made anew, for nothing in it
is not in the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mem0_tui.evidence.event import Found, RolloutReading, SessionMeta
from mem0_tui.evidence.file import EvidenceFile
from mem0_tui.evidence.schema import APPLICATION_ID, MIGRATIONS
from mem0_tui.model.errors import StoreCorruptError, StoreNewerError
from mem0_tui.store.sqlite.database import Database

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was read last."""

    id: int
    path: str
    inode: int
    size: int
    modified: int
    position: int
    head: int
    tail: int
    turn: str
    problem: str
    gone: bool
    too_long: int

    def is_same(self, file: EvidenceFile) -> bool:
        """Whether *file* has not changed since, and could be read."""
        return (self.inode, self.size, self.modified, self.path) == (
            file.inode,
            file.size,
            file.modified,
            file.path,
        ) and not (self.gone or self.problem)


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a file was read."""

    position: int = 0
    head: int = 0
    tail: int = 0
    turn: str = ""
    too_long: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over a file found."""

    file: EvidenceFile
    reading: RolloutReading
    progress: IndexProgress
    start: int
    """The byte from which it was read on."""


class Index:
    """One open index."""

    def __init__(self, path: Path) -> None:
        """Open the index at *path*, making it (0600) where there is none that can be used.

        Raises:
            StoreError: it cannot be written.
        """
        self.path = path
        try:
            self._database = _open(path)
        except (StoreCorruptError, StoreNewerError):
            for suffix in ("-wal", "-shm", ""):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._database = _open(path)

    def close(self) -> None:
        """Finish what was begun."""
        self._database.close()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run *work* on one snapshot."""
        return self._database.read_now(work)

    def files(self) -> dict[str, KnownFile]:
        """What was read, by name."""

        def work(connection: sqlite3.Connection) -> dict[str, KnownFile]:
            rows = connection.execute(
                "SELECT name, id, path, inode, size, modified, position, head, tail, turn, problem,"
                " gone, too_long FROM files"
            )
            return {row[0]: KnownFile(*row[1:]) for row in rows}

        return self.read(work)

    def session(self, file: KnownFile) -> SessionMeta:
        """What the session of *file* is known as."""

        def work(connection: sqlite3.Connection) -> SessionMeta:
            row = connection.execute(
                "SELECT t.thread, t.root, t.parent, t.forked_from, t.started, t.cwd, t.branch,"
                " t.commit_id, t.version, t.agent FROM files f JOIN threads t ON t.id = f.thread"
                " WHERE f.id = ?",
                (file.id,),
            ).fetchone()
            return SessionMeta(*row) if row else SessionMeta()

        return self.read(work)

    def keep(self, passes: Sequence[Pass]) -> None:
        """Keep what *passes* found, in place of what was kept of their files from there on."""

        def work(connection: sqlite3.Connection) -> None:
            keys: dict[str, int] = {}
            for each in passes:
                _keep_pass(connection, each, keys)

        self._database.write(work).result()

    def problems(self) -> list[str]:
        """Which files cannot be read, and why."""
        rows = self.read(
            lambda connection: connection.execute(
                "SELECT path, problem FROM files WHERE problem <> '' AND NOT gone"
            ).fetchall()
        )
        return [f"{path}: {problem}" for path, problem in rows]

    def keep_rows(
        self, file: EvidenceFile, found: Sequence[tuple[str, Found]], problem: str = ""
    ) -> None:
        """Keep what a database says, each thing with its thread, in place of what it said."""

        def work(connection: sqlite3.Connection) -> None:
            file_id = _keep_file(connection, file, IndexProgress(problem=problem))
            connection.execute("DELETE FROM uses WHERE file = ?", (file_id,))
            threads = {
                name: _keep_thread(connection, SessionMeta(thread=name))
                for name in {name for name, _ in found}
            }
            keys: dict[str, int] = {}
            for name, thread in threads.items():
                mine = [each for of, each in found if of == name]
                _keep_found(connection, file_id, thread, mine, keys)

        self._database.write(work).result()

    def keep_threads(self, file: EvidenceFile, rows: Sequence[tuple[object, ...]]) -> None:
        """Keep Codex's own list of threads: id, start and end in milliseconds, folder, branch,
        commit and memory mode of each."""

        def work(connection: sqlite3.Connection) -> None:
            _keep_file(connection, file, IndexProgress())
            connection.execute("UPDATE threads SET listed = 0")
            connection.executemany(
                "INSERT INTO threads (thread, started, seen, cwd, branch, commit_id, memory_mode,"
                " listed) VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (thread) DO UPDATE SET"
                " started = iif(started, started, excluded.started),"
                " seen = max(seen, excluded.seen),"
                " cwd = iif(cwd <> '', cwd, excluded.cwd),"
                " branch = iif(branch <> '', branch, excluded.branch),"
                " commit_id = iif(commit_id <> '', commit_id, excluded.commit_id),"
                " memory_mode = excluded.memory_mode, listed = 1",
                rows,
            )

        self._database.write(work).result()

    def move(self, file: EvidenceFile, known: KnownFile) -> None:
        """Note that *file* is elsewhere, or in another form, and holds what it held."""
        progress = IndexProgress(known.position, known.head, known.tail, known.turn, known.too_long)
        self._database.write(lambda c: _keep_file(c, file, progress)).result()

    def lose(self, files: Iterable[KnownFile]) -> None:
        """Note that *files* are not there any more; what they said stays true."""
        ids = [(file.id,) for file in files]
        self._database.write(
            lambda c: c.executemany("UPDATE files SET gone = 1 WHERE id = ?", ids)
        ).result()


def _open(path: Path) -> Database:
    return Database(path, MIGRATIONS, durable=False, application_id=APPLICATION_ID)


def _keep_pass(connection: sqlite3.Connection, found: Pass, keys: dict[str, int]) -> None:
    reading, thread = found.reading, None
    if reading.meta.thread:
        last = max([t.at for t in reading.turns] + [f.at for f in reading.found], default=0)
        thread = _keep_thread(connection, reading.meta, last)
    file_id = _keep_file(connection, found.file, found.progress, thread)
    for table in ("uses", "turns"):
        connection.execute(
            f"DELETE FROM {table} WHERE file = ? AND position >= ?", (file_id, found.start)
        )
    if thread is None:
        return
    connection.executemany(
        "INSERT INTO turns (thread, turn, file, position, at) VALUES (?, ?, ?, ?, ?)",
        [(thread, t.id, file_id, t.offset, t.at) for t in reading.turns],
    )
    _keep_found(connection, file_id, thread, reading.found, keys)


def _keep_file(
    connection: sqlite3.Connection,
    file: EvidenceFile,
    progress: IndexProgress,
    thread: int | None = None,
) -> int:
    row = connection.execute(
        "INSERT INTO files (name, path, kind, inode, size, modified, position, head, tail, turn,"
        " too_long, problem, thread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO"
        " UPDATE SET path = excluded.path, inode = excluded.inode, size = excluded.size,"
        " modified = excluded.modified, position = excluded.position, head = excluded.head,"
        " tail = excluded.tail, turn = excluded.turn, too_long = excluded.too_long,"
        " problem = excluded.problem, thread = coalesce(excluded.thread, thread), gone = 0"
        " RETURNING id",
        (
            *(file.name, file.path, file.kind, file.inode, file.size, file.modified),
            *(progress.position, progress.head, progress.tail, progress.turn),
            *(progress.too_long, progress.problem, thread),
        ),
    ).fetchone()
    return int(row[0])


def _keep_thread(connection: sqlite3.Connection, meta: SessionMeta, seen: int = 0) -> int:
    row = connection.execute(
        "INSERT INTO threads (thread, root, parent, forked_from, started, cwd, branch, commit_id,"
        " version, agent, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (thread) DO UPDATE SET"
        " root = max(root, excluded.root), parent = max(parent, excluded.parent),"
        " forked_from = max(forked_from, excluded.forked_from),"
        " started = iif(started AND started < excluded.started OR NOT excluded.started, started,"
        " excluded.started),"
        " cwd = max(cwd, excluded.cwd), branch = iif(branch <> '', branch, excluded.branch),"
        " commit_id = iif(commit_id <> '', commit_id, excluded.commit_id),"
        " version = max(version, excluded.version), agent = max(agent, excluded.agent),"
        " seen = max(seen, excluded.seen) RETURNING id",
        (
            *(meta.thread, meta.root, meta.parent, meta.forked_from, meta.started, meta.cwd),
            *(meta.branch, meta.commit, meta.version, meta.agent, seen),
        ),
    ).fetchone()
    return int(row[0])


def _keep_found(
    connection: sqlite3.Connection,
    file_id: int,
    thread: int,
    found: Sequence[Found],
    ids: dict[str, int],
) -> None:
    """Keep *found*; *ids* has the numbers of keys that were met in this transaction, and gets the
    others."""
    for key in {each.key for each in found} - ids.keys():
        connection.execute("INSERT OR IGNORE INTO keys (key) VALUES (?)", (key,))
        row = connection.execute("SELECT id FROM keys WHERE key = ?", (key,)).fetchone()
        ids[key] = row[0]
    rows = []
    turns: dict[str, int] = {}
    for each in found:
        if each.turn not in turns:
            row = connection.execute(
                "SELECT id FROM turns WHERE thread = ? AND turn = ? ORDER BY id LIMIT 1",
                (thread, each.turn),
            ).fetchone()
            turns[each.turn] = row[0] if row else 0
        rows.append(
            (
                *(ids[each.key], file_id, each.offset, int(each.kind), int(each.source)),
                *(thread, turns[each.turn], each.at, each.rank),
            )
        )
    connection.executemany("INSERT OR REPLACE INTO uses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
