"""A plugin's manifest and the files it names, with Codex's fall-backs."""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.jsondoc import JsonDocument, load_json
from mem0_tui.codex.source import Problem, Spot, table, text
from mem0_tui.codex.textfile import FileState
from mem0_tui.model.record import Record

CODEX_MANIFEST = os.path.join(".codex-plugin", "plugin.json")
CLAUDE_MANIFEST = os.path.join(".claude-plugin", "plugin.json")


class PluginServer(Record):
    """An MCP server that a plugin brings along."""

    name: str
    data: Mapping[str, object]
    spot: Spot


class Manifest(Record):
    """What Codex reads of one plugin folder."""

    root: str
    document: JsonDocument | None
    """The manifest that was found first, None where the folder holds none."""
    fallback: bool
    """Whether it is Claude's manifest, taken because Codex's own is missing."""
    name: str | None
    version: str | None
    skills_folder: str
    skills_spot: Spot
    servers_path: str | None
    servers: Mapping[str, PluginServer]
    servers_problem: Problem | None
    """Why the file of MCP servers gives none; Codex itself says nothing."""
    hooks_paths: tuple[str, ...]
    """Paths of hook files relative to the root."""
    hooks_named: bool
    """Whether the manifest names them, rather than Codex falling back to ``hooks/hooks.json``."""

    @property
    def usable(self) -> bool:
        """Whether Codex loads anything from the folder."""
        return self.document is not None and self.document.problem is None

    @property
    def spot(self) -> Spot:
        return Spot(self.root) if self.document is None else Spot(self.document.path)


def read_manifest(root: str) -> Manifest:
    """Read the manifest of the plugin in *root* and its MCP servers."""
    document, fallback = None, False
    for name in (CODEX_MANIFEST, CLAUDE_MANIFEST):
        path = os.path.join(root, name)
        if os.path.isfile(path):
            document, fallback = load_json(path), name == CLAUDE_MANIFEST
            break
    data = {} if document is None else document.table
    if document is not None and document.problem is None and (fault := _fault(document)):
        document.problem, data = fault, {}
    skills = _inside(root, data.get("skills"))
    servers_path, servers, problem = _servers(root, document, data)
    hooks = data.get("hooks")
    named = _paths(root, hooks)
    return Manifest(
        root=root,
        document=document,
        fallback=fallback,
        name=text(data.get("name")),
        version=text(data.get("version")),
        skills_folder=skills or os.path.join(root, "skills"),
        skills_spot=document.spot("skills") if document else Spot(root),
        servers_path=servers_path,
        servers=servers,
        servers_problem=problem,
        hooks_paths=named or _default_hooks(root),
        hooks_named=bool(named),
    )


def _fault(document: JsonDocument) -> Problem | None:
    if not isinstance(document.data, dict):
        return Problem("must be an object", Spot(document.path, 1))
    for key in ("name", "version", "description"):
        if not isinstance(document.table.get(key), str | None):
            return Problem(f"{key} must be text", document.spot(key))
    return None


def _inside(root: str, value: object) -> str | None:
    """The path a manifest means by ``./…``; None where Codex ignores the value."""
    if not isinstance(value, str) or not value.startswith("./"):
        return None
    parts = value[2:].replace("\\", "/").split("/")
    if ".." in parts or not any(parts):
        return None
    return os.path.normpath(os.path.join(root, *parts))


def _paths(root: str, value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    found = [path for item in values if (path := _inside(root, item))]
    return tuple(os.path.relpath(path, root).replace(os.sep, "/") for path in found)


def _default_hooks(root: str) -> tuple[str, ...]:
    path = os.path.join(root, "hooks", "hooks.json")
    return ("hooks/hooks.json",) if os.path.isfile(path) else ()


def _servers(
    root: str, manifest: JsonDocument | None, data: Mapping[str, object]
) -> tuple[str | None, dict[str, PluginServer], Problem | None]:
    if manifest is None or manifest.problem is not None:
        return None, {}, None
    declared = data.get("mcpServers")
    if isinstance(declared, dict):
        found = {
            name: PluginServer(name, server, manifest.spot("mcpServers", name))
            for name, server in declared.items()
            if isinstance(server, dict)
        }
        return manifest.path, found, None
    path = _inside(root, declared)
    named = path is not None
    path = path or os.path.join(root, ".mcp.json")
    document = load_json(path)
    if document.file.state is FileState.ABSENT:
        problem = Problem("the manifest names this file, and it does not exist", Spot(path))
        return path, {}, problem if named else None
    if document.problem is not None:
        return path, {}, document.problem
    wrapped = document.table.get("mcpServers")
    at = ("mcpServers",) if isinstance(wrapped, dict) else ()
    servers = table(wrapped) if at else document.table
    found = {
        name: PluginServer(name, server, document.spot(*at, name))
        for name, server in servers.items()
        if isinstance(server, dict)
    }
    return path, found, None
