"""Reads a database's file as plain bytes, beside the connections that this process has on it.

A process that closes any descriptor of a file loses all its POSIX locks on the file, SQLite's
included. Another process that closes the database then takes itself for the last one, and removes
the write-ahead log from under those who still write. So a database's file that was opened here
stays open: until nothing bears its name any more, or the process ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO

_held: dict[tuple[int, int], int] = {}
"""Device and number of each file that stays open, with its descriptor."""
_reading = Lock()
"""Held while one is read: its descriptor has a single place to read from."""


@contextmanager
def raw_bytes(path: Path, *, database: bool) -> Iterator[BinaryIO]:
    """*path*, open for reading from its beginning.

    Args:
        path: any file.
        database: whether it is a database's, or SQLite's beside one. The same file under another
            name is known again without it.

    Raises:
        OSError: it cannot be read.
    """
    if sys.platform == "win32":  # each open file has locks of its own there
        with path.open("rb") as stream:
            yield stream
        return
    with _reading:
        descriptor = _held.get(_number(os.stat(path)))
        if descriptor is None and database:
            descriptor = _hold(path)
        if descriptor is not None:
            with open(descriptor, "rb", closefd=False) as stream:
                stream.seek(0)
                yield stream
            return
    with path.open("rb") as stream:
        yield stream


def _hold(path: Path) -> int:
    for number, descriptor in list(_held.items()):
        if os.fstat(descriptor).st_nlink == 0:
            os.close(_held.pop(number))
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return _held.setdefault(_number(os.fstat(descriptor)), descriptor)


def _number(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
