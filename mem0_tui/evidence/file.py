"""The files of evidence on this machine, and whether one is still what was read of it."""

from __future__ import annotations

import os
import re
from binascii import crc32
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_ROLLOUT = re.compile(r"rollout-.*[-_][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jsonl(?:\.zst)?")
_FOLDERS = ("sessions", "archived_sessions")
COMPRESSED = ".zst"
_CHECKED = 512
"""Bytes at the beginning, and before a place, that tell whether a file is the one that was read."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file as the folder lists it."""

    name: str
    """What it is called wherever it is moved, and whether or not it is compressed."""
    path: str
    kind: str
    """``rollout``, ``plugin`` or ``threads``."""
    inode: int
    size: int
    modified: int
    """Nanoseconds since 1970."""

    @property
    def compressed(self) -> bool:
        return self.path.endswith(COMPRESSED)

    @property
    def archived(self) -> bool:
        """Whether Codex has put the session away."""
        return is_archived(self.path)


@dataclass(frozen=True, slots=True)
class Places:
    """The folders in which evidence is; they need not exist."""

    codex_home: str
    hooks_state: str
    """Where this program's hooks keep what they gave to which session."""
    plugin_folders: tuple[str, ...] = ()
    """Where Mem0's plugin 0.3 may keep its database."""


def is_archived(path: str) -> bool:
    """Whether the rollout at *path* was put away by Codex."""
    return "archived_sessions" in path.split(os.sep)


def rollouts(places: Places) -> list[EvidenceFile]:
    """Every rollout, by name; of two by one name the one that is in use, uncompressed."""
    found: dict[str, EvidenceFile] = {}
    for folder in _FOLDERS:
        for entry in _walk(os.path.join(places.codex_home, folder), 0):
            if not _ROLLOUT.fullmatch(entry.name):
                continue
            try:
                status = entry.stat()
            except OSError:
                continue
            name = entry.name.removesuffix(COMPRESSED)
            file = EvidenceFile(
                name, entry.path, "rollout", status.st_ino, status.st_size, status.st_mtime_ns
            )
            if name not in found or found[name].compressed:
                found[name] = file
    return [found[name] for name in sorted(found)]


def _walk(folder: str, depth: int) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield entry
                elif depth < 4 and entry.is_dir(follow_symlinks=False):
                    yield from _walk(entry.path, depth + 1)
    except OSError:
        return


def database(path: str, kind: str) -> EvidenceFile | None:
    """The SQLite file at *path*, with its log, as one; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    size, modified = status.st_size, status.st_mtime_ns
    try:
        log = os.stat(f"{path}-wal")
    except OSError:
        pass
    else:
        size, modified = size + log.st_size, max(modified, log.st_mtime_ns)
    return EvidenceFile(path, path, kind, status.st_ino, size, modified)


def checksums(file: BinaryIO, position: int) -> tuple[int, int]:
    """Of the first bytes of *file*, as far as they are before *position*, and of the last before
    *position*."""
    file.seek(0)
    head = crc32(file.read(min(_CHECKED, position)))
    file.seek(max(0, position - _CHECKED))
    return head, crc32(file.read(min(_CHECKED, position)))
