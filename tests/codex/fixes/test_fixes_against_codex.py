"""Repairs of homes that the real Codex made: it agrees afterwards, and undo restores every byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.fixes.backup import undo
from mem0_tui.model.errors import RefusedError, UnsupportedError
from tests.codex.homes import Home, Scenario
from tests.codex.scenarios import managed
from tests.codex.test_against_codex import REAL, agree, real_home

pytestmark = [pytest.mark.codex, pytest.mark.slow]


def written(home: Home) -> dict[str, bytes]:
    """The files that repairs may touch."""
    roots = [home.config, home.hooks, home.codex_home / "plugins", home.folder / "src"]
    found: dict[str, bytes] = {}
    for root in roots:
        for path in [root, *root.rglob("*")] if root.is_dir() else [root]:
            if path.is_file():
                found[str(path)] = path.read_bytes()
            elif path.is_dir() and "moved-aside" not in path.parts:
                found[str(path)] = b"folder"
    return found


ELSEWHERE = [scenario for scenario in REAL if scenario.name in ("p_url", "p_subfolder", "p_npm")]
"""What is to be installed lies on another machine, which no test reaches."""
REASON = r"(missing plugin\.json|npm pack failed)"
HERE = [
    scenario
    for scenario in REAL
    if {"fail", "warn", "info"} & set(scenario.expected.values())
    and scenario not in [*ELSEWHERE, *managed.SCENARIOS]
]
"""Homes with something wrong; repairs run Codex on the machine's own /etc, so that those of managed
machines are not among them."""


@pytest.mark.parametrize("scenario", HERE, ids=lambda scenario: scenario.name)
def test_repaired_home_is_as_codex_sees_it(scenario: Scenario, tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    scenario.build(home)
    for offered in home.report().fixes:
        before = written(home)
        (fix,) = [fix for fix in home.report().fixes if fix.id == offered.id]
        if not fix.automatic:
            with pytest.raises(UnsupportedError, match="is a step for you"):
                apply(fix, home.scan())
            assert written(home) == before
            continue

        applied = apply(fix, home.scan())

        assert applied.resolved, [finding.id for finding in applied.report.findings]
        agree(home)
        undo(home.scan().homes)
        assert written(home) == before
    assert home.report().findings, "what nobody here can repair is said all the same"


@pytest.mark.parametrize("scenario", ELSEWHERE, ids=lambda scenario: scenario.name)
def test_an_install_that_codex_cannot_fetch_leaves_the_home_as_it_was(
    scenario: Scenario, tmp_path: Path, codex: str
) -> None:
    home = real_home(tmp_path, codex)
    scenario.build(home)
    before = written(home)
    (fix,) = [fix for fix in home.report().fixes if fix.automatic]

    with pytest.raises(RefusedError, match=f"^codex plugin add mem0@mem0-plugins failed: {REASON}"):
        apply(fix, home.scan())

    assert written(home) == before
