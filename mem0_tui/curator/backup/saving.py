"""Makes a backup: reads everything, writes one commit, and leaves what others did as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mem0_tui.curator.backup.commit import NewContent, put_in_place
from mem0_tui.curator.backup.comparing import SideState
from mem0_tui.curator.backup.files import blob_id
from mem0_tui.curator.backup.folder import (
    BackupFolder,
    check_clean,
    open_folder,
    program,
    refusing,
)
from mem0_tui.curator.backup.message import NAMED, Counts, Named, message
from mem0_tui.curator.backup.sides import BackupPart, Sides, both_sides, check_origin
from mem0_tui.git.questions import remotes
from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import FileFormatError, RefusedError
from mem0_tui.store.formats.backup import MANIFEST, Filed, manifest_bytes, read_memory
from mem0_tui.store.sqlite.errors import translated
from mem0_tui.store.sqlite.lock import FileLock

_IN_MEMORY = 1 << 24
"""Bytes of changed files that are held before they go to a temporary file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a backup."""

    state: Path
    """The folder in which this machine keeps what was agreed on."""
    with_secrets: bool = False
    exact: bool = False
    """Whether the repository is to hold what the store holds, whoever changed it."""


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A memory that the repository holds otherwise than the store, and that was left so."""

    path: str
    ours: Filed | None
    theirs: Filed | None
    conflict: bool
    """Whether the store's side was changed, too."""


@dataclass(slots=True)
class Saved:
    """What became of a backup."""

    root: Path
    revision: str | None = None
    """The commit that the repository ends in."""
    committed: bool = False
    counts: Counts = Counts()
    memories: int = 0
    """How many memories the repository now holds."""
    masked: int = 0
    damaged: list[str] = field(default_factory=list)
    """Ids of memories that are damaged in the store: the repository keeps what it has of them."""
    waiting: list[LeftOpen] = field(default_factory=list)


async def save(
    root: Path,
    parts: Sequence[BackupPart],
    asked: Asked,
    clock: Clock,
    *,
    may_leave: Callable[[tuple[str, ...]], None],
    progress: Callable[[int], None] = lambda _: None,
) -> Saved:
    """Bring the repository in *root* up to date with *parts*; make it if there is none.

    What was changed in the repository only, by a backup of another machine, is left there; so is
    what was changed on both sides.

    Args:
        root: the folder of the backup.
        parts: what to put there.
        asked: how.
        clock: the time of the commit.
        may_leave: called with the addresses of the remotes that the repository has, before secrets
            are written; raises what it takes to stop that.
        progress: told how many memories were read.

    Raises:
        RefusedError: the folder is not ours, or not in a state to be added to.
        IncompleteError: not all memories can be read.
    """
    folder = open_folder(root)
    for part in parts:
        check_origin(folder, part)
    if asked.with_secrets and folder.checkout is not None:
        with refusing(folder.root):
            known = remotes(str(folder.checkout.git))
        if known:
            may_leave(known)
    with translated(root), tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool, locked(folder):
        clean = False
        if folder.checkout is not None:  # before anything is read, so that nobody waits for it
            with refusing(folder.root), program(folder.checkout) as git:
                clean = check_clean(folder, git).finished
        sides = [
            await both_sides(
                folder,
                part,
                spool,
                state=asked.state,
                with_secrets=asked.with_secrets,
                exact=asked.exact,
                progress=progress,
            )
            for part in parts
        ]
        for each in sides:
            _check_not_emptied(each, exact=asked.exact)
        saved = _write(folder, sides, asked, clock, spool, clean=clean)
    return saved


def _check_not_emptied(sides: Sides, *, exact: bool) -> None:
    held = len(sides.comparison.theirs)
    if held and not sides.taken.blobs and not exact and sides.comparison.paths(SideState.OURS):
        raise RefusedError(
            f"there are no memories here, and the backup holds {held:,}: it is left as it is",
            hint="`--restore HEAD` puts them back; --exact empties the backup, too",
        )


def _write(
    folder: BackupFolder,
    sides: Sequence[Sides],
    asked: Asked,
    clock: Clock,
    spool: IO[bytes],
    *,
    clean: bool,
) -> Saved:
    saved = Saved(folder.root)
    changes: dict[str, NewContent] = {}
    added = changed = deleted = 0
    for each in sides:
        for path in each.comparison.paths(SideState.OURS):
            ours, there = each.taken.blobs.get(path), path in folder.theirs
            changes[path] = NewContent(ours, each.taken)
            added += ours is not None and not there
            changed += ours is not None and there
            deleted += ours is None
        saved.masked += each.taken.masked
        saved.damaged += each.taken.damaged.values()
    saved.counts = Counts(added, changed, deleted)
    manifest = manifest_bytes({**{s.part.folder: s.part.origin for s in sides}, **folder.holds})
    blob = blob_id(manifest, folder.algorithm)
    named = _named(folder, sides, changes)
    if folder.theirs.get(MANIFEST) != blob:
        changes[MANIFEST] = NewContent(blob, content=manifest)
    held = {p for p in folder.theirs if p != MANIFEST}
    held |= {p for p, c in changes.items() if c.blob and p != MANIFEST}
    saved.memories = len(held) - deleted
    said = message(saved.counts, saved.memories, named, whole=asked.with_secrets)
    before = folder.head
    saved.waiting = waiting(folder, sides)  # first: what cannot be read is found before a commit
    saved.revision = put_in_place(folder, changes, said, clock, spool, clean=clean)
    saved.committed = saved.revision != before
    for each in sides:
        each.bases.keep(saved.revision, each.comparison.agreed(written=True))
    return saved


def _named(
    folder: BackupFolder, sides: Sequence[Sides], changes: dict[str, NewContent]
) -> list[Named]:
    """The first of what changed, for the message."""
    paths = list(changes)[:NAMED]
    gone = folder.find({p: folder.theirs[p] for p in paths if changes[p].blob is None})
    by_path = {path: each for each in sides for path in each.comparison.ours}
    found = []
    for path in paths:
        top = path.partition("/")[0]
        if changes[path].blob is None:
            with suppress(FileFormatError, KeyError):  # what cannot be read goes without a name
                found.append(Named("-", top, read_memory(gone[path], path)))
        elif (filed := by_path[path].ours(path, folder)) is not None:
            found.append(Named("~" if path in folder.theirs else "+", top, filed))
    return found


def waiting(folder: BackupFolder, sides: Sequence[Sides]) -> list[LeftOpen]:
    """What the repository holds otherwise than the store, and is left so."""
    found = []
    for each in sides:
        paths = each.comparison.paths(SideState.THEIRS, SideState.BOTH)
        theirs = folder.contents({p: folder.theirs[p] for p in paths if p in folder.theirs})
        for path in paths:
            data = theirs.get(path)
            filed = None if data is None else folder.filed(data, path)
            both = each.comparison.state(path) is SideState.BOTH
            found.append(LeftOpen(path, each.ours(path, folder), filed, both))
    return found


@contextmanager
def locked(folder: BackupFolder) -> Iterator[None]:
    """Keep other backups from the repository, if there is one already."""
    if folder.checkout is None:
        yield
        return
    lock = FileLock(folder.checkout.own / "lock")
    if not lock.acquire():
        raise RefusedError(
            f"another backup to {folder.root} is going on", hint="wait until it is done"
        )
    try:
        yield
    finally:
        lock.release()
