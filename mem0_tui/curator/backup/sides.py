"""One backend beside its folder of a backup: what each side changed since they last agreed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mem0_tui.backends.base import Backend
from mem0_tui.curator.backup.bases import Bases, digest
from mem0_tui.curator.backup.comparing import NEVER, Agreed, SideState, ThreeWay
from mem0_tui.curator.backup.folder import BackupFolder
from mem0_tui.curator.backup.taking import Taken, take
from mem0_tui.model.errors import FileFormatError, RefusedError
from mem0_tui.model.memory import canonical_json
from mem0_tui.model.secret.memory import masked
from mem0_tui.store.formats.backup import BackupOrigin, Filed, read_memory

_TOGETHER = 500
"""Files that are read of a repository at once."""


@dataclass(frozen=True, slots=True)
class BackupPart:
    """One backend and the folder of a backup that is its."""

    folder: str
    backend: Backend
    origin: BackupOrigin


@dataclass(slots=True)
class Sides:
    """Both sides of one part."""

    part: BackupPart
    taken: Taken
    comparison: ThreeWay
    bases: Bases
    spool: IO[bytes]

    def ours(self, path: str, folder: BackupFolder) -> Filed | None:
        """What the store holds of *path*."""
        if path not in self.taken.blobs:
            return None
        data = self.taken.content(path, self.spool)
        if data is None:
            data = folder.contents({path: self.taken.blobs[path]})[path]
        return read_memory(data, path)


def is_of(folder: BackupFolder, part: BackupPart) -> bool:
    """Whether *folder* may hold the memories of *part*, and not those of another backend or
    server."""
    held = folder.holds.get(part.folder)
    if held is None:
        return True
    anywhere = held.backend in ("local", "codex")  # its path is another one on another machine
    same = held.backend == part.origin.backend
    return same and (anywhere or held.target == part.origin.target)


def check_origin(folder: BackupFolder, part: BackupPart) -> None:
    """Do nothing if *folder* may hold the memories of *part*.

    Raises:
        RefusedError: it holds those of another backend or server.
    """
    if not is_of(folder, part):
        held = folder.holds[part.folder]
        raise RefusedError(
            f"{folder.root} holds the memories of {held.backend} {held.target}, and these are of"
            f" {part.origin.backend} {part.origin.target}",
            hint="name another folder for them",
        )


async def both_sides(
    folder: BackupFolder,
    part: BackupPart,
    spool: IO[bytes],
    *,
    state: Path,
    with_secrets: bool,
    exact: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Sides:
    """Read *part* and compare it with *folder*.

    Args:
        folder: the backup.
        part: the backend.
        spool: gets the contents that the repository does not have.
        state: the folder in which this machine keeps what was agreed on.
        with_secrets: whether secrets stay in the files.
        exact: whether the repository is to hold what the store holds, whoever changed it.
        progress: told how many memories were read.

    Raises:
        IncompleteError: not all memories came.
    """
    theirs = {p: b for p, b in folder.theirs.items() if p.startswith(f"{part.folder}/")}
    taken = await take(
        part.backend,
        part.folder,
        spool,
        algorithm=folder.algorithm,
        known=frozenset(theirs.values()),
        with_secrets=with_secrets,
        progress=progress,
    )
    bases = Bases(state, part.origin)
    found = bases.find(folder.head, folder.descends_from)
    base = None
    if exact:
        base = {path: Agreed("0", blob) for path, blob in theirs.items()}
    elif found is not None:
        pairs = ((path, found.get(digest(path))) for path in {*taken.blobs, *theirs})
        base = {path: agreed for path, agreed in pairs if agreed is not None}
    comparison = ThreeWay(taken.blobs, theirs, base, unread=frozenset(taken.damaged))
    sides = Sides(part, taken, comparison, bases, spool)
    _judge(folder, sides)
    return sides


def _judge(folder: BackupFolder, sides: Sides) -> None:
    """Tell of the files that changed on both sides whether what they say did."""
    comparison = sides.comparison
    doubtful = comparison.paths(SideState.BOTH)
    for start in range(0, len(doubtful), _TOGETHER):
        paths = doubtful[start : start + _TOGETHER]
        agreed = {path: (comparison.base or {}).get(path, NEVER) for path in paths}
        theirs = folder.contents({p: comparison.theirs[p] for p in paths if p in comparison.theirs})
        earlier = folder.find({p: a.ours for p, a in agreed.items() if len(a.ours) > 1})
        for path in paths:
            ours = sides.ours(path, folder)
            mine = None if ours is None else meaning(ours)
            if mine == _meant(theirs.get(path), path):
                comparison.judged[path] = SideState.SAME
            elif path in earlier and mine == _meant(earlier[path], path):
                comparison.judged[path] = SideState.THEIRS


def _meant(data: bytes | None, path: str) -> str | None:
    if data is None:
        return None
    try:
        return meaning(read_memory(data, path))
    except FileFormatError:
        return ""


def meaning(filed: Filed) -> str:
    """A digest of what a person sees and changes of a memory, its secrets masked: dates, which no
    edit can set, do not count."""
    memory = masked(filed.memory)
    said = [memory.id, memory.content_hash, list(memory.categories), memory.immutable]
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()
