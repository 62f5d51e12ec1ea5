"""Hooks that run twice: what counts as a copy, and what the repair leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mem0_tui.codex.facts.servers import tool_namespace
from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.report import Finding
from tests.codex import lookalike
from tests.codex.homes import Home


def with_stop_hooks(home: Home, *commands: str, event: str = "Stop") -> None:
    """These commands after the hooks that hooks.json holds."""
    groups = [{"hooks": [{"type": "command", "command": command}]} for command in commands]
    data = json.loads(home.hooks.read_text()) if home.hooks.exists() else {"hooks": {}}
    data["hooks"].setdefault(event, []).extend(groups)
    lookalike.write_json(home.hooks, data)


def commands(home: Home) -> list[str]:
    return [h.command for _, h in home.scan().mem0_handlers if h.root is None]


def duplicate(home: Home) -> Finding | None:
    return next((f for f in home.report().findings if f.id == "hooks.duplicate"), None)


def script(home: Home, path: str, text: str = "#!/bin/sh\n") -> str:
    place = home.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return str(place)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{} save", "{} forget"),
        ("A=1 {}", "A=2 {}"),
        ("bash {} --quiet", "bash {}"),
        ("{} && true", "{}"),
    ],
)
def test_one_script_called_in_two_ways_is_no_copy(one: str, other: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    path = script(home, "mem0/hook.sh")
    with_stop_hooks(home, one.format(path), other.format(path))
    assert duplicate(home) is None


def test_repair_leaves_one_of_two_equal_handlers(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    path = script(home, "mem0/hook.sh")
    with_stop_hooks(home, f"{path} save", f"{path} save", f"{path} forget")

    finding = duplicate(home)

    assert finding is not None
    assert finding.fix is not None
    assert apply(finding.fix, home.scan()).resolved
    assert commands(home) == [f"{path} save", f"{path} forget"]


def test_repair_leaves_a_handler_that_only_the_user_has(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.installer()
    mine = script(home, "mem0/mine.sh")
    with_stop_hooks(home, mine, mine)
    finding = duplicate(home)
    assert finding is not None
    assert finding.fix is not None

    assert apply(finding.fix, home.scan()).resolved

    assert commands(home) == [mine]
    assert duplicate(home) is None


def test_scripts_of_one_name_with_other_bytes_are_left_to_their_owner(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    one = script(home, "one/mem0/hook.sh")
    other = script(home, "other/mem0/hook.sh", "#!/bin/sh\necho different\n")
    with_stop_hooks(home, one, other)
    finding = duplicate(home)
    assert finding is not None
    assert finding.fix is not None
    assert not finding.fix.automatic


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        ("mem0", "mcp__mem0"),
        ("mem0-mcp", "mcp__mem0_mcp"),
        ("a.b/c:d@e", "mcp__a_b_c_d_e"),
        ("Mem0", "mcp__Mem0"),
    ],
)
def test_names_of_tools(name: str, namespace: str) -> None:
    assert tool_namespace(name) == namespace
