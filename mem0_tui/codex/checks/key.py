"""Is the key there that the winning server asks for, and is it only where it belongs?"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.facts.keys import DOTENV, VARIABLE, HeldKey, literal_keys
from mem0_tui.codex.facts.paths import short
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import McpServer
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Fix, Status
from mem0_tui.hooks.places import data_folder

SERVE_VARIABLE = "MEM0_TUI_SERVE_KEY"
"""The variable of the key of ``mem0-tui serve``, which lies in a file of its own."""


def needed_by(install: Install) -> McpServer | None:
    """The server that wants a key from the environment."""
    winner = install.servers.winner
    if winner is None:
        winner = next(iter(install.servers.others), None)
    return winner if winner is not None and winner.starts and winner.variables else None


def missing(install: Install) -> str | None:
    """The id of the finding because of which the winning server does not start."""
    server = needed_by(install)
    variable = server.key_variable if server else None
    if server is None or variable is None:
        return None
    held = install.keys.in_environment(variable)
    if held is None:
        wrong = _wrong_variable(install, server, variable)
        return "key.wrong-variable" if wrong else "key.missing"
    if not held.value:
        return "key.empty"
    return None if held.sendable else "key.unclean"


def header_left_out(install: Install, server: McpServer) -> str | None:
    """The id of the finding because of which Codex sends no key in a header, and goes on."""
    for variable in server.key_headers.values():
        held = install.keys.in_environment(variable)
        if held is None or held.header_fault:
            return "key.header-missing"
    return None


def check(install: Install) -> Iterator[Finding]:
    """The value, its shape, other places with other keys, and keys in configuration files."""
    server = needed_by(install)
    if server is not None:
        for variable in [server.key_variable] if server.key_variable is not None else []:
            yield from _value(install, server, variable)
        for header, variable in server.key_headers.items():
            yield from _header(install, server, header, variable)
    if install.capture is not None:
        from mem0_tui.codex.checks import plugin_key as pluginkey

        yield from pluginkey.check(install)
    elif install.kind != "none":
        yield from _different(install)
    yield from _literal(install)


def _value(install: Install, server: McpServer, variable: str) -> Iterator[Finding]:
    held = install.keys.in_environment(variable)
    where: tuple[Spot, ...] = (server.spot,)
    if held is None and (wrong := _wrong_variable(install, server, variable)):
        yield wrong
        return
    if held is None:
        others = install.keys.elsewhere(variable)
        detail = f"the server {server.name!r} asks for it, and does not start without it"
        if others:
            detail += f"; {others[0].place} sets it ({others[0].masked}), but not for this process"
        where += tuple(other.spot for other in others[:1] if other.spot)
        title = f"{variable} is not set"
        yield Finding(
            "key.missing",
            "key",
            Status.FAIL,
            title,
            detail,
            where,
            fix=_export(install, variable, others),
        )
        return
    where += (held.spot,) if held.spot else ()
    fix = _export(install, variable, [])
    if not held.value:
        title = f"{variable} is empty"
        detail = f"the server {server.name!r} does not start without it"
        yield Finding("key.empty", "key", Status.FAIL, title, detail, where, fix=fix)
    elif held.fault:
        title = f"{variable} {held.fault}"
        yield Finding("key.unclean", "key", Status.FAIL, title, "", where, fix=fix)
    else:
        yield from _shape(server, held, where, fix)


def _shape(
    server: McpServer, held: HeldKey, where: tuple[Spot, ...], fix: Fix
) -> Iterator[Finding]:
    """What Mem0's own service would not take."""
    variable = held.variable
    if server.hosted and held.placeholder:
        title = f"{variable} holds a placeholder"
        detail = f"{held.masked} looks like the text of an instruction; Mem0 will refuse it"
        yield Finding("key.placeholder", "key", Status.FAIL, title, detail, where, fix=fix)
    elif server.hosted and not held.looks_like_mem0:
        title = f"{variable} does not look like a Mem0 key"
        detail = f"Mem0's keys begin with m0-; this one is {held.masked}"
        yield Finding("key.shape", "key", Status.WARN, title, detail, where, fix=fix)


def _header(install: Install, server: McpServer, header: str, variable: str) -> Iterator[Finding]:
    held = install.keys.in_environment(variable)
    where = (server.spot, held.spot) if held is not None and held.spot else (server.spot,)
    fix = _export(install, variable, install.keys.elsewhere(variable) if held is None else [])
    fault = "is not set" if held is None else held.header_fault
    if held is None or fault is not None:
        status = Status.FAIL if server.hosted else Status.WARN
        title = f"{variable} {fault}"
        detail = f"Codex starts the server anyway, but sends no header {header}"
        yield Finding("key.header-missing", "key", status, title, detail, where, fix=fix)
        return
    yield from _shape(server, held, where, fix)


def _wrong_variable(install: Install, server: McpServer, variable: str) -> Finding | None:
    """The configured name is not set, while MEM0_API_KEY is."""
    right = install.keys.in_environment(VARIABLE)
    if variable == VARIABLE or right is None or not right.value or server.key_variable != variable:
        return None
    if server.origin is None or server.loopback:  # this machine's server has a key of its own
        return None
    fix = remedies.bearer_variable(server.spot.path, server.name)
    if any(not set(other.variables) - {VARIABLE} for other in install.servers.shadowed):
        fix = remedies.mcp_remove(
            install, server.name, "remove it, so that the plugin's server is used"
        )
    return Finding(
        "key.wrong-variable",
        "key",
        Status.FAIL,
        f"the server asks for {variable}, and {VARIABLE} is the one that is set",
        "Codex does not start a server whose variable is not set",
        (install.config.spot("mcp_servers", server.name, "bearer_token_env_var"),),
        fix=fix,
    )


def _export(install: Install, variable: str, others: list[HeldKey]) -> Fix:
    if others:
        step = f"open a new shell that reads {others[0].place}, and start Codex from it"
        return remedies.step("key.export", step)
    if variable == SERVE_VARIABLE:
        folder = short(data_folder(dict(install.homes.environ)), install.homes.home)
        line = f'export {variable}="$(cat {folder}/serve.key)"'
        return remedies.step("key.export", f"add the line {line} to your shell's profile")
    line = f'export {variable}="m0-…"'
    return remedies.step(
        "key.export", f"add the line {line} to your shell's profile, with your key in it"
    )


def _different(install: Install) -> Iterator[Finding]:
    held = [key for key in install.keys.held if key.value and not key.placeholder]
    variable = next(iter(s.variables), None) if (s := install.servers.winner) else None
    held = [key for key in held if key.variable == (variable or VARIABLE)]
    if len({key.value for key in held}) < 2:
        return
    places = "; ".join(f"{key.place} {key.masked}" for key in held)
    yield Finding(
        "key.different",
        "key",
        Status.WARN,
        "several places hold different keys",
        f"{places}. Codex uses the first; Mem0's hooks and programs may use another",
        tuple(key.spot for key in held if key.spot),
        fix=remedies.step("key.one", "keep the key in one place and remove the others"),
    )


def _literal(install: Install) -> Iterator[Finding]:
    for layer in install.config.layers:
        if layer.document.problem is not None:
            continue
        spots = [layer.document.spot(*at) for at in literal_keys(layer.data)]
        if spots:
            yield _written(spots, f"{layer.name} config.toml")


def _written(spots: list[Spot], place: str) -> Finding:
    return Finding(
        "key.in-config",
        "key",
        Status.WARN,
        f"a Mem0 key is written into the {place}",
        "files like this one are shared and backed up; anybody who reads it has the key",
        tuple(spots),
        fix=remedies.step(
            "key.out-of-config",
            "put the key into the environment, name its variable in bearer_token_env_var,"
            " and make a new key",
        ),
    )


def verdict(install: Install) -> tuple[Status, str]:
    """Whether the key is there."""
    server = needed_by(install)
    if server is not None:
        variable = server.variables[0]
        held = install.keys.in_environment(variable)
        place = f" ({DOTENV})" if held is not None and held.place == DOTENV else ""
        return Status.OK, f"{variable} is set{place}"
    if install.capture is not None:
        from mem0_tui.codex.checks import plugin_key as pluginkey

        return pluginkey.verdict(install.capture)
    winner = install.servers.winner
    if winner is None or not winner.starts:
        return Status.OFF, "no server asks for a key"
    return Status.OK, "the server needs no key from the environment"
