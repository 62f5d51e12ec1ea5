"""Which manifest of a plugin folder counts: the first that is there, broken or not.

Measured with Codex 0.171.0: a ``plugin.json`` at the root that names the schema of portable
packages (agent-plugins.org) goes before every host's own; of these the first that exists counts. A
link or a folder in a manifest's place, or one that does not parse, ends the search with nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum

from mem0_tui.codex.facts.json_rules import json_faults
from mem0_tui.codex.files.json_doc import JsonDocument, load_json
from mem0_tui.codex.files.spot import Problem, Spot
from mem0_tui.codex.files.text_file import FileState, TextFile, note
from mem0_tui.codex.rules import Measured

SCHEMAS = "https://agent-plugins.org/schemas/"
"""How the ``$schema`` of a portable package begins."""
SCHEMA = SCHEMAS + "1.0.0/plugin.schema.json"
"""The one that Codex 0.171.0 knows."""

_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_MAX_NAME = 64
_TEXTS = ("version", "description", "license", "homepage", "repository")


class ManifestKind(StrEnum):
    """Whose manifest it is."""

    PORTABLE = "portable"
    """For any host: Codex loads its skills, and neither hooks nor MCP servers."""
    CODEX = "codex"
    CLAUDE = "claude"
    CURSOR = "cursor"


ROOT_MANIFEST = "plugin.json"
MANIFESTS = {
    ManifestKind.CODEX: os.path.join(".codex-plugin", "plugin.json"),
    ManifestKind.CLAUDE: os.path.join(".claude-plugin", "plugin.json"),
    ManifestKind.CURSOR: os.path.join(".cursor-plugin", "plugin.json"),
}
"""The hosts' own manifests, in the order in which Codex looks for them."""


def find_manifest(root: str, rules: Measured) -> tuple[ManifestKind | None, JsonDocument | None]:
    """The manifest of the plugin folder *root* that counts, with what is wrong with it."""
    found = _portable(root)
    if found is not None:
        return ManifestKind.PORTABLE, found
    for kind, name in MANIFESTS.items():
        if (obstacle := _obstacle(root, name)) is not None:
            return kind, obstacle
        document = load_json(os.path.join(root, name))
        if document.exists:
            document.problem = document.problem or _fault(document, rules)
            return kind, document
    return None, None


def _obstacle(root: str, name: str) -> JsonDocument | None:
    """Something in the place of the manifest *name* that Codex does not read as a file."""
    path, parts = os.path.join(root, name), name.split(os.sep)
    note(path)
    if any(os.path.islink(os.path.join(root, *parts[: n + 1])) for n in range(len(parts))):
        state, problem = FileState.SPECIAL, "is a symbolic link, which Codex does not follow here"
    elif os.path.isdir(path):
        state, problem = FileState.DIRECTORY, "is a directory"
    else:
        return None
    return JsonDocument(TextFile(path, state), problem=Problem(problem, Spot(path)))


def _portable(root: str) -> JsonDocument | None:
    """The manifest of the portable package in *root*, None where that is none."""
    if (obstacle := _obstacle(root, ROOT_MANIFEST)) is not None:
        return obstacle
    document = load_json(os.path.join(root, ROOT_MANIFEST))
    schema = document.table.get("$schema")
    if document.problem is not None or not isinstance(schema, str):
        return None
    if not schema.startswith(SCHEMAS):
        return None
    document.problem = _portable_fault(document, schema)
    return document


def _portable_fault(document: JsonDocument, schema: str) -> Problem | None:
    data = document.table
    if schema != SCHEMA:
        return Problem(f"Codex does not know the schema {schema}", document.spot("$schema"))
    name = data.get("name")
    if not isinstance(name, str) or len(name) > _MAX_NAME or not _NAME.fullmatch(name):
        problem = "name must be of small letters, digits, and single dots and hyphens between them"
        return Problem(problem, document.spot("name"))
    for key in _TEXTS:
        if key in data and not isinstance(data[key], str):
            return Problem(f"{key} must be text", document.spot(key))
    if not isinstance(data.get("author", {}), dict):
        return Problem("author must be an object", document.spot("author"))
    if not _is_words(data.get("keywords", [])):
        return Problem("keywords must be a list of texts", document.spot("keywords"))
    return None


def _fault(document: JsonDocument, rules: Measured) -> Problem | None:
    """Why Codex refuses a host's own manifest."""
    if document.data == []:
        return None
    if not isinstance(document.data, dict):
        return Problem("must be an object", Spot(document.path, 1))
    data = document.table
    if fault := next(json_faults(data, rules.document("manifest")), None):
        key, problem = fault
        return Problem(problem, document.spot(*key))
    return _twice(document, data)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _twice(document: JsonDocument, data: Mapping[str, object]) -> Problem | None:
    """A field that Codex reads and the manifest has twice."""
    known = ("name", "version", "description", "skills", "hooks", "mcpServers", "keywords")
    twice = next((key for key in known if key in document.duplicates and key in data), None)
    return None if twice is None else Problem(f"{twice!r} appears twice", document.spot(twice))
