"""Where Codex is of another mind than its files: both are shown, and that is a finding too."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex import Evidence, Status
from mem0_tui.codex.facts.hook_trust import LIMIT
from mem0_tui.model.errors import NetworkError
from tests.codex.fakecodex import answering
from tests.codex.homes import Home
from tests.codex.liveserver import Server, ask, bad, by_id

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script as a program")

HOOKS = "hooks/list"


def hooks(home: Home, **changes: object) -> dict[str, object]:
    """What Codex would list, with *changes* to the first hook."""
    listed: list[dict[str, object]] = [
        {"key": h.key, "enabled": h.enabled, "trustStatus": h.trust.value}
        for h in home.scan().hooks.handlers
    ]
    if listed:
        listed[0] |= changes
    return {HOOKS: {"data": [{"cwd": str(home.cwd), "hooks": listed, "warnings": []}]}}


def codex(home: Home, **changes: object) -> dict[str, object]:
    """A whole set of answers that agrees with the files."""
    install = home.scan()
    winner = install.servers.winner
    skills = [{"pluginId": "mem0@mem0-plugins"}] * sum(s.loaded for s in install.skills.values())
    listed = [
        {"id": p.id, "installed": True, "enabled": p.enabled} for p in install.plugins if p.entry
    ]
    server = {"name": "mem0", "pluginId": winner.plugin if winner else None}
    return {
        **hooks(home),
        "skills/list": {"data": [{"skills": skills}]},
        "plugin/installed": {"marketplaces": [{"plugins": listed}], "marketplaceLoadErrors": []},
        "mcpServerStatus/list": {"data": [{**server, "tools": {"a": {}}, "toolsError": None}]},
        **changes,
    }


def trusted(home: Home) -> None:
    home.option_b()
    home.trust()


def test_agreement_raises_the_evidence(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, codex(home))

    check = ask(home)

    assert check.report.overall is Status.OK
    levels = {area.name: check.report.evidence(area.name) for area in check.report.areas}
    for area in ("config", "mcp", "key", "plugin", "skills"):
        assert levels[area] is Evidence.OBSERVED
    assert levels["hooks"] is Evidence.TRUSTED
    assert check.report.area("hooks").summary == "Codex would run 9 of Mem0's 9 hooks"
    assert all(row.runs for row in check.hooks)


def test_what_both_say_is_observed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    answering(home, codex(home))
    report = ask(home).report
    assert by_id(report)["hooks.untrusted"].evidence is Evidence.OBSERVED


def test_a_plugin_too_large_to_compare_is_judged_by_codex_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    with (home.cached / "large").open("wb") as file:
        file.truncate(LIMIT + 1)
    assert "--live" in home.report().area("hooks").summary
    answers = codex(home)
    for hook in answers[HOOKS]["data"][0]["hooks"]:  # type: ignore[index]
        hook["trustStatus"] = "modified"
    answering(home, answers)
    assert "hooks.content-changed" not in by_id(home.report())

    check = ask(home)

    found = by_id(check.report)["hooks.content-changed"]
    assert (found.status, found.evidence) == (Status.WARN, Evidence.OBSERVED)
    assert not any(row.runs for row in check.hooks)


def _first_hook(home: Home) -> dict[str, object]:
    return codex(home) | hooks(home, trustStatus="untrusted")


def _switched_hook(home: Home) -> dict[str, object]:
    return codex(home) | hooks(home, enabled=False)


def _no_hooks(home: Home) -> dict[str, object]:
    return codex(home) | {HOOKS: {"data": [{"hooks": []}]}}


def _fewer_skills(home: Home) -> dict[str, object]:
    return codex(home) | {"skills/list": {"data": [{"skills": []}]}}


def _disabled_plugin(home: Home) -> dict[str, object]:
    listed = [{"id": "mem0@mem0-plugins", "installed": True, "enabled": False}]
    return codex(home) | {"plugin/installed": {"marketplaces": [{"plugins": listed}]}}


def _other_server(home: Home) -> dict[str, object]:
    return codex(home) | {"mcpServerStatus/list": {"data": [{"name": "mem0", "pluginId": None}]}}


def _cannot_start(home: Home) -> dict[str, object]:
    server = {"name": "mem0", "pluginId": "mem0@mem0-plugins", "tools": {}, "toolsError": "oh no"}
    return codex(home) | {"mcpServerStatus/list": {"data": [server]}}


def _marketplace(home: Home) -> dict[str, object]:
    errors = [{"path": "/x/marketplace.json", "message": "expected value at line 1 column 1"}]
    return codex(home) | {"plugin/installed": {"marketplaces": [], "marketplaceLoadErrors": errors}}


@pytest.mark.parametrize(
    ("answers", "area"),
    [
        (_first_hook, "hooks"),
        (_switched_hook, "hooks"),
        (_no_hooks, "hooks"),
        (_fewer_skills, "skills"),
        (_disabled_plugin, "plugin"),
        (_other_server, "mcp"),
        (_cannot_start, "mcp"),
        (_marketplace, "marketplace"),
    ],
)
def test_a_disagreement_is_a_finding_and_both_are_shown(
    answers: Any, area: str, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, answers(home))
    before = home.report().findings

    report = ask(home).report

    assert bad(report) == {f"live.disagrees.{area}"}
    assert {f.id for f in before} <= by_id(report).keys()
    assert report.area(area).status in (Status.WARN, Status.FAIL)


def test_a_server_that_only_codex_reaches_is_no_failure(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, codex(home))
    report = ask(home, Server(error=NetworkError("timed out"))).report
    assert bad(report) == {"live.disagrees.mcp"}
    assert report.area("mcp").status is Status.WARN


def test_an_older_codex_that_knows_none_of_it_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, {})
    report = ask(home).report
    assert not bad(report)
    assert "config.loaded" not in by_id(report)


def test_nonsense_is_survived(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    odd = {"data": [None, 3, {"hooks": [{"key": 5}], "skills": "x", "warnings": [{}]}]}
    methods = (HOOKS, "skills/list", "mcpServerStatus/list")
    answering(home, {**dict.fromkeys(methods, odd), "plugin/installed": {"marketplaces": {}}})
    report = ask(home).report
    assert "mcp.answers" in by_id(report)
