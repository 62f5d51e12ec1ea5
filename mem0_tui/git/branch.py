"""Moves a branch to a new commit by git's files themselves (gitrepository-layout, git 2.39).

``git update-ref`` would run hooks, and newer versions take hooks from the configuration, too.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from mem0_tui.git.locks import git_lock
from mem0_tui.git.place import RepositoryError, packed_refs, resolved_ref
from mem0_tui.git.worktree import WorkTree

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def move_branch(checkout: WorkTree, commit: str, *, stamp: str, what: str, token: Path) -> None:
    """Have the branch that is checked out end in *commit*, with a line in its log.

    Args:
        checkout: as it was when *commit* was made.
        commit: the id of the new commit.
        stamp: who does it and when, as a commit names its committer.
        what: what the log says, in one line.
        token: see :func:`~mem0_tui.git.locks.git_lock`.

    Raises:
        RepositoryError: somebody else has moved it, or is writing it.
    """
    ref = checkout.shared / checkout.branch
    make_folder(ref.parent)
    with git_lock(ref, token):
        packed = dict(packed_refs(str(checkout.shared)))
        now = resolved_ref("HEAD", str(checkout.git), str(checkout.shared), packed)
        if now != (checkout.head, checkout.branch):
            raise RepositoryError("something else was committed in it meanwhile")
        new = checkout.own / "branch"
        write_durably(new, f"{commit}\n".encode())
        old = checkout.head or "0" * len(commit)
        line = f"{old} {commit} {stamp}\tbackup: {what}\n".encode("utf-8", "replace")
        for log in (checkout.git / "logs/HEAD", checkout.shared / "logs" / checkout.branch):
            make_folder(log.parent)
            with os.fdopen(
                os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o600), "wb"
            ) as f:
                f.write(line)
        os.replace(new, ref)


def make_folder(folder: Path) -> None:
    """Have *folder* there, it and those above it that are missing for the owner alone."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            with contextlib.suppress(FileExistsError):
                each.mkdir(mode=0o700)


def write_durably(path: Path, data: bytes) -> None:
    """Write *data* to *path* (0600), which is on the disk afterwards."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
