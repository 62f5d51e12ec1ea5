"""Every finding that the doctor can make has a place on the way of a memory, or is named as having
none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import mem0_tui.codex
from mem0_tui.codex.way.places import NOWHERE, PLACES
from mem0_tui.codex.way.station import Station

FOLDER = Path(mem0_tui.codex.__file__).parent
AREAS = (
    *("config", "mcp", "key", "plugin", "marketplace", "skills"),
    *("hooks", "project", "memories", "capture", "live"),
)
ID = re.compile(rf"(?:{'|'.join(AREAS)})\.[a-z][a-z0-9.-]*")
MADE = {
    # marketplace.{id_}
    *("marketplace.entry-dropped", "marketplace.refused", "marketplace.plugin-gone"),
    "marketplace.no-plugin",
    # {area}.not-checked
    *("marketplace.not-checked", "hooks.not-checked"),
    # live.disagrees.{area}
    *(f"live.disagrees.{area}" for area in ("config", "plugin", "marketplace", "skills")),
    *("live.disagrees.hooks", "live.disagrees.key"),
}
"""Ids that the checks put together."""
REPAIRS = {"hooks.remove-former", "hooks.remove-dead", "plugin.add"}
"""Ids of repairs that no call of the catalogue names."""
FILES = re.compile(r"\.(?:json|toml)$|^mcp\.mem0\.ai$")


def constants(tree: ast.AST) -> Iterator[str]:
    """Texts like ids, but for those that name a repair."""
    repairs = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "remedies"
        for argument in (*node.args, *(each.value for each in node.keywords))
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in repairs
        ):
            yield node.value


def found() -> set[str]:
    files = [*(FOLDER / "checks").glob("*.py"), *(FOLDER / "live").glob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    texts = {text for tree in trees for text in constants(tree) if ID.fullmatch(text)}
    texts = {text for text in texts if not text.endswith(".")}
    return {text for text in texts if not FILES.search(text)} - REPAIRS | MADE


def test_each_finding_has_a_place_or_is_named_as_having_none() -> None:
    known = {*PLACES, *NOWHERE}
    assert found() - known == set()
    assert known - found() == set()
    assert not NOWHERE & set(PLACES)


def test_each_station_has_findings() -> None:
    assert {place.station for place in PLACES.values()} == set(Station)
