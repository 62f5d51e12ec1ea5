"""Lets one test process install something into a shared cache folder while the others wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mem0_tui.store.sqlite.lock import FileLock


@contextmanager
def only_one(path: Path, *, patience: float = 900.0) -> Iterator[None]:
    """Hold the lock file *path*; the lock of a process that died is free.

    Raises:
        TimeoutError: somebody held it for longer than *patience* seconds.
    """
    lock = FileLock(path)
    end = time.monotonic() + patience
    while not lock.acquire():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} has been held for {patience:.0f} seconds")
        time.sleep(0.5)
    try:
        yield
    finally:
        lock.release()
