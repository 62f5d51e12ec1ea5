"""git's own locks, taken as git takes them: a file ``NAME.lock`` that must not be there yet.

Ours are hard links to a file of this program's, so that one that a crash left behind is known.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mem0_tui.git.place import RepositoryError


@contextmanager
def git_lock(file: Path, token: Path) -> Iterator[None]:
    """Keep git from writing *file* for as long as the block takes.

    Args:
        file: what is to be written.
        token: an empty file of ours on the same file system, which only one process uses.

    Raises:
        RepositoryError: git is writing it.
    """
    lock = _lock_of(file)
    release_left(file, token)
    try:
        _take(lock, token)
    except FileExistsError:
        raise RepositoryError(
            f"git is at work in it, or was killed at it: {lock} is there"
        ) from None
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def release_left(file: Path, token: Path) -> None:
    """Release *file* if a process of ours was killed while it held it; see :func:`git_lock`."""
    lock = _lock_of(file)
    with contextlib.suppress(FileNotFoundError):
        if os.path.samestat(os.lstat(lock), os.lstat(token)):
            lock.unlink()


def _lock_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.lock")


def _take(lock: Path, token: Path) -> None:
    try:
        os.link(token, lock)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
