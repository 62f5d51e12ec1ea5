"""One look at everything that decides whether Mem0 works in Codex: files only, nothing written.

`scan` never raises on what it finds: a broken file becomes a fact about that file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from mem0_tui.codex.capture import Capture, read_capture
from mem0_tui.codex.capture.generations import PLUGIN_0_2, generation_of_hook
from mem0_tui.codex.facts.command_line import Program, program_of
from mem0_tui.codex.facts.config import Config, read_config
from mem0_tui.codex.facts.hook_trust import ContentTrust, PluginTree, baseline_path
from mem0_tui.codex.facts.hooks import (
    Handler,
    Hooks,
    HookSource,
    read_hook_file,
    read_hooks,
    with_handlers,
)
from mem0_tui.codex.facts.identity import Identity, read_identity
from mem0_tui.codex.facts.keys import Keys, read_keys
from mem0_tui.codex.facts.marketplaces import Marketplace, read_marketplaces, refusal
from mem0_tui.codex.facts.memories import CodexMemories, read_memories
from mem0_tui.codex.facts.paths import SYSTEM_CONFIG, Homes, find_homes
from mem0_tui.codex.facts.plugin_source import PluginSource, read_source
from mem0_tui.codex.facts.plugins import Plugin, read_plugins
from mem0_tui.codex.facts.servers import Servers, read_servers
from mem0_tui.codex.facts.skills import Skills, read_skills
from mem0_tui.codex.facts.versions import CodexProgram, Rules, find_codex, rules_for
from mem0_tui.codex.files.json_doc import JsonDocument, load_json
from mem0_tui.codex.files.spot import Problem, Spot
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.codex.capture.hook_log import LogLine

_OWN = "mem0-tui"
OWN_PLUGIN = f"{_OWN}@{_OWN}"
"""The id of this program's own plugin."""


class Install(Record):
    """All facts of one scan; each carries the file and line it was read from."""

    homes: Homes
    codex: CodexProgram | None
    rules: Rules
    config: Config
    plugins: tuple[Plugin, ...]
    marketplaces: tuple[Marketplace, ...]
    skills: Mapping[str, Skills]
    """By plugin id, for Mem0's plugins that load."""
    hooks: Hooks
    odd_files: Mapping[str, tuple[str, ...]]
    """By plugin id: files because of which Codex skips the plugin's hooks."""
    servers: Servers
    keys: Keys
    identity: Identity
    sources: Mapping[str, PluginSource]
    """By plugin id: what the marketplace offers for Mem0's plugins that load."""
    default_hooks: JsonDocument | None
    """~/.codex/hooks.json where Codex's home is another folder."""
    capture: Capture | None
    """What plugin 0.3 captures and recalls; None where it does not load."""
    memories: CodexMemories | None
    """Codex's own; None where nobody has switched them and there are none."""

    @property
    def mem0_plugins(self) -> list[Plugin]:
        """Mem0's plugins that config.toml names."""
        return [p for p in self.plugins if p.is_mem0 and p.entry is not None]

    @property
    def plugin(self) -> Plugin | None:
        """Mem0's plugin: the one that loads before one that does not."""
        named = sorted(self.mem0_plugins, key=lambda p: (not p.loads, not p.enabled))
        return named[0] if named else None

    @property
    def kind(self) -> str:
        """``none``, ``mcp``, ``plugin`` or ``both``."""
        mcp, plugin = bool(self.servers.configured), self.plugin is not None
        return {(False, False): "none", (True, False): "mcp", (False, True): "plugin"}.get(
            (mcp, plugin), "both"
        )

    @property
    def uses_plugin_server(self) -> bool:
        """Whether the MCP server of plugin 0.3 is the one that Codex starts."""
        winner, capture = self.servers.winner, self.capture
        if winner is None or capture is None:
            return False
        return winner.starts and winner.plugin == capture.plugin.id

    @cached_property
    def mem0_handlers(self) -> list[tuple[HookSource, Handler]]:
        """The hook handlers that are Mem0's, with their sources, in Codex's order."""
        ids = {plugin.id for plugin in self.plugins if plugin.is_mem0}
        return [
            (source, handler)
            for source in self.hooks.sources
            for handler in source.handlers
            if source.plugin in ids or (source.plugin is None and is_mem0_command(handler.command))
        ]

    @cached_property
    def former_handlers(self) -> list[tuple[HookSource, Handler]]:
        """Handlers of plugin 0.2 outside of any plugin, where plugin 0.3 has taken its place."""
        if self.capture is None:
            return []
        return [
            (source, handler)
            for source, handler in self.mem0_handlers
            if source.plugin is None and generation_of_hook(self.program(handler)) is PLUGIN_0_2
        ]

    @cached_property
    def current_handlers(self) -> list[tuple[HookSource, Handler]]:
        """Mem0's handlers without those that a newer plugin has left behind."""
        former = {id(handler) for _, handler in self.former_handlers}
        return [pair for pair in self.mem0_handlers if id(pair[1]) not in former]

    @cached_property
    def own_handlers(self) -> list[Handler]:
        """The hook handlers that are this program's own."""
        return [
            handler
            for source, handler in self.current_handlers
            if source.plugin == OWN_PLUGIN or (_OWN in handler.command and _is_own(handler))
        ]

    @cached_property
    def hook_log(self) -> tuple[LogLine, ...]:
        """What this program's own hooks did, the oldest first; empty where they are not there."""
        if not self.own_handlers:
            return ()
        from mem0_tui.codex.capture.hook_log import read_log
        from mem0_tui.hooks.places import state_folder

        return read_log(state_folder(dict(self.homes.environ)))

    def refused(self, plugin: str) -> str | None:
        """Why ``codex plugin add`` would not install *plugin* (NAME@MARKETPLACE) now; None where it
        would, or only Codex can tell."""
        name, _, place = plugin.rpartition("@")
        if self.config.feature("plugins") is False:
            return "features.plugins is false"
        for marketplace in self.marketplaces:
            if marketplace.kind == "repository" or not marketplace.serves(place):
                continue
            if not marketplace.there:
                return f"{marketplace.root} does not exist"
            if marketplace.document is None:
                return f"{marketplace.root} holds no marketplace.json"
            if marketplace.problem is not None:
                return str(marketplace.problem)
            entry = marketplace.entry(name)
            reason = f"the marketplace {place!r} does not offer {name!r}"
            return reason if entry is None else refusal(entry)
        return f"the marketplace {place!r} is not registered"

    def program(self, handler: Handler) -> Program:
        """What *handler* starts."""
        asked, homes = (handler.command, handler.root), self.homes
        if asked not in self._programs:
            self._programs[asked] = program_of(
                handler.command, homes.environ, cwd=homes.cwd, root=handler.root
            )
        return self._programs[asked]

    @cached_property
    def _programs(self) -> dict[tuple[str, str | None], Program]:
        """What was found of each command line and plugin folder: every check asks for it."""
        return {}


def _is_own(handler: Handler) -> bool:
    from mem0_tui.codex.setup.user_hooks import is_own_hook  # slow to load, and seldom needed

    return is_own_hook(handler.command)


def is_mem0_command(command: str) -> bool:
    """Whether a hook's command line is one that Mem0's installer writes."""
    return "mem0" in command.lower()


def scan(
    home: str | os.PathLike[str] | None = None,
    codex_home: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    system_config: str = SYSTEM_CONFIG,
    ask: bool = False,
) -> Install:
    """Read what Codex would read; everything that is not given comes from the process.

    With *ask* Codex itself is started, on links to its home, where the rules for its values in
    config.toml leave something open; else only files are read.
    """
    homes = find_homes(home, codex_home, cwd, environ, system_config)
    codex = find_codex(homes.environ)
    rules = rules_for(codex.version if codex else None)
    config = read_config(homes, rules.measured)
    if ask and codex is not None:
        config = _judged(config, codex, homes, rules)
    plugins = read_plugins(config, homes, rules)
    plugins_on = rules.plugins and config.feature("plugins") is not False
    loading = [plugin for plugin in plugins if plugin.loads] if plugins_on else []
    trees = {plugin.id: PluginTree(plugin.root) for plugin in loading if plugin.root}
    sources = [s for plugin in loading for s in _plugin_hooks(plugin, config, homes, rules, trees)]
    servers = read_servers(config, loading)
    marketplaces = read_marketplaces(config, homes, rules.measured)
    mine = [plugin for plugin in loading if plugin.is_mem0]
    variables = [name for server in (servers.winner,) if server for name in server.variables]
    return Install(
        homes=homes,
        codex=codex,
        rules=rules,
        config=config,
        plugins=tuple(plugins),
        marketplaces=tuple(marketplaces),
        skills={
            plugin.id: read_skills(plugin.manifest.skills_folders, rules.measured)
            for plugin in mine
            if plugin.manifest is not None
        },
        hooks=read_hooks(config, sources, rules),
        odd_files={name: tree.odd for name, tree in trees.items() if tree.odd},
        servers=servers,
        keys=read_keys(homes, variables),
        identity=read_identity(homes),
        sources={p.id: s for p in mine if (s := read_source(p, marketplaces)) is not None},
        default_hooks=_default_hooks(homes),
        capture=read_capture(mine, homes),
        memories=read_memories(config, homes),
    )


def _judged(config: Config, codex: CodexProgram, homes: Homes, rules: Rules) -> Config:
    """*config* with the verdict of Codex itself, where it was needed and could be had."""
    if rules.exact and config.rejected is None and not config.undecided:
        return config
    from mem0_tui.codex.live.config_judge import is_open, judged, judgement

    if not is_open(config, exact=rules.exact):
        return config
    answer = judgement(codex, config, homes)
    return config if answer is None else judged(config, answer)


def _plugin_hooks(
    plugin: Plugin, config: Config, homes: Homes, rules: Rules, trees: Mapping[str, PluginTree]
) -> list[HookSource]:
    manifest, root = plugin.manifest, plugin.root
    if manifest is None or root is None or not _plugin_hooks_on(config, rules):
        return []
    contents = None
    if rules.content_trust:
        contents = ContentTrust(trees[plugin.id], baseline_path(homes.codex_home, plugin.id))
    odd = contents is not None and bool(contents.tree.odd)
    found: list[HookSource] = []
    for relative in manifest.hooks_paths:
        path, name = os.path.join(root, relative), f"{plugin.id}:{relative}"
        document = load_json(path)
        absent = document.file.state is FileState.ABSENT
        if absent or odd:
            reason = document.file.words if absent else _UNREAD
            found.append(_unread(plugin, name, path, document, reason))
            continue
        source = read_hook_file("plugin", name, document, rules, plugin.id, root)
        found.append(source.replace(contents=contents))
    for index, inline in enumerate(manifest.inline_hooks):
        path, name = manifest.spot.path, f"{plugin.id}:plugin.json#hooks[{index}]"
        if odd and inline.events:
            found.append(_unread(plugin, name, path, manifest.document, _UNREAD))
            continue
        source = HookSource("plugin", name, path, True, manifest.document, None, plugin=plugin.id)
        source = with_handlers(source, inline.events, inline.at, manifest.spot_of, root, rules)
        found.append(source.replace(contents=contents))
    return found


_UNREAD = "Codex could not fingerprint the plugin's files"


def _unread(
    plugin: Plugin, name: str, path: str, document: JsonDocument | None, reason: str
) -> HookSource:
    problem = Problem(reason, Spot(path))
    return HookSource("plugin", name, path, False, document, problem, plugin=plugin.id)


def _plugin_hooks_on(config: Config, rules: Rules) -> bool:
    if rules.plugin_hooks in ("always", "never"):
        return rules.plugin_hooks == "always"
    switch = config.feature("plugin_hooks")
    return rules.plugin_hooks == "on" if switch is None else switch


def _default_hooks(homes: Homes) -> JsonDocument | None:
    if not homes.elsewhere:
        return None
    document = load_json(os.path.join(homes.default_codex_home, "hooks.json"))
    return document if document.exists else None
