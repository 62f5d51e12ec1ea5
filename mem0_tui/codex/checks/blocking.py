"""What keeps the whole of Mem0's plugin from loading."""

from __future__ import annotations

import os

from mem0_tui.codex.checks import generations
from mem0_tui.codex.facts.manifest import MANIFESTS, read_manifest
from mem0_tui.codex.facts.plugins import Plugin, semver
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.json_doc import JsonDocument
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Fix, Status


def blocker(install: Install) -> str | None:
    """The id of the finding because of which nothing of the plugin loads."""
    plugin = install.plugin
    if plugin is None:
        return None
    if install.config.feature("plugins") is False:
        return "plugin.switch-off"
    if not plugin.enabled:
        return "plugin.disabled"
    if plugin.active is None:
        return "plugin.not-cached"
    if _hidden_by_stray(plugin):
        return "plugin.stray-folder"
    if generations.is_portable(plugin):
        return "plugin.portable"
    if plugin.manifest is not None and plugin.manifest.portable:
        return "plugin.manifest-hidden"
    if plugin.manifest is None or plugin.manifest.document is None:
        return "plugin.manifest-missing"
    if plugin.manifest.document.unjudged:
        return "plugin.not-checked"
    return "plugin.manifest-broken" if plugin.manifest.document.problem else None


def _hidden_by_stray(plugin: Plugin) -> bool:
    """Whether a folder that is no version comes before one that is."""
    active = plugin.active
    if active is None or semver(active) is not None or active == "local":
        return False
    return any(semver(version) is not None for version in plugin.versions)


def skills_blocker(install: Install) -> str | None:
    """Like `blocker`, for the skills: of a portable package, they are what loads."""
    plugin = install.plugin
    stop = blocker(install)
    if stop in ("plugin.portable", "plugin.manifest-hidden") and plugin and plugin.loads:
        return None
    return stop


def blocking(install: Install, plugin: Plugin, stop: str) -> Finding:
    """The finding with the id *stop* that `blocker` gave."""
    if stop == "plugin.portable":
        return generations.portable(install, plugin)
    document = plugin.manifest.document if plugin.manifest else None
    if stop == "plugin.not-checked" and document is not None:
        return unjudged("plugin", document)
    entry = (plugin.entry,) if plugin.entry else ()
    add = remedies.plugin_add(install, plugin.id, "copy the plugin into the cache again")
    broken = (
        plugin.manifest.document.problem if plugin.manifest and plugin.manifest.document else None
    )
    status, title, detail, where, fix = {
        "plugin.switch-off": (
            Status.FAIL,
            "plugins are switched off",
            "features.plugins = false: no plugin loads",
            (_plugins_switch(install),),
            remedies.feature_enable(install, "plugins"),
        ),
        "plugin.disabled": (
            Status.WARN,
            f"{plugin.id} is disabled",
            "its server, skills and hooks are not there",
            entry,
            _enable(install, plugin),
        ),
        "plugin.not-cached": (
            Status.FAIL,
            "the plugin is not in Codex's cache",
            f"config.toml names it, and {plugin.folder} holds no version: Codex loads nothing",
            (*entry, Spot(plugin.folder)),
            _reinstall(install, plugin),
        ),
        "plugin.stray-folder": (
            Status.FAIL,
            f"the folder {plugin.active!r} hides the plugin",
            "Codex takes every folder in the cache for a version, and this one for the newest",
            (Spot(os.path.join(plugin.folder, plugin.active or "")),),
            remedies.move_away(install, plugin, [v for v in plugin.versions if semver(v) is None]),
        ),
        "plugin.manifest-hidden": (
            Status.FAIL,
            "a portable manifest hides the plugin's own",
            "Codex reads plugin.json at the root first: "
            + (f"nothing loads: {broken}" if broken else "only the skills load"),
            (Spot(os.path.join(plugin.root or plugin.folder, "plugin.json")),),
            _unhide(install, plugin),
        ),
        "plugin.manifest-missing": (
            Status.FAIL,
            "the cached plugin has no manifest",
            f"{plugin.root} holds none of {', '.join(MANIFESTS.values())}",
            (Spot(plugin.root or plugin.folder),),
            add,
        ),
        "plugin.manifest-broken": (
            Status.FAIL,
            "Codex refuses the plugin's manifest",
            str(broken),
            (broken.spot,) if broken else (),
            add,
        ),
    }[stop]
    return Finding(stop, "plugin", status, title, detail, where, fix=fix)


def unjudged(area: str, document: JsonDocument) -> Finding:
    """That *document* is too large to be judged here, which is no fault."""
    return Finding(
        f"{area}.not-checked",
        area,
        Status.WARN,
        f"{os.path.basename(document.path)} is too large to be checked",
        f"{document.path} was not read; Codex reads files of any size",
        (Spot(document.path),),
    )


def _enable(install: Install, plugin: Plugin) -> Fix:
    if install.refused(plugin.id) is None:
        return remedies.plugin_enable(install, plugin.id)
    key = ("plugins", plugin.id, "enabled")
    return remedies.set_merged(install, "plugin.enable", "enable the plugin", key, True)


def _unhide(install: Install, plugin: Plugin) -> Fix:
    """``plugin add``, where what it copies has its own manifest first."""
    source = install.sources.get(plugin.id)
    if source is not None and not read_manifest(source.root, install.rules.measured).portable:
        return remedies.plugin_add(install, plugin.id, "copy the plugin into the cache again")
    return remedies.step(
        "plugin.portable-manifest",
        "take plugin.json out of the plugin's folder in the marketplace, then"
        f" `codex plugin add {plugin.id}`",
    )


def _plugins_switch(install: Install) -> Spot:
    requirements = install.config.requirements
    if requirements.feature("plugins") is not None:
        return requirements.feature_spot("plugins")
    return install.config.spot("features", "plugins")


def _reinstall(install: Install, plugin: Plugin) -> Fix:
    if install.refused(plugin.id) is None:
        return remedies.plugin_add(install, plugin.id, "install the plugin again")
    return remedies.step(
        "plugin.reinstall",
        f"clone {remedies.REPOSITORY}, `codex plugin marketplace add` the clone, then"
        f" `codex plugin add {plugin.id}`",
    )
