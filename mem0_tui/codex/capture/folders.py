"""The folders in which plugin 0.3 keeps its data: one for the hooks, others for server and skills.

Only hooks are told where their folder is (``--plugin-data-dir``). The MCP server and the commands
of the skills fall back to folders below ``~/.mem0``; a pause set there does not reach the hooks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from mem0_tui.codex.capture.activity import Activity, moment, read_activity
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.files.spot import Spot, table, text
from mem0_tui.codex.files.text_file import note, read
from mem0_tui.model.record import Record

SERVER_FOLDER, SKILLS_FOLDER = "mem0-plugin", "codex-plugin"
_MOVED = "MEM0_CODE_DATA_DIR"
_TAIL = 1 << 14


class LoggedError(Record):
    """The last line of a log that tells of an error."""

    message: str
    at: datetime | None
    spot: Spot
    count: int
    """Such lines within the part of the log that was read."""


class DataFolder(Record):
    """One of the folders."""

    path: str
    used_by: str
    """``hooks``, ``server`` or ``skills``."""
    activity: Activity | None
    """None where it holds no database."""
    pending: tuple[float, ...] = ()
    """When each delivery that waits in a file was written, in seconds since 1970."""
    hook_error: LoggedError | None = None
    worker_error: LoggedError | None = None
    set_aside: tuple[str, ...] = ()
    """Databases that the plugin could not read and began anew."""

    @property
    def paused(self) -> bool:
        return self.activity is not None and self.activity.paused


def hooks_folder(plugin: Plugin, homes: Homes, environ: Mapping[str, str]) -> str:
    """Where the hooks of *plugin* keep their data."""
    if moved := environ.get(_MOVED):
        return _expanded(moved, homes)
    name = f"{plugin.name}-{plugin.marketplace}"
    return os.path.join(homes.codex_home, "plugins", "data", name)


def read_folders(plugin: Plugin, homes: Homes, environ: Mapping[str, str]) -> list[DataFolder]:
    """The hooks' folder first, then those of the server and of the skills, each path once."""
    own = hooks_folder(plugin, homes, environ)
    found = [_hooks(own)]
    for name, used_by in ((SERVER_FOLDER, "server"), (SKILLS_FOLDER, "skills")):
        path = os.path.join(homes.mem0, name)
        if path != own:
            found.append(DataFolder(path, used_by, read_activity(path)))
    return found


def _hooks(path: str) -> DataFolder:
    names = _files(path)
    return DataFolder(
        path,
        "hooks",
        read_activity(path),
        _pending(os.path.join(path, "pending")),
        _hook_error(os.path.join(path, "plugin-errors.log")),
        _worker_error(os.path.join(path, "flush-worker.log")),
        tuple(name for name in names if ".sqlite3.corrupt-" in name and "-wal" not in name),
    )


def _files(path: str) -> list[str]:
    note(path)
    try:
        return sorted(os.listdir(path))
    except OSError:
        return []


def _pending(path: str) -> tuple[float, ...]:
    """Files in which a delivery waits; one that is for later (``idle-``) is none that waits."""
    found: list[float] = []
    for name in _files(path):
        if name.endswith((".json", ".running")) and not name.startswith("idle-"):
            try:
                found.append(os.stat(os.path.join(path, name)).st_mtime)
            except OSError:
                continue
    return tuple(sorted(found))


def _hook_error(path: str) -> LoggedError | None:
    """Lines of ``SECONDS NAME: text``."""
    found: tuple[str, datetime | None] | None = None
    count = 0
    for line in _tail(path):
        seconds, _, message = line.partition(" ")
        try:
            at = moment(float(seconds))
        except ValueError:
            continue  # a line of a text that has several
        found, count = (message.strip(), at), count + 1
    return None if found is None else LoggedError(found[0], found[1], Spot(path), count)


def _worker_error(path: str) -> LoggedError | None:
    """Lines of JSON, one for each run of the worker; the last one tells how it stands."""
    import json

    last: Mapping[str, object] = {}
    traces = 0
    lines = _tail(path)
    for line in lines:
        try:
            last = table(json.loads(line))
            traces = 0
        except (ValueError, RecursionError):
            traces += 1
    if traces and lines:  # what Python itself says of a worker that could not run
        return LoggedError(lines[-1].strip(), _changed(path), Spot(path), traces)
    if text(last.get("status")) != "error":
        return None
    message = text(last.get("error")) or text(last.get("reason")) or "error"
    return LoggedError(message, _changed(path), Spot(path), 1)


def _changed(path: str) -> datetime | None:
    try:
        return moment(os.stat(path).st_mtime)
    except OSError:
        return None


def _tail(path: str) -> list[str]:
    """The last lines of a log, whatever its size, without blank ones."""
    note(path)
    if not os.path.isfile(path):
        return []
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _TAIL))
            data = file.read(_TAIL)
    except OSError:
        return []
    lines = data.decode("utf-8", "replace").splitlines()
    return [line for line in lines[size > _TAIL :] if line.strip()]


def _expanded(path: str, homes: Homes) -> str:
    tilde = path == "~" or path.startswith("~/")
    return os.path.normpath(os.path.join(homes.cwd, homes.home + path[1:] if tilde else path))


def key_file(folder: str) -> str | None:
    """The key that lies in *folder*, without blanks around it; None where there is none."""
    return read(os.path.join(folder, "api-key"), 1 << 12).text.strip() or None
