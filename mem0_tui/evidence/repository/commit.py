"""One commit to look at: who, when, what was said, and which files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mem0_tui.evidence.repository.history import LATEST
from mem0_tui.git.place import RepositoryError, find_repository
from mem0_tui.git.program import GitProgram, joined

_FORMAT = "--format=%H%x00%ct%x00%an%x00%B%x00%x01"
_MOST = 1 << 22
"""Bytes of what git tells of one commit."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file."""

    kind: str
    """``A``, ``M``, ``D``, ``R`` or ``T``, as git writes it."""
    path: str
    target: str | None = None
    """Where it was moved to."""


@dataclass(frozen=True, slots=True)
class Commit:
    """As its repository tells it; its texts are anybody's."""

    id: str
    at: datetime
    """When it was committed, in UTC."""
    author: str
    message: str
    changes: tuple[FileChange, ...]
    """Of a merge, those of the line that it was made on."""


def read_commit(folder: str, id_: str, *, seconds: float = 20.0) -> Commit:
    """The commit *id_* of the repository that holds *folder*.

    Raises:
        RepositoryError: there is no such commit, or git fails or takes too long.
    """
    options = ("-1", "-z", "--name-status", "-M", "-m", "--first-parent", _FORMAT, id_, "--")
    with GitProgram(find_repository(folder), seconds=seconds, most=_MOST) as git:
        said = joined(git.log(*options))
    head, _, rest = said.partition(b"\0\1")
    parts = head.decode("utf-8", "replace").split("\0", 3)
    if len(parts) != 4:
        raise RepositoryError("git does not tell what is in that commit")
    return Commit(
        parts[0],
        datetime.fromtimestamp(min(max(int(parts[1] or 0), 0), LATEST), UTC),
        parts[2],
        parts[3].strip(),
        tuple(_changes(rest.decode("utf-8", "replace").strip("\0\n").split("\0"))),
    )


def _changes(tokens: list[str]) -> list[FileChange]:
    found: list[FileChange] = []
    left = iter(tokens)
    for kind in left:
        path = next(left, "")
        target = next(left, "") if kind.startswith("R") else None
        if path:
            found.append(FileChange(kind[:1], path, target))
    return found
