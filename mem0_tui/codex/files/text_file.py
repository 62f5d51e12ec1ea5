"""Reads one file that may be anything: never blocks, never raises, never reads without a bound."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from mem0_tui.model.record import Record

LIMIT = 1 << 20
"""Bytes read of one file. Codex's own files are a few kilobytes."""


class FileState(StrEnum):
    """What is at a path, as far as reading it is concerned."""

    OK = "ok"
    ABSENT = "absent"
    DANGLING = "dangling"
    LOOP = "loop"
    DIRECTORY = "directory"
    SPECIAL = "special"
    DENIED = "denied"
    TOO_BIG = "too-big"
    NOT_UTF8 = "not-utf8"
    UNREADABLE = "unreadable"


_WORDS = {
    FileState.OK: "was read",
    FileState.ABSENT: "does not exist",
    FileState.DANGLING: "is a symbolic link to nothing",
    FileState.LOOP: "is a loop of symbolic links",
    FileState.DIRECTORY: "is a directory",
    FileState.SPECIAL: "is not a regular file",
    FileState.DENIED: "cannot be read: permission denied",
    FileState.TOO_BIG: "is too large to be read here",
    FileState.NOT_UTF8: "is not valid UTF-8",
    FileState.UNREADABLE: "cannot be read",
}


class TextFile(Record):
    """The text at *path*, or why there is none."""

    path: str
    state: FileState
    text: str = ""
    bom: bool = False
    """Whether the file began with a byte order mark, which *text* no longer holds."""

    @property
    def words(self) -> str:
        """The state as the end of a sentence that begins with the path."""
        return _WORDS[self.state]


_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[set[str]]:
    """Collect the paths that are read (or found missing, or listed) within the block."""
    paths: set[str] = set()
    token = _noted.set(paths)
    try:
        yield paths
    finally:
        _noted.reset(token)


def note(path: str) -> None:
    """Count *path* among those that a look rests on, also where it is read by other means."""
    if (paths := _noted.get()) is not None:
        paths.add(path)


def read(path: str, limit: int = LIMIT) -> TextFile:
    """The text of the regular file at *path*, of at most *limit* bytes."""
    data, state = read_bytes(path, limit)
    if state is not FileState.OK:
        return TextFile(path, state)
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        return TextFile(path, state, data[3 if bom else 0 :].decode("utf-8"), bom)
    except UnicodeDecodeError:
        return TextFile(path, FileState.NOT_UTF8)


def read_bytes(path: str, limit: int = LIMIT, *, whole: bool = True) -> tuple[bytes, FileState]:
    """The bytes of the regular file at *path*; a FIFO, a device or a directory is not opened.

    A file of more than *limit* bytes is refused, or cut there if it need not be *whole*.
    """
    note(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_TTY)
    except (OSError, ValueError) as error:
        return b"", _state_of(path, error)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            return b"", FileState.DIRECTORY
        if not stat.S_ISREG(status.st_mode):
            return b"", FileState.SPECIAL
        if whole and status.st_size > limit:
            return b"", FileState.TOO_BIG
        data = _drain(descriptor, limit)
    except OSError:
        return b"", FileState.UNREADABLE
    finally:
        os.close(descriptor)
    if len(data) > limit and whole:
        return b"", FileState.TOO_BIG
    return data[:limit], FileState.OK


_NO_TTY = getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def _drain(descriptor: int, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit + 1
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _state_of(path: str, error: OSError | ValueError) -> FileState:
    if not isinstance(error, OSError):
        return FileState.UNREADABLE
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileState.DANGLING if os.path.islink(path) else FileState.ABSENT
    if error.errno == errno.ELOOP:
        return FileState.LOOP
    if os.path.isdir(path):
        return FileState.DIRECTORY
    if error.errno in (errno.EACCES, errno.EPERM):
        return FileState.DENIED
    return FileState.SPECIAL if error.errno == errno.ENXIO else FileState.UNREADABLE


def folders(path: str) -> list[str]:
    """Names of the directories in *path* (links to one count), sorted; none if unreadable."""
    note(path)
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if _is_folder(entry))
    except (OSError, ValueError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
