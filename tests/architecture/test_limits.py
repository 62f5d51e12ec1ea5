"""House limits that no linter knows: file sizes, no catch-all modules, tests that mirror."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import mem0_tui

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("mem0_tui", "tests", "scripts") for path in (ROOT / folder).rglob("*.py")
)
BROAD_EXCEPT_ALLOWED = {
    "mem0_tui/cli/main.py",
    "mem0_tui/cli/program.py",
    "mem0_tui/hooks/run.py",
    "mem0_tui/server/app.py",
    "mem0_tui/tui/runtime/workers.py",
}


def test_files_stay_small_and_have_one_noun() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 400}
    assert long == {}, "split it: a file has one noun"
    assert not {"utils", "helpers", "common", "misc"} & {path.stem for path in SOURCES}


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Whether *handler* takes any exception without raising it, or passing it on, again."""
    names = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
        if (handler.type)
        else {"BaseException"}
    )
    if not names & {"Exception", "BaseException"}:
        return False
    passed_on = {
        node.func.attr
        for node in ast.walk(handler)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    } & {"set_exception"}
    return not passed_on and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))


def test_broad_excepts_are_only_at_the_boundaries() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "mem0_tui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _swallows_everything(node)
    }
    assert found <= BROAD_EXCEPT_ALLOWED


def test_the_changelog_knows_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[({re.escape(mem0_tui.__version__)}|Unreleased)\]", changelog, re.M)


def test_the_readme_starts_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^(?:\$ )?(pip install .*)$", readme, re.M)
    assert commands[:2] == [
        "pip install . && mem0-tui --demo",
        "pip install -e '.[dev]' && pytest",
    ]
