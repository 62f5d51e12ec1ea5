"""What a fix changed, kept so that it can be put back byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mem0_tui.codex.facts.paths import Homes
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.errors import NotFoundError, StaleError, StoreAccessError

_MANIFEST = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """One fix that was applied and can be undone."""

    folder: Path
    fix: str
    codex_home: str
    items: tuple[tuple[str, str], ...]
    """Path and its name within *folder*; an empty name for a path that did not exist."""
    after: Mapping[str, str]
    """Path to the digest of what the fix left there."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Path of a file to the name, within *folder*, of a copy of what the fix left there."""


def state_folder(environ: Mapping[str, str], home: str) -> Path:
    """Where backups lie: the user's state folder."""
    base = environ.get("XDG_STATE_HOME") or environ.get("LOCALAPPDATA")
    root = Path(base) if base and os.path.isabs(base) else Path(home, ".local", "state")
    return root / "mem0-tui" / "doctor"


def save(fix: str, paths: Iterable[str], homes: Homes, clock: Clock | None = None) -> Backup:
    """Copy *paths* (files or folders, there or not) into a new backup."""
    moment = (clock or SystemClock()).now().strftime("%Y%m%dT%H%M%S.%f")
    folder = state_folder(homes.environ, homes.home) / f"{moment}-{fix}"
    try:
        folder.mkdir(parents=True, mode=0o700)
        items = tuple(
            (path, _copy(path, folder, str(n))) for n, path in enumerate(dict.fromkeys(paths))
        )
    except (OSError, shutil.Error) as error:
        raise StoreAccessError(f"no backup could be written to {folder}: {error}") from error
    backup = Backup(folder, fix, homes.codex_home, items, {})
    _write_manifest(backup)
    return backup


def seal(backup: Backup) -> Backup:
    """Note what the paths hold now, so that undo can tell later changes from the fix's own."""
    after = {path: digest(path) for path, _ in backup.items}
    files = [path for path, _ in backup.items if os.path.isfile(path)]
    try:
        left = {path: _copy(path, backup.folder, f"left-{n}") for n, path in enumerate(files)}
    except OSError as error:
        raise StoreAccessError(f"no backup could be written: {error}") from error
    sealed = replace(backup, after=after, left=left)
    _write_manifest(sealed)
    return sealed


def backups(homes: Homes) -> list[Backup]:
    """The fixes that can be undone for this Codex home, newest first."""
    found: list[Backup] = []
    root = state_folder(homes.environ, homes.home)
    try:
        folders = sorted(root.iterdir(), reverse=True)
    except OSError:
        return []
    for folder in folders:
        backup = _read_manifest(folder)
        if backup is not None and backup.codex_home == homes.codex_home:
            found.append(backup)
    return found


def undo(homes: Homes, *, force: bool = False) -> Backup:
    """Put back what the newest fix changed, exactly; refuses where it changed again since.

    Raises NotFoundError where nothing can be undone, StaleError unless *force*.
    """
    known = backups(homes)
    if not known:
        raise NotFoundError("there is no fix to undo for this Codex home")
    backup = known[0]
    changed = [path for path, _ in backup.items if digest(path) != backup.after.get(path, "")]
    if changed and backup.after and not force:
        raise StaleError(
            f"{changed[0]} changed after the fix {backup.fix}",
            hint=f"the state before the fix is in {backup.folder}",
        )
    restore(backup)
    return backup


def restore(backup: Backup) -> None:
    """Put every path of *backup* back and forget the backup."""
    try:
        for path, name in backup.items:
            _put_back(path, backup.folder / name if name else None)
        shutil.rmtree(backup.folder)
    except (OSError, shutil.Error) as error:
        raise StoreAccessError(f"could not put everything back: {error}") from error


def digest(path: str) -> str:
    """A fingerprint of the file or folder at *path*; the same for the same bytes and names."""
    whole = hashlib.sha256()
    if os.path.islink(path):
        whole.update(b"link\0" + os.fsencode(os.readlink(path)))
    elif os.path.isdir(path):
        for folder, names, files in os.walk(path):
            names.sort()
            for name in sorted([*files, *(n for n in names if os.path.islink(_join(folder, n)))]):
                inner = _join(folder, name)
                whole.update(os.fsencode(os.path.relpath(inner, path)) + b"\0")
                whole.update(digest(inner).encode())
    elif os.path.isfile(path):
        with open(path, "rb") as file:
            while part := file.read(1 << 16):
                whole.update(part)
    else:
        return "absent"
    return whole.hexdigest()


def _join(folder: str, name: str) -> str:
    return os.path.join(folder, name)


def _copy(path: str, folder: Path, number: str) -> str:
    if not os.path.lexists(path):
        return ""
    name = f"{number}-{os.path.basename(path)}"
    target = folder / name
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.copytree(path, target, symlinks=True)
    else:
        shutil.copy2(path, target, follow_symlinks=False)
        if not os.path.islink(path):
            os.chmod(target, 0o600)
    return name


def _put_back(path: str, saved: Path | None) -> None:
    mode = os.stat(path).st_mode & 0o7777 if os.path.isfile(path) else 0o600
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif saved is None and os.path.lexists(path):
        os.unlink(path)
    if saved is None:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if saved.is_dir() and not saved.is_symlink():
        shutil.copytree(saved, path, symlinks=True)
    elif saved.is_symlink():
        if os.path.lexists(path):
            os.unlink(path)
        os.symlink(os.readlink(saved), path)
    else:
        replace_bytes(path, saved.read_bytes(), mode)


def replace_bytes(path: str, data: bytes, mode: int | None = None) -> None:
    """Write *path* in one step: whole, or not at all; keeps its mode."""
    if mode is None:
        mode = os.stat(path).st_mode & 0o7777 if os.path.isfile(path) else 0o600
    beside = f"{path}.mem0-tui-{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, mode)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise


def _write_manifest(backup: Backup) -> None:
    data = {
        "version": 1,
        "fix": backup.fix,
        "codex_home": backup.codex_home,
        "items": [list(item) for item in backup.items],
        "after": dict(backup.after),
        "left": dict(backup.left),
    }
    path = backup.folder / _MANIFEST
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
    path.chmod(0o600)


def _read_manifest(folder: Path) -> Backup | None:
    try:
        data = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        items = tuple((str(path), str(name)) for path, name in data["items"])
        after = {str(path): str(value) for path, value in data["after"].items()}
        left = {str(path): str(name) for path, name in data.get("left", {}).items()}
        return Backup(folder, str(data["fix"]), str(data["codex_home"]), items, after, left)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
