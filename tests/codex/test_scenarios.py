"""The doctor's verdict on every known state of an install, from its files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mem0_tui.codex import InstallReport
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


def test_names_are_unique() -> None:
    names = [scenario.name for scenario in ALL]
    assert len(names) == len(set(names))
