"""What Codex's and the server's own answers say about the MCP server and its key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import NAME, TOOLS, McpServer
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.live.app_server import shortened
from mem0_tui.codex.live.observed import Observed, SeenServer
from mem0_tui.codex.live.server_probe import ServerPing
from mem0_tui.codex.report import Evidence, Finding, Fix, Status
from mem0_tui.model.errors import (
    AuthError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RefusedError,
    ServerError,
)

_KEYS_PAGE = "https://app.mem0.ai/dashboard/api-keys"
_NO_VARIABLE = re.compile(r"is not set|is empty|invalid HTTP header")


def server_findings(
    install: Install, server: McpServer | None, observed: Observed | None, ping: ServerPing | None
) -> Iterator[Finding]:
    """The findings of both answers together; what both say is said once."""
    name = server.name if server else NAME
    seen = (observed.servers or {}).get(name) if observed else None
    if server is None:
        return
    if ping is not None:
        yield from _asked(install, server, ping, seen)
    elif seen is not None and seen.trouble and not _NO_VARIABLE.search(seen.trouble):
        yield _not_started(server, seen)
    elif seen is not None and seen.tools:
        yield _ok("mcp.started", "mcp", f"Codex starts the server: {len(seen.tools)} tools", server)


def lacks_variable(observed: Observed, name: str) -> bool:
    """Whether Codex says that a variable is wanting that the server needs."""
    seen = (observed.servers or {}).get(name)
    return seen is not None and _NO_VARIABLE.search(seen.trouble) is not None


def _asked(
    install: Install, server: McpServer, ping: ServerPing, seen: SeenServer | None
) -> Iterator[Finding]:
    if ping.error is None:
        yield from _answered(server, ping)
        if seen is not None and seen.trouble:
            cause = cause_of(seen.trouble)
            yield _disagrees(Status.FAIL, "the server answers us, and Codex cannot start it", cause)
        return
    if seen is not None and seen.tools and not isinstance(ping.error, RefusedError):
        detail = f"Codex has {len(seen.tools)} tools from it; to us it says: {ping.error.message}"
        yield _disagrees(Status.WARN, "Codex reaches the server, and we do not", detail)
        return
    yield from _failed(install, server, ping, ping.error, seen)


def _answered(server: McpServer, ping: ServerPing) -> Iterator[Finding]:
    yield _ok("mcp.answers", "mcp", f"the server answers: {len(ping.tools)} tools", server)
    if ping.key_sent:
        yield _ok("key.accepted", "key", "the server accepts the key", server)
    absent = [tool for tool in TOOLS if tool not in ping.tools]
    if absent:
        broken = {"search_memories", "add_memory"} & set(absent)
        status = Status.FAIL if broken else Status.INFO
        title = f"the server lacks {len(absent)} of Mem0's tools"
        yield _seen("mcp.tools-missing", "mcp", status, title, ", ".join(absent), server)
    if ping.search_error is not None:
        title = "a search fails"
        yield _seen(
            "mcp.search-failed", "mcp", Status.FAIL, title, ping.search_error.message, server
        )
    elif "search_memories" in ping.tools:
        yield _ok("mcp.searches", "mcp", "a search works", server)
    yield from _wrote(server, ping)


def _wrote(server: McpServer, ping: ServerPing) -> Iterator[Finding]:
    if ping.write_error is not None:
        detail = ping.write_error.message
        yield _seen("mcp.write-failed", "mcp", Status.FAIL, "writing fails", detail, server)
    elif ping.written is False:
        title = "a memory that was written did not appear"
        yield _seen("mcp.write-lost", "mcp", Status.WARN, title, "", server)
    elif ping.written:
        yield _ok("mcp.writes", "mcp", "a memory was written, read back and deleted", server)
    if ping.left is not None:
        fix = remedies.step("mcp.delete-probe", f"mem0-tui rm --scope run:{ping.left}")
        title = "the memory written to try it may still be there"
        detail = f"it belongs to the run {ping.left} alone"
        yield _seen("mcp.probe-left", "mcp", Status.WARN, title, detail, server, fix=fix)


def _failed(
    install: Install,
    server: McpServer,
    ping: ServerPing,
    error: Mem0TuiError,
    seen: SeenServer | None,
) -> Iterator[Finding]:
    message = error.message
    if isinstance(error, RefusedError):
        title = "the server was not asked"
        yield _seen("mcp.not-asked", "mcp", Status.INFO, title, message, server)
    elif isinstance(error, AuthError):
        yield from _rejected(server, ping, message, seen)
    elif isinstance(error, NotFoundError):
        title = "there is no MCP server at that address"
        detail = f"{ping.url}: {message}"
        fix = _other_url(install, server)
        yield _seen("mcp.not-found", "mcp", Status.FAIL, title, detail, server, fix=fix)
    elif isinstance(error, NetworkError):
        fix = remedies.step(
            "mcp.reach",
            "start the server: mem0-tui serve, or the one you use"
            if server.loopback
            else "check the network, the proxy and the URL, then try again",
        )
        title = "the server is not reachable"
        yield _seen("mcp.unreachable", "mcp", Status.FAIL, title, message, server, fix=fix)
    elif isinstance(error, ServerError):
        title = "the server fails"
        yield _seen("mcp.server-error", "mcp", Status.FAIL, title, message, server)
    else:
        title = "what answers is not an MCP server"
        yield _seen("mcp.not-mcp", "mcp", Status.FAIL, title, message, server)


def _rejected(
    server: McpServer, ping: ServerPing, message: str, seen: SeenServer | None
) -> Iterator[Finding]:
    if not ping.key_sent:
        fix = remedies.bearer_variable(server.spot.path, server.name) if server.origin else None
        title = "the server wants a key, and none is configured"
        yield _seen("key.wanted", "key", Status.FAIL, title, message, server, fix=fix)
        cause = "key.wanted"
    else:
        where = f"make a new key at {_KEYS_PAGE}" if server.hosted else "take the server's own key"
        fix = remedies.step("key.renew", f"{where} and set {server.key_variable or 'it'} to it")
        shown = (
            "Codex calls this `not logged in`" if seen and "not logged in" in seen.trouble else ""
        )
        detail = f"{message}; {shown}" if shown else message
        title = "the server does not accept the key"
        yield _seen("key.rejected", "key", Status.FAIL, title, detail, server, fix=fix)
        cause = "key.rejected"
    yield Finding(
        "mcp.no-tools",
        "mcp",
        Status.FAIL,
        "Codex gets no tools from the mem0 server",
        where=(server.spot,),
        cause=cause,
        evidence=Evidence.OBSERVED,
    )


def _other_url(install: Install, server: McpServer) -> Fix:
    if server.hosted and server.origin is not None:
        key = ("mcp_servers", server.name, "url")
        summary = f"set the URL to {remedies.MEM0_URL}"
        return remedies.set_toml("mcp.url", summary, install.homes.config, key, remedies.MEM0_URL)
    return remedies.step("mcp.url", "correct the URL's path; mem0-tui serve answers at /mcp")


def _not_started(server: McpServer, seen: SeenServer) -> Finding:
    title = "Codex cannot start the mem0 server"
    cause = cause_of(seen.trouble)
    return _seen("mcp.start-failed", "mcp", Status.FAIL, title, cause, server)


def cause_of(trouble: str) -> str:
    """The telling end of Codex's account of a failed start."""
    return shortened(trouble.rpartition(" error: ")[2])


def _disagrees(status: Status, title: str, detail: str) -> Finding:
    return Finding("live.disagrees.mcp", "mcp", status, title, detail, evidence=Evidence.OBSERVED)


def _ok(id: str, area: str, title: str, server: McpServer) -> Finding:
    where = (server.spot,)
    return Finding(id, area, Status.OK, title, where=where, evidence=Evidence.OBSERVED)


def _seen(
    id: str,
    area: str,
    status: Status,
    title: str,
    detail: str,
    server: McpServer,
    *,
    fix: Fix | None = None,
) -> Finding:
    where = (server.spot,)
    return Finding(id, area, status, title, detail, where, fix=fix, evidence=Evidence.OBSERVED)
