"""Is the place that the plugin comes from still there, and does Codex accept what it offers?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex import remedies
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.install import Install
from mem0_tui.codex.marketplaces import Entry, Marketplace, has_manifest
from mem0_tui.codex.plugins import Plugin
from mem0_tui.codex.report import Finding, Fix, Status
from mem0_tui.codex.source import Spot

_LIKELY = ("integrations/mem0-plugin", "mem0-plugin", "plugins/mem0", "mem0")


def check(install: Install) -> Iterator[Finding]:
    """Every marketplace that concerns Mem0, and the plugin's entry in it."""
    plugin = install.plugin
    relevant = _relevant(install)
    if rejection(install):
        return
    for marketplace in relevant:
        yield from _place(install, marketplace, plugin)
    if plugin is None:
        if relevant and not install.servers.winner:
            yield from _not_installed(install, relevant)
    elif not any(plugin.marketplace in (m.key, m.name) for m in install.marketplaces):
        yield _missing(install, plugin)


def _relevant(install: Install) -> list[Marketplace]:
    plugin = install.plugin
    return [
        m
        for m in install.marketplaces
        if "mem0" in m.key.lower()
        or (plugin is not None and plugin.marketplace in (m.key, m.name))
        or any("mem0" in entry.name.lower() for entry in m.entries)
    ]


def _missing(install: Install, plugin: Plugin) -> Finding:
    works = plugin.loads
    return Finding(
        "marketplace.missing",
        "marketplace",
        Status.WARN if works else Status.FAIL,
        f"the marketplace {plugin.marketplace!r} is not registered",
        "the plugin works from Codex's cache, but gets no updates"
        if works
        else "there is no place from which Codex could install the plugin",
        (plugin.entry,) if plugin.entry else (),
        fix=_register(install, plugin.marketplace, registered=False),
    )


def _register(install: Install, name: str, *, registered: bool) -> Fix:
    clone = _clone_nearby(install)
    if clone is not None and not registered:
        return remedies.marketplace_add(install, clone, f"register the clone {clone}")
    first = f"`codex plugin marketplace remove {name}`, then " if registered else ""
    return remedies.step(
        "marketplace.register",
        f"{first}`codex plugin marketplace add` your clone of {remedies.REPOSITORY}",
    )


def _clone_nearby(install: Install) -> str | None:
    """A clone of Mem0's repository that hooks of the installer point into."""
    for _, handler in install.mem0_handlers:
        marker = "/integrations/mem0-plugin/"
        if handler.root is None and marker in handler.command:
            root = handler.command.split(marker)[0].rpartition(" ")[2]
            if os.path.isfile(os.path.join(root, ".agents", "plugins", "marketplace.json")):
                return root
    return None


def _place(install: Install, marketplace: Marketplace, plugin: Plugin | None) -> Iterator[Finding]:
    mine = plugin is not None and plugin.marketplace in (marketplace.key, marketplace.name)
    works = mine and plugin is not None and plugin.loads
    name = marketplace.key
    if not marketplace.there:
        yield Finding(
            "marketplace.source-gone",
            "marketplace",
            Status.WARN if works else Status.FAIL,
            f"the marketplace {name!r} is not where it was",
            f"{marketplace.root} does not exist"
            + ("; the plugin still works, and gets no updates" if works else ""),
            (marketplace.spot, Spot(marketplace.root)),
            fix=_register(install, name, registered=True),
        )
        return
    if marketplace.document is None:
        detail = f"{marketplace.root} holds no .agents/plugins/marketplace.json"
        if marketplace.misplaced:
            detail += f"; Codex does not read {marketplace.misplaced}"
        title = f"the marketplace {name!r} has no manifest"
        status = Status.WARN if works else Status.FAIL
        fix = _register(install, name, registered=True)
        yield Finding(
            "marketplace.no-manifest",
            "marketplace",
            status,
            title,
            detail,
            (marketplace.spot,),
            fix=fix,
        )
        return
    if marketplace.problem is not None:
        problem = marketplace.problem
        fix = (
            remedies.plain_json(marketplace.document.path)
            if marketplace.document.problem is not None
            and (marketplace.document.file.bom or "//" in marketplace.document.text)
            else remedies.edit_by_hand(problem.spot, "correct it")
        )
        yield Finding(
            "marketplace.manifest-broken",
            "marketplace",
            Status.WARN if works else Status.FAIL,
            f"Codex cannot read the marketplace {name!r}",
            str(problem),
            (problem.spot,),
            fix=fix,
        )
        return
    wanted = plugin.name if mine and plugin is not None else None
    entries = [
        e for e in marketplace.entries if e.name == wanted or (not wanted and "mem0" in e.name)
    ]
    if wanted and not entries:
        title = f"the marketplace {name!r} does not offer {wanted!r}"
        status = Status.WARN if works else Status.FAIL
        where = (Spot(marketplace.document.path),)
        yield Finding("marketplace.entry-missing", "marketplace", status, title, "", where)
    for entry in entries[:1]:
        yield from _entry(marketplace, entry, works=works)


def _entry(marketplace: Marketplace, entry: Entry, *, works: bool) -> Iterator[Finding]:
    status = Status.WARN if works else Status.FAIL
    fix = _right_path(marketplace, entry)
    if entry.problem is not None:
        title = f"Codex drops the entry {entry.name!r} without a word"
        yield Finding(
            "marketplace.entry-dropped",
            "marketplace",
            status,
            title,
            entry.problem,
            (entry.spot,),
            fix=fix,
        )
    elif not entry.exists:
        title = "the marketplace names a plugin folder that is not there"
        detail = f"{entry.path} does not exist (Codex: plugin source path is not a directory)"
        yield Finding(
            "marketplace.plugin-gone", "marketplace", status, title, detail, (entry.spot,), fix=fix
        )
    elif entry.path is not None and not has_manifest(entry.path):
        title = "the marketplace names a folder that is no plugin"
        detail = f"{entry.path} holds no manifest: Codex would install an empty plugin"
        yield Finding(
            "marketplace.no-plugin", "marketplace", status, title, detail, (entry.spot,), fix=fix
        )


def _right_path(marketplace: Marketplace, entry: Entry) -> Fix:
    """Point the entry at the plugin, where it can be found below the marketplace."""
    document = marketplace.document
    for place in _LIKELY:
        if document is not None and has_manifest(os.path.join(marketplace.root, place)):
            index = marketplace.entries.index(entry)
            raw = _raw_source(document.table.get("plugins"), entry.name)
            if raw is None:
                break
            position, is_table = raw
            key = ("plugins", position, "source", *(("path",) if is_table else ()))
            summary = f"set the source path of entry {index + 1} to ./{place}"
            return remedies.set_json(
                "marketplace.source-path", summary, document.path, key, f"./{place}"
            )
    return remedies.step(
        "marketplace.source-path",
        f"`git pull` in {marketplace.root}, or correct the source path at {entry.spot}",
    )


def _raw_source(plugins: object, name: str) -> tuple[int, bool] | None:
    for index, value in enumerate(plugins if isinstance(plugins, list) else []):
        if isinstance(value, dict) and value.get("name") == name:
            return index, isinstance(value.get("source"), dict)
    return None


def _not_installed(install: Install, relevant: list[Marketplace]) -> Iterator[Finding]:
    for marketplace in relevant:
        for entry in marketplace.entries:
            if "mem0" in entry.name.lower() and entry.usable:
                identifier = f"{entry.name}@{marketplace.name}"
                yield Finding(
                    "marketplace.not-installed",
                    "marketplace",
                    Status.INFO,
                    f"{identifier} is offered, and not installed",
                    "",
                    (entry.spot,),
                    fix=remedies.plugin_add(install, identifier, "install the plugin"),
                )
                return


def said(install: Install) -> tuple[Status, str]:
    """Which marketplace the plugin comes from."""
    relevant = _relevant(install)
    if not relevant:
        return Status.OFF, "no marketplace of Mem0's is registered"
    return Status.OK, f"{relevant[0].key} ({relevant[0].source})"
