"""Where a git repository keeps what it holds, found by its files alone.

Its configuration is never read: it may name programs to run and hosts to ask.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_POINTER = 1 << 14
_PACKED = 1 << 26
"""Bytes of ``packed-refs`` that are read at most."""
_BRANCHES = 5_000
_DEPTH = 5
"""Symbolic refs that are followed one after another, as git does."""
_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"


class RepositoryError(Exception):
    """A repository cannot be read; the text says why, as a clause."""

    def __init__(self, why: str, place: str | None = None) -> None:
        """*place* is the folder that it is about where that is not the repository."""
        super().__init__(why)
        self.place = place


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository as its files show it."""

    root: str
    """The top of the working tree, with links followed; of a bare one, its own folder."""
    bare: bool
    objects: str
    """The folder of its objects."""
    head: str
    """The id of the commit that is checked out: 40 hex digits, or 64."""
    branch: str | None
    """The branch that is checked out."""
    shallow: str | None
    """The file that lists where its history is cut off; None where it is whole."""
    branches: dict[str, str] = field(default_factory=dict, repr=False)
    """Commit ids by branch; those of a remote as ``origin/main``."""

    @property
    def state(self) -> tuple[str, ...]:
        """Differs once another commit is checked out or its branches have moved."""
        return (self.root, self.head, *(f"{k} {v}" for k, v in sorted(self.branches.items())))


def find_repository(folder: str) -> Repository:
    """The repository that holds *folder*, or that it is.

    Raises:
        RepositoryError: there is none, it has no commit, or its files are not as git writes them.
    """
    at = _real(folder)
    while True:
        if os.path.lexists(os.path.join(at, ".git")):
            return _opened(at, git_folder(at), bare=False)
        if is_bare(at):
            return _opened(at, at, bare=True)
        above = os.path.dirname(at)
        if above == at:
            raise RepositoryError("no git repository holds that folder")
        at = above


def _opened(root: str, git: str, *, bare: bool) -> Repository:
    common = read_small(os.path.join(git, "commondir"), _POINTER).strip()
    shared = _real(os.path.join(git, common)) if common else git
    objects = os.path.join(shared, "objects")
    if not os.path.isdir(objects):
        raise RepositoryError("it has no folder of objects")
    if os.path.isdir(os.path.join(shared, "reftable")):
        raise RepositoryError("it keeps its branches in a reftable, which is not read here")
    packed = dict(packed_refs(shared))
    head, name = resolved_ref("HEAD", git, shared, packed)
    if head is None:
        raise RepositoryError("nothing is committed in it yet")
    branch = name.removeprefix(_LOCAL) if name.startswith(_LOCAL) else None
    shallow = os.path.join(shared, "shallow")
    branches = branches_of(shared, packed)
    cut = shallow if _is_file(shallow) else None
    return Repository(_real(root), bare, objects, head, branch, cut, branches)


def branches_of(shared: str, packed: Mapping[str, str]) -> dict[str, str]:
    """Commit ids by branch of the folder *shared*, whose :func:`packed_refs` are *packed*; the
    branches of a remote as ``origin/main``."""
    return {
        ref.removeprefix(_LOCAL).removeprefix(_REMOTE): id_
        for ref, id_ in (*packed.items(), *_loose(shared))
        if ref.startswith((_LOCAL, _REMOTE))
    }


def git_folder(root: str) -> str:
    """The folder in which git keeps what belongs to the working tree *root*.

    Raises:
        RepositoryError: its ``.git`` is not as git writes one.
    """
    place = os.path.join(root, ".git")
    if os.path.isdir(place):
        return place
    pointer = read_small(place, _POINTER)
    if not pointer.startswith("gitdir:"):
        raise RepositoryError("its .git is neither a folder nor names one")
    return _real(os.path.join(root, pointer[7:].strip()))


def is_bare(folder: str) -> bool:
    """Whether *folder* is a repository itself, with no working tree."""
    return (
        _is_file(os.path.join(folder, "HEAD"))
        and os.path.isdir(os.path.join(folder, "objects"))
        and os.path.isdir(os.path.join(folder, "refs"))
    )


def resolved_ref(
    name: str, git: str, shared: str, packed: dict[str, str]
) -> tuple[str | None, str]:
    """The commit id of a ref and the name of the ref that holds it."""
    for _ in range(_DEPTH):
        folder = git if name == "HEAD" else shared
        said = read_small(os.path.join(folder, name), _POINTER).strip()
        if not said.startswith("ref:"):
            found = _ID.fullmatch(said)
            return (said if found else packed.get(name)), name
        name = said[4:].strip()
        if ".." in name or not name.startswith("refs/"):
            break
    return None, name


def packed_refs(shared: str) -> Iterator[tuple[str, str]]:
    """The branches of ``packed-refs`` in the folder *shared*, with the ids of their commits."""
    for line in read_small(os.path.join(shared, "packed-refs"), _PACKED).splitlines():
        id_, _, name = line.partition(" ")
        if name.startswith((_LOCAL, _REMOTE)) and _ID.fullmatch(id_):
            yield name, id_


def _loose(shared: str) -> Iterator[tuple[str, str]]:
    count = 0
    for kind in (_LOCAL, _REMOTE):
        for folder, _, names in os.walk(os.path.join(shared, kind)):
            for name in names:
                count += 1
                if count > _BRANCHES:
                    return
                path = os.path.join(folder, name)
                id_ = read_small(path, _POINTER).strip()
                if _ID.fullmatch(id_):
                    yield os.path.relpath(path, shared).replace(os.sep, "/"), id_


def read_small(path: str, most: int) -> str:
    """The first *most* bytes of a regular file as text; empty for anything else."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_TTY)
    except (OSError, ValueError):
        return ""
    with os.fdopen(handle, "rb") as file:
        try:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return ""
            return file.read(most).decode("utf-8", "surrogateescape")
        except OSError:
            return ""


_NO_TTY = getattr(os, "O_NOCTTY", 0)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        raise RepositoryError("its folder cannot be found") from None
