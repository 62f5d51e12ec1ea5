"""Snapshots of Codex's memories: every file as it is, to be put back byte for byte.

Codex's own repository in the folder is left out: it holds one commit, which Codex makes anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from mem0_tui.backends.codexmemories.writing import replace_bytes
from mem0_tui.model.errors import (
    NotFoundError,
    RefusedError,
    StaleError,
    StoreAccessError,
    StoreError,
)
from mem0_tui.store.formats.jsonl import write_private

FOLDERS = ("memories", "memories_extensions")
"""What Codex empties at a reset, in its home (0.171.0)."""
_REPOSITORIES = ("memories/.git", "memories/.codex-baseline")
_ABOUT, _FILES = "snapshot.json", "files"
_MOST = 100_000
"""Files of which a snapshot is made; Codex keeps a few hundred."""


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file, a folder or a link below Codex's home."""

    name: str
    """Relative to Codex's home, with ``/``."""
    mode: int
    digest: str
    """SHA-256 of what a file holds; blank for a folder or a link."""
    link: str | None = None
    """Where a link leads."""
    size: int = 0

    @property
    def is_folder(self) -> bool:
        return not self.digest and self.link is None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Codex's memories as they were."""

    folder: Path
    codex_home: str
    made_at: datetime
    before: str
    """What it was made before: ``reset`` or ``undo``."""
    entries: tuple[SavedFile, ...]
    undone: bool = False
    """Whether what came after was taken back."""

    @property
    def name(self) -> str:
        return self.folder.name


def look(codex_home: Path) -> tuple[SavedFile, ...]:
    """What is in Codex's folders of memories now.

    Raises:
        StoreError: something there is neither file, folder nor link, or cannot be read.
    """
    try:
        return tuple(entry for entry, _ in _walk(codex_home))
    except OSError as error:
        raise StoreAccessError(f"{error.filename}: {error.strerror or error}") from None


def take(codex_home: Path, root: Path, before: str, now: datetime) -> Snapshot:
    """Copy Codex's memories into a new folder below *root*.

    Raises:
        StoreError: not all of it can be read, or written.
        StaleError: it changed meanwhile.
    """
    folder = root / f"{now:%Y-%m-%dT%H-%M-%S.%f}-{before}"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise StoreAccessError(f"no snapshot could be made: {error}") from None
    try:
        entries = _copy(codex_home, folder / _FILES)
        if look(codex_home) != entries:
            raise StaleError("Codex's memories changed in the meantime", hint="try again")
        snapshot = Snapshot(folder, str(codex_home), now, before, entries)
        _note(snapshot)
    except BaseException as error:
        # Half a copy is of no use, and would hold memories that nobody knows of.
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise StoreAccessError(f"no snapshot could be made: {error}") from None
        raise
    return snapshot


def _copy(codex_home: Path, files: Path) -> tuple[SavedFile, ...]:
    """Copy what there is into the new folder *files*."""
    files.mkdir(mode=0o700)
    entries = []
    for entry, data in _walk(codex_home):
        entries.append(entry)
        if entry.is_folder:
            (files / entry.name).mkdir(mode=0o700)
        elif entry.digest:
            _write_new(files / entry.name, data)
    return tuple(entries)


def snapshots(root: Path, codex_home: Path) -> list[Snapshot]:
    """The snapshots of this Codex's memories, the newest first."""
    found = [each for folder in _folders(root) if (each := _read(folder)) is not None]
    return [each for each in found if each.codex_home == str(codex_home)]


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(root.iterdir(), reverse=True)
    except OSError:
        return []


def check(snapshot: Snapshot) -> None:
    """See that every file of *snapshot* is there, and holds what it held.

    Raises:
        StoreError: one is not.
    """
    for each in snapshot.entries:
        if each.digest:
            _data(snapshot, each)


def restore(snapshot: Snapshot) -> None:
    """Have Codex's memories be what *snapshot* holds, and nothing else.

    It may be run again after a crash.

    Raises:
        StoreError: the snapshot is not whole, or a file cannot be written.
    """
    home = Path(snapshot.codex_home)
    data = {each.name: _data(snapshot, each) for each in snapshot.entries if each.digest}
    wanted = {each.name: each for each in snapshot.entries}
    there = look(home)
    try:
        for each in sorted(there, key=lambda entry: entry.name, reverse=True):
            if each.name not in wanted or _kind(each) != _kind(wanted[each.name]):
                _remove(home / each.name, folder=each.is_folder)
        for each in snapshot.entries:
            _put(home / each.name, each, data.get(each.name, b""), snapshot.folder)
    except OSError as error:
        raise StoreAccessError(
            f"not everything could be put back: {error}", hint="try again"
        ) from None
    _note(replace(snapshot, undone=True))


def find(root: Path, codex_home: Path, name: str | None) -> Snapshot:
    """The snapshot of that *name*, or the newest from before a reset that was not taken back.

    Raises:
        NotFoundError: there is none.
        StoreError: what is in it cannot be told, so that no older one is taken for it.
    """
    for folder in _folders(root):
        each = _read(folder)
        if each is None:
            asked = folder.name == name or (name is None and folder.name.endswith("-reset"))
            if asked and (folder / _ABOUT).exists():
                raise StoreError(
                    f"the snapshot {folder.name} is damaged: {folder / _ABOUT} cannot be read",
                    hint="its files are in the folder `files` beside it; another snapshot can be"
                    " named",
                )
        elif each.codex_home == str(codex_home) and (
            each.name == name or (name is None and each.before == "reset" and not each.undone)
        ):
            return each
    what = f"no snapshot {name}" if name else "no reset of Codex's memories to take back"
    raise NotFoundError(f"there is {what}", hint="`mem0-tui codex-memories snapshots` lists them")


def _walk(codex_home: Path) -> Iterator[tuple[SavedFile, bytes]]:
    """Every entry with what it holds, folders before what is in them."""
    count = 0
    for top in FOLDERS:
        names = [top]
        while names:
            name = names.pop()
            path = codex_home / name
            try:
                status = os.lstat(path)
            except FileNotFoundError:
                continue
            mode = stat.S_IMODE(status.st_mode)
            count += 1
            if count > _MOST:
                raise RefusedError(f"{codex_home / top} holds more than {_MOST:,} files")
            if stat.S_ISDIR(status.st_mode):
                yield SavedFile(name, mode, ""), b""
                inner = (f"{name}/{each}" for each in sorted(os.listdir(path), reverse=True))
                names += [each for each in inner if each not in _REPOSITORIES]
            elif stat.S_ISLNK(status.st_mode):
                yield SavedFile(name, mode, "", os.readlink(path)), b""
            elif stat.S_ISREG(status.st_mode):
                data = path.read_bytes()
                yield SavedFile(name, mode, _digest(data), None, len(data)), data
            else:
                raise RefusedError(f"{path} is a device or a pipe, which no copy can hold")


def _kind(entry: SavedFile) -> tuple[bool, bool]:
    return entry.is_folder, entry.link is not None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _data(snapshot: Snapshot, entry: SavedFile) -> bytes:
    path = snapshot.folder / _FILES / entry.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"the snapshot is incomplete: {path}: {error.strerror}") from None
    if _digest(data) != entry.digest:
        raise StoreError(
            f"the snapshot is damaged: {path} does not hold what was copied",
            hint="nothing was changed",
        )
    return data


def _remove(path: Path, *, folder: bool) -> None:
    if not folder:
        path.unlink(missing_ok=True)
        return
    if not os.listdir(path):  # one that holds Codex's repository stays
        path.rmdir()


def _put(path: Path, entry: SavedFile, data: bytes, beside: Path) -> None:
    if entry.is_folder:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(entry.mode)
    elif entry.link is not None:
        if path.is_symlink():
            path.unlink()
        path.symlink_to(entry.link)
    elif not path.is_file() or path.read_bytes() != data or _mode(path) != entry.mode:
        replace_bytes(path, data, beside=beside, mode=entry.mode)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _note(snapshot: Snapshot) -> None:
    document = {
        "version": 1,
        "codex_home": snapshot.codex_home,
        "made_at": snapshot.made_at.isoformat(),
        "before": snapshot.before,
        "undone": snapshot.undone,
        "entries": [[e.name, e.mode, e.digest, e.link, e.size] for e in snapshot.entries],
    }
    write_private(snapshot.folder / _ABOUT, [json.dumps(document, indent=1)])


def _read(folder: Path) -> Snapshot | None:
    """The snapshot in *folder*; None where there is none, or one that was not finished."""
    try:
        document = json.loads((folder / _ABOUT).read_bytes())
        return Snapshot(
            folder,
            str(document["codex_home"]),
            datetime.fromisoformat(document["made_at"]),
            str(document["before"]),
            tuple(_entry(row) for row in document["entries"]),
            bool(document["undone"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _entry(row: list[object]) -> SavedFile:
    name, mode, digest, link, size = row
    parts = PurePosixPath(str(name)).parts
    if not parts or parts[0] not in FOLDERS or ".." in parts:
        raise ValueError(name)
    where = None if link is None else str(link)
    return SavedFile(str(name), int(str(mode)), str(digest), where, int(str(size)))
