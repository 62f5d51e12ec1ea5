"""Is the working folder's ``.codex`` layer trusted, and what does it change?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.facts.layers import ConfigLayer, Trust
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot, table
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Status

_MATTERS = ("mcp_servers", "features", "plugins", "hooks", "marketplaces")


def check(install: Install) -> Iterator[Finding]:
    """Layers that are left out, and what those that count change for Mem0."""
    for layer in install.config.layers:
        if layer.name != "project" or not _matters(layer):
            continue
        if not layer.active:
            yield _left_out(layer)
            continue
        features = table(layer.data.get("features"))
        if install.config.rejected is None and not install.hooks.enabled:
            switch = install.hooks.switch
            if switch is not None and features.get(str(switch[-1])) is False:
                spot = layer.document.spot(*switch)
                yield Finding(
                    "project.hooks-off",
                    "project",
                    Status.FAIL,
                    "this project switches hooks off",
                    f"{'.'.join(map(str, switch))} = false in the project's config.toml",
                    (spot,),
                    fix=remedies.remove_toml(
                        "project.hooks-on", "remove the line from the project", spot.path, switch
                    ),
                )
        yield from _changes(install, layer)
    for problem in install.identity.problems:
        title = f"{os.path.basename(problem.spot.path)} of Mem0 does not parse"
        detail = f"{problem}; Mem0 goes on with its defaults"
        yield Finding("project.mem0-file", "project", Status.WARN, title, detail, (problem.spot,))


def _changes(install: Install, layer: ConfigLayer) -> Iterator[Finding]:
    """What a layer that counts says of Mem0's server and plugin, and what of it does not count."""
    detail = "its keys replace the user's, one by one"
    if "mem0" in table(layer.data.get("mcp_servers")):
        spot = layer.document.spot("mcp_servers", "mem0")
        title = "this project changes the mem0 server"
        yield Finding("project.mcp", "project", Status.INFO, title, detail, (spot,))
    for plugin in install.mem0_plugins:
        if plugin.id in table(layer.data.get("plugins")):
            spot = layer.document.spot("plugins", plugin.id)
            title = "this project changes Mem0's plugin"
            yield Finding("project.plugin", "project", Status.INFO, title, detail, (spot,))
    if names := layer.left_out:
        title = f"Codex takes {', '.join(names)} from no project"
        where = tuple(layer.document.spot(name) for name in names)
        detail = "it says so when it starts; the user's own config.toml is the place for it"
        yield Finding("project.ignored-keys", "project", Status.INFO, title, detail, where)


def _matters(layer: ConfigLayer) -> bool:
    if (
        any(name in layer.data for name in _MATTERS)
        or layer.left_out
        or layer.document.problem is not None
    ):
        return True
    return os.path.isfile(layer.hooks_file)


def _left_out(layer: ConfigLayer) -> Finding:
    undecided = layer.trust is Trust.UNDECIDED
    folder = os.path.dirname(layer.folder)
    holds = [name for name in _MATTERS if name in layer.data]
    holds += ["hooks.json"] if os.path.isfile(layer.hooks_file) else []
    return Finding(
        "project.undecided" if undecided else "project.untrusted",
        "project",
        Status.WARN,
        "this project's .codex folder is not trusted",
        f"Codex leaves out what it holds: {', '.join(holds) or 'config.toml'}",
        (Spot(layer.folder), *((layer.trust_spot,) if layer.trust_spot else ())),
        fix=remedies.step(
            "project.trust", f"start codex in {folder} and trust the project, if you do trust it"
        ),
    )


def verdict(install: Install) -> tuple[Status, str]:
    """Under which ids memories are stored here."""
    identity = install.identity
    layers = [layer for layer in install.config.layers if layer.name == "project"]
    who = f"user {identity.user}, app {identity.app}"
    if install.capture is not None:
        lanes = install.capture.lanes
        who = f"user {lanes.user}, app {lanes.app}, shared {lanes.shared[0]}"
    if not layers:
        return Status.OFF, f"no .codex folder here; {who}"
    return Status.OK, f"trusted; {who}"
