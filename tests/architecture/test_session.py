"""The state of a review session changes by events alone: nobody outside ``review`` sets a field of
it, or calls a method that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "mem0_tui"
SCREEN = sorted((ROOT / "tui").rglob("*.py"))
STATE = [ROOT / "review" / f"{name}.py" for name in ("applier", "loader", "session", "tabs")] + [
    ROOT / "review" / f"{name}.py" for name in ("staged", "steps", "trail", "triage")
]
QUEUES = ROOT / "review" / "queues" / "queues.py"
CHANGES_A_LIST = frozenset(
    ("add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "update")
)


def _chain(node: ast.expr) -> list[str]:
    """The names of ``a.b[0].c().d``, from left to right; empty where it begins with no name."""
    names: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return []
    return [node.id, *reversed(names)]


def _targets(tree: ast.AST) -> Iterator[ast.expr]:
    """What is assigned to or deleted, item by item where it is a tuple."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        for target in targets:
            yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _sets_a_field(method: ast.FunctionDef) -> bool:
    """Whether it does; an item of a dictionary is something kept that was worked out."""
    fields = [each for each in _targets(method) if isinstance(each, ast.Attribute)]
    if any(_chain(each)[0] == "self" for each in fields if _chain(each)):
        return True
    return any(
        isinstance(node, ast.Call)
        and _chain(node.func)[:1] == ["self"]
        and _chain(node.func)[-1] in CHANGES_A_LIST
        for node in ast.walk(method)
    )


def _changing() -> set[str]:
    """The methods of a session's parts that set a field, or call one of their own that does."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (*STATE, QUEUES)]
    methods = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]
    names = {each.name for each in methods if _sets_a_field(each)}
    while True:
        calling = {
            each.name
            for each in methods
            for node in ast.walk(each)
            if isinstance(node, ast.Call)
            and len(chain := _chain(node.func)) > 1
            and chain[0] == "self"
            and chain[-1] in names
        }
        if calling <= names:
            return names - {"__init__", "handle", "letters"}  # letters keeps what it has worked out
        names |= calling


def _of_session(tree: ast.AST) -> set[str]:
    """The local names of a session, or of a part of it."""
    names = {"session"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=False))
        for name, source in pairs:
            parts = isinstance(source, ast.Attribute) and "session" in _chain(source)
            if isinstance(name, ast.Name) and parts:
                names.add(name.id)
    return names


def changes(source: str) -> list[str]:
    """The places in *source* that change a session other than by an event."""
    tree = ast.parse(source)
    found: list[str] = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        ours = _of_session(function)
        for target in _targets(function):
            chain = _chain(target)
            inside = "session" in chain[1:-1] or (chain[:1] and chain[0] in ours)
            if inside and not isinstance(target, ast.Name):
                found.append(f"line {target.lineno}: {'.'.join(chain)} =")
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            chain = _chain(node.func)
            inside = "session" in chain[1:-1] or (chain[:1] and chain[0] in ours)
            if inside and chain[-1] in _CHANGING | CHANGES_A_LIST:
                found.append(f"line {node.lineno}: {'.'.join(chain)}()")
    return found


_CHANGING = _changing()


@pytest.mark.parametrize(
    "line",
    [
        "self.session.loader.revision = 1",
        "self.session.covered = True",
        "self.screen.session.loader.revision, other = 1, 2",
        "self.session.tabs.go_to(section)",
        "self.session.trail.back()",
        "session = self.session; session.loader.to_top = False",
        "loader, view = self.session.loader, 1; loader.to_top = False",
        "tabs = self.session.tabs; tabs.choose(1)",
        "self.session.triage.marked.pop('a')",
        "self.session.triage.unmark_all()",
        "self.session.choose_tab(2)",
    ],
)
def test_a_change_is_seen(line: str) -> None:
    assert changes(f"def act(self):\n    {line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "self.session.handle(event)",
        "loader = self.session.loader; loader.has_been_read",
        "self.session.triage.draft_of(memory)",
        "self.session.applier.asked_to_wait(now)",
        "view = self.session.view; self.view = view",
        "self.session.queues.rows(queue)",
    ],
)
def test_a_look_is_no_change(line: str) -> None:
    assert changes(f"def act(self):\n    {line}\n") == []


def test_the_screen_changes_its_session_by_events_alone() -> None:
    found = {path.name: changes(path.read_text(encoding="utf-8")) for path in SCREEN}
    assert {name: places for name, places in found.items() if places} == {}
