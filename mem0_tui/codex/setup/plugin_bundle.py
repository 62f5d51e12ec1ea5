"""The Codex plugin that comes with mem0-tui: its files, and its copy for one server.

Codex is pointed to a copy in the user's data folder, because the environment that mem0-tui was
installed into may move. The copy has only what the package has, and the server's name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from mem0_tui.codex.facts.scan import OWN_PLUGIN
from mem0_tui.codex.files.text_file import read_bytes
from mem0_tui.codex.report import FileEdit

NAME = "mem0-tui"
"""Of the plugin and of the marketplace that offers it."""
PLUGIN_ID = OWN_PLUGIN
FOLDER = "codex"
"""The copy's place in the data folder."""
LAUNCHER = f"{NAME}/hooks/run"
PROGRAM = f"{NAME}/hooks/program"
"""Where the launcher finds the path of mem0-tui."""
SERVER_FILE = f"{NAME}/.codex-mcp.json"


def package_files() -> dict[str, bytes]:
    """The files of the marketplace and its plugin, by path with slashes."""
    return dict(_walk(files("mem0_tui") / "plugin", ""))


def bundle_files(url: str, variable: str, program: str) -> dict[str, bytes]:
    """The plugin for the server at *url*, its key in *variable*; *program* runs its hooks."""
    entry = {"url": url, "bearer_token_env_var": variable}
    server = json.dumps({"mcpServers": {"mem0": entry}}, indent=2) + "\n"
    changed = {SERVER_FILE: server.encode(), PROGRAM: f"{program}\n".encode()}
    return {**package_files(), **changed}


def hook_files(program: str) -> dict[str, bytes]:
    """Only what hooks need that no plugin brings."""
    return {LAUNCHER: package_files()[LAUNCHER], PROGRAM: f"{program}\n".encode()}


def hook_events() -> dict[str, list[dict[str, object]]]:
    """The plugin's matcher groups by event."""
    events: dict[str, list[dict[str, object]]] = json.loads(
        package_files()[f"{NAME}/hooks/hooks.json"]
    )["hooks"]
    return events


def plugin_version(tree: Mapping[str, bytes]) -> str:
    """The version that the plugin in *tree* says it has."""
    return str(json.loads(tree[f"{NAME}/.codex-plugin/plugin.json"])["version"])


def edits_to(folder: str, tree: Mapping[str, bytes]) -> list[FileEdit]:
    """What turns *folder* into *tree*: files written, changed, and removed."""
    wanted = {os.path.join(folder, *name.split("/")): data for name, data in tree.items()}
    present = {path: content(path) for path in _files_in(folder)}
    paths = sorted({*wanted, *present})
    edits = [FileEdit(path, present.get(path), wanted.get(path)) for path in paths]
    return [edit for edit in edits if edit.before != edit.after]


def content(path: str) -> bytes | None:
    """The bytes of the file at *path*, None where there is none."""
    return read_bytes(path)[0] if os.path.isfile(path) else None


def _files_in(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(place, name)


def _walk(place: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in place.iterdir():
        below = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _walk(entry, below)
        else:
            yield below, entry.read_bytes()
