"""Is the place that the plugin comes from still there, and does Codex accept what it offers?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.checks.blocking import unjudged
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.checks.generations import replace_portable
from mem0_tui.codex.facts.manifest import read_manifest
from mem0_tui.codex.facts.marketplaces import Marketplace, MarketplaceEntry, refusal
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Fix, Status

_LIKELY = (
    *(
        "integrations/codex-plugin",
        "integrations/mem0-plugin",
        "mem0-plugin",
        "plugins/mem0",
        "mem0",
    ),
)


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
    elif not any(_mine(m, plugin) for m in install.marketplaces):
        renamed = next((m for m in install.marketplaces if m.key == plugin.marketplace), None)
        yield _missing(install, plugin) if renamed is None else _renamed(plugin, renamed)


def _mine(marketplace: Marketplace, plugin: Plugin | None) -> bool:
    """Whether Codex would look for *plugin* in *marketplace*; it looks in no repository's."""
    if plugin is None or marketplace.kind == "repository":
        return False
    return marketplace.serves(plugin.marketplace)


def _relevant(install: Install) -> list[Marketplace]:
    plugin = install.plugin
    homeless = plugin is not None and not any(
        m.problem is None and _mine(m, plugin) for m in install.marketplaces
    )
    return [
        m
        for m in install.marketplaces
        if "mem0" in m.key.lower()
        or _mine(m, plugin)
        or any("mem0" in entry.name.lower() for entry in m.entries)
        or (m.problem is not None and m.document is not None and "mem0" in m.document.text.lower())
        or (m.problem is not None and m.kind == "personal" and homeless)
    ]


def _renamed(plugin: Plugin, marketplace: Marketplace) -> Finding:
    new = f"{plugin.name}@{marketplace.name}"
    works = plugin.loads
    where = marketplace.document.spot("name") if marketplace.document else marketplace.spot
    steps = f"`codex plugin add {new}`, then `codex plugin remove {plugin.id}`"
    return Finding(
        "marketplace.renamed",
        "marketplace",
        Status.WARN if works else Status.FAIL,
        f"the marketplace {marketplace.key!r} calls itself {marketplace.name!r}",
        f"Codex goes by that name: {plugin.id} "
        + ("works from Codex's cache, but gets no updates" if works else "cannot be installed"),
        (marketplace.spot, where),
        fix=remedies.step("marketplace.renamed", f"install it by its new name: {steps}"),
    )


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
    mine = _mine(marketplace, plugin)
    works = plugin is not None and plugin.loads and (mine or marketplace.problem is not None)
    name, title = marketplace.key, marketplace.title
    if not marketplace.there:
        yield Finding(
            "marketplace.source-gone",
            "marketplace",
            Status.WARN if works else Status.FAIL,
            f"the marketplace {title} is not where it was",
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
        yield Finding(
            "marketplace.no-manifest",
            "marketplace",
            Status.WARN if works else Status.FAIL,
            f"the marketplace {title} has no manifest",
            detail,
            (marketplace.spot,),
            fix=_register(install, name, registered=True),
        )
        return
    if marketplace.problem is not None and marketplace.document.unjudged:
        yield unjudged("marketplace", marketplace.document)
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
            f"Codex cannot read the marketplace {title}",
            str(problem),
            (problem.spot,),
            fix=fix,
        )
        return
    wanted = plugin.name if mine and plugin is not None else None
    if wanted and marketplace.entry(wanted) is None:
        text = f"the marketplace {title} does not offer {wanted!r}"
        status = Status.WARN if works else Status.FAIL
        where = (Spot(marketplace.document.path),)
        yield Finding("marketplace.entry-missing", "marketplace", status, text, "", where)
        return
    entry = marketplace.entry(wanted) if wanted else _offer(marketplace)
    if entry is not None:
        yield from _entry(marketplace, entry, works=works)


def _offer(marketplace: Marketplace) -> MarketplaceEntry | None:
    """What the marketplace offers of Mem0: an entry that Codex would install before another."""
    found = [entry for entry in marketplace.entries if "mem0" in entry.name.lower()]
    return next((entry for entry in found if entry.usable), next(iter(found), None))


def _entry(marketplace: Marketplace, entry: MarketplaceEntry, *, works: bool) -> Iterator[Finding]:
    refused = refusal(entry)
    if refused is None:
        return
    where, fix = (entry.spot,), _right_path(marketplace, entry)
    if entry.problem is not None:
        id_, title = "entry-dropped", f"Codex drops the entry {entry.name!r} without a word"
        detail = entry.problem
    elif not entry.available:
        id_, title = "refused", f"Codex refuses to install {entry.name!r} from this marketplace"
        fix, detail = remedies.edit_by_hand(entry.spot, "change the entry's policy"), refused
    elif not entry.exists:
        id_, title = "plugin-gone", "the marketplace names a plugin folder that is not there"
        detail = f"{entry.path} does not exist (Codex: missing plugin.json)"
    elif entry.path is not None and read_manifest(entry.path, entry.rules).document is None:
        id_, title = "no-plugin", "the marketplace names a folder that is not a plugin"
        detail = f"{entry.path} holds no manifest (Codex: missing plugin.json)"
    else:
        id_, title = "refused", f"Codex refuses to install {entry.name!r} from this marketplace"
        detail = refused
    status = Status.WARN if works else Status.FAIL
    yield Finding(f"marketplace.{id_}", "marketplace", status, title, detail, where, fix=fix)


def _right_path(marketplace: Marketplace, entry: MarketplaceEntry) -> Fix:
    """Point the entry at the plugin, where it can be found below the marketplace."""
    document = marketplace.document
    for place in _LIKELY:
        better = entry.replace(path=os.path.join(marketplace.root, place), problem=None)
        if document is None or entry.remote or not better.usable:
            continue
        raw = _raw_source(document.table.get("plugins"), entry.name)
        if raw is None:
            break
        position, takes_path = raw
        key = ("plugins", position, "source", *(("path",) if takes_path else ()))
        summary = f"set the source path of entry {position + 1} to ./{place}"
        return remedies.set_json(
            "marketplace.source-path", summary, document.path, key, f"./{place}"
        )
    return remedies.step(
        "marketplace.source-path",
        f"`git pull` in {marketplace.root}, or correct the entry at {entry.spot}",
    )


def _raw_source(plugins: object, name: str) -> tuple[int, bool] | None:
    for index, value in enumerate(plugins if isinstance(plugins, list) else []):
        if isinstance(value, dict) and value.get("name") == name:
            source = value.get("source")
            return index, isinstance(source, dict) and source.get("source") == "local"
    return None


def _not_installed(install: Install, relevant: list[Marketplace]) -> Iterator[Finding]:
    for marketplace in relevant:
        for entry in marketplace.entries:
            if "mem0" not in entry.name.lower() or not entry.usable:
                continue
            identifier = f"{entry.name}@{marketplace.name}"
            if entry.path is not None and read_manifest(entry.path, entry.rules).portable:
                yield _portable(install, identifier, entry)
            elif marketplace.kind != "repository":
                title = f"{identifier} is offered, and not installed"
                fix = remedies.plugin_add(install, identifier, "install the plugin")
                where = (entry.spot,)
                yield Finding(
                    "marketplace.not-installed",
                    "marketplace",
                    Status.INFO,
                    title,
                    "",
                    where,
                    fix=fix,
                )
            return


def _portable(install: Install, identifier: str, entry: MarketplaceEntry) -> Finding:
    return Finding(
        "marketplace.portable",
        "marketplace",
        Status.WARN,
        f"{identifier} is Mem0's portable package, not its plugin for Codex",
        "installed from here, it brings skills, and neither hooks nor an MCP server",
        (entry.spot,),
        fix=replace_portable(install, identifier),
    )


def verdict(install: Install) -> tuple[Status, str]:
    """Which marketplace the plugin comes from."""
    relevant = _relevant(install)
    if not relevant:
        return Status.OFF, "no marketplace of Mem0's is registered"
    return Status.OK, f"{relevant[0].name or relevant[0].key} ({relevant[0].source})"
