"""The stations of the way of a memory, the routes that lead through them, and how each is doing."""

from __future__ import annotations

from enum import StrEnum


class Station(StrEnum):
    """One thing that a memory passes, or that has to be there for it to pass, in their order."""

    CONFIG = "config"
    """Codex's settings."""
    PLUGIN = "plugin"
    """Mem0's plugin, or this program's."""
    HOOKS = "hooks"
    """What captures and recalls by itself."""
    TOOLS = "tools"
    """What the model calls, through MCP."""
    KEY = "key"
    SERVER = "server"
    """Mem0's service, or a server of one's own."""
    STORE = "store"
    """Where it keeps the memories."""


class Route(StrEnum):
    """One of the ways that lead through the stations."""

    CAPTURE = "capture"
    """From the prompt, through hooks, to the store."""
    RECALL = "recall"
    """From the store, through hooks, to the prompt."""
    TOOLS = "tools"
    """From the model, through MCP, to the store and back."""


HOOKED = frozenset({Route.CAPTURE, Route.RECALL})
"""The routes that lead through hooks."""


class State(StrEnum):
    """How a station is doing."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    UNCHECKED = "not checked"
    """Nobody has looked: no file tells it, and neither Codex nor a server was asked."""
    ABSENT = "not installed"
    UNREACHED = "not reached"
    """It lies behind a break: nothing gets there."""


def stations_of(route: Route, *, by_plugin: bool) -> tuple[Station, ...]:
    """The stations that *route* passes, in order; the plugin where it brings what is passed."""
    left_out = Station.HOOKS if route is Route.TOOLS else Station.TOOLS
    return tuple(
        station
        for station in Station
        if station is not left_out and (by_plugin or station is not Station.PLUGIN)
    )
