"""The doctor's verdict on every known state of an install, from its files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mem0_tui.codex import InstallReport, Status
from mem0_tui.codex.way.places import NOWHERE, PLACES
from mem0_tui.codex.way.station import State, Station
from mem0_tui.codex.way.way import read_way
from tests.codex.homes import Home, Scenario
from tests.codex.scenarios import ALL


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_verdict(scenario: Scenario, tmp_path: Path) -> None:
    home = Home(tmp_path)
    scenario.build(home)

    report = home.report()

    bad = {a.name: a.status.value for a in report.areas if a.status.value not in ("ok", "off")}
    assert bad == scenario.expected, [f.id for f in report.findings]
    assert {finding.id for finding in report.roots} == set(scenario.findings.split())
    assert report.install == scenario.install
    keeps_its_promises(report)
    has_a_picture(report)


def keeps_its_promises(report: InstallReport) -> None:
    """No key is shown, every cause is reported, every place exists."""
    text = json.dumps(report.to_json())

    known = {finding.id for finding in report.findings}
    assert "k3yk3y" not in text
    for finding in report.findings:
        assert finding.cause is None or finding.cause in known
        assert finding.cause != finding.id
        for spot in finding.where:
            lines = Path(spot.path).read_bytes().splitlines() if spot.line else []
            assert spot.line is None or spot.line <= max(len(lines), 1)


def has_a_picture(report: InstallReport) -> None:
    """The way of a memory breaks first at a root cause, and what lies behind is not called fine."""
    way = read_way(report)
    assert way is not None
    placed = {finding.id for finding in report.findings} - NOWHERE
    assert placed <= set(PLACES)
    failed = [f.id for f in report.roots if f.id in PLACES and report.severity(f) is Status.FAIL]
    assert way.first_break in (None, *report.roots)
    assert way.first_break is not None or not failed
    assert [each.station for each in way.stations if each.first_break] == [
        PLACES[finding.id].station for finding in (way.first_break,) if finding is not None
    ]
    for each in way.stations:
        reached = [
            route
            for route in way.routes
            if each.station in way.passed(route)
            and not (route in way.stops and is_behind(each.station, way.stops[route]))
        ]
        if each.station is not Station.CONFIG and not reached:
            assert each.state is not State.OK or each.station is Station.PLUGIN


def is_behind(station: Station, end: Station) -> bool:
    return list(Station).index(station) > list(Station).index(end)


def test_names_are_unique() -> None:
    names = [scenario.name for scenario in ALL]
    assert len(names) == len(set(names))
