"""Digests and trust of hooks are those that the real Codex computes."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex.facts.hook_rules import hook_form
from mem0_tui.codex.rules import load, versions
from tests.codex.appserver import app_server
from tests.codex.conftest import CURRENT
from tests.codex.homes import Home
from tests.codex.test_against_codex import agree_on_hooks, real_home

pytestmark = [pytest.mark.codex, pytest.mark.slow]

CONTENT = re.compile(r"trusted_content_hash = .*\n")


def listed(home: Home) -> dict[str, Any]:
    """What Codex says of the hooks of *home*; the doctor's own view must be the same."""
    install = home.scan()
    with app_server(home) as server:
        answer = server.ask("hooks/list", {"cwds": [str(home.cwd)]})
    said: dict[str, Any] = answer["result"]["data"][0]
    agree_on_hooks(install, said)
    return said


def statuses(home: Home) -> set[str]:
    return {hook["trustStatus"] for hook in listed(home)["hooks"]}


def _file(root: Path, name: bytes, data: bytes = b"x") -> None:
    path = os.path.join(os.fsencode(root), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def _mode(root: Path) -> None:
    for path in (root / "scripts").iterdir():
        path.chmod(0o600)


def _files(root: Path, folder: bytes) -> None:
    names = ("a/b", "a-b", "a.b", "aé", "a\U0001f600", "a\uffff")
    for name in names:
        _file(root, folder + b"/" + name.encode())


CHANGES: list[tuple[str, Callable[[Path], object], str]] = [
    ("edited script", lambda r: (r / "scripts/on_stop.sh").write_text("#!/bin/sh\n"), "modified"),
    ("added file", lambda r: _file(r, b"notes"), "modified"),
    ("removed file", lambda r: (r / ".mcp.json").unlink(), "modified"),
    ("empty folder", lambda r: (r / "empty").mkdir(), "modified"),
    ("deep folders", lambda r: _file(r, b"/".join([b"d"] * 60) + b"/x"), "modified"),
    ("name that is no UTF-8", lambda r: _file(r, b"z\xff\xfe/\xc3(.txt"), "modified"),
    ("names in byte order", lambda r: _files(r, b"o"), "modified"),
    ("capital spelling", lambda r: _file(r, b"x.PYC"), "modified"),
    ("large file", lambda r: _file(r, b"large", b"x" * 3_000_000), "modified"),
    ("compiled Python", lambda r: _file(r, b"scripts/x.pyc"), "trusted"),
    ("folder named as compiled Python", lambda r: _file(r, b"x.pyc/y"), "trusted"),
    ("cache folder", lambda r: _file(r, b"scripts/__pycache__/x.py"), "trusted"),
    ("file named as a cache folder", lambda r: _file(r, b"__pycache__"), "trusted"),
    ("virtual environment", lambda r: _file(r, b"scripts/.venv/bin/python"), "trusted"),
    ("link named as compiled Python", lambda r: (r / "x.pyc").symlink_to("nothing"), "trusted"),
    ("mode", _mode, "trusted"),
    ("times", lambda r: os.utime(r / "scripts/on_stop.sh"), "trusted"),
]


@pytest.fixture
def home(tmp_path: Path, codex: str) -> Home:
    """The plugin, its hooks trusted and seen to be."""
    made = real_home(tmp_path, codex)
    made.option_b()
    return made


def test_a_fresh_install_is_untrusted_and_a_trusted_one_is_trusted(home: Home) -> None:
    assert statuses(home) == {"untrusted"}
    home.trust()
    assert statuses(home) == {"trusted"}


def test_changes_of_the_plugins_files(home: Home) -> None:
    home.trust()
    clean = home.root / "clean"
    shutil.copytree(home.cached, clean)
    wrong = []
    for name, change, expected in CHANGES:
        shutil.rmtree(home.cached)
        shutil.copytree(clean, home.cached)
        change(home.cached)
        if (seen := statuses(home)) != {expected}:
            wrong.append((name, seen))
    assert not wrong


@pytest.mark.parametrize("odd", ["link", "fifo"])
def test_a_special_file_stops_all_hooks_of_the_plugin(home: Home, odd: str) -> None:
    home.trust()
    path = home.cached / "scripts" / "odd"
    path.symlink_to("on_stop.sh") if odd == "link" else os.mkfifo(path)
    assert "failed to fingerprint" in listed(home)["warnings"][0]


def test_an_upgrade_drops_trust(home: Home) -> None:
    home.trust()
    home.write_clone("0.2.14")
    home.run("plugin", "add", "mem0@mem0-plugins")
    assert statuses(home) == {"modified"}


def test_a_record_without_a_content_digest_rests_on_the_baseline(home: Home) -> None:
    home.trust()
    home.write_config(CONTENT.sub("", home.config.read_text()))
    extra = home.cached / "extra"
    assert statuses(home) == {"trusted"}, "there is no baseline yet; Codex makes one now"
    extra.write_text("x")
    assert statuses(home) == {"modified"}
    extra.unlink()
    assert statuses(home) == {"trusted"}
    (baseline,) = (home.codex_home / ".hook-trust").iterdir()
    for data in (b"", b"x", baseline.read_bytes() + b"\n"):
        baseline.write_bytes(data)
        assert statuses(home) == {"modified"}


def test_a_record_with_a_content_digest_does_not_ask_the_baseline(home: Home) -> None:
    home.trust()
    assert statuses(home) == {"trusted"}
    (baseline,) = (home.codex_home / ".hook-trust").iterdir()
    baseline.write_text("sha256:" + "0" * 64)
    assert statuses(home) == {"trusted"}
    home.write_config(CONTENT.sub('trusted_content_hash = ""\n', home.config.read_text()))
    assert statuses(home) == {"modified"}


def test_a_linked_codex_home_is_the_folder_that_was_trusted(home: Home) -> None:
    home.installer()
    home.trust()
    assert statuses(home) == {"trusted"}
    home.write_config(CONTENT.sub("", home.config.read_text()))
    link = home.root / "linked"
    link.symlink_to(home.codex_home)
    home.environ["CODEX_HOME"] = str(link)
    assert statuses(home) == {"trusted"}

    del home.environ["CODEX_HOME"]
    moved = home.root / "moved"
    home.codex_home.rename(moved)
    home.codex_home.symlink_to(moved)
    assert statuses(home) == {"trusted"}


TRUE: dict[str, Any] = {"type": "command", "command": "/bin/true"}
TOOL: dict[str, Any] = {"type": "mcp_tool", "server": "s", "tool": "t"}
KNOWN = [event for event in hook_form(load(versions()[-1])).events if "Model" not in event]
"""Those that Codex 0.150 knows too."""

GROUPS = [
    {"matcher": "a|b", "hooks": [TRUE, TOOL, {**TRUE, "additionalContextLimit": 500}]},
    {"hooks": [{**TOOL, "input": {"z": [1, -5, "é", {}], "a": {"b": True, "n": (1 << 63) - 1}}}]},
    {"hooks": [{**TOOL, "timeout": 0, "statusMessage": "x", "async": "x", "input": {}}]},
    {"hooks": [{**TOOL, "input": {"n": 1 << 64}, "additionalContextLimit": "x", "command": 3}]},
    {"hooks": [{**TRUE, "timeout": (1 << 63) - 1, "input": "x", "commandWindows": "x"}]},
]
LIMITS: list[object] = [-1, 1.5, "5", True, [], 1 << 64]
INPUTS: list[object] = [None, [], "x", {"a": None}, {"a": [1 << 63]}]
FIELDS: list[dict[str, Any]] = [
    *({**TRUE, "additionalContextLimit": v} for v in LIMITS),
    *({**TRUE, name: 3} for name in ("commandWindows", "command_windows", "statusMessage")),
    *({**TOOL, "input": v} for v in INPUTS),
    {**TOOL, "timeout": "x"},
    {**TOOL, "statusMessage": 3},
]


@pytest.mark.parametrize("version", [CURRENT, "0.169.0", "0.150.0"])
def test_every_field_that_trust_covers(
    version: str, tmp_path: Path, codex_program: Callable[[str], str]
) -> None:
    home = real_home(tmp_path, codex_program(version))
    home.codex_home.mkdir()
    home.hooks.write_text(json.dumps({"hooks": dict.fromkeys(KNOWN, GROUPS)}))
    assert len(listed(home)["hooks"]) == 12 * 7 - 4, "SessionEnd calls no MCP tool"
    home.trust()
    assert statuses(home) == {"trusted"}


def test_a_field_of_the_wrong_type_refuses_the_file(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    home.codex_home.mkdir()
    for handler in FIELDS:
        home.hooks.write_text(json.dumps({"hooks": {"PreToolUse": [{"hooks": [handler]}]}}))
        assert "failed to parse" in listed(home)["warnings"][0], handler
