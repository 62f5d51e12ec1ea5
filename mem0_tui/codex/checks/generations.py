"""Is only one generation of Mem0's plugin there, and nothing left of the one before it?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from mem0_tui.codex.capture.generations import PORTABLE, generation_at
from mem0_tui.codex.facts.command_line import ProgramState
from mem0_tui.codex.facts.hooks import Handler, HookSource
from mem0_tui.codex.facts.manifest import MANIFESTS, ManifestKind
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status
from mem0_tui.model.counting import plural

_INSTALLER = os.path.join("scripts", "install_codex_hooks.py")


def check(install: Install) -> Iterator[Finding]:
    """What is left of plugin 0.2 beside 0.3: handlers that run, that are dead, or that wait."""
    former = install.former_handlers
    if not former:
        return
    running = [h for _, h in former if h.runs and _found(install, h)]
    dead = [h for _, h in former if not _found(install, h)]
    count = plural(len(former), "handler")
    if running:
        title = "two generations of Mem0's hooks run together"
        detail = (
            f"{count} of plugin 0.2 {'is' if len(former) == 1 else 'are'} left outside of plugin"
            " 0.3. They talk to api.mem0.ai whatever MEM0_API_URL says, and tell the model to use"
            " tools and filters that are gone"
        )
    else:
        title = f"{count} of Mem0's plugin 0.2 {'is' if len(former) == 1 else 'are'} left over"
        detail = "the plugin brings hooks of its own"
        if dead:
            detail += f"; {len(dead)} of these end with exit code 127, their scripts are gone"
    yield Finding(
        "hooks.former-generation",
        "hooks",
        Status.FAIL if running or dead else Status.WARN,
        title,
        detail,
        tuple(handler.spot for _, handler in former),
        fix=remove_handlers(install, former, "hooks.remove-former"),
        evidence=Evidence.TRUSTED,
    )


def _found(install: Install, handler: Handler) -> bool:
    return install.program(handler).state is not ProgramState.MISSING


def remove_handlers(install: Install, found: Sequence[tuple[HookSource, Handler]], id_: str) -> Fix:
    """Take these handlers out of the user's hooks.json, and their records of trust with them."""
    path = install.homes.hooks
    mine = [(source, h) for source, h in found if source.path == path and not source.inline]
    if not mine:
        spots = ", ".join(dict.fromkeys(str(handler.spot) for _, handler in found))
        return remedies.step(id_, f"remove the handlers at {spots}")
    summary = f"remove {plural(len(mine), 'handler')} of plugin 0.2 from hooks.json"
    places = [(h.event, h.group, h.position) for _, h in mine]
    return remedies.drop_handlers_with_trust(install, id_, summary, mine[0][0].name, places)


def installer(install: Install) -> str | None:
    """Plugin 0.2's installer of hooks, where one is left on this machine; 0.3 has none."""
    roots = [source.root for source in install.sources.values()]
    roots += [plugin.root for plugin in install.mem0_plugins if plugin.root]
    for _, handler in install.mem0_handlers:
        path = install.program(handler).path
        if os.path.isabs(path):
            roots.append(os.path.dirname(os.path.dirname(path)))
    paths = (os.path.join(root, _INSTALLER) for root in roots)
    return next((path for path in paths if os.path.isfile(path)), None)


def is_portable(plugin: Plugin) -> bool:
    """Whether Codex has cached Mem0's package for hosts without plugins of their own."""
    if plugin.manifest is not None and plugin.manifest.portable:
        return not os.path.lexists(
            os.path.join(plugin.manifest.root, MANIFESTS[ManifestKind.CODEX])
        )
    return generation_at(plugin.root) is PORTABLE


def portable(install: Install, plugin: Plugin) -> Finding:
    """The portable package: skills at the most, no hooks and no server (Codex 0.171)."""
    manifest = plugin.manifest
    if plugin.loads and manifest is not None:
        detail = "Codex loads its skills, and neither hooks nor an MCP server: nothing is captured"
    else:
        problem = manifest.document.problem if manifest and manifest.document else None
        detail = f"Codex loads nothing of it: {problem or 'its plugin.json names no $schema'}"
    return Finding(
        "plugin.portable",
        "plugin",
        Status.FAIL,
        "this is Mem0's portable package, not its plugin for Codex",
        detail,
        (manifest.spot if manifest else Spot(plugin.folder),),
        fix=replace_portable(install, plugin.id),
    )


def replace_portable(install: Install, plugin: str) -> Fix:
    """``plugin add`` again, where the marketplace's entry leads to the right package by now."""
    source = install.sources.get(plugin)
    if source is not None and generation_at(source.root) not in (PORTABLE, None):
        return remedies.plugin_add(install, plugin, "install the plugin for Codex")
    return remedies.step(
        "plugin.for-codex",
        "update the marketplace's clone until its entry mem0 leads to integrations/codex-plugin,"
        f" then `codex plugin add {plugin}`",
    )
