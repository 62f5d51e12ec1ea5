"""What a marketplace offers: which entries Codex drops, and which it refuses to install.

Measured with Codex 0.171.0: a dropped entry is told nowhere; what is refused, ``codex plugin add``
says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from mem0_tui.codex.facts.manifest import Manifest, read_manifest
from mem0_tui.codex.facts.plugins import is_plugin_name
from mem0_tui.codex.files.json_doc import JsonDocument
from mem0_tui.codex.files.spot import Spot, table, text
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record

_VERSION = re.compile(r"[A-Za-z0-9._+\-]+")
_REPOSITORY = re.compile(r"https?://.+|ssh://.+|git@.+:.+|file://.+|[\w.-]+/[\w.-]+|\.\.?/.+")


class MarketplaceEntry(Record):
    """One plugin that a marketplace offers."""

    name: str
    spot: Spot
    path: str | None
    """The plugin's folder, None where Codex drops the entry or fetches it from elsewhere."""
    problem: str | None
    """Why Codex drops the entry, without a message."""
    rules: Measured
    """What the plugin's manifest is read by."""
    remote: bool = False
    available: bool = True
    """Whether it may be installed, rather than its policy saying NOT_AVAILABLE."""

    @property
    def exists(self) -> bool:
        return self.remote or (self.path is not None and os.path.isdir(self.path))

    @property
    def usable(self) -> bool:
        """Whether Codex would install a plugin from it, as far as files tell."""
        return refusal(self) is None


def read_entries(
    document: JsonDocument, root: str, rules: Measured
) -> tuple[MarketplaceEntry, ...]:
    """The entries of a marketplace.json that Codex reads."""
    plugins = document.table.get("plugins")
    return tuple(
        _entry(table(value), root, document.spot("plugins", index, "source"), rules)
        for index, value in enumerate(plugins if isinstance(plugins, list) else [])
    )


def _entry(entry: Mapping[str, object], root: str, spot: Spot, rules: Measured) -> MarketplaceEntry:
    name, source = text(entry.get("name")) or "", entry.get("source")
    policy = table(entry.get("policy"))
    available = policy.get("installation") != "NOT_AVAILABLE"
    problem = _dropped(name, policy)
    kind = table(source).get("source")
    if problem is None and kind in _REMOTE:
        problem = _remote_problem(str(kind), table(source))
        return MarketplaceEntry(name, spot, None, problem, rules, True, available)
    if problem is None and isinstance(source, dict) and kind != "local":
        fault = "has no kind" if kind is None else f"is of the kind {kind!r}"
        problem = f"its source {fault}: Codex knows local, url, git-subdir and npm"
    path = text(source.get("path") if isinstance(source, Mapping) else source)
    problem = problem or _path_problem(path)
    if problem is not None or path is None:
        return MarketplaceEntry(name, spot, None, problem, rules, False, available)
    return MarketplaceEntry(
        name, spot, os.path.normpath(os.path.join(root, path)), None, rules, False, available
    )


def _dropped(name: str, policy: Mapping[str, object]) -> str | None:
    if not is_plugin_name(name):
        return f"the name {name!r} may only hold letters, digits, hyphens, dots and _"
    products = policy.get("products")
    if isinstance(products, list) and not {"CODEX", "codex"} & set(products):
        return "its policy names products, and Codex is not among them"
    return None


_REMOTE = {"url": ("url",), "git-subdir": ("url", "path"), "npm": ("package",)}
"""Sources that Codex fetches, and what each has to say."""


def _remote_problem(kind: str, source: Mapping[str, object]) -> str | None:
    for key in _REMOTE[kind]:
        if not (text(source.get(key)) or "").strip():
            return f"its source is of the kind {kind}, and has no {key}"
    for key in ("path", "ref", "sha", "version", "registry"):
        if not isinstance(source.get(key), str | None):
            return f"{key} of its source must be text"
    path = text(source.get("path")) or ""
    if path.startswith("/") or ".." in path.split("/"):
        return f"the path {path!r} of its source leads out of the repository"
    if kind != "npm" and not _REPOSITORY.fullmatch(str(source["url"]).strip()):
        return f"its source {source['url']!r} is not an address of a repository"
    if kind == "npm" and str(source["package"]).startswith("."):
        return f"its source {source['package']!r} is not a package name"
    return None


def _path_problem(path: str | None) -> str | None:
    if path is None:
        return "the entry has no source path"
    if path in (".", "./"):
        return None
    if not path.startswith("./"):
        return f"the source path {path!r} must be relative to the marketplace and begin with ./"
    if ".." in path.split("/"):
        return f"the source path {path!r} leads out of the marketplace"
    if path[2:].startswith("/") or path[2:].split("/")[0] == ".":
        return f"the source path {path!r} has nothing between ./ and what follows"
    return None


def refusal(entry: MarketplaceEntry) -> str | None:
    """Why ``codex plugin add`` would not install *entry*; None where it would, or only Codex can
    tell because the plugin lies elsewhere."""
    if entry.problem is not None:
        return entry.problem
    if not entry.available:
        return "its policy says NOT_AVAILABLE"
    if entry.remote or entry.path is None:
        return None
    return _manifest_refusal(entry, read_manifest(entry.path, entry.rules))


def _manifest_refusal(entry: MarketplaceEntry, manifest: Manifest) -> str | None:
    if manifest.document is None:
        return f"{entry.path} holds no manifest that Codex reads"
    if manifest.document.problem is not None:
        return str(manifest.document.problem)
    name = manifest.name or os.path.basename(manifest.root)
    if name != entry.name:
        return f"the plugin's manifest calls it {name!r}, the marketplace {entry.name!r}"
    version = manifest.version
    if version is not None and not _VERSION.fullmatch(version.strip()):
        return f"{version!r} cannot be a plugin's version"
    return None
