"""The way of a memory through one install: how each station is doing, and where it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mem0_tui.codex.report import Evidence, Finding, InstallReport, Status
from mem0_tui.codex.way.places import PLACES, UNJUDGED, FindingPlace, Reach, StopCondition
from mem0_tui.codex.way.station import HOOKED, Route, State, Station, stations_of
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.codex.way.recorded import HookRecords
    from mem0_tui.codex.way.wiring import Wiring

_BAD = (Status.FAIL, Status.WARN)
_SEEN_ONLY = (Station.SERVER, Station.STORE)
"""What no file of Codex's tells anything of: it takes somebody who was there."""
_AREAS: Mapping[Station, tuple[str, ...]] = {
    Station.CONFIG: ("config",),
    Station.PLUGIN: ("plugin", "marketplace", "skills"),
    Station.HOOKS: ("hooks",),
    Station.TOOLS: ("mcp",),
    Station.KEY: ("key",),
}
"""The areas of the report that are about a station as a whole."""


class WayStation(Record):
    """One station as it is found."""

    station: Station
    state: State
    evidence: Evidence | None
    """How far somebody looked; None where there is nothing to look at."""
    words: str
    """What stands there, in a few words; they come from files."""
    findings: tuple[Finding, ...] = ()
    """What the doctor says of it, the worst first."""
    first_break: bool = False
    """Whether the way breaks here first."""
    recorded: bool = False
    """Whether it is seen to work by the records of those who use it."""

    @property
    def finding(self) -> Finding | None:
        """What is to be told of it: a fault, or else none."""
        found = self.findings[0] if self.findings else None
        return found if self.state in (State.BROKEN, State.WARNING) else None


class Way(Record):
    """All stations, and how far each route gets."""

    stations: tuple[WayStation, ...]
    routes: frozenset[Route]
    by_plugin: frozenset[Route]
    stops: Mapping[Route, Station]
    """Where each route that is interrupted ends."""
    first_break: Finding | None
    """The finding at which the way breaks first."""
    recorded: HookRecords | None

    def at(self, station: Station) -> WayStation:
        """One station."""
        return next(each for each in self.stations if each.station is station)

    def passes(self, route: Route, station: Station) -> bool:
        """Whether *route* is there and leads through *station*."""
        return route in self.routes and station in self.passed(route)

    def passed(self, route: Route) -> tuple[Station, ...]:
        """The stations that *route* leads through."""
        return stations_of(route, by_plugin=route in self.by_plugin)


def read_way(report: InstallReport) -> Way | None:
    """The way through the install of *report*; None where nobody has looked what there is."""
    wiring = report.wiring
    return None if wiring is None else _Reader(report, wiring).way()


class _Reader:
    def __init__(self, report: InstallReport, wiring: Wiring) -> None:
        self._report, self._wiring = report, wiring
        self._placed: list[tuple[Finding, FindingPlace]] = [
            (finding, PLACES[finding.id]) for finding in report.findings if finding.id in PLACES
        ]
        self._stops: dict[Route, tuple[Station, Finding]] = {}
        for route in Route:
            if route in wiring.routes and (end := self._end(route)) is not None:
                self._stops[route] = end

    def way(self) -> Way:
        first = self._first()
        return Way(
            tuple(self._station(station, first) for station in Station),
            self._wiring.routes,
            self._wiring.by_plugin,
            {route: station for route, (station, _) in self._stops.items()},
            first,
            self._wiring.recorded,
        )

    # -- where routes end

    def _end(self, route: Route) -> tuple[Station, Finding] | None:
        """The first station on *route* that lets nothing through, and why: the root cause."""
        passed = stations_of(route, by_plugin=route in self._wiring.by_plugin)
        ends: list[tuple[int, bool, Station, Finding]] = []
        for finding, place in self._placed:
            if (
                place.station in passed
                and route in self._routes_of(place.reach)
                and self._stopping(finding, place, route)
            ):
                root = self._root_of(finding)
                station = PLACES[root.id].station if root.id in PLACES else place.station
                station = station if station in passed else place.station
                failed = self._report.severity(root) is Status.FAIL
                ends.append((passed.index(station), not failed, station, root))
        if not ends:
            return None
        _, _, station, root = min(ends, key=lambda end: end[:2])
        return station, root

    def _root_of(self, finding: Finding) -> Finding:
        by_id = {each.id: each for each in self._report.findings}
        while finding.cause is not None:
            finding = by_id[finding.cause]
        return finding

    def _stopping(self, finding: Finding, place: FindingPlace, route: Route) -> bool:
        severity = self._report.severity(finding)
        if severity not in _BAD or _is_unjudged(finding):
            return False
        if place.stop is StopCondition.IDLE:
            return route not in self._wiring.running
        return place.stop is StopCondition.ALWAYS or (
            place.stop is StopCondition.BROKEN and severity is Status.FAIL
        )

    def _routes_of(self, reach: Reach) -> frozenset[Route]:
        wiring, tools = self._wiring, frozenset({Route.TOOLS})
        none: frozenset[Route] = frozenset()
        return {
            Reach.ALL: frozenset(Route),
            Reach.HOOKED: HOOKED,
            Reach.CAPTURE: frozenset({Route.CAPTURE}),
            Reach.RECALL: frozenset({Route.RECALL}),
            Reach.TOOLS: tools,
            Reach.SERVICE: HOOKED | (tools if wiring.own_service else none),
            Reach.KEY: tools | (HOOKED if wiring.shares_key else none),
            Reach.ADDRESS: tools | (HOOKED if wiring.shares_address else none),
        }[reach]

    def _first(self) -> Finding | None:
        """The first finding that stops a route; else the first failure that is a root cause."""
        ends = sorted(self._stops.values(), key=lambda end: list(Station).index(end[0]))
        if ends:
            return ends[0][1]
        order = list(Station)
        broken = [
            (order.index(place.station), finding)
            for finding, place in self._placed
            if finding.cause is None and self._report.severity(finding) is Status.FAIL
        ]
        return min(broken, key=lambda pair: pair[0])[1] if broken else None

    # -- how stations are doing

    def _station(self, station: Station, first: Finding | None) -> WayStation:
        mine = self._sorted(station)
        state = self._state(station, mine)
        evidence, recorded = self._evidence(station, mine)
        if state in (State.BROKEN, State.WARNING):
            evidence, recorded = mine[0].evidence, mine[0].recorded
        return WayStation(
            station,
            state,
            None if state in (State.ABSENT, State.UNREACHED) else evidence,
            self._wiring.words.get(station, ""),
            tuple(mine),
            first_break=first is not None and PLACES[first.id].station is station,
            recorded=recorded,
        )

    def _sorted(self, station: Station) -> list[Finding]:
        """The findings at *station*: root causes first, each the worst first."""
        mine = [finding for finding, place in self._placed if place.station is station]
        ranks = [Status.FAIL, Status.WARN, Status.INFO, Status.OK, Status.OFF]
        ends = {id(finding) for _, finding in self._stops.values()}
        return sorted(
            mine,
            key=lambda f: (
                f.cause is not None,
                id(f) not in ends,
                ranks.index(self._report.severity(f)),
            ),
        )

    def _state(self, station: Station, mine: Sequence[Finding]) -> State:
        bad = [finding for finding in mine if self._report.severity(finding) in _BAD]
        roots = [f for f in bad if f.cause is None and not _is_unjudged(f)]
        if roots:
            broken = any(self._report.severity(finding) is Status.FAIL for finding in roots)
            return State.BROKEN if broken else State.WARNING
        routes = [
            route
            for route in self._wiring.routes
            if station in stations_of(route, by_plugin=route in self._wiring.by_plugin)
        ]
        if not routes and station is not Station.CONFIG:
            if station is Station.PLUGIN and station in self._wiring.words:
                return State.OK
            return State.ABSENT
        if routes and all(self._is_behind(route, station) for route in routes):
            return State.UNREACHED
        if follows := [finding for finding in bad if not _is_unjudged(finding)]:
            broken = any(finding.status is Status.FAIL for finding in follows)
            return State.BROKEN if broken else State.WARNING  # of what lies elsewhere
        if bad:
            return State.UNCHECKED
        return State.OK if self._is_known(station) else State.UNCHECKED

    def _is_behind(self, route: Route, station: Station) -> bool:
        """Whether *route* ends before *station*."""
        end, order = self._stops.get(route), list(Station)
        return end is not None and order.index(end[0]) < order.index(station)

    def _is_known(self, station: Station) -> bool:
        if station in _SEEN_ONLY:
            return self._is_proved(station)
        if station is Station.KEY:
            return station in self._wiring.words
        return True

    def _is_proved(self, station: Station) -> bool:
        return self._is_recorded(station) or any(
            finding.status is Status.OK and station in (place.station, *place.also)
            for finding, place in self._placed
        )

    def _is_recorded(self, station: Station) -> bool:
        """Whether the hooks' own records show that it works."""
        recorded = self._wiring.recorded
        passed = station in (Station.HOOKS, Station.KEY, *_SEEN_ONLY)
        return passed and recorded is not None and recorded.works

    def _evidence(self, station: Station, mine: Sequence[Finding]) -> tuple[Evidence, bool]:
        """How far somebody looked, and whether that is told by the records of those who use it."""
        if any(f.evidence is Evidence.OBSERVED and not f.recorded for f in mine):
            return Evidence.OBSERVED, False
        if self._is_proved(station):
            return Evidence.OBSERVED, self._is_recorded(station)
        levels = {self._report.evidence(area) for area in _AREAS.get(station, ())}
        trusted = Evidence.TRUSTED in levels or station is Station.HOOKS
        return (Evidence.TRUSTED if trusted else Evidence.CONFIGURED), False


def _is_unjudged(finding: Finding) -> bool:
    """Whether it says that nobody could look, rather than that something is wrong."""
    return finding.status is Status.WARN and finding.id.endswith(UNJUDGED)
