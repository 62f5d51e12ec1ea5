"""What an install is made of, station by station, apart from what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mem0_tui.codex.checks import key as keys
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.facts.command_line import ProgramState
from mem0_tui.codex.facts.host import is_loopback, is_mem0s
from mem0_tui.codex.facts.scan import Install, is_mem0_command
from mem0_tui.codex.way.station import HOOKED, Route, Station
from mem0_tui.model.counting import plural
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.codex.facts.servers import McpServer
    from mem0_tui.codex.way.recorded import HookRecords

_EVENTS: Mapping[Route, frozenset[str]] = {
    Route.CAPTURE: frozenset({"Stop", "PreCompact", "SessionEnd"}),
    Route.RECALL: frozenset({"SessionStart", "UserPromptSubmit"}),
}
"""The events whose hooks carry a route."""
_RUN = (ProgramState.FOUND, ProgramState.UNKNOWN)


class Wiring(Record):
    """What there is to lead memories through."""

    routes: frozenset[Route]
    """The routes that somebody has installed."""
    by_plugin: frozenset[Route]
    """Those that a plugin brings."""
    running: frozenset[Route]
    """Those of capture and recall for which Codex runs a hook."""
    words: Mapping[Station, str]
    """What stands at a station, in a few words; none for what is not there."""
    shares_key: bool
    """Whether the hooks take the key from the variable that the tools' server names."""
    shares_address: bool
    """Whether the hooks talk to the server that the tools' entry names."""
    own_service: bool
    """Whether the tools, too, go to the service that plugin 0.3 talks to."""
    recorded: HookRecords | None
    """What the hooks noted of their work; None where these keep no record."""


def read_wiring(install: Install) -> Wiring:
    """What *install* is made of; reads the hooks' log where they are this program's."""
    capture, winner = install.capture, install.servers.winner
    server = winner or next(iter(install.servers.others), None)
    plugin = install.plugin
    unread = any(source.problem is not None for source in install.hooks.sources)
    there = plugin is not None or install.mem0_handlers or unread
    hooked = HOOKED if there else frozenset[Route]()
    if install.default_hooks is not None and is_mem0_command(install.default_hooks.text):
        hooked = HOOKED
    tools = frozenset({Route.TOOLS} if server is not None or plugin is not None else ())
    ours = bool(install.own_handlers)
    from_plugin = plugin is not None and (
        not install.mem0_handlers or any(source.plugin for source, _ in install.current_handlers)
    )
    tools_from_plugin = server.plugin is not None if server is not None else plugin is not None
    shares_address = ours and server is not None
    return Wiring(
        routes=hooked | tools,
        by_plugin=(hooked if from_plugin else frozenset())
        | (tools if tools_from_plugin else frozenset()),
        running=frozenset(_running(install)),
        words=dict(_words(install)),
        shares_key=capture is None and not (ours and _has_key_file(install, server)),
        shares_address=shares_address,
        own_service=install.uses_plugin_server,
        recorded=_recorded(install),
    )


def _has_key_file(install: Install, server: McpServer | None) -> bool:
    """Whether this program's hooks find the key of this machine's *server* in its file."""
    if server is None or not server.loopback:
        return False
    from mem0_tui.hooks.server import NoServerError, server_of

    try:
        return bool(server_of({"url": server.url}, dict(install.homes.environ)).key)
    except NoServerError:
        return False


def _recorded(install: Install) -> HookRecords | None:
    if install.capture is None and not install.own_handlers:
        return None
    from mem0_tui.codex.way.recorded import recorded_by_hooks, recorded_by_plugin

    if install.capture is not None:
        return recorded_by_plugin(install.capture)
    return recorded_by_hooks(install.hook_log)


def _working(install: Install) -> list[str]:
    """The events of the hooks that Codex runs and whose programs start."""
    capture = install.capture
    if rejection(install) or not install.hooks.enabled:
        return []
    dead = capture is not None and (capture.python is None or capture.old_python)
    return [
        handler.event
        for source, handler in install.current_handlers
        if handler.runs
        and not source.barred
        and install.program(handler).state in _RUN
        and not (dead and capture is not None and source.plugin == capture.plugin.id)
    ]


def _running(install: Install) -> Iterator[Route]:
    working = _working(install)
    return (route for route, events in _EVENTS.items() if events.intersection(working))


def _words(install: Install) -> Iterator[tuple[Station, str]]:
    codex = install.codex
    version = None if codex is None else codex.version
    yield Station.CONFIG, f"Codex {version}" if version else "config.toml"
    plugin, capture = install.plugin, install.capture
    if plugin is not None:
        manifest = plugin.manifest
        held = (manifest.version if manifest else None) or plugin.active or ""
        yield Station.PLUGIN, f"{plugin.name} {held}".rstrip()
    handlers, working = len(install.current_handlers), len(_working(install))
    if handlers:
        words = f"{plural(handlers, 'hook')} {'runs' if handlers == 1 else 'run'}"
        some = f"{working} of {handlers} run"
        yield Station.HOOKS, words if working == handlers else some
    winner = install.servers.winner
    server = winner or next(iter(install.servers.others), None)
    if server is not None:
        place = _owner(server, install.servers.shadowed)
        yield Station.TOOLS, place if server.name == "mem0" else f"{place} {server.name}"
    needed = keys.needed_by(install)
    if needed is not None:
        yield Station.KEY, needed.variables[0]
    elif capture is not None:
        held_key = capture.service.hooks_key or capture.service.server_key
        yield Station.KEY, held_key.variable if held_key else ""
    elif server is not None and server.starts and (held := _held_key(server)):
        yield Station.KEY, held
    if hosts := list(dict.fromkeys(_hosts(install))):
        yield Station.SERVER, ", ".join(hosts)
        names = {host.partition(":")[0] for host in hosts}
        if all(map(is_mem0s, names)):
            yield Station.STORE, "at Mem0"
        elif all(map(is_loopback, names)):
            yield Station.STORE, "on this machine"


def _owner(server: McpServer, shadowed: Sequence[McpServer]) -> str:
    """Whose *server* is, and whose are not started because of it."""
    if server.plugin and shadowed:
        return f"{server.plugin}, not {shadowed[0].plugin}"
    place = "the plugin's" if server.plugin else "config.toml's"
    return f"{place}, not the plugin's" if shadowed else place


def _held_key(server: McpServer) -> str:
    """Where a key comes from if not from a variable; blank where nothing tells."""
    if server.helper:
        return "from a program"
    if server.authenticates:
        return "in a plugin's file" if server.plugin else "in config.toml"
    if server.hosted:
        return "none set"
    return "none needed" if server.url or server.command else ""


def _hosts(install: Install) -> Iterator[str]:
    """Whom the hooks talk to, as far as that is known, then whom the tools do."""
    capture = install.capture
    if capture is not None:
        yield _place(capture.service.url) or capture.service.url
        if install.uses_plugin_server:
            return
    winner = install.servers.winner
    server = winner or next(iter(install.servers.others), None)
    if server is not None and (named := server.url or server.command):
        yield _place(server.url or "") or named


def _place(url: str) -> str:
    """Host and port of *url*, without a user or a path."""
    _, sign, rest = url.partition("://")
    return rest.partition("/")[0].rpartition("@")[2] if sign else ""
