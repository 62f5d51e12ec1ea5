"""The MCP servers that a plugin brings along, in its manifest or in a file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.facts.manifest.declared import inside
from mem0_tui.codex.files.json_doc import JsonDocument, load_json
from mem0_tui.codex.files.spot import Problem, Spot, table
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.model.record import Record


class PluginServer(Record):
    """An MCP server that a plugin brings along."""

    name: str
    data: Mapping[str, object]
    spot: Spot


def read_servers(
    root: str, manifest: JsonDocument, data: Mapping[str, object]
) -> tuple[dict[str, PluginServer], Problem | None]:
    """The servers, and why the file that should hold them gives none."""
    declared = data.get("mcpServers")
    if isinstance(declared, dict):
        return _servers(manifest, declared, ("mcpServers",)), None
    path = inside(root, declared)
    named = path is not None
    document = load_json(path or os.path.join(root, ".mcp.json"))
    if document.file.state is FileState.ABSENT:
        problem = "the manifest names this file, and it does not exist"
        return {}, Problem(problem, Spot(document.path)) if named else None
    if document.problem is not None:
        return {}, document.problem
    return _servers(document, document.table, ()), None


def _servers(
    document: JsonDocument, data: Mapping[str, object], at: tuple[str, ...]
) -> dict[str, PluginServer]:
    """The servers of a table by name, which may stand one level deeper, under ``mcpServers``."""
    if isinstance(inner := data.get("mcpServers"), dict):
        data, at = inner, (*at, "mcpServers")
    return {
        name: PluginServer(name, table(server), document.spot(*at, name))
        for name, server in data.items()
        if any(isinstance(table(server).get(key), str) for key in ("command", "url"))
    }
