"""The plugin that comes with mem0-tui is whole, and its launcher never fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mem0_tui
from mem0_tui.codex.facts.hook_rules import file_fault
from mem0_tui.codex.facts.manifest import read_manifest
from mem0_tui.codex.facts.skills import read_skills
from mem0_tui.codex.rules import load, versions
from mem0_tui.codex.setup.plugin_bundle import (
    LAUNCHER,
    PROGRAM,
    bundle_files,
    package_files,
    plugin_version,
)
from mem0_tui.hooks.event import EVENTS
from mem0_tui.wire.tools import TOOLS

posix = pytest.mark.skipif(os.name != "posix", reason="a launcher for sh")

NEWEST = load(versions()[-1])


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin's folder in a copy of the bundle."""
    for name, data in bundle_files("http://127.0.0.1:1/mcp", "KEY", sys.executable).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "mem0-tui"


def test_the_bundle_has_the_programs_version() -> None:
    assert plugin_version(package_files()) == mem0_tui.__version__


def test_the_marketplace_offers_the_plugin() -> None:
    tree = package_files()
    (entry,) = json.loads(tree[".agents/plugins/marketplace.json"])["plugins"]
    assert entry["source"]["path"] == f"./{entry['name']}"
    assert json.loads(tree[f"{entry['name']}/.codex-plugin/plugin.json"])["name"] == entry["name"]


def test_the_manifest_is_whole(plugin: Path) -> None:
    manifest = read_manifest(str(plugin), NEWEST)
    assert manifest is not None
    assert manifest.usable
    assert not manifest.fallback
    assert list(manifest.servers) == ["mem0"]
    assert manifest.hooks_paths == ("hooks/hooks.json",)


def test_the_hooks_are_as_codex_wants_them(plugin: Path) -> None:
    data = json.loads((plugin / "hooks/hooks.json").read_text())
    assert file_fault(data, frozenset(), NEWEST, strict=True) is None
    assert sorted(data["hooks"]) == sorted(EVENTS)
    for event, (group,) in data["hooks"].items():
        (handler,) = group["hooks"]
        assert handler["command"].endswith(f" {event}")
        assert handler["commandWindows"] == f"mem0-tui hook {event}"


def test_every_skill_loads_and_names_only_tools_that_are_there(plugin: Path) -> None:
    skills = read_skills([str(plugin / "skills")], NEWEST)
    assert skills.loaded == 2
    text = (plugin / "skills/memory-protocol/SKILL.md").read_text()
    used = set(re.findall(r"\b((?:add|search|get|update|delete|list)_\w+)\b", text))
    assert used
    assert used <= {tool.name for tool in TOOLS}
    kinds = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert len(kinds) == 7


def launched(plugin: Path, path: str, event: str = "Stop") -> subprocess.CompletedProcess[bytes]:
    environ = {"PATH": path, "HOME": str(plugin), "PLUGIN_ROOT": str(plugin)}
    return subprocess.run(
        ["/bin/sh", str(plugin / "hooks/run"), event],
        env=environ,
        input=b"{}" * 100_000,
        capture_output=True,
        check=False,
    )


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@posix
def test_the_launcher_starts_the_program_that_installed_it(plugin: Path, tmp_path: Path) -> None:
    program = script(tmp_path / "a place" / "mem0-tui", 'cat > /dev/null; echo "here: $*"')
    (plugin / "hooks/program").write_text(f"{program}\n")
    other = script(tmp_path / "bin" / "mem0-tui", "echo other")
    done = launched(plugin, f"{other.parent}:/usr/bin:/bin")
    assert (done.returncode, done.stdout) == (0, b"here: hook Stop\n")


@posix
def test_the_launcher_looks_on_path_then(plugin: Path, tmp_path: Path) -> None:
    program = script(tmp_path / "bin" / "mem0-tui", 'cat > /dev/null; echo "here: $*"')
    (plugin / "hooks/program").write_text("/gone/mem0-tui\n")
    done = launched(plugin, f"{program.parent}:/usr/bin:/bin")
    assert (done.returncode, done.stdout) == (0, b"here: hook Stop\n")


@posix
@pytest.mark.parametrize("text", [None, "exit 3", "echo trouble >&2; exit 1"])
def test_the_launcher_never_fails(plugin: Path, tmp_path: Path, text: str | None) -> None:
    (plugin / "hooks/program").unlink()
    if text is not None:
        script(tmp_path / "bin" / "mem0-tui", text)
    done = launched(plugin, f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_copy_differs_only_where_it_must() -> None:
    package, copy = package_files(), bundle_files("https://x/mcp", "K", "/p")
    differing = {name for name in copy if package.get(name) != copy[name]}
    assert differing == {PROGRAM, "mem0-tui/.codex-mcp.json"}
    assert LAUNCHER in package
