"""Two older Codex versions, for the rules that changed since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.codex.appserver import app_server
from tests.codex.homes import Home, Scenario
from tests.codex.scenarios import ALL
from tests.codex.test_against_codex import real_home

pytestmark = pytest.mark.codex

ASKED = (
    "h_installer h_top_level h_unknown_event h_feature_off h_codex_hooks_false h_both_keys_ft"
    " h_both_keys_tf h_timeout_string h_bad_matcher h_inline h_reformatted h_timeout_changed"
    " a_ok a_disabled r_features_in_repo r_untrusted c_bom c_toml11"
    " b_stray_dirs b_two_versions b_ok"
)
SCENARIOS = [scenario for scenario in ALL if scenario.name in ASKED.split()]


@pytest.mark.parametrize("version", ["0.130.0", "0.150.0"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_hooks_by_version(
    scenario: Scenario, version: str, tmp_path: Path, codex_program: Callable[[str], str]
) -> None:
    home = real_home(tmp_path, codex_program(version))
    program, home.codex = home.codex, None  # not every version can install plugins itself
    scenario.build(home)
    home.codex = program

    compare(home, version)


def compare(home: Home, version: str) -> None:
    """The same hooks, trusted alike, and the same MCP servers."""
    install = home.scan()
    assert home.report().codex == (home.codex, version)
    ours = install.hooks.handlers if install.hooks.enabled else []
    with app_server(home) as server:
        answer = server.ask("hooks/list", {"cwds": [str(home.cwd)]})
        theirs = answer["result"]["data"][0]["hooks"]
        status = server.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly"})
    expected = [(handler.key, handler.trust.value, handler.enabled) for handler in ours]
    assert [(h["key"], h["trustStatus"], h["enabled"]) for h in theirs] == expected
    winner = install.servers.winner
    names = {s["name"] for s in status["result"]["data"]} - {"codex_apps"}
    assert names == ({winner.name} if winner else set())
