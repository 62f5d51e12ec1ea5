"""Changes a file of Codex's memories: a copy first, then all of the new text in one step.

The copies are ours, private, and kept for a while; what is taken out of a file is put back at its
place by the copy that was made before.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mem0_tui.model.errors import StaleError, StoreAccessError, StoreError
from mem0_tui.store.formats.jsonl import write_private

COPIES_FOLDER = "codex-memories"
"""The folder of copies, beside the journal."""
_KEPT = 200
"""Copies that are kept; each has the files that one change touched."""
_PLACES, _IDS = "removed.json", "ids.json"


class Copies:
    """Copies of Codex's files from before each change, in the folder at *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, name: str, text: str, now: datetime) -> str:
        """Keep *text*, which the file *name* holds now; the copy's name."""
        self.folder()
        stamp = f"{now:%Y-%m-%dT%H-%M-%S}"
        for number in range(10_000):
            copy = f"{stamp}-{number:04d}-{name.replace('/', '+')}"
            with contextlib.suppress(FileExistsError):
                _write_new(self.path / copy, text)
                self._forget_old()
                return copy
        raise StoreError(f"{self.path} is full")

    def text(self, copy: str) -> str | None:
        """The copy's text; None where it is not kept any more."""
        try:
            return (self.path / Path(copy).name).read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return None

    def places(self) -> dict[str, dict[str, object]]:
        """Where removed passages stood, by id: ``copy``, ``file``, which of its passages it
        was (``at``, from 0), and ``done`` once it was removed."""
        return self._table(_PLACES)

    def ids(self) -> dict[str, str]:
        """The ids of passages whose text was changed here, by the key of their new text."""
        return {key: str(value) for key, value in self._table(_IDS).items()}

    def note_places(self, new: Mapping[str, Mapping[str, object]]) -> None:
        """Remember where passages stood that are about to be removed."""
        self._save(_PLACES, {**self.places(), **new})

    def forget_place(self, id_: str) -> None:
        """What stood there is put back."""
        self._save(_PLACES, {key: place for key, place in self.places().items() if key != id_})

    def note_id(self, key: str, id_: str) -> None:
        """Remember that the passage of *key* has the id *id_*."""
        self._save(_IDS, {**self.ids(), key: id_})

    def _table(self, name: str) -> dict[str, dict[str, object]]:
        try:
            found = json.loads((self.path / name).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _save(self, name: str, table: Mapping[str, object]) -> None:
        write_private(self.folder() / name, [json.dumps(table, indent=1)])

    def folder(self) -> Path:
        """The folder, which is there then."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreAccessError(f"{self.path}: {error.strerror or error}") from None
        return self.path

    def _forget_old(self) -> None:
        names = sorted(name for name in os.listdir(self.path) if name not in (_PLACES, _IDS))
        for name in names[:-_KEPT]:
            (self.path / name).unlink(missing_ok=True)


def replace_file(path: Path, text: str, *, beside: Path, expected: str | None = None) -> None:
    """The same as :func:`replace_bytes`, for a text; an existing file keeps its mode."""
    whole = None if expected is None else expected.encode()
    replace_bytes(path, text.encode(), beside=beside, expected=whole)


def replace_bytes(
    path: Path,
    data: bytes,
    *,
    beside: Path,
    expected: bytes | None = None,
    mode: int | None = None,
) -> None:
    """Give the file at *path* the content *data* in one step; a reader sees the old or the new.

    Args:
        path: the file, which need not be there yet.
        data: all of its new content.
        beside: where the draft is written; on another disk it is written next to *path*.
        expected: what the file must still hold just before; None for whatever it holds.
        mode: its permissions; None for those that it has.

    Raises:
        StaleError: it holds something else.
        StoreAccessError: it cannot be written.
    """
    try:
        draft = _draft(path, data, beside, mode)
        try:
            if expected is not None and path.read_bytes() != expected:
                raise StaleError(f"{path.name} changed in the meantime", hint="look again")
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreAccessError(f"{path}: {error.strerror or error}") from None


def _draft(path: Path, data: bytes, beside: Path, mode: int | None) -> Path:
    same_disk = beside.is_dir() and os.stat(beside).st_dev == os.stat(path.parent).st_dev
    folder = beside if same_disk else path.parent
    descriptor, name = tempfile.mkstemp(prefix=".mem0-tui-", dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        os.chmod(name, mode)
    elif path.exists():
        shutil.copymode(path, name)
    return Path(name)


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
