"""A lock file that says «a living process is at work here»: the system lets go of it when the
process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from mem0_tui.store.sqlite.errors import translated

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def is_held(path: Path) -> bool:
        """Whether anybody holds the lock *path*."""
        if not path.exists():
            return False
        lock = FileLock(path)
        if not lock.acquire():
            return True
        lock.release()
        return False

    def hold(_descriptor: int) -> None:
        """Nothing: an open file cannot be removed here."""
else:
    import fcntl

    def _take(descriptor: int) -> None:
        """Lock *descriptor*; one who only looks, as :func:`is_held` does, is not in the way."""
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # fails if it is held
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def is_held(path: Path) -> bool:
        """Whether anybody holds the lock *path*. Those who ask at once do not see each other."""
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def hold(descriptor: int) -> None:
        """Lock an open file for as long as it is open, where its file system can."""
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """An exclusive lock on one small file, never waited for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if anybody, here or in another process, has it.

        Raises:
            StoreAccessError: the file cannot be made.
        """
        with translated(self.path):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(descriptor)
            if not os.path.samestat(os.fstat(descriptor), os.stat(self.path)):
                raise FileNotFoundError(self.path)  # its holder removed it meanwhile
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go of the lock and remove its file; does nothing when it is not held."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if sys.platform == "win32":  # no open file can be removed there
            os.close(descriptor)
            self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(descriptor)
