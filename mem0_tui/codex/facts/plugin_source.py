"""How the cached copy of a plugin differs from its source in the marketplace."""

from __future__ import annotations

import os
from collections.abc import Iterable

from mem0_tui.codex.facts.manifest import read_manifest
from mem0_tui.codex.facts.marketplaces import Marketplace
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.files.text_file import FileState, read_bytes
from mem0_tui.model.record import Record

_MAX_FILES = 1500
_COMPARED = 1 << 18
_LEFT_OUT = frozenset({"__pycache__", ".git", ".venv", "node_modules"})


class Drift(Record):
    """Relative paths that differ, sorted."""

    changed: tuple[str, ...]
    only_cached: tuple[str, ...]
    only_source: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.only_cached or self.only_source)


class PluginSource(Record):
    """What the marketplace offers for an installed plugin."""

    root: str
    version: str | None
    spot: Spot
    drift: Drift | None
    """None where the versions differ, so that there is nothing to compare."""


def read_source(plugin: Plugin, marketplaces: Iterable[Marketplace]) -> PluginSource | None:
    """The source of *plugin*, where it lies on this machine and Codex can read it."""
    for marketplace in marketplaces:
        if not marketplace.serves(plugin.marketplace):
            continue
        entry = marketplace.entry(plugin.name)
        if entry is None or entry.path is None:
            continue
        manifest = read_manifest(entry.path, entry.rules)
        if not manifest.usable:
            continue
        mine = plugin.manifest.version if plugin.manifest else None
        same = plugin.root is not None and mine == manifest.version
        drift = compare(plugin.root, entry.path) if same and plugin.root else None
        return PluginSource(entry.path, manifest.version, manifest.spot, drift)
    return None


def compare(cached: str, source: str) -> Drift:
    """Compare two plugin folders file by file, compiled Python and hidden tooling aside."""
    ours, theirs = files_below(cached), files_below(source)
    changed = sorted(
        name
        for name in ours.keys() & theirs.keys()
        if ours[name].st_size != theirs[name].st_size
        or not _same(os.path.join(cached, name), os.path.join(source, name), ours[name].st_size)
    )
    return Drift(
        tuple(changed),
        tuple(sorted(ours.keys() - theirs.keys())),
        tuple(sorted(theirs.keys() - ours.keys())),
    )


def files_below(root: str) -> dict[str, os.stat_result]:
    """Relative path to status of every file below *root* that counts."""
    found: dict[str, os.stat_result] = {}
    pending = [""]
    while pending and len(found) < _MAX_FILES:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                for entry in entries:
                    name = os.path.join(folder, entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in _LEFT_OUT:
                            pending.append(name)
                    elif not entry.name.endswith(".pyc"):
                        found[name] = entry.stat(follow_symlinks=False)
        except OSError:
            continue
    return found


def _same(one: str, other: str, size: int) -> bool:
    if size > _COMPARED:
        return True
    first, state = read_bytes(one, _COMPARED)
    return state is not FileState.OK or first == read_bytes(other, _COMPARED)[0]
