"""The files of a backup in its working tree, read and written without following a link."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from mem0_tui.model.errors import RefusedError
from mem0_tui.store.formats.backup import CODEX, MANIFEST, MEMORIES, is_own_path

DRAFT = ".mem0-tui-draft"
"""The file that is being written; a crash may leave it behind, beside where it belongs."""
_FAN = re.compile(r"[0-9a-f]{2}")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def blob_id(data: bytes, algorithm: str) -> str:
    """The id that git gives to the content *data*; *algorithm* is ``sha1`` or ``sha256``."""
    head = b"blob %d\0" % len(data)
    return hashlib.new(algorithm, head + data, usedforsecurity=False).hexdigest()


class WorkingFiles:
    """Our files below the top of a working tree, whoever else has files there."""

    def __init__(self, root: Path, algorithm: str) -> None:
        self.root = root
        self._algorithm = algorithm
        self._ready: set[Path] = {root}
        """Folders that were seen to be there, and no links."""

    def read(self) -> dict[str, tuple[str, str]]:
        """By path the blob ids of what is there: as it is, and with the line ends of Unix, which
        git may have changed when it wrote the files.

        Raises:
            RefusedError: a link, a pipe or the like is in the place of a file or folder of ours.
        """
        found: dict[str, tuple[str, str]] = {}
        for path in self._own():
            data = self._content(path)
            as_it_is = blob_id(data, self._algorithm)
            plain = data.replace(b"\r\n", b"\n")
            same = len(plain) == len(data)
            found[path] = (as_it_is, as_it_is if same else blob_id(plain, self._algorithm))
        return found

    def write(self, path: str, data: bytes) -> None:
        """Have *path* hold *data* (0600, its folders 0700): all of it, or what was there before.
        What :meth:`tidy` removes must not be there."""
        folder = (self.root / path).parent
        if folder not in self._ready:
            for each in (folder.parent, folder):
                if each not in self._ready and each != self.root.parent:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(each, 0o700)
                    self._check_folder(each)
                    self._ready.add(each)
        draft = folder / DRAFT
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
            file.write(data)
        os.replace(draft, self.root / path)

    def remove(self, path: str) -> None:
        """Have nothing at *path*, nor an empty folder of ours around it."""
        file = self.root / path
        file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            for folder in (file.parent, file.parent.parent):
                if folder != self.root:
                    folder.rmdir()

    def tidy(self) -> None:
        """Remove what a crash may have left behind of a file that was being written."""
        for folder in (self.root, *self._folders()):
            (folder / DRAFT).unlink(missing_ok=True)

    def _own(self) -> Iterator[str]:
        if os.path.lexists(self.root / MANIFEST):
            yield MANIFEST
        for folder in self._folders():
            start = folder.relative_to(self.root).as_posix()
            for name in os.listdir(folder):
                path = f"{start}/{name}"
                if is_own_path(path):
                    yield path

    def _folders(self) -> Iterator[Path]:
        for name in (MEMORIES, CODEX):
            top = self.root / name
            if not os.path.lexists(top):
                continue
            self._check_folder(top)
            for fan in sorted(os.listdir(top)):
                if _FAN.fullmatch(fan):
                    self._check_folder(top / fan)
                    yield top / fan

    def _check_folder(self, folder: Path) -> None:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise RefusedError(f"{folder} is not a folder of its own", hint="move it away")

    def _content(self, path: str) -> bytes:
        file = self.root / path
        if not stat.S_ISREG(os.lstat(file).st_mode):
            raise RefusedError(f"{file} is not a regular file", hint="move it away")
        with os.fdopen(os.open(file, os.O_RDONLY | _NO_LINK), "rb") as opened:
            return opened.read()
