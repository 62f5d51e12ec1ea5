"""The folder of a backup: whether it is ours, and in what state."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mem0_tui.curator.backup.files import DRAFT, WorkingFiles
from mem0_tui.git.branch import make_folder
from mem0_tui.git.index import FILE, PROGRAM, GitEntry, read_commit_entries, read_index
from mem0_tui.git.objects import contents, kinds_of
from mem0_tui.git.place import RepositoryError, branches_of, is_bare, packed_refs, read_small
from mem0_tui.git.program import GitProgram
from mem0_tui.git.questions import configured
from mem0_tui.git.worktree import WorkTree, make_checkout, open_checkout
from mem0_tui.model.errors import FileFormatError, RefusedError, StoreFullError
from mem0_tui.store.formats.backup import (
    CODEX,
    MANIFEST,
    MEMORIES,
    BackupOrigin,
    Filed,
    is_own_folder,
    is_own_path,
    read_manifest,
    read_memory,
)
from mem0_tui.store.sqlite.errors import translated

SECONDS = 600.0
"""Until all that git does for one backup is to be done."""
LARGEST = 1 << 26
"""Bytes of one file that are read of a backup."""
_TOPS = (MANIFEST, MEMORIES, CODEX)
_BEGUN = ".mem0-tui-new-"
"""Where a repository is made before it is put in its place."""
_SHOWN = 3
_NO_ROOM = (
    *("No space left on device", "Out of diskspace", "Disk quota exceeded"),
    "failed to write new configuration file",
)
"""What git 2.x says where the disk is full."""


_DAMAGED = "mend it and commit that, restore an earlier revision, or back up with --exact over it"
"""What helps where a file of a backup cannot be read."""


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Say what is wrong with the repository of *folder* as every other refusal is said."""
    try:
        yield
    except RepositoryError as error:
        if any(words in str(error) for words in _NO_ROOM):
            place = error.place or folder
            raise StoreFullError(f"{place}: there is no room for what is to be stored") from error
        raise RefusedError(f"{folder}: {error}") from error


@dataclass(slots=True)
class BackupFolder:
    """A folder that holds a backup, or will."""

    root: Path
    checkout: WorkTree | None
    """None where there is no repository yet."""
    holds: Mapping[str, BackupOrigin] = field(default_factory=dict)
    """What its manifest names."""
    theirs: Mapping[str, str] = field(default_factory=dict)
    """The files of ours in its last commit: blob ids by path."""

    @property
    def head(self) -> str | None:
        """Its last commit."""
        return self.checkout.head if self.checkout else None

    @property
    def algorithm(self) -> str:
        """The hash that names its contents."""
        return self.checkout.algorithm if self.checkout else "sha1"

    @property
    def pending(self) -> Path | None:
        """The file that names the commit that a backup was about to put in place."""
        return self.checkout.own / "pending" if self.checkout else None

    def contents(self, blobs: Mapping[str, str]) -> dict[str, bytes]:
        """What the files of these ids hold, by the keys of *blobs*.

        Raises:
            RefusedError: one of them is not in the repository, or too large.
        """
        found = self.find(blobs)
        missing = next((name for name in blobs if name not in found), None)
        if missing is not None:
            raise RefusedError(
                f"{self.root}: {missing} is no text of at most {LARGEST >> 20} MB, or its content"
                " is not in the repository",
                hint=_DAMAGED,
            )
        return found

    def filed(self, data: bytes, path: str) -> Filed:
        """The memory that *data*, the content of *path*, holds.

        Raises:
            FileFormatError: somebody has made something else of it; names the file and the way out.
        """
        try:
            return read_memory(data, path)
        except FileFormatError as error:
            raise FileFormatError(f"{self.root}/{error}", hint=_DAMAGED) from error

    def find(self, blobs: Mapping[str, str]) -> dict[str, bytes]:
        """As :meth:`contents`, without those that cannot be read."""
        if not blobs:
            return {}
        assert self.checkout is not None
        found: dict[str, bytes] = {}
        names = list(blobs)

        def take(at: int, body: bytes) -> None:
            found[names[at]] = body

        with refusing(self.root), program(self.checkout) as git:
            for _ in contents(git, list(blobs.values()), take, most=LARGEST):
                pass
        return found

    def descends_from(self, commit: str) -> bool:
        """Whether *commit* is in the history of the last one."""
        if self.checkout is None or self.checkout.head is None:
            return False
        with refusing(self.root), program(self.checkout) as git:
            said = git.run(
                *("merge-base", "--is-ancestor", commit, self.checkout.head), fine=(0, 1, 128)
            )
            for _ in said:
                pass
            return git.code == 0

    def make(self) -> WorkTree:
        """The repository, made if there is none yet."""
        if self.checkout is None:
            with refusing(self.root):
                self.checkout = _made(self.root)
        return self.checkout


def program(checkout: WorkTree) -> GitProgram:
    """git for the repository of a backup."""
    return GitProgram(checkout.repository, seconds=SECONDS)


def open_folder(root: Path) -> BackupFolder:
    """The backup in *root*, or the place for a new one.

    Raises:
        RefusedError: what is there is no backup of ours, or not in a state to be added to.
        StoreAccessError: it cannot be read.
    """
    root = Path(os.path.realpath(root))
    with translated(root):
        return _opened(root)


def _opened(root: Path) -> BackupFolder:
    if not root.exists():
        return BackupFolder(root, None)
    if not root.is_dir():
        raise RefusedError(f"{root} is a file", hint="name a folder")
    # What a backup that was killed left behind does not count.
    names = [name for name in os.listdir(root) if not name.startswith((_BEGUN, DRAFT))]
    if ".git" not in names:
        if is_bare(str(root)):
            raise RefusedError(
                f"{root} is a bare repository, which has no files of its own",
                hint="`git clone` it, and name the clone; `git push` there brings it up to date",
            )
        if names:
            raise _not_ours(root)
        return BackupFolder(root, None)
    with refusing(root):
        checkout = open_checkout(root)
        if checkout.head is None:
            begun = (checkout.own / "pending").exists()
            if [n for n in names if n != ".git" and not (begun and n in _TOPS)]:
                raise _not_ours(root)
            _check_no_other_branch(root, checkout)
            return BackupFolder(root, checkout)
        with program(checkout) as git:
            entries = read_commit_entries(git, checkout.head, *_TOPS)
    if MANIFEST not in entries:
        raise _not_ours(root)
    theirs = own_files(root, entries)
    folder = BackupFolder(root, checkout, theirs=theirs)
    folder.holds = read_manifest(folder.contents({MANIFEST: theirs[MANIFEST]})[MANIFEST])
    return folder


def _check_no_other_branch(root: Path, checkout: WorkTree) -> None:
    """Do nothing if no branch holds a backup, where nothing is committed on the one checked out.

    So it is in the clone of a repository whose HEAD names a branch that nobody has pushed.

    Raises:
        RefusedError: one does: a backup beside it would have no history in common with it.
    """
    shared = str(checkout.shared)
    branches = branches_of(shared, dict(packed_refs(shared)))
    with program(checkout) as git:
        found = kinds_of(git, [f"{id_}:{MANIFEST}" for id_ in branches.values()])
    held = next((name for name, kind in zip(branches, found, strict=True) if kind == "blob"), None)
    if held is not None:
        raise RefusedError(
            f"{root}: its backup is on the branch {held}, and {checkout.repository.branch}, which"
            " is checked out, is empty",
            hint=f"`git switch {shlex.quote(held.removeprefix('origin/'))}` in that folder",
        )


def own_files(root: Path, entries: Mapping[str, GitEntry]) -> dict[str, str]:
    """The files of ours among *entries* of a commit, as blob ids by path.

    Raises:
        RefusedError: a link or a submodule is in the place of one, or anything in that of a folder.
    """
    for path, entry in entries.items():
        is_file = entry.mode in (FILE, PROGRAM)
        if is_own_folder(path) or (is_own_path(path) and not is_file):
            found = "file" if is_file else "link or a submodule"
            own = "folder" if is_own_folder(path) else "file"
            raise RefusedError(
                f"{root}: {path} is a {found}, where a backup has a {own} of its own",
                hint="`git mv` it elsewhere and commit that",
            )
    return {path: entry.blob for path, entry in entries.items() if is_own_path(path)}


@dataclass(frozen=True, slots=True)
class ShownFiles:
    """What our files hold outside the commits: blob ids by path."""

    working: Mapping[str, str]
    """In the working tree."""
    staged: Mapping[str, str]
    """In the index."""
    finished: bool
    """Whether no backup was killed before it was done."""


def check_clean(folder: BackupFolder, git: GitProgram) -> ShownFiles:
    """What the working tree and the index hold.

    Raises:
        RefusedError: somebody has changed our files there and not committed that.
    """
    checkout = folder.checkout
    assert checkout is not None
    interrupted = _interrupted(folder, git)
    there = WorkingFiles(folder.root, folder.algorithm).read()
    staged = {p: e for p, e in read_index(git, checkout).items() if is_own_path(p)}
    changed: list[str] = []
    working: dict[str, str] = {}
    for path in {*folder.theirs, *(interrupted or ()), *there, *staged}:
        allowed = {folder.theirs.get(path, "")}
        if interrupted is not None:
            allowed.add(interrupted.get(path, ""))
        in_tree = allowed.intersection(there.get(path, ("",)))
        in_index = staged[path].blob or "in conflict" if path in staged else ""
        if not in_tree or in_index not in allowed:
            changed.append(path)
        elif blob := in_tree.pop():
            working[path] = blob
    if changed:
        named = ", ".join(sorted(changed)[:_SHOWN])
        rest = f" and {len(changed) - _SHOWN:,} more" if len(changed) > _SHOWN else ""
        raise RefusedError(
            f"{folder.root} has changes that are not committed: {named}{rest}",
            hint="commit them, or take them back with `git restore --staged --worktree .`",
        )
    return ShownFiles(working, {p: e.blob for p, e in staged.items()}, interrupted is None)


def _interrupted(folder: BackupFolder, git: GitProgram) -> dict[str, str] | None:
    """The files of the commit that a backup which was killed was about to put in place; None
    where none was."""
    assert folder.pending is not None
    commit = read_small(str(folder.pending), 100).strip()
    if not commit:
        return None
    with contextlib.suppress(RepositoryError):
        return own_files(folder.root, read_commit_entries(git, commit, *_TOPS))
    return None


def _made(root: Path) -> WorkTree:
    """A new repository in *root*, there whole or not at all."""
    make_folder(root)
    for name in os.listdir(root):
        if name.startswith(_BEGUN):
            shutil.rmtree(root / name, ignore_errors=True)
    begun = tempfile.mkdtemp(prefix=_BEGUN, dir=root)
    try:
        make_checkout(Path(begun), configured()[1])
        os.rename(os.path.join(begun, ".git"), root / ".git")
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return open_checkout(root)


def _not_ours(root: Path) -> RefusedError:
    return RefusedError(
        f"{root} holds files and no backup of mem0-tui: nothing is written there",
        hint="name an empty folder, or one that is not there yet",
    )
