"""Whatever lies in the files, a scan says something and never raises or hangs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.codex import diagnose, hook_table
from mem0_tui.codex.files.json_doc import json_lines, load_json
from mem0_tui.codex.files.toml_doc import load_toml
from mem0_tui.codex.files.toml_lines import toml_lines
from tests.codex.homes import Home

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FILES = (
    "config.toml",
    "hooks.json",
    ".codex-plugin/plugin.json",
    ".codex-mcp.json",
    "hooks/codex-hooks.json",
    "skills/pin/SKILL.md",
    "marketplace.json",
    "project_map.json",
)
PUNCTUATION = [
    *"[]{}\"'=,.:#\\\n\x00\x1b~",
    "[[",
    "]]",
    '"""',
    "\r\n",
    "\\u0000",
    "\ufeff",
    "../..",
]
WORDS = ["mcp_servers", "mem0", "hooks", "Stop", "state", "plugins", "features", "true", "null"]
VALUES = ["1", "-1", "1e9", "nan", "./", "---", "description:"]
TOKENS = st.sampled_from([*PUNCTUATION, *WORDS, *VALUES])
NAMES = [
    *("hooks", "Stop", "PreToolUse", "matcher", "type", "command", "timeout", "async"),
    *("name", "version", "skills", "mcpServers", "mem0", "url", "plugins", "source", "path"),
    *("statusMessage", "description", "env", "headers"),
]
TABLES = ["mcp_servers", "plugins", "hooks", "features", "marketplaces", "projects", "model"]


def place(home: Home, name: str) -> Path:
    """Where the file *name* lies."""
    known = {
        "config.toml": home.config,
        "hooks.json": home.hooks,
        "marketplace.json": home.clone / ".agents/plugins/marketplace.json",
        "project_map.json": home.folder / ".mem0/project_map.json",
    }
    return known.get(name, home.cached / name)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An install with everything in it."""
    home = Home(tmp_path_factory.mktemp("full"))
    home.option_b()
    home.installer()
    home.option_a()
    home.trust()
    (home.folder / ".mem0").mkdir()
    (home.folder / ".mem0/project_map.json").write_text("{}")
    return home


def look(home: Home) -> None:
    """Everything a front end does with an install, changes aside."""
    install = home.scan()
    report = diagnose(install)
    hook_table(install)
    json.dumps(report.to_json()).encode()
    for fix in report.fixes:
        assert fix.diff is None or isinstance(fix.diff, str)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@QUICK
def test_mutated_files(name: str, full: Home, data: st.DataObject) -> None:
    path = place(full, name)
    good = path.read_bytes()
    cut = data.draw(st.integers(0, len(good)))
    length = data.draw(st.integers(0, 40))
    fill = data.draw(st.binary(max_size=30) | st.lists(TOKENS, max_size=12).map(_joined))
    try:
        path.write_bytes(good[:cut] + fill + good[cut + length :])
        look(full)
    finally:
        path.write_bytes(good)


def _joined(tokens: list[str]) -> bytes:
    return " ".join(tokens).encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
@given(value=JSON)
@QUICK
def test_any_json(name: str, full: Home, value: Any) -> None:
    path = place(full, name)
    good = path.read_bytes()
    try:
        path.write_text(json.dumps(value))
        look(full)
    finally:
        path.write_bytes(good)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return "0" if value is None or isinstance(value, float) else json.dumps(value)


@given(
    value=st.dictionaries(
        st.sampled_from(TABLES),
        JSON,
        max_size=4,
    )
)
@QUICK
def test_any_configuration(full: Home, value: dict[str, Any]) -> None:
    good = full.config.read_bytes()
    try:
        full.config.write_text("".join(f"{k} = {_toml(v)}\n" for k, v in value.items()))
        look(full)
    finally:
        full.config.write_bytes(good)


@given(st.lists(TOKENS, max_size=40).map(" ".join) | st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_line_finders_take_any_text(text: str) -> None:
    last = text.count("\n") + 1
    for lines in (toml_lines(text), json_lines(text)):
        assert all(1 <= line <= last for line in lines.values())


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 << 20)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _denied(path: Path) -> None:
    path.write_text("x")
    path.chmod(0)


def _deep(path: Path) -> None:
    path.write_text("a = " + "[" * 100_000)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file kinds")
@pytest.mark.parametrize("make", [_fifo, _huge, _loop, _denied, Path.mkdir, _deep, _device])
@pytest.mark.parametrize("name", FILES)
def test_odd_files(name: str, make: Any, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.installer()
    path = place(home, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)

    look(home)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file kinds")
def test_loops_of_folders(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    (home.cached / "skills/loop").symlink_to(home.cached / "skills")
    (home.cache / "loop").symlink_to(home.cache)
    shutil.rmtree(home.cached / "scripts")
    (home.cached / "scripts").symlink_to(home.cached)

    look(home)


def test_parsers_say_where(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1\ny = [\n")
    (tmp_path / "a.json").write_text('{"x": 1,\n "y": }')
    toml, text = load_toml(str(tmp_path / "a.toml")), load_json(str(tmp_path / "a.json"))
    assert toml.problem is not None
    assert toml.problem.spot.line == 2
    assert text.problem is not None
    assert (text.problem.spot.line, text.problem.column) == (2, 7)
