"""Which Codex is installed, and that older ones are judged by their own rules."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mem0_tui.codex import hook_table
from mem0_tui.codex.facts.plugins import active_version
from mem0_tui.codex.facts.versions import find_codex, rules_for
from tests.codex.homes import Home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")


def install_codex(home: Home, version: str) -> None:
    """Put an npm-shaped Codex on the home's PATH; running it would fail the test."""
    package = home.root / "npm/lib/node_modules/@openai/codex"
    (package / "bin").mkdir(parents=True)
    program = package / "bin/codex.js"
    program.write_text("#!/bin/sh\nexit 99\n")
    program.chmod(0o755)
    (package / "package.json").write_text(json.dumps({"name": "@openai/codex", "version": version}))
    link = Path(home.environ["PATH"]) / "codex"
    link.symlink_to(program)


def test_version_is_read_from_the_package(tmp_path: Path) -> None:
    home = Home(tmp_path)
    install_codex(home, "0.151.2")
    report = home.report()
    assert report.codex == (str(Path(home.environ["PATH"]) / "codex"), "0.151.2")
    assert report.to_json()["codex"] == {"path": report.codex[0], "version": "0.151.2"}


def test_version_is_read_from_a_brew_path(tmp_path: Path) -> None:
    program = tmp_path / "opt/Caskroom/codex/0.160.1/codex-aarch64"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/codex").symlink_to(program)
    found = find_codex({"PATH": str(tmp_path / "bin")})
    assert found is not None
    assert found.version == "0.160.1"


def test_unknown_version_means_the_newest_rules(tmp_path: Path) -> None:
    home = Home(tmp_path)
    program = Path(home.environ["PATH"]) / "codex"
    program.write_text("")
    program.chmod(0o755)
    report = home.report()
    assert report.codex == (str(program), None)
    assert "assumed" in report.rules


@pytest.mark.parametrize(
    ("version", "findings"),
    [
        ("0.121.0", {"hooks.switched-off"}),
        ("0.124.0", set()),
        ("0.128.0", set()),
        ("0.130.0", {"hooks.untrusted"}),
        ("0.169.0", {"hooks.untrusted"}),
    ],
)
def test_hooks_of_the_installer_by_version(
    tmp_path: Path, version: str, findings: set[str]
) -> None:
    home = Home(tmp_path)
    home.option_a()
    home.installer()
    install_codex(home, version)
    assert {finding.id for finding in home.report().roots} == findings
    assert all(row.runs for row in hook_table(home.scan())) == (not findings)


@pytest.mark.parametrize(
    ("version", "count"), [("0.130.0", 0), ("0.131.0", 9), ("0.134.0", 9), ("0.169.0", 9)]
)
def test_hooks_of_the_plugin_by_version(tmp_path: Path, version: str, count: int) -> None:
    home = Home(tmp_path)
    home.option_b()
    install_codex(home, version)
    assert len(home.scan().hooks.handlers) == count
    assert ("hooks.version" in {f.id for f in home.report().findings}) == (count == 0)


def test_unknown_top_level_key_by_version(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    home.installer()
    home.edit_json(home.hooks, lambda data: data.update({"$schema": "x"}))
    install_codex(home, "0.130.0")
    assert "hooks.file" not in {finding.id for finding in home.report().findings}


def test_the_active_version() -> None:
    names = ("0.10.0", "0.9.0", "0.10.0-rc.1")
    assert active_version(names, semantic=True) == "0.10.0"
    assert active_version(names, semantic=False) == "0.9.0"
    assert active_version((*names, "local"), semantic=True) == "local"
    assert active_version((*names, "backup"), semantic=True) == "backup"
    assert active_version((), semantic=True) is None


def test_rules_know_their_version() -> None:
    assert rules_for("codex-cli 0.150.0").strict_hooks_file
    assert not rules_for("0.149.9").strict_hooks_file
    assert rules_for(None).assumed
