"""The package's own source as trees: what the report counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path
    tree: ast.Module = field(repr=False)

    @property
    def name(self) -> str:
        """``mem0_tui.review.loader``."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def place(self) -> str:
        """Its path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def folder(self) -> str:
        """The folder that it is in, from the root of the repository."""
        return self.path.parent.relative_to(ROOT).as_posix()

    @cached_property
    def imports(self) -> frozenset[str]:
        """The modules of this package that it imports, those for types only left out."""
        found: set[str] = set()
        for node in _without_type_checking(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
        return frozenset(name for name in found if name.startswith("mem0_tui"))


@dataclass(frozen=True)
class Class:
    """A class and where it is defined."""

    module: Module
    node: ast.ClassDef = field(repr=False)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def own_methods(self) -> frozenset[str]:
        """The names of the methods that its body defines."""
        return frozenset(each.name for each in self.node.body if isinstance(each, Definition))

    @property
    def base_names(self) -> tuple[str, ...]:
        """The names of its bases, without what they are indexed with."""
        plain = (
            base.value if isinstance(base, ast.Subscript) else base for base in self.node.bases
        )
        return tuple(base.id for base in plain if isinstance(base, ast.Name))


class Source:
    """All modules of the package."""

    def __init__(self, folder: Path = ROOT / "mem0_tui") -> None:
        self.modules = tuple(
            Module(path, ast.parse(path.read_text(encoding="utf-8")))
            for path in sorted(folder.rglob("*.py"))
        )

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Every class at the top of a module."""
        return tuple(
            Class(module, node)
            for module in self.modules
            for node in module.tree.body
            if isinstance(node, ast.ClassDef)
        )

    def line_of(self, of: Class) -> list[Class]:
        """*of* and the classes of ours that it inherits from, each once."""
        by_name: dict[str, list[Class]] = {}
        for each in self.classes:
            by_name.setdefault(each.name, []).append(each)
        line, waiting = [], [of]
        while waiting:
            one = waiting.pop(0)
            if one in line:
                continue
            line.append(one)
            for name in one.base_names:
                near = by_name.get(name, [])
                imported = [each for each in near if each.module.name in one.module.imports]
                waiting += imported[:1] or [each for each in near if each.module is one.module]
        return line

    def functions(self) -> Iterator[tuple[Module, Definition]]:
        """Every function and method, nested ones included."""
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, Definition):
                    yield module, node


def _without_type_checking(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from _without_type_checking(node)
