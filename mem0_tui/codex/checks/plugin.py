"""Is Mem0's plugin named, enabled, cached, whole, and the version that its source has?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.capture.generations import PLUGIN_0_2, PLUGIN_0_3, generation_at
from mem0_tui.codex.checks.blocking import blocker, blocking
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.facts.manifest import Manifest
from mem0_tui.codex.facts.plugins import Plugin, semver
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Status


def check(install: Install) -> Iterator[Finding]:
    """The entry, the cache and the manifest of Mem0's plugin."""
    yield from _left_overs(install)
    plugin = install.plugin
    if plugin is None:
        return
    if cause := rejection(install):
        title = "the plugin is not loaded"
        where = (plugin.entry,) if plugin.entry else ()
        yield Finding("plugin.not-loaded", "plugin", Status.FAIL, title, "", where, cause=cause)
        return
    stop = blocker(install)
    if stop is not None:
        yield blocking(install, plugin, stop)
        return
    if plugin.manifest is not None:
        yield from _manifest(install, plugin, plugin.manifest)
    yield from _versions(install, plugin)
    yield from _against_source(install, plugin)
    loading = [other for other in install.mem0_plugins if other.loads]
    if len(loading) > 1:
        names = " and ".join(other.id for other in loading)
        yield Finding(
            "plugin.two",
            "plugin",
            Status.WARN,
            "two plugins bring Mem0's tools",
            f"{names}: Codex starts one server, and runs the hooks of both",
            tuple(other.entry for other in loading if other.entry),
            fix=remedies.plugin_remove(install, loading[-1].id, f"remove {loading[-1].id}"),
        )


def _manifest(install: Install, plugin: Plugin, manifest: Manifest) -> Iterator[Finding]:
    add = remedies.copy_again(install, plugin.id)
    if manifest.fallback:
        yield Finding(
            "plugin.manifest-fallback",
            "plugin",
            Status.FAIL,
            f"Codex reads the plugin's manifest for {str(manifest.kind).capitalize()}",
            "its own .codex-plugin/plugin.json is missing: server and hooks are the other host's",
            (manifest.spot,),
            fix=add,
        )
        return
    if manifest.servers_problem is not None:
        yield Finding(
            "plugin.mcp-file",
            "plugin",
            Status.FAIL,
            "the plugin's file of MCP servers is missing or broken",
            f"{manifest.servers_problem}; Codex says nothing about it",
            (manifest.servers_problem.spot,),
            fix=add,
        )
    elif not manifest.servers:
        where = (manifest.document.spot("mcpServers"),) if manifest.document else ()
        title = "the plugin brings no MCP server"
        yield Finding("plugin.no-server", "plugin", Status.FAIL, title, "", where, fix=add)
    if manifest.name is not None and manifest.name != plugin.name:
        title = f"the manifest calls the plugin {manifest.name!r}, config.toml {plugin.name!r}"
        yield Finding("plugin.name", "plugin", Status.WARN, title, "", (manifest.spot,))


def _versions(install: Install, plugin: Plugin) -> Iterator[Finding]:
    others = [version for version in plugin.versions if version != plugin.active]
    if others:
        yield Finding(
            "plugin.extra-versions",
            "plugin",
            Status.WARN,
            f"the cache holds {len(plugin.versions)} versions",
            f"Codex loads {plugin.active}; {', '.join(others)} only take up room, or come back",
            tuple(Spot(os.path.join(plugin.folder, version)) for version in others),
            fix=remedies.plugin_add(install, plugin.id, "leave only the current version"),
        )


def _against_source(install: Install, plugin: Plugin) -> Iterator[Finding]:
    source = install.sources.get(plugin.id)
    if source is None or plugin.manifest is None:
        return
    cached, offered = plugin.manifest.version or "local", source.version or "local"
    where = (plugin.manifest.spot, source.spot)
    if cached == offered:
        if source.drift:
            names = [*source.drift.changed, *source.drift.only_source, *source.drift.only_cached]
            listed = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
            detail = f"{listed}; Codex compares versions only"
            title = f"{len(names)} files differ between the cache and the plugin's source"
            fix = remedies.copy_again(install, plugin.id)
            yield Finding(
                "plugin.source-changed", "plugin", Status.INFO, title, detail, where, fix=fix
            )
        return
    first, second = semver(cached), semver(offered)
    if first is not None and second is not None and first > second:
        detail = f"opening /plugins in Codex would put {offered} in the place of {cached}"
        title = f"the plugin ({cached}) is newer than its source ({offered})"
        fix = remedies.step("plugin.pull", f"`git pull` in {source.root}")
        yield Finding(
            "plugin.newer-than-source", "plugin", Status.WARN, title, detail, where, fix=fix
        )
        return
    title = f"version {offered} is there, {cached} is installed"
    detail = "opening /plugins in Codex updates it; hooks then have to be trusted again"
    before, after = generation_at(plugin.root), generation_at(source.root)
    if (before, after) == (PLUGIN_0_2, PLUGIN_0_3):
        detail += ". Its hooks are others then, and it has one tool, search_memories, and python3"
        detail += " to run them; what plugin 0.2 has put into hooks.json has to go"
    fix = remedies.plugin_add(install, plugin.id, f"update the plugin to {offered}")
    yield Finding("plugin.update", "plugin", Status.INFO, title, detail, where, fix=fix)


def _left_overs(install: Install) -> Iterator[Finding]:
    for plugin in install.plugins:
        if plugin.entry is None and plugin.versions and rejection(install) is None:
            yield Finding(
                "plugin.left-over",
                "plugin",
                Status.WARN,
                f"{plugin.id} lies in the cache, and config.toml does not name it",
                "it is not installed: Codex loads nothing of it",
                (Spot(plugin.folder),),
                fix=remedies.plugin_remove(install, plugin.id, "clear it out of the cache"),
            )


def verdict(install: Install) -> tuple[Status, str]:
    """Which version is active."""
    plugin = install.plugin
    if plugin is None:
        return Status.OFF, "Mem0's plugin is not installed"
    manifest = plugin.manifest
    version = (manifest.version if manifest else None) or plugin.active or ""
    return Status.OK, f"{plugin.id} {version}".rstrip()
