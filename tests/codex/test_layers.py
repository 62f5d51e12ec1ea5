"""Which file decides, and so which file a repair changes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mem0_tui.codex import InstallReport
from mem0_tui.codex.files.text_file import noting
from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.report import Finding
from mem0_tui.codex.rules import load
from tests.codex.conftest import CURRENT
from tests.codex.homes import OPTION_A, Home
from tests.codex.scenarios import ALL
from tests.codex.test_against_codex import real_home

DISABLED = "[mcp_servers.mem0]\nenabled = false\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def built(home: Home, name: str) -> InstallReport:
    next(scenario for scenario in ALL if scenario.name == name).build(home)
    return home.report()


def found(report: InstallReport, id: str) -> Finding:
    return next(finding for finding in report.findings if finding.id == id)


@pytest.mark.parametrize(
    ("scenario", "finding"),
    [
        ("r_disabled", "mcp.disabled"),
        ("r_plugin_off", "plugin.disabled"),
        ("r_plugins_off", "plugin.switch-off"),
        ("r_features_in_repo", "project.hooks-off"),
        ("r_args_over_url", "config.forbidden-key"),
    ],
)
def test_what_a_project_says_is_mended_in_the_project(
    home: Home, scenario: str, finding: str
) -> None:
    fix = found(built(home, scenario), finding).fix
    assert fix is not None

    assert [edit.path for edit in fix.edits] == [str(home.cwd / ".codex/config.toml")]
    assert apply(fix, home.scan()).resolved
    assert finding not in {each.id for each in home.report().findings}


@pytest.mark.parametrize(
    ("scenario", "finding"),
    [
        ("etc_settings_disable", "mcp.disabled"),
        ("etc_settings_plugin", "plugin.disabled"),
        ("etc_settings_hooks", "hooks.switched-off"),
        ("etc_settings_word", "config.type"),
        ("etc_empty_list", "mcp.not-allowed"),
        ("etc_hooks_pinned_off", "hooks.switched-off"),
        ("etc_plugins_pinned_off", "plugin.switch-off"),
        ("etc_managed_only", "hooks.managed-only"),
        ("etc_malformed", "config.syntax"),
    ],
)
def test_what_the_machine_says_is_for_its_administrator(
    home: Home, scenario: str, finding: str
) -> None:
    said = found(built(home, scenario), finding)

    assert said.fix is not None
    assert said.fix.id == "administrator"
    assert not said.fix.automatic
    assert str(home.etc) in {os.path.dirname(spot.path) for spot in said.where}


def test_what_the_system_says_is_overruled_in_the_users_file(home: Home) -> None:
    fix = found(built(home, "etc_system_disable"), "mcp.disabled").fix
    assert fix is not None

    assert [edit.path for edit in fix.edits] == [str(home.config)]
    assert apply(fix, home.scan()).resolved


def test_a_server_in_two_files_is_not_renamed_in_one(home: Home) -> None:
    """Either half alone is no server, and Codex would refuse the whole configuration."""
    built(home, "r_disabled")
    for file in (home.config, home.cwd / ".codex/config.toml"):
        file.write_text(file.read_text().replace("mcp_servers.mem0", "mcp_servers.mem0-old"))

    fix = found(home.report(), "mcp.name").fix

    assert fix is not None
    assert not fix.automatic
    assert str(home.config) in fix.summary


def test_codex_removes_no_server_that_a_project_has(home: Home) -> None:
    built(home, "r_shadow_mcp")
    file = home.cwd / ".codex/config.toml"
    file.write_text(file.read_text().replace("mem0]", "mem0-too]"))

    fix = found(home.report(), "mcp.second-server").fix

    assert fix is not None
    assert [edit.path for edit in fix.edits] == [str(file)]


def test_the_fault_is_at_the_file_that_brings_it_in(home: Home) -> None:
    report = built(home, "r_command_over_url")

    (spot,) = found(report, "config.forbidden-key").where
    assert spot.path == str(home.cwd / ".codex/config.toml")


def test_the_files_of_the_machine_are_watched(home: Home) -> None:
    with noting() as paths:
        home.scan()

    names = ("config.toml", "requirements.toml", "managed_config.toml")
    assert {str(home.etc / name) for name in names} <= paths


def wrong(rule: dict[str, object]) -> str | None:
    """A value of a kind that *rule* does not take."""
    values = {"t": "{ zz = 1 }", "a": "[[[1]]]", "i": "-99999999999", "s": '"z z"', "b": "true"}
    return next((value for kind, value in values.items() if kind not in str(rule["is"])), None)


@pytest.mark.codex
@pytest.mark.slow
def test_codex_takes_the_other_settings_from_a_project(tmp_path: Path, codex: str) -> None:
    """A wrong value is refused, unless its setting is left out before anybody looks at it."""
    home = real_home(tmp_path, codex)
    repo = home.folder / "shop"
    (repo / ".codex").mkdir(parents=True)
    home.write_config(OPTION_A.format(url=home.url))
    home.add_config(f'[projects."{repo}"]\ntrust_level = "trusted"\n')
    home.cwd = repo
    document = load((0, 171, 0)).document("config")
    assert CURRENT == "0.171.0"

    left_out = set()
    for name, rule in document.items():
        if "." in name or "[" in name or "*" in name or (value := wrong(dict(rule))) is None:
            continue
        (repo / ".codex/config.toml").write_text(f"{name} = {value}\n")
        if takes(home):
            left_out.add(name)

    assert left_out == {way for way, rule in document.items() if rule.get("project") is False}


def takes(home: Home) -> bool:
    argv = home.argv("features", "list")
    done = subprocess.run(
        argv, env=home.environ, cwd=home.cwd, capture_output=True, timeout=120, check=False
    )
    return done.returncode == 0
