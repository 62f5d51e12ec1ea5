"""Is there a mem0 server, which one wins, would it start, and would it authenticate?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.codex.capture.generations import PLUGIN_0_3
from mem0_tui.codex.checks import key as keys
from mem0_tui.codex.checks.blocking import blocker
from mem0_tui.codex.checks.config import check as check_config
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.checks.launch import check_launch
from mem0_tui.codex.checks.plugin import check as check_plugin
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import NAME, TOOLS, McpServer, tool_namespace
from mem0_tui.codex.files.spot import Spot, table
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status

_NAME = re.compile(r"[a-zA-Z0-9_:@/.\-]+")


def check(install: Install) -> Iterator[Finding]:
    """The winning server first, then the others."""
    servers = install.servers
    winner = servers.winner
    own = install.uses_plugin_server
    if cause := rejection(install):
        if install.kind != "none":
            title = "no MCP server: Codex has no configuration"
            yield Finding("mcp.not-loaded", "mcp", Status.FAIL, title, cause=cause)
        return
    if install.capture is not None:
        from mem0_tui.codex.checks.plugin_key import check_url

        yield from check_url(install)
    if winner is None and not servers.others:
        yield from _none(install)
        return
    for other in servers.others:
        yield from _other(install, other)
    if winner is None:
        for other in servers.others[:1]:
            if other.barred is not None:
                yield _not_allowed(other, other.barred)
            else:
                yield from _start(install, other)
        return
    if winner.barred is not None:
        yield _not_allowed(winner, winner.barred)
    elif winner.enabled:
        yield from _start(install, winner)
        if own:
            yield from _plugin_server(install, winner)
        else:
            yield from _tools(install, winner)
    else:
        yield _disabled(install, winner)
    if servers.shadowed and winner.starts and winner.origin is not None:
        yield _shadows(install, winner, servers.shadowed[0])


def _shadows(install: Install, winner: McpServer, hidden: McpServer) -> Finding:
    detail = "the plugin's own server never starts; its skills and hooks work with this one"
    fix = None
    if install.capture is not None:
        detail = (
            "the plugin's hooks go on; its own search tool, which knows scopes and categories,"
            " is not there, and its skill search has nothing to call"
        )
        # Never part of `--fix all`: somebody may have set it up for the tools that it has more.
        fix = remedies.step("mcp.use-plugin", "for the plugin's own: codex mcp remove mem0")
    title = "config.toml's mem0 server is used in place of the plugin's"
    where = (winner.spot, hidden.spot)
    return Finding("mcp.shadows-plugin", "mcp", Status.INFO, title, detail, where, fix=fix)


def _plugin_server(install: Install, server: McpServer) -> Iterator[Finding]:
    """Plugin 0.3's own: one tool, marked as read-only, run by python3."""
    capture = install.capture
    if capture is None:
        return
    if capture.old_python:
        title = "the mem0 server does not start"
        where = (server.spot,)
        cause = "hooks.python-old" if install.hooks.enabled else None
        yield Finding("mcp.will-not-start", "mcp", Status.FAIL, title, "", where, cause=cause)
    allowed, denied = server.tools_offered
    tools = sorted(PLUGIN_0_3.tools)
    hidden = [t for t in tools if t in denied or (allowed is not None and t not in allowed)]
    if hidden:
        title = "the plugin's tool is hidden"
        detail = f"{', '.join(hidden)}: the model cannot search by itself"
        yield Finding("mcp.tools-filtered", "mcp", Status.WARN, title, detail, (server.spot,))


def _none(install: Install) -> Iterator[Finding]:
    misspelt = next((f for f in check_config(install) if f.id == "config.misspelt-key"), None)
    if misspelt is not None and misspelt.status is Status.FAIL and "mcp" in misspelt.title:
        title = "there is no mem0 server"
        yield Finding("mcp.none", "mcp", Status.FAIL, title, cause=misspelt.id)
        return
    if install.plugin is None:
        return
    stop = blocker(install)
    if stop is None:
        found = (
            f.id for f in check_plugin(install) if f.id in ("plugin.mcp-file", "plugin.no-server")
        )
        stop = next(found, None)
    status = Status.WARN if stop in ("plugin.disabled", "plugin.not-checked") else Status.FAIL
    yield Finding("mcp.none", "mcp", status, "there is no mem0 server", cause=stop)


def _not_allowed(server: McpServer, barred: Spot) -> Finding:
    kind = "url" if server.command is None else "command"
    value = server.url if server.command is None else server.command
    where = f'[mcp_servers.{server.name}.identity] {kind} = "{value}"'
    if server.plugin is not None:
        where = f'[plugins."{server.plugin}".mcp_servers.{server.name}.identity] {kind} = "{value}"'
    return Finding(
        "mcp.not-allowed",
        "mcp",
        Status.FAIL,
        "this machine's rules do not allow the mem0 server",
        f"its {kind} must be in the list of {barred.path}, to the letter; Codex does not start it",
        (barred, server.spot),
        fix=remedies.administrator(f"add {where}"),
        evidence=Evidence.TRUSTED,
    )


def _disabled(install: Install, winner: McpServer) -> Finding:
    if install.servers.shadowed:
        return Finding(
            "mcp.disabled-shadow",
            "mcp",
            Status.FAIL,
            "a disabled mem0 server in config.toml hides the plugin's",
            "config.toml's entry replaces the plugin's also while it is disabled",
            (winner.spot,),
            fix=remedies.mcp_remove(
                install, NAME, "remove it, so that the plugin's server is used"
            ),
        )
    spot = install.config.spot("mcp_servers", NAME, "enabled") if winner.origin else winner.spot
    path = (
        ("plugins", winner.plugin, "mcp_servers", NAME, "enabled")
        if winner.plugin
        else ("mcp_servers", NAME, "enabled")
    )
    fix = remedies.set_merged(install, "mcp.enable", "enable the server", path, True)
    title = "the mem0 server is disabled"
    return Finding("mcp.disabled", "mcp", Status.WARN, title, "", (spot,), fix=fix)


def _other(install: Install, server: McpServer) -> Iterator[Finding]:
    if _NAME.fullmatch(server.name) is None:
        title = f"{server.name!r} is not a valid server name: Codex does not start it"
        fix = _rename(install, server)
        yield Finding("mcp.bad-name", "mcp", Status.FAIL, title, "", (server.spot,), fix=fix)
    elif install.servers.winner is None:
        title = f"the server is called {server.name!r}, not 'mem0'"
        detail = f"its tools are {_tools_of(install, server)}; Mem0's hooks wait for mcp__mem0__…"
        fix = _rename(install, server)
        yield Finding("mcp.name", "mcp", Status.WARN, title, detail, (server.spot,), fix=fix)
    elif server.starts:
        title = f"a second Mem0 server, {server.name!r}, beside 'mem0'"
        detail = "the model sees the same tools twice, and Mem0's hooks watch only one"
        fix = (
            remedies.mcp_remove(install, server.name, f"remove {server.name}")
            if server.origin
            else None
        )
        yield Finding(
            "mcp.second-server", "mcp", Status.WARN, title, detail, (server.spot,), fix=fix
        )


def _tools_of(install: Install, server: McpServer) -> str:
    """What Codex calls the tools of *server*, given the other servers that it starts."""
    configured = table(install.config.get("mcp_servers"))
    started = [name for name, data in configured.items() if table(data).get("enabled") is not False]
    started += [other.name for other in install.servers.provided if other.starts]
    return f"{tool_namespace(server.name, started)}__…"


def _rename(install: Install, server: McpServer) -> Fix | None:
    if server.origin is None:
        return None
    key = ("mcp_servers", server.name)
    summary = f"rename {server.name} to mem0"
    writers = install.config.writers(*key)
    if len(writers) == 1 and writers[0].editable:
        return remedies.rename_toml("mcp.rename", summary, server.spot.path, key, NAME)
    files = " and ".join(layer.document.path for layer in writers)
    return remedies.step("mcp.rename", f"{summary} in {files}")


def _start(install: Install, server: McpServer) -> Iterator[Finding]:
    if (
        server.plugin
        and (plugin := install.plugin)
        and plugin.manifest
        and plugin.manifest.fallback
    ):
        title = "the server has no key"
        yield Finding(
            "mcp.no-auth",
            "mcp",
            Status.FAIL,
            title,
            "",
            (server.spot,),
            cause="plugin.manifest-fallback",
        )
        return
    cause = keys.missing(install) if server is keys.needed_by(install) else None
    if cause is not None:
        required = server.data.get("required") is True
        title = "no Codex session opens" if required else "the mem0 server does not start"
        detail = "the server is marked as required" if required else ""
        yield Finding(
            "mcp.will-not-start", "mcp", Status.FAIL, title, detail, (server.spot,), cause=cause
        )
    yield from _transport(install, server)
    yield from _authorization(install, server)


def _transport(install: Install, server: McpServer) -> Iterator[Finding]:
    url = server.url
    if server.command is not None:
        yield from check_launch(install, server)
        return
    if url is None or not url.lower().startswith(("http://", "https://")) or not server.host:
        title = f"the server's URL is not one: {url!r}"
        fix = remedies.step("mcp.url", f"set url to {remedies.MEM0_URL} or to your server's")
        yield Finding("mcp.url", "mcp", Status.FAIL, title, "", (server.spot,), fix=fix)
    elif url.lower().startswith("http://") and not server.loopback and server.authenticates:
        title = "the key goes over the network unencrypted"
        yield Finding("mcp.plain-http", "mcp", Status.WARN, title, url, (server.spot,))


def _authorization(install: Install, server: McpServer) -> Iterator[Finding]:
    spot = server.spot
    if server.placeholder is not None:
        key = ("mcp_servers", server.name, "http_headers")
        headers = server.data.get("http_headers")
        name = (
            next((n for n in headers if n.lower() == "authorization"), "")
            if isinstance(headers, dict)
            else ""
        )
        alone = isinstance(headers, dict) and len(headers) == 1
        drop = key if alone else (*key, name)
        yield Finding(
            "mcp.header-not-interpolated",
            "mcp",
            Status.FAIL,
            f"Codex sends {server.placeholder} literally, not the key",
            "config.toml does not expand ${VARIABLE}; the server answers 401",
            (install.config.spot(*key),) if server.origin else (spot,),
            fix=remedies.bearer_variable(
                install.config.spot(*drop).path if server.origin else spot.path,
                server.name,
                drop=(drop,),
            ),
        )
    elif server.hosted and (cause := keys.header_left_out(install, server)):
        title = "the mem0 server gets no key"
        yield Finding("mcp.no-auth", "mcp", Status.FAIL, title, "", (spot,), cause=cause)
    elif server.hosted and not server.authenticates:
        misspelt = "headers" in server.data
        fix = (
            remedies.bearer_variable(spot.path, server.name)
            if server.origin and not misspelt
            else None
        )
        cause = "config.misspelt-key" if misspelt and server.origin else None
        title = "the mem0 server has no key"
        detail = "Mem0's hosted server answers 401 without one (or wants `codex mcp login mem0`)"
        yield Finding(
            "mcp.no-auth", "mcp", Status.FAIL, title, detail, (spot,), cause=cause, fix=fix
        )


def _tools(install: Install, winner: McpServer) -> Iterator[Finding]:
    allowed, denied = winner.tools_offered
    hidden = [t for t in TOOLS if t in denied or (allowed is not None and t not in allowed)]
    if hidden:
        essential = {"search_memories", "add_memory"} & set(hidden)
        title = f"{len(hidden)} of {len(TOOLS)} tools are hidden"
        status = Status.WARN if essential else Status.INFO
        yield Finding("mcp.tools-filtered", "mcp", status, title, ", ".join(hidden), (winner.spot,))
    policy = install.config.requirements.approval_policy(install.config.get("approval_policy"))
    if policy == "never" and not winner.approved >= set(TOOLS) - set(hidden):
        asked = sorted(set(TOOLS) - set(hidden) - winner.approved)
        path = winner.spot.path if winner.origin else install.homes.config
        base = (
            ("mcp_servers", NAME)
            if winner.origin
            else ("plugins", winner.plugin or "", "mcp_servers", NAME)
        )
        yield Finding(
            "mcp.approval",
            "mcp",
            Status.INFO,
            "tools that ask for approval are refused",
            f"approval_policy is never: {', '.join(asked)} fail unless marked read-only",
            (install.config.spot("approval_policy"), winner.spot),
            fix=remedies.set_toml(
                "mcp.approve",
                "let Mem0's tools run without a question",
                path,
                (*base, "default_tools_approval_mode"),
                "approve",
            ),
            evidence=Evidence.TRUSTED,
        )


def verdict(install: Install) -> tuple[Status, str]:
    """Which server wins."""
    winner = install.servers.winner
    if winner is None:
        return Status.OFF, "no mem0 server is configured"
    place = winner.plugin or "config.toml"
    if install.capture is not None and install.uses_plugin_server:
        return Status.OK, f"mem0 from {place}, which talks to {install.capture.service.url}"
    return Status.OK, f"mem0 from {place}: {winner.url or winner.command}"
