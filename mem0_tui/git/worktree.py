"""A repository with a working tree that is written to: where its parts are, and on which branch."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mem0_tui.git.place import (
    Repository,
    RepositoryError,
    git_folder,
    packed_refs,
    read_small,
    resolved_ref,
)
from mem0_tui.git.questions import environment, git_path, object_format

_AMIDST = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_BRANCH = re.compile(r"refs/heads/[^\x00-\x20\x7f~^:?*\[\\]+(?<![/.])")
_POINTER = 1 << 14
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class WorkTree:
    """One working tree and its repository."""

    root: Path
    """The top of the working tree."""
    git: Path
    """What belongs to this working tree: its index, its HEAD."""
    shared: Path
    """What all working trees share: branches, objects."""
    branch: str
    """The branch that is checked out, as ``refs/heads/main``."""
    head: str | None
    """The id of its last commit; None where nothing is committed yet."""
    repository: Repository

    @property
    def algorithm(self) -> str:
        """The hash that names its objects: ``sha1`` or ``sha256``."""
        return "sha256" if len(self.repository.head) == 64 else "sha1"

    @property
    def index(self) -> Path:
        """The file of what is staged; it need not exist."""
        return self.git / "index"

    @property
    def own(self) -> Path:
        """A folder within git's that is this program's; it need not exist."""
        return self.git / "mem0-tui"


def open_checkout(root: Path) -> WorkTree:
    """The repository whose working tree *root* is the top of.

    Raises:
        RepositoryError: there is none, or it is in a state in which nothing can be committed.
    """
    if not os.path.lexists(root / ".git"):
        raise RepositoryError("it is not the top of a git repository")
    git = git_folder(str(root))
    common = read_small(os.path.join(git, "commondir"), _POINTER).strip()
    shared = os.path.realpath(os.path.join(git, common)) if common else git
    objects = os.path.join(shared, "objects")
    if not os.path.isdir(objects) or not os.path.isdir(os.path.join(shared, "refs")):
        raise RepositoryError("its .git is not the folder of a repository")
    if os.path.isdir(os.path.join(shared, "reftable")):
        raise RepositoryError(
            "it keeps its branches in a reftable, which is not written here"
            " (`git refs migrate --ref-format=files` changes that)"
        )
    for name, what in _AMIDST.items():
        if os.path.lexists(os.path.join(git, name)):
            raise RepositoryError(f"{what} is going on in it: finish that first")
    head, branch = resolved_ref("HEAD", git, shared, dict(packed_refs(shared)))
    if not branch.startswith("refs/heads/"):
        raise RepositoryError("no branch is checked out in it")
    if not _BRANCH.fullmatch(branch) or ".." in branch:
        raise RepositoryError("its branch has a name that git does not give")
    _check_within(Path(shared), Path(shared, branch).parent, Path(shared, "logs", branch).parent)
    _check_within(Path(git), Path(git, "logs"), Path(git, "mem0-tui"))
    name = head or "0" * (64 if object_format(git) == "sha256" else 40)
    shallow = os.path.join(shared, "shallow")
    cut = shallow if os.path.isfile(shallow) else None
    repository = Repository(str(root), False, objects, name, branch[11:], cut)
    return WorkTree(root, Path(git), Path(shared), branch, head, repository)


def _check_within(folder: Path, *places: Path) -> None:
    """Do nothing if *places* lie in *folder*, also where links lead."""
    top = folder.resolve()
    for place in places:
        if not place.resolve().is_relative_to(top):
            raise RepositoryError(f"{place} leads out of it")


def make_checkout(root: Path, branch: str) -> WorkTree:
    """A new repository in the folder *root*, which is there, with no template of anybody's.

    Raises:
        RepositoryError: git cannot make it.
    """
    done = subprocess.run(
        [git_path(), "init", "--quiet", "--template=", f"--initial-branch={branch}", str(root)],
        capture_output=True,
        env=environment() | {"GIT_DEFAULT_HASH": "sha1", "GIT_DEFAULT_REF_FORMAT": "files"},
        timeout=_SECONDS,
        umask=0o077 if os.name != "nt" else -1,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[:200]
        raise RepositoryError(f"git cannot make a repository there: {said}")
    return open_checkout(root)
