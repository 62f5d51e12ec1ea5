"""What a store and its backups last agreed on, kept in the state folder of this machine.

Kept by the commit that the repository ended in, so that a clone, a moved folder or a repository
made anew is known for what it is. Only digests are kept: nothing here says what a memory says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from mem0_tui.curator.backup.comparing import Agreed, Base
from mem0_tui.store.formats.backup import BackupOrigin
from mem0_tui.store.formats.jsonl import write_private

_KEPT = 8
"""Commits whose states are kept of one store."""
_SHORT = 32
"""Hex digits that stand for a path."""


class Bases:
    """The states of one store on this machine."""

    def __init__(self, state: Path, origin: BackupOrigin) -> None:
        name = hashlib.sha256(f"{origin.backend}\0{origin.target}".encode()).hexdigest()[:16]
        self._folder = state / "backups" / name

    def find(self, head: str | None, holds: Callable[[str], bool]) -> dict[str, Agreed] | None:
        """The latest state, by digests of paths; None where none is known.

        Args:
            head: the commit that the repository ends in.
            holds: whether its history holds another commit.
        """
        if head is None or not self._folder.is_dir():
            return None
        kept = self._kept()
        for file in sorted(kept, key=lambda file: file.name != head):
            if file.name == head or holds(file.name):
                return _read(file)
        return None

    def keep(self, head: str, base: Base) -> None:
        """Write down what is agreed on with the repository as of *head*."""
        lines = (
            f"{digest(p)} {a.ours or '-'} {a.theirs or '-'}\n" for p, a in sorted(base.items())
        )
        write_private(self._folder / head, lines)
        for file in self._kept()[_KEPT:]:
            file.unlink(missing_ok=True)

    def _kept(self) -> list[Path]:
        """The files, the latest first."""
        files = [file for file in self._folder.iterdir() if "." not in file.name]
        return sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)


def digest(path: str) -> str:
    """What stands for *path*."""
    return hashlib.sha256(path.encode()).hexdigest()[:_SHORT]


def _read(file: Path) -> dict[str, Agreed] | None:
    found: dict[str, Agreed] = {}
    try:
        for line in file.read_text("ascii").splitlines():
            name, ours, theirs = line.split(" ")
            found[name] = Agreed("" if ours == "-" else ours, "" if theirs == "-" else theirs)
    except (OSError, ValueError):
        return None  # a damaged one is worth as much as none
    return found
