"""To which station each finding of the doctor belongs, and which routes it stops: a table."""

from __future__ import annotations

from enum import Enum
from typing import Final

from mem0_tui.codex.way.station import Station
from mem0_tui.model.record import Record


class Reach(Enum):
    """The routes that a finding is about."""

    ALL = "all"
    HOOKED = "hooked"
    """Capture and recall."""
    CAPTURE = "capture"
    RECALL = "recall"
    TOOLS = "tools"
    SERVICE = "service"
    """Whatever talks to the service that plugin 0.3 talks to: its hooks, and its own tool."""
    KEY = "key"
    """The tools, and hooks that take the key from the same variable."""
    ADDRESS = "address"
    """The tools, and hooks that take the server's address from its entry."""


class StopCondition(Enum):
    """When a finding stops the routes that it is about."""

    NEVER = "never"
    BROKEN = "broken"
    """Where it, or what follows from it, is a failure."""
    ALWAYS = "always"
    """Also as a warning."""
    IDLE = "idle"
    """Where no hook of the route runs."""


class FindingPlace(Record):
    """Where a finding belongs on the way."""

    station: Station
    reach: Reach
    stop: StopCondition
    also: tuple[Station, ...] = ()
    """Other stations that it shows to work, where all is well."""


_CONFIG, _PLUGIN, _HOOKS, _TOOLS, _KEY, _SERVER, _STORE = Station

_TABLE: Final = (
    # Codex's settings
    (
        *(_CONFIG, Reach.ALL, StopCondition.BROKEN),
        "config.home-missing config.syntax config.unreadable config.type config.reference"
        " config.forbidden-key config.profile config.refused live.disagrees.config",
    ),
    (_CONFIG, Reach.TOOLS, StopCondition.BROKEN, "config.misspelt-key"),
    (
        *(_CONFIG, Reach.ALL, StopCondition.NEVER),
        "config.unknown-key config.dangling-link config.hidden-fault config.deprecated-alias"
        " config.rules-older config.loaded project.untrusted project.undecided"
        " project.ignored-keys project.mcp project.plugin project.mem0-file",
    ),
    # the plugin and where it comes from
    (
        *(_PLUGIN, Reach.ALL, StopCondition.BROKEN),
        "plugin.switch-off plugin.not-cached plugin.stray-folder plugin.manifest-hidden"
        " plugin.manifest-missing plugin.manifest-broken plugin.manifest-fallback plugin.portable"
        " plugin.not-loaded marketplace.missing marketplace.renamed marketplace.source-gone"
        " marketplace.no-manifest marketplace.manifest-broken marketplace.entry-missing"
        " marketplace.entry-dropped marketplace.refused marketplace.plugin-gone"
        " marketplace.no-plugin",
    ),
    (_PLUGIN, Reach.ALL, StopCondition.ALWAYS, "plugin.disabled"),
    (_PLUGIN, Reach.TOOLS, StopCondition.BROKEN, "plugin.mcp-file plugin.no-server"),
    (
        *(_PLUGIN, Reach.ALL, StopCondition.NEVER),
        "plugin.not-checked plugin.name plugin.extra-versions plugin.two plugin.update"
        " plugin.newer-than-source plugin.source-changed plugin.left-over plugin.listed"
        " marketplace.not-checked marketplace.not-installed marketplace.portable skills.none"
        " skills.broken skills.not-loaded skills.loaded live.disagrees.plugin"
        " live.disagrees.marketplace live.disagrees.skills",
    ),
    # hooks
    (
        *(_HOOKS, Reach.HOOKED, StopCondition.IDLE),
        "hooks.not-loaded hooks.switched-off hooks.managed-only hooks.version hooks.wrong-home"
        " hooks.script-missing hooks.script-mode hooks.unquoted-path hooks.crlf hooks.untrusted"
        " hooks.modified hooks.content-changed hooks.disabled hooks.none hooks.plugin-links"
        " hooks.plugin-file hooks.file hooks.no-group hooks.dropped hooks.python-missing"
        " hooks.python-old hooks.unknown-event project.hooks-off",
    ),
    (_HOOKS, Reach.HOOKED, StopCondition.ALWAYS, "capture.paused"),
    (_HOOKS, Reach.CAPTURE, StopCondition.ALWAYS, "capture.not-sent"),
    (
        *(_HOOKS, Reach.HOOKED, StopCondition.NEVER),
        "hooks.not-checked hooks.tools-missing hooks.stale-trust hooks.two-places hooks.duplicate"
        " hooks.former-generation hooks.listed capture.pause-elsewhere capture.database"
        " capture.set-aside capture.hook-error capture.worker-error live.disagrees.hooks",
    ),
    # the tools
    (
        *(_TOOLS, Reach.TOOLS, StopCondition.BROKEN),
        "mcp.none mcp.not-loaded mcp.not-allowed mcp.disabled-shadow mcp.bad-name mcp.command"
        " mcp.will-not-start mcp.start-failed mcp.no-tools mcp.tools-missing"
        " mcp.plugin-tool-failed live.disagrees.mcp",
    ),
    (_TOOLS, Reach.TOOLS, StopCondition.ALWAYS, "mcp.disabled"),
    (
        *(_TOOLS, Reach.TOOLS, StopCondition.NEVER),
        "mcp.name mcp.second-server mcp.shadows-plugin mcp.tools-filtered mcp.approval mcp.started"
        " mcp.plugin-tool",
    ),
    # the key
    (
        *(_KEY, Reach.KEY, StopCondition.BROKEN),
        "key.missing key.empty key.wrong-variable key.header-missing key.wanted key.rejected"
        " live.disagrees.key",
    ),
    (_KEY, Reach.ALL, StopCondition.BROKEN, "key.unclean key.placeholder"),
    (
        _KEY,
        Reach.SERVICE,
        StopCondition.BROKEN,
        "key.plugin-missing key.refused capture.key-refused",
    ),
    (
        *(_KEY, Reach.TOOLS, StopCondition.BROKEN),
        "key.server-missing mcp.no-auth mcp.header-not-interpolated mcp.env-not-interpolated",
    ),
    (_KEY, Reach.ALL, StopCondition.NEVER, "key.shape key.different key.in-config key.accepted"),
    # the server
    (_SERVER, Reach.ADDRESS, StopCondition.BROKEN, "mcp.url mcp.not-found mcp.not-mcp"),
    (_SERVER, Reach.SERVICE, StopCondition.BROKEN, "mcp.api-url mcp.plugin-search-failed"),
    (_SERVER, Reach.ALL, StopCondition.BROKEN, "mcp.unreachable mcp.server-error"),
    (_SERVER, Reach.CAPTURE, StopCondition.BROKEN, "capture.failing"),
    (_SERVER, Reach.RECALL, StopCondition.BROKEN, "capture.searches-fail"),
    (_SERVER, Reach.HOOKED, StopCondition.BROKEN, "capture.hooks-unanswered"),
    (_SERVER, Reach.CAPTURE, StopCondition.NEVER, "capture.given-up capture.waiting"),
    (_SERVER, Reach.ALL, StopCondition.NEVER, "mcp.plain-http mcp.not-asked mcp.answers"),
    # the store
    (
        _STORE,
        Reach.TOOLS,
        StopCondition.BROKEN,
        "mcp.search-failed mcp.write-failed mcp.write-lost",
    ),
    (_STORE, Reach.TOOLS, StopCondition.NEVER, "mcp.probe-left"),
)

_PROOFS: Final = {
    "mcp.searches": (_STORE, _SERVER, _KEY),
    "mcp.writes": (_STORE, _SERVER, _KEY),
    "mcp.plugin-search": (_STORE, _SERVER, _KEY),
    "capture.sent": (_STORE, _SERVER, _KEY, _HOOKS),
}
"""What was seen to work, and the stations that it takes."""

NOWHERE: Final = frozenset(
    {
        # Codex's own memories go another way.
        *(
            f"memories.{name}"
            for name in (
                *("records", "not-generated", "not-used"),
                *("summary-cut", "kept-out", "failing"),
            )
        ),
        # Nobody was asked: that says nothing of any station.
        *("live.no-codex", "live.no-answer"),
    }
)
"""Findings that belong to no station."""

PLACES: Final = {
    **{
        id_: FindingPlace(station, reach, stop)
        for station, reach, stop, ids in _TABLE
        for id_ in ids.split()
    },
    **{
        id_: FindingPlace(station, Reach.ALL, StopCondition.NEVER, also)
        for id_, (station, *rest) in _PROOFS.items()
        for also in (tuple(rest),)
    },
}
"""The place of each finding, by its id."""

UNJUDGED: Final = ("not-checked", "unreadable")
"""How the ids end of findings that, as warnings, say that nobody could look."""
