"""Would the system start the program of a stdio server, and with the key it wants?"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.facts.launch import launch_fault, literal_variables
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import McpServer
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Fix, Status


def check_launch(install: Install, server: McpServer) -> Iterator[Finding]:
    """The command, the working folder and the variables of a stdio server."""
    root = next((p.root for p in install.plugins if p.id == server.plugin), None)
    fault = launch_fault(server, install.keys.environ, install.homes.cwd, root)
    if fault is not None:
        where = (_spot(install, server, fault.key),)
        fix: Fix | None = remedies.step("mcp.command", fault.step)
        cause: str | None = None
        if server.command == "python3" and _no_python(install):
            cause, fix = "hooks.python-missing", None
        title, detail = fault.title, fault.detail
        yield Finding("mcp.command", "mcp", Status.FAIL, title, detail, where, cause=cause, fix=fix)
    for name, value in literal_variables(server).items():
        yield _literal(install, server, name, value)


def _no_python(install: Install) -> bool:
    """Whether the check of the plugin's hooks says already that there is no Python."""
    capture = install.capture
    return capture is not None and capture.python is None and install.hooks.enabled


def _literal(install: Install, server: McpServer, name: str, value: str) -> Finding:
    """A ``${VARIABLE}`` that a shell would replace, and Codex does not."""
    status = Status.FAIL if "KEY" in name or "TOKEN" in name else Status.WARN
    fix = None
    if server.origin is not None and value.strip("${}") == name:
        key = ("mcp_servers", server.name)
        fix = remedies.pass_variable(server.spot.path, key, name)
    return Finding(
        "mcp.env-not-interpolated",
        "mcp",
        status,
        f"the server is given {value} literally, not the value of the variable",
        f"config.toml knows no ${{VARIABLE}}; env_vars names variables to pass on: {name}",
        (_spot(install, server, "env", name),),
        fix=fix,
    )


def _spot(install: Install, server: McpServer, *key: str) -> Spot:
    if server.origin is None:
        return server.spot
    return install.config.spot("mcp_servers", server.name, *key)
