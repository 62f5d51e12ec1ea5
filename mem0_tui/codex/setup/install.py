"""Plans what wires Codex to a Mem0 server: files, diffs and commands, worked out before any of it.

A plan never makes a duplicate: where another Mem0 install would run beside this one, there is none.
What is there already is not in the plan, so a second install has nothing to do.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.checks.generations import installer
from mem0_tui.codex.facts.hooks import Handler
from mem0_tui.codex.facts.marketplaces import Marketplace
from mem0_tui.codex.facts.paths import same_path
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import NAME, McpServer
from mem0_tui.codex.files.text_file import FileState, read_bytes
from mem0_tui.codex.files.toml_tables import parses, with_tables
from mem0_tui.codex.report import FileEdit, Fix
from mem0_tui.codex.setup import plugin_bundle as bundle
from mem0_tui.codex.setup.autostart import ServiceFile
from mem0_tui.codex.setup.user_hooks import hook_edits, is_own_hook
from mem0_tui.model.errors import RefusedError

MCP_PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants installed."""

    plugin: bool
    """By the plugin; otherwise by an entry in config.toml."""
    url: str
    """The MCP endpoint."""
    variable: str
    """The environment variable that holds the key."""
    folder: str
    """Where the plugin's copy goes."""
    program: str
    """The path of mem0-tui."""
    hooks: bool = True
    """Whether hooks are wanted; the plugin always brings them."""
    service: ServiceFile | None = None


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """What will be done, in order, and what the user is to know."""

    steps: tuple[Fix, ...]
    notes: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    """What the user is to do before."""

    @property
    def touches(self) -> tuple[str, ...]:
        """Files and folders that are saved before the first step."""
        paths = [path for step in self.steps for path in step.touches]
        return tuple(dict.fromkeys(paths))


def plan_install(install: Install, wish: Wish) -> SetupPlan:
    """The steps from what *install* is to what *wish* names; none where it is that already.

    Raises:
        RefusedError: it would double something, or Codex's files are broken.
    """
    _check(install, wish)
    steps = list(_plugin_steps(install, wish) if wish.plugin else _mcp_steps(install, wish))
    if wish.service is not None:
        steps += _steps_of_files("service", "keep the server running", [_file_edit(wish.service)])
    return SetupPlan(tuple(steps), tuple(_notes(install, wish, bool(steps))))


def config_path(install: Install) -> str:
    """The file that is config.toml, links followed: that is what Codex writes through."""
    return os.path.realpath(install.homes.config)


def hooks_path(install: Install) -> str:
    """The file that is hooks.json, links followed."""
    return os.path.realpath(install.homes.hooks)


def own_plugin(install: Install) -> Plugin | None:
    """This program's plugin, if config.toml or the cache knows it."""
    return next((p for p in install.plugins if p.id == bundle.PLUGIN_ID), None)


def own_marketplace(install: Install) -> Marketplace | None:
    """This program's marketplace, if it is registered."""
    found = (m for m in install.marketplaces if m.kind == "registered" and m.key == bundle.NAME)
    return next(found, None)


# what speaks against it


def _check(install: Install, wish: Wish) -> None:
    if rejection(install):
        raise RefusedError(
            f"Codex cannot read {install.homes.config}", hint="mem0-tui doctor says what is wrong"
        )
    for plugin in install.mem0_plugins:
        if plugin.id != bundle.PLUGIN_ID:
            raise RefusedError(
                f"{plugin.id} is installed: its tools and hooks would be there twice",
                hint=f"codex plugin remove {plugin.id}",
            )
    for server in install.servers.configured:
        if server.name != NAME:
            raise RefusedError(
                f"config.toml has a Mem0 server {server.name!r}: its tools would be there twice",
                hint=f"codex mcp remove {shlex.quote(server.name)}",
            )
    if wish.plugin:
        _check_for_plugin(install)
    else:
        _check_for_mcp(install, wish)
    if wish.plugin or wish.hooks:
        _check_hooks(install, wish)


def _check_for_plugin(install: Install) -> None:
    server = _configured(install)
    if server is not None:
        raise RefusedError(
            f"config.toml has a server mem0 ({server.url or server.command}) that would be used in"
            " place of the plugin's",
            hint="codex mcp remove mem0, or install with --mcp",
        )


def _check_for_mcp(install: Install, wish: Wish) -> None:
    plugin = own_plugin(install)
    if plugin is not None and plugin.entry is not None:
        raise RefusedError(
            "the plugin of mem0-tui is installed and brings the same tools",
            hint="mem0-tui codex uninstall, then install with --mcp",
        )
    server = _configured(install)
    if server is not None and not _is_wished(server, wish):
        raise RefusedError(
            f"config.toml has a server mem0 already: {server.url or server.command}",
            hint="codex mcp remove mem0 (or mem0-tui codex uninstall, if that installed it)",
        )


def _check_hooks(install: Install, wish: Wish) -> None:
    foreign = [
        handler
        for source, handler in install.mem0_handlers
        if source.plugin != bundle.PLUGIN_ID
        and not (is_own_hook(handler.command) and not wish.plugin)
    ]
    if foreign:
        raise RefusedError(
            f"{len(foreign)} hooks of Mem0 are there already ({foreign[0].spot}): each event would"
            " be handled twice",
            hint=_removal(install, foreign[0]),
        )


def _removal(install: Install, handler: Handler) -> str:
    """How hooks of Mem0's are taken out that this program has not put there."""
    plugin = next((s.plugin for s, h in install.mem0_handlers if h is handler), None)
    if plugin is not None:
        return f"codex plugin remove {plugin}"
    program = installer(install)
    if program is not None:
        return f"python3 {shlex.quote(program)} --uninstall"
    return f"take them out of {handler.spot.path}; what put them there is gone"


def _configured(install: Install) -> McpServer | None:
    return next((s for s in install.servers.configured if s.name == NAME), None)


def _is_wished(server: McpServer, wish: Wish) -> bool:
    return server.url == wish.url and server.key_variable == wish.variable


# the plugin


def _plugin_steps(install: Install, wish: Wish) -> Iterator[Fix]:
    tree = bundle.bundle_files(wish.url, wish.variable, wish.program)
    edits = bundle.edits_to(wish.folder, tree)
    yield from _steps_of_files("bundle", f"write the plugin to {wish.folder}", edits)
    plugin, version = own_plugin(install), bundle.plugin_version(tree)
    marketplace = own_marketplace(install)
    registered = marketplace is not None and same_path(marketplace.root, wish.folder)
    cache = os.path.join(install.homes.codex_home, "plugins", "cache", bundle.NAME, bundle.NAME)
    cached = os.path.join(cache, version)
    ready = plugin is not None and plugin.loads and plugin.active == version
    fresh = {k.partition("/")[2]: v for k, v in tree.items() if k.startswith(f"{bundle.NAME}/")}
    ready = ready and not bundle.edits_to(cached, fresh)
    if install.codex is not None and install.rules.plugin_commands:
        yield from _by_commands(install, wish, marketplace, registered, ready, cache)
        return
    if not ready:
        edits = bundle.edits_to(cache, {f"{version}/{name}": data for name, data in fresh.items()})
        yield from _steps_of_files("cache", "put the plugin where Codex loads it from", edits)
    disabled = plugin is not None and plugin.entry is not None and not plugin.enabled
    yield from _config_step(install, _plugin_tables(wish, registered, plugin), enable=disabled)


def _by_commands(
    install: Install,
    wish: Wish,
    marketplace: Marketplace | None,
    registered: bool,
    ready: bool,
    cache: str,
) -> Iterator[Fix]:
    codex: tuple[str, ...] = ("codex", "plugin")
    config = config_path(install)
    if not registered:
        if marketplace is not None:
            argv = (*codex, "marketplace", "remove", bundle.NAME)
            summary = f"forget the plugin's former place, {marketplace.root}"
            yield Fix("codex.forget", summary, argv=argv, touches=(config,))
        add = (*codex, "marketplace", "add", wish.folder)
        yield Fix("codex.marketplace", "tell Codex of it", argv=add, touches=(config,))
    if not ready:
        add = (*codex, "add", bundle.PLUGIN_ID)
        summary = "install the plugin from there"
        yield Fix("codex.plugin", summary, argv=add, touches=(config, cache))


def _plugin_tables(wish: Wish, registered: bool, plugin: Plugin | None) -> str:
    tables = ""
    if not registered:
        source = _toml_text(wish.folder)
        tables += f'[marketplaces.{bundle.NAME}]\nsource_type = "local"\nsource = {source}\n'
    if plugin is None or plugin.entry is None:
        tables += "\n" if tables else ""
        tables += f'[plugins."{bundle.PLUGIN_ID}"]\nenabled = true\n'
    return tables


# the entry in config.toml, and hooks.json


def _mcp_steps(install: Install, wish: Wish) -> Iterator[Fix]:
    if _configured(install) is None:
        table = f"[mcp_servers.{NAME}]\nurl = {_toml_text(wish.url)}\n"
        table += f"bearer_token_env_var = {_toml_text(wish.variable)}\n"
        text = read_bytes(config_path(install))[0].decode("utf-8")
        if install.codex is None or parses(with_tables(text, table)):
            yield from _config_step(install, table)
        else:
            # Only where it must: it rewrites the tables of other servers, too, without comments.
            add = ("codex", "mcp", "add", NAME, "--url", wish.url)
            argv = (*add, "--bearer-token-env-var", wish.variable)
            touches = (config_path(install),)
            yield Fix("codex.mcp", "give Codex the memory tools", argv=argv, touches=touches)
    if wish.hooks:
        edits = bundle.edits_to(wish.folder, bundle.hook_files(wish.program))
        yield from _steps_of_files("launcher", "write the hooks' launcher", edits)
        edits = hook_edits(hooks_path(install), wish.folder, wish.program, install.rules.measured)
        yield from _steps_of_files("hooks", "have Codex run the hooks", edits)


# parts


def _config_step(install: Install, tables: str, *, enable: bool = False) -> Iterator[Fix]:
    path = config_path(install)
    data, state = read_bytes(path)
    before = data if state is FileState.OK else None
    text = data.decode("utf-8")
    after = with_tables(text, tables) if tables else text
    if enable:
        after = _enabled(after)
    if not parses(after):
        raise RefusedError(
            f"{install.homes.config} has no room for {tables.splitlines()[0]}",
            hint="is the table written inline? write it as a [table] of its own",
        )
    edits = [FileEdit(path, before, after.encode("utf-8"))]
    yield from _steps_of_files("config", "tell Codex of it in config.toml", edits)


def _enabled(text: str) -> str:
    from tomlkit import parse

    from mem0_tui.codex.fixes.toml_edit import set_key

    bom = "\ufeff" if text.startswith("\ufeff") else ""
    document = parse(text.removeprefix("\ufeff"))
    set_key(("plugins", bundle.PLUGIN_ID, "enabled"), True)(document)
    return bom + document.as_string()


def _steps_of_files(id: str, summary: str, edits: list[FileEdit]) -> Iterator[Fix]:
    changed = [edit for edit in edits if edit.before != edit.after]
    if changed:
        touches = tuple(edit.path for edit in changed)
        yield Fix(f"codex.{id}", summary, plan=lambda: changed, touches=touches)


def _file_edit(service: ServiceFile) -> FileEdit:
    return FileEdit(service.path, bundle.content(service.path), service.data)


def _toml_text(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _notes(install: Install, wish: Wish, changes: bool) -> Iterator[str]:
    if changes and install.codex is None:
        yield "codex is not on PATH: Codex reads these files the next time it starts"
    if changes and wish.plugin and install.codex and not install.rules.plugin_commands:
        yield f"{install.rules.label} has no `codex plugin add`: its files are written instead"
    hooks = wish.plugin or wish.hooks
    if hooks and not install.hooks.enabled:
        yield "hooks are switched off in Codex: `codex features enable hooks`"
    if wish.plugin and install.rules.plugin_hooks in ("never", "off"):
        yield f"{install.rules.label} does not run a plugin's hooks: update it, or use --mcp"
    elif hooks and install.rules.hook_trust and (changes or _untrusted(install)):
        yield (
            "Codex runs a hook only once you trust it: start codex and choose to trust the four"
            " hooks of mem0-tui, or use /hooks"
        )


def _untrusted(install: Install) -> bool:
    return any(not handler.runs for _, handler in install.mem0_handlers)
