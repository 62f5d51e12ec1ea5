"""The plugins that config.toml names, and what of them lies in Codex's cache."""

from __future__ import annotations

import os
import re
from functools import cmp_to_key

from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.manifest import Manifest, read_manifest
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.facts.versions import Rules
from mem0_tui.codex.files.spot import Spot, table
from mem0_tui.codex.files.text_file import folders
from mem0_tui.model.record import Record

_VERSION_FOLDER = re.compile(r"[A-Za-z0-9\-_.+]+")
_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(?:\+[0-9A-Za-z.\-]+)?"
)


class Plugin(Record):
    """One plugin: an entry of config.toml, or a folder in the cache that no entry names."""

    name: str
    marketplace: str
    entry: Spot | None
    """Where config.toml names it, None for a left-over in the cache."""
    enabled: bool
    folder: str
    """The plugin's folder in the cache, with one folder for each version."""
    versions: tuple[str, ...]
    """Folders in the cache that Codex takes for versions."""
    active: str | None
    """The one that Codex loads."""
    manifest: Manifest | None
    """Of the active version; None where nothing is cached."""

    @property
    def id(self) -> str:
        return f"{self.name}@{self.marketplace}"

    @property
    def root(self) -> str | None:
        """The folder of the active version."""
        return os.path.join(self.folder, self.active) if self.active else None

    @property
    def loads(self) -> bool:
        """Whether Codex finds something to load for this entry."""
        return self.enabled and self.manifest is not None and self.manifest.usable

    @property
    def is_mem0(self) -> bool:
        """Whether it is Mem0's plugin, or one that serves Mem0's tools in its place."""
        if "mem0" in self.name.lower():
            return True
        return self.manifest is not None and "mem0" in self.manifest.servers


def read_plugins(config: Config, homes: Homes, rules: Rules) -> list[Plugin]:
    """Every plugin that is configured, in Codex's order, which is that of their ids; and every
    cached one of Mem0's that is not."""
    found: list[Plugin] = []
    source = config.data if config.rejected is None else config.seen
    for identifier, entry in sorted(table(source.get("plugins")).items()):
        name, separator, marketplace = identifier.rpartition("@")
        if separator and is_plugin_name(name) and is_marketplace_name(marketplace):
            enabled = table(entry).get("enabled") is not False
            spot = config.spot("plugins", identifier)
            found.append(_plugin(name, marketplace, spot, enabled, homes, rules))
    named = {plugin.id for plugin in found}
    cache = os.path.join(homes.codex_home, "plugins", "cache")
    for marketplace in folders(cache):
        found += [
            _plugin(name, marketplace, None, False, homes, rules)
            for name in folders(os.path.join(cache, marketplace))
            if "mem0" in name.lower() and f"{name}@{marketplace}" not in named
        ]
    return found


def _plugin(
    name: str, marketplace: str, entry: Spot | None, enabled: bool, homes: Homes, rules: Rules
) -> Plugin:
    folder = os.path.join(homes.codex_home, "plugins", "cache", marketplace, name)
    versions = tuple(v for v in folders(folder) if _VERSION_FOLDER.fullmatch(v))
    active = active_version(versions, semantic=rules.semantic_versions)
    manifest = (
        None if active is None else read_manifest(os.path.join(folder, active), rules.measured)
    )
    return Plugin(name, marketplace, entry, enabled, folder, versions, active, manifest)


def is_plugin_name(name: str) -> bool:
    """Whether Codex takes *name* for a plugin (0.171.0)."""
    return re.fullmatch(r"[A-Za-z0-9_\-.]+", name) is not None and name not in (".", "..")


def is_marketplace_name(name: str) -> bool:
    """Whether Codex takes *name* for a marketplace (0.171.0)."""
    return re.fullmatch(r"[A-Za-z0-9_\-]+", name) is not None


def active_version(versions: tuple[str, ...], *, semantic: bool) -> str | None:
    """The version Codex loads: ``local`` if there, else the highest.

    Names that are no semantic version are compared as text, also with those that are.
    """
    if not versions:
        return None
    if "local" in versions:
        return "local"
    return max(versions, key=cmp_to_key(_compare) if semantic else str)


def _compare(one: str, other: str) -> int:
    first, second = semver(one), semver(other)
    if first is not None and second is not None and first != second:
        return -1 if first < second else 1
    return (one > other) - (one < other)


def semver(version: str) -> tuple[object, ...] | None:
    """*version* as something that sorts by precedence, None where it is no semantic version."""
    found = _SEMVER.fullmatch(version)
    if found is None:
        return None
    major, minor, patch, before = found.groups()
    parts = [] if before is None else [_part(part) for part in before.split(".")]
    return int(major), int(minor), int(patch), before is None, tuple(parts)


def _part(part: str) -> tuple[bool, int, str]:
    return (False, int(part), "") if part.isdecimal() else (True, 0, part)
