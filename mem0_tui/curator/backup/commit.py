"""Puts changed files into the repository of a backup: the commit, the working tree, the index and
the branch, in an order in which a crash at any point leaves what the next backup can finish.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mem0_tui.curator.backup.files import WorkingFiles
from mem0_tui.curator.backup.folder import BackupFolder, check_clean, program, refusing
from mem0_tui.curator.backup.taking import Taken
from mem0_tui.git.branch import move_branch, write_durably
from mem0_tui.git.importing import CommitStream, make_commit
from mem0_tui.git.index import stage
from mem0_tui.git.locks import git_lock, release_left
from mem0_tui.git.place import RepositoryError
from mem0_tui.git.program import GitProgram
from mem0_tui.git.questions import configured
from mem0_tui.git.worktree import WorkTree, open_checkout
from mem0_tui.model.clock import Clock
from mem0_tui.store.sqlite.errors import translated

_TOGETHER = 500
"""Files whose contents are read of the repository at once."""


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file that is to be otherwise than in the last commit."""

    blob: str | None
    """The id of its new content; None where it is to go."""
    taken: Taken | None = None
    """What holds the content, if :attr:`content` does not."""
    content: bytes | None = None


def put_in_place(
    folder: BackupFolder,
    changes: Mapping[str, NewContent],
    message: str,
    clock: Clock,
    spool: IO[bytes],
    *,
    clean: bool = False,
) -> str:
    """Commit *changes* and have the working tree and the index show them; without any, finish what
    an earlier backup left undone. Returns the commit that the branch ends in.

    Files that somebody changed meanwhile are not written over. *clean* says that the working tree
    and the index were just seen to show the last commit.

    Raises:
        RefusedError: git cannot do it, or somebody changed something meanwhile.
        StoreError: there is no room, or no right to write.
    """
    if folder.checkout is not None:
        _release_left(folder.checkout)
    if clean and not changes and folder.head is not None:
        return folder.head
    with translated(folder.root), refusing(folder.root):
        checkout = folder.make()
        checkout.own.mkdir(mode=0o700, exist_ok=True)
        token = _token(checkout)
        token.touch(mode=0o600)
        # Nobody else writes the index until all of it is done.
        with program(checkout) as git, git_lock(checkout.index, token):
            if open_checkout(folder.root).head != checkout.head:
                raise RepositoryError("another commit was made meanwhile: try again")
            shown = check_clean(folder, git)
            commit, stamp = checkout.head, ""
            if changes:
                stamp = configured()[0].stamp(int(clock.now().timestamp()))
                commit = _made(checkout, git, changes, message, stamp, spool)
            assert commit is not None, "the first backup has a manifest"
            pending = checkout.own / "pending"
            write_durably(pending, f"{commit}\n".encode())
            wanted = dict(folder.theirs)
            for path, change in changes.items():
                if change.blob is None:
                    wanted.pop(path, None)
                else:
                    wanted[path] = change.blob
            _show(folder, wanted, shown.working, changes, spool)
            differing = {
                path: wanted.get(path)
                for path in {*wanted, *shown.staged}
                if wanted.get(path) != shown.staged.get(path)
            }
            stage(git, checkout, differing)
            if commit != checkout.head:
                subject = message.partition("\n")[0]
                move_branch(checkout, commit, stamp=stamp, what=subject, token=token)
            pending.unlink()
    return commit


def _token(checkout: WorkTree) -> Path:
    return checkout.own / "token"


def _release_left(checkout: WorkTree) -> None:
    """Release what a backup that was killed had locked."""
    for file in (checkout.index, checkout.shared / checkout.branch):
        release_left(file, _token(checkout))


def _made(
    checkout: WorkTree,
    git: GitProgram,
    changes: Mapping[str, NewContent],
    message: str,
    stamp: str,
    spool: IO[bytes],
) -> str:
    """The new commit, to which nothing points yet."""
    with tempfile.TemporaryFile() as file:
        stream = CommitStream(file)
        for path, change in sorted(changes.items()):
            if change.content is not None:
                with tempfile.SpooledTemporaryFile(1 << 20) as small:
                    small.write(change.content)
                    small.seek(0)
                    stream.add(path, small, len(change.content))
            elif change.blob is not None:
                assert change.taken is not None
                size = change.taken.size(path, spool)
                if size is None:
                    stream.use(path, change.blob)
                else:
                    stream.add(path, spool, size)
        gone = tuple(sorted(path for path, change in changes.items() if change.blob is None))
        stream.finish(checkout.head, stamp, message, gone)
        return make_commit(git, file)


def _show(
    folder: BackupFolder,
    wanted: Mapping[str, str],
    working: Mapping[str, str],
    changes: Mapping[str, NewContent],
    spool: IO[bytes],
) -> None:
    """Have the working tree hold what is *wanted*, where it does not."""
    files = WorkingFiles(folder.root, folder.algorithm)
    files.tidy()
    missing: dict[str, str] = {}
    for path, blob in wanted.items():
        if working.get(path) == blob:
            continue
        change = changes.get(path)
        data = change.content if change else None
        if data is None and change and change.taken:
            data = change.taken.content(path, spool)
        if data is None:
            missing[path] = blob
        else:
            files.write(path, data)
    names = list(missing)
    for start in range(0, len(names), _TOGETHER):
        part = {name: missing[name] for name in names[start : start + _TOGETHER]}
        for path, data in folder.contents(part).items():
            files.write(path, data)
    for path in working.keys() - wanted.keys():
        files.remove(path)
