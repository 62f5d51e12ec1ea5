"""What is staged in a working tree, read and written entry by entry."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mem0_tui.git.program import GitProgram, joined
from mem0_tui.git.worktree import WorkTree

_DRAFT = "index-"
FILE, PROGRAM = "100644", "100755"
"""Modes of what is a file."""


class GitEntry(NamedTuple):
    """One path of a commit or of the index."""

    mode: str
    blob: str
    """The id of its content."""


def read_index(git: GitProgram, checkout: WorkTree) -> dict[str, GitEntry]:
    """What is staged, by path; a path that is in conflict has an empty ``blob``.

    Raises:
        RepositoryError: git cannot read it.
    """
    if not checkout.index.exists():
        return {}
    said = joined(git.run("ls-files", "-s", "-z", index=str(checkout.index)))
    found: dict[str, GitEntry] = {}
    for each in said.split(b"\0"):
        head, _, name = each.partition(b"\t")
        if name:
            mode, blob, stage = head.decode().split(" ")
            entry = GitEntry(mode, blob if stage == "0" else "")
            found[name.decode("utf-8", "surrogateescape")] = entry
    return found


def read_commit_entries(git: GitProgram, commit: str, *folders: str) -> dict[str, GitEntry]:
    """The files, links and submodules of *commit* below *folders* (or of these very paths).

    Raises:
        RepositoryError: git cannot read it.
    """
    found: dict[str, GitEntry] = {}
    said = git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders)
    for each in joined(said).split(b"\0"):
        head, _, name = each.partition(b"\t")
        if name:
            mode, _, blob = head.decode().split(" ")
            found[name.decode("utf-8", "surrogateescape")] = GitEntry(mode, blob)
    return found


def stage(git: GitProgram, checkout: WorkTree, changes: Mapping[str, str | None]) -> None:
    """Stage for each path the blob, or None for its removal; all of them at once or none. The
    caller holds the lock of the index.

    Raises:
        RepositoryError: git cannot write it.
    """
    for left in checkout.own.glob(f"{_DRAFT}*"):  # by a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    if not changes:
        return
    gone = "0" * len(checkout.repository.head)
    asked = b"".join(
        (f"{FILE} {blob}\t{path}" if blob else f"0 {gone}\t{path}").encode() + b"\0"
        for path, blob in sorted(changes.items())
    )
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=checkout.own) as folder:
        draft = Path(folder, "index")
        if checkout.index.exists():
            shutil.copyfile(checkout.index, draft)
        for shared in checkout.git.glob("sharedindex.*"):  # what an index in two parts refers to
            shutil.copyfile(shared, Path(folder, shared.name))
        joined(git.run("update-index", "-z", "--index-info", asked=asked, index=str(draft)))
        os.chmod(draft, 0o600)
        os.replace(draft, checkout.index)
