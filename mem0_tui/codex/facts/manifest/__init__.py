"""What Codex reads of one plugin folder: which manifest counts, and the files that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.facts.manifest.chain import MANIFESTS, ManifestKind, find_manifest
from mem0_tui.codex.facts.manifest.declared import InlineHooks, inline_hooks, paths
from mem0_tui.codex.facts.manifest.servers import PluginServer, read_servers
from mem0_tui.codex.files.json_doc import JsonDocument
from mem0_tui.codex.files.spot import Problem, Spot, text
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record

__all__ = ["MANIFESTS", "ManifestKind", "Manifest", "PluginServer", "read_manifest"]


class Manifest(Record):
    """What Codex reads of one plugin folder."""

    root: str
    document: JsonDocument | None
    """The manifest that counts, None where the folder holds none."""
    kind: ManifestKind | None
    """Whose manifest it is; None where there is none."""
    name: str | None
    """None where the manifest gives none: Codex then takes the folder's name."""
    version: str | None
    skills_folders: tuple[str, ...]
    servers: Mapping[str, PluginServer]
    servers_problem: Problem | None
    """Why the file of MCP servers gives none; Codex itself says nothing."""
    hooks_paths: tuple[str, ...]
    """Paths of hook files relative to the root; none where the hooks stand in the manifest."""
    inline_hooks: tuple[InlineHooks, ...]
    """Tables of events that stand in the manifest itself, in the place of files."""

    @property
    def usable(self) -> bool:
        """Whether Codex loads anything from the folder."""
        return self.document is not None and self.document.problem is None

    @property
    def fallback(self) -> bool:
        """Whether another host's manifest is read because Codex's own is missing."""
        return self.kind in (ManifestKind.CLAUDE, ManifestKind.CURSOR)

    @property
    def portable(self) -> bool:
        """Whether Codex takes the folder for a package of which it loads skills only."""
        return self.kind is ManifestKind.PORTABLE

    @property
    def spot(self) -> Spot:
        return Spot(self.root) if self.document is None else Spot(self.document.path)

    def spot_of(self, *key: str | int) -> Spot:
        """Where *key* stands in the manifest."""
        return Spot(self.root) if self.document is None else self.document.spot(*key)


def read_manifest(root: str, rules: Measured) -> Manifest:
    """Read the manifest of the plugin in *root* and its MCP servers."""
    kind, document = find_manifest(root, rules)
    data = {} if document is None else document.table
    if kind is None or document is None or document.problem is not None:
        return _of_skills(root, document, kind, data, (), None)
    if kind is ManifestKind.PORTABLE:
        folders = (os.path.join(root, "skills"),)
        return _of_skills(root, document, kind, data, folders, text(data.get("version")))
    servers, problem = read_servers(root, document, data)
    hooks = data.get("hooks")
    named = paths(root, hooks)
    inline = None if named else inline_hooks(hooks, document.duplicates, rules)
    files = named or (_default_hooks(root) if inline is None else ())
    return Manifest(
        root=root,
        document=document,
        kind=kind,
        name=text(data.get("name")) or None,
        version=text(data.get("version")),
        skills_folders=skill_folders(root, data.get("skills")),
        servers=servers,
        servers_problem=problem,
        hooks_paths=files,
        inline_hooks=inline or (),
    )


def _of_skills(
    root: str,
    document: JsonDocument | None,
    kind: ManifestKind | None,
    data: Mapping[str, object],
    folders: tuple[str, ...],
    version: str | None,
) -> Manifest:
    """A manifest that brings neither servers nor hooks, whatever it says about them."""
    name = text(data.get("name")) or None
    return Manifest(root, document, kind, name, version, folders, {}, None, (), ())


def skill_folders(root: str, value: object) -> tuple[str, ...]:
    """The folders of skills that a manifest means by *value*: ``skills`` where it means none."""
    named = paths(root, value)
    return tuple(os.path.join(root, *path.split("/")) for path in named or ("skills",))


def _default_hooks(root: str) -> tuple[str, ...]:
    path = os.path.join(root, "hooks", "hooks.json")
    return ("hooks/hooks.json",) if os.path.isfile(path) else ()
