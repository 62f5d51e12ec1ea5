"""Asks the server that Codex would start as ``mem0``: with the same key, one search, and, where it
is asked for, one memory that is written, read back and deleted again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from mem0_tui.codex.facts.keys import HeldKey
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import KEY_HEADERS, McpServer
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.live.observed import Progress
from mem0_tui.model.errors import Mem0TuiError

_APPEARS = 20.0
"""Seconds that a written memory is waited for: Mem0's own service stores it in a job."""
_PAUSE = 0.5
_QUERY = "what is known about this project"
_PROBE_TEXT = "mem0-tui doctor wrote this to see whether it can, and deletes it again"


class Probe(Protocol):
    """A conversation with one MCP server; every method may raise a BackendError."""

    def tools(self) -> Sequence[str]:
        """The names of its tools."""
        ...

    def call(self, tool: str, arguments: Mapping[str, object]) -> Any:
        """The JSON that a tool answers."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


Connect = Callable[[str, Mapping[str, str]], Probe]
"""Makes a probe for a URL and the headers that are configured for it."""


@dataclass(frozen=True, slots=True)
class ServerPing:
    """What came of asking the server."""

    url: str
    key_sent: bool
    tools: tuple[str, ...] = ()
    error: Mem0TuiError | None = None
    """Why it did not list its tools."""
    search_error: Mem0TuiError | None = None
    written: bool | None = None
    """Whether the memory was written and read back; None where none was to be."""
    write_error: Mem0TuiError | None = None
    left: str | None = None
    """The run whose probe memory could not be deleted."""

    @property
    def answers(self) -> bool:
        """Whether the server listed its tools."""
        return self.error is None


def target(install: Install) -> McpServer | None:
    """The server to be asked: the one that Codex would start, if it is reached by URL."""
    servers = install.servers
    server = servers.winner or next(iter(servers.others), None)
    if server is None or not server.starts or not server.host or install.config.rejected:
        return None
    if server.key_variable is None:
        return None if server.helper else server  # only Codex runs the helper
    held = install.keys.in_environment(server.key_variable)
    return server if held is not None and held.value and held.sendable else None


def headers_of(server: McpServer, install: Install) -> dict[str, str]:
    """The headers that Codex would send."""
    literal = table(server.data.get("http_headers"))
    found = {name: value for name, value in literal.items() if isinstance(value, str)}
    for name, variable in server.header_variables.items():
        held = HeldKey(variable, "", None, install.keys.environ.get(variable, ""))
        if held.header_fault is None:
            found[name] = held.value
    bearer = install.keys.in_environment(server.key_variable) if server.key_variable else None
    if bearer is not None:
        found = {name: value for name, value in found.items() if name.lower() != "authorization"}
        found["Authorization"] = f"Bearer {bearer.value}"
    return found


def ping(
    install: Install, server: McpServer, connect: Connect, progress: Progress, *, write: bool
) -> ServerPing:
    """Ask *server* for its tools and search once; with *write*, also write and delete a memory."""
    url = server.url or ""
    headers = headers_of(server, install)
    sent = {name.lower() for name in headers} & KEY_HEADERS
    done = ServerPing(url, key_sent=bool(sent))
    progress(f"asking {server.host} with the configured key")
    try:
        probe = connect(url, headers)
    except Mem0TuiError as error:
        return replace(done, error=error)
    try:
        try:
            done = replace(done, tools=tuple(probe.tools()))
        except Mem0TuiError as error:
            return replace(done, error=error)
        progress("searching once")
        done = _searched(probe, done, install)
        return _written(probe, done, progress) if write else done
    finally:
        probe.close()


def _searched(probe: Probe, done: ServerPing, install: Install) -> ServerPing:
    if "search_memories" not in done.tools:
        return done
    mine = [{"user_id": install.identity.user}, {"app_id": install.identity.app}]
    arguments = {"query": _QUERY, "limit": 1, "filters": {"AND": mine}}
    try:
        probe.call("search_memories", arguments)
    except Mem0TuiError as error:
        return replace(done, search_error=error)
    return done


def _written(probe: Probe, done: ServerPing, progress: Progress) -> ServerPing:
    """Write one memory into a run of its own; whatever happens, look for it and delete it."""
    run = f"mem0-tui-doctor-{secrets.token_hex(6)}"
    given = {"text": _PROBE_TEXT, "run_id": run, "infer": False, "metadata": {"type": "probe"}}
    progress("writing one memory")
    seen = False
    failed: Mem0TuiError | None = None
    gone = False
    try:
        probe.call("add_memory", given)
        seen = bool(_wait_for(probe, run))
    except Mem0TuiError as error:
        failed = error
    finally:
        progress("deleting it again")
        gone = _deleted(probe, run)
    return replace(done, written=seen, write_error=failed, left=None if gone else run)


def _wait_for(probe: Probe, run: str) -> list[str]:
    until = time.monotonic() + _APPEARS
    while not (found := _ids(probe, run)) and time.monotonic() < until:
        time.sleep(_PAUSE)
    return found


def _deleted(probe: Probe, run: str) -> bool:
    """Whether nothing is left of the run. By id: a delete by scope might take more with it."""
    try:
        for memory in _ids(probe, run):
            probe.call("delete_memory", {"memory_id": memory})
        until = time.monotonic() + _APPEARS
        while (left := _ids(probe, run)) and time.monotonic() < until:
            time.sleep(_PAUSE)
        return not left
    except Mem0TuiError:
        return False


def _ids(probe: Probe, run: str) -> list[str]:
    answer = probe.call("get_memories", {"filters": {"AND": [{"run_id": run}]}})
    rows = answer if isinstance(answer, list) else table(answer).get("results")
    mine = [table(row) for row in rows] if isinstance(rows, list) else []
    return [id_ for row in mine if (id_ := text(row.get("id"))) and _belongs(row, run)]


def _belongs(row: Mapping[str, object], run: str) -> bool:
    """Servers that ignore a filter must not make us delete what is not ours."""
    return run in (row.get("run_id"), row.get("session_id"))
