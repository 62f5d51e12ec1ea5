"""Looks for what was purged in every file of ours, and says of what it finds why it is there."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from mem0_tui.store.erasure.files import files_below
from mem0_tui.store.erasure.search import Held
from mem0_tui.store.erasure.traces import Traces, all_words

TEMPORARY = "mem0-tui-"
"""What the names of our temporary folders begin with."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Roots:
    """Where files are that may hold what a memory says."""

    databases: tuple[Path, ...]
    """The store (for an embedded one) and the journal; files beside them whose names begin with
    theirs are copies, or SQLite's own."""
    ours: tuple[Path, ...]
    """Files, and folders in which every file is ours, that may be changed: snapshots, hooks."""
    folders: tuple[Path, ...] = ()
    """Further folders to look into."""
    temporary: Path | None = None
    """The system's folder of temporary files, by default."""

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file to look into, with what it belongs to."""
        seen: set[Path] = set()
        for place, path in self._all():
            if path not in seen:
                seen.add(path)
                yield place, path

    def _all(self) -> Iterator[tuple[str, Path]]:
        for database in self.databases:
            place = "journal" if database == self.databases[-1] else "store"
            for path in sorted(database.parent.glob(f"{database.name}*")):
                if path.is_file():
                    yield place, path
        for path in files_below(self.ours):
            yield "state", path
        for path in files_below(self.folders):
            yield "other files", path
        temporary = self.temporary or Path(tempfile.gettempdir())
        for path in files_below(sorted(temporary.glob(f"{TEMPORARY}*"))):
            yield "temporary files", path


@dataclass(frozen=True, slots=True)
class Checked:
    """One place that was looked through."""

    place: str
    files: int
    found: int
    """How many of its files hold some of it."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that still says some of it."""

    place: str
    """A file, or a memory or transaction of which table."""
    why: str


class Look:
    """One look for the traces of a purge."""

    def __init__(self, roots: Roots, traces: Traces) -> None:
        self._roots = roots
        self._telling = traces.pieces()
        self._words = all_words(traces.texts)
        self._excused: set[bytes] = set()
        self._left: dict[Left, None] = {}
        self._files: list[Path] = []

    @property
    def wanted(self) -> frozenset[bytes]:
        """The pieces to look for."""
        return self._telling | self._words

    def excuse(self, where: str, held: Collection[Held]) -> None:
        """What rows say by right is no residue in a file; where it tells, it is named."""
        named: Counter[str] = Counter()
        memories = {row.reference for row in held if row.table in ("memories", "tombstones")}
        for row in held:
            self._excused |= row.pieces
            its_own = row.table == "history" and row.reference in memories
            if row.pieces & self._telling and row.reference and not its_own:
                named[row.table] += 1
                if named[row.table] <= _SHOWN:
                    place = f"{_NAMES.get(row.table, row.table)} {row.reference}"
                    self._left[Left(place, "it says the same, or a part of it")] = None
        for table, count in named.items():
            if count > _SHOWN:
                more = f"{count - _SHOWN:,} more in {where}: {_NAMES.get(table, table)}"
                self._left[Left(more, "they say the same, or a part of it")] = None

    def at_files(self) -> tuple[Checked, ...]:
        """Look through every file."""
        from mem0_tui.store.erasure.residue import Finder  # loads numpy

        everything = Finder(self.wanted - self._excused)
        telling = Finder(self._telling - self._excused)
        files: Counter[str] = Counter()
        found: Counter[str] = Counter()
        for place, path in self._roots.files():
            # Plain words may well stand in files that have nothing to do with it.
            database = place in ("store", "journal")
            finder = everything if database else telling
            try:
                holds = bool(finder.find_in_file(path, database=database))
            except OSError as error:
                self._left[Left(str(path), f"it could not be read: {error.strerror}")] = None
                continue
            files[place] += 1
            found[place] += holds
            if holds:
                self._files.append(path)
        return tuple(Checked(place, files[place], found[place]) for place in files)

    def left(self, *, swept: bool) -> tuple[Left, ...]:
        """What still says some of it, and why."""
        found = [Left(str(path), self._why(path, swept)) for path in self._files]
        if not swept and not any(path.name.endswith("-wal") for path in self._files):
            found.append(Left("write-ahead log", _IN_USE))
        return (*self._left, *found)

    def _why(self, path: Path, swept: bool) -> str:
        if not swept and path.name.endswith("-wal"):
            return _IN_USE
        beside = any(path.name.startswith(f"{each.name}") for each in self._roots.databases)
        if path in self._roots.databases or path.name.endswith(("-wal", "-shm")):
            return "it could not be taken out of the file"
        if beside:
            return "a copy that mem0-tui did not make; remove it if you do not need it"
        if any(part.startswith(TEMPORARY) for part in path.parts):
            return "an editor or another mem0-tui has it open, or a crash left it; remove it then"
        if path.suffix == ".toml":
            return "it is in your settings, perhaps in a saved search"
        return "it is not a file that mem0-tui changes; remove it if you do not need it"


_IN_USE = (
    "another process is reading an older state of the file; once it has ended,"
    " `mem0-tui resume` finishes the purge"
)
_NAMES = {
    "memories": "memory",
    "tombstones": "deleted memory",
    "history": "history of memory",
    "events": "event",
    "exports": "export",
    "feedback": "feedback on memory",
    "items": "transaction",
    "transactions": "transaction",
}
