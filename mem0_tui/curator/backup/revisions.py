"""What the repository of a backup holds at a revision, and which revisions it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from mem0_tui.curator.backup.folder import BackupFolder, own_files, program, refusing
from mem0_tui.curator.backup.message import Counts
from mem0_tui.git.index import read_commit_entries
from mem0_tui.git.program import joined
from mem0_tui.git.questions import commit_named
from mem0_tui.model.errors import RefusedError, UsageError
from mem0_tui.store.formats.backup import (
    CODEX,
    MANIFEST,
    MEMORIES,
    Filed,
    read_manifest,
)

_TOPS = (MANIFEST, MEMORIES, CODEX)


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit of a backup."""

    id: str
    at: datetime
    subject: str
    counts: Counts | None
    """What it changed, where its message says so."""


def require(folder: BackupFolder) -> str:
    """The last commit of *folder*.

    Raises:
        UsageError: there is none.
    """
    if folder.head is None:
        raise UsageError(f"there is no backup in {folder.root}", hint="check the folder")
    return folder.head


def revisions(folder: BackupFolder) -> list[Revision]:
    """The commits that changed the backup, the latest first."""
    head = require(folder)
    assert folder.checkout is not None
    with refusing(folder.root), program(folder.checkout) as git:
        said = joined(git.log("--format=%H%x00%ct%x00%s%x00", head, "--", *_TOPS))
    found = []
    parts = said.decode("utf-8", "replace").split("\0")
    for id_, seconds, subject in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        at = datetime.fromtimestamp(int(seconds), UTC)
        found.append(Revision(id_.strip(), at, subject, Counts.of(subject)))
    return found


def named(folder: BackupFolder, revision: str) -> Revision:
    """The commit that *revision* names.

    Raises:
        RefusedError: it names none.
        UsageError: there is no backup at all.
    """
    require(folder)
    assert folder.checkout is not None
    with refusing(folder.root), program(folder.checkout) as git:
        commit = commit_named(str(folder.checkout.git), revision)
        said = joined(git.log("--format=%ct%x00%s", "--max-count=1", commit))
    seconds, _, subject = said.decode("utf-8", "replace").partition("\0")
    at = datetime.fromtimestamp(int(seconds), UTC)
    return Revision(commit, at, subject.strip(), Counts.of(subject))


def memories_at(folder: BackupFolder, commit: str, part: str) -> list[Filed]:
    """The memories in the folder *part* of the backup as of *commit*.

    Raises:
        RefusedError: it is no backup, or has no such folder.
        FileFormatError: one of its files cannot be read; names it.
    """
    assert folder.checkout is not None
    with refusing(folder.root), program(folder.checkout) as git:
        files = own_files(folder.root, read_commit_entries(git, commit, *_TOPS))
    manifest = files.pop(MANIFEST, None)
    holds: Mapping[str, object] = {}
    if manifest is not None:
        holds = read_manifest(folder.contents({MANIFEST: manifest})[MANIFEST])
    if part not in holds:
        raise RefusedError(
            f"{folder.root} holds no {part.replace('-', ' ')} as of {commit[:10]}",
            hint="--list names its revisions",
        )
    chosen = {path: blob for path, blob in files.items() if path.startswith(f"{part}/")}
    read = folder.contents(chosen)
    return [folder.filed(read[path], path) for path in sorted(chosen)]
