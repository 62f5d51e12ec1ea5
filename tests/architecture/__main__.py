"""Where the house leans: ``python -m tests.architecture [--top N]``.

It prints the largest of everything and judges nothing. What must hold is in the contracts of
``pyproject.toml`` and in the tests beside this file.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tests.architecture.duplicates import shared_runs
from tests.architecture.source import ROOT, Source

Row = tuple[object, ...]
_NUMBER = re.compile(r"\b(int|float|date|datetime|timedelta)\b")
_TEXTUALS = "on_*,watch_*,action_*,check_*,compose,render_line,border_*title,*BINDINGS,COMMANDS"
"""Names that Textual looks up by itself."""


def largest_classes(source: Source) -> Iterable[Row]:
    """Methods, those inherited from our own classes included, and how many classes these are."""
    for each in source.classes:
        line = source.line_of(each)
        methods = frozenset().union(*(one.own_methods for one in line))
        yield len(methods), len(line), each.name, each.module.place


def longest_functions(source: Source) -> Iterable[Row]:
    """Lines of a function, its docstring included."""
    for module, node in source.functions():
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        yield length, node.name, f"{module.place}:{node.lineno}"


def longest_files(source: Source) -> Iterable[Row]:
    """Lines of a file."""
    for module in source.modules:
        yield len(module.path.read_text(encoding="utf-8").splitlines()), module.place


def fullest_folders(source: Source) -> Iterable[Row]:
    """Files of a folder, without ``__init__.py``."""
    counts = Counter(each.folder for each in source.modules if each.path.stem != "__init__")
    for folder, count in counts.items():
        yield count, folder


def families(source: Source) -> Iterable[Row]:
    """Files of one folder whose names begin alike: they may be a package."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for module in source.modules:
        stem = module.path.stem
        if "_" in stem.strip("_"):
            found[module.folder, stem.partition("_")[0]].append(stem)
    for (folder, prefix), stems in found.items():
        if len(stems) > 1:
            yield len(stems), f"{folder}/{prefix}_*", " ".join(stems)


def shared_names(source: Source) -> Iterable[Row]:
    """Public class names that mean more than one thing."""
    places: dict[str, list[str]] = defaultdict(list)
    for each in source.classes:
        if not each.name.startswith("_"):
            places[each.name].append(each.module.name.removeprefix("mem0_tui."))
    for name, modules in places.items():
        if len(modules) > 1:
            yield len(modules), name, " ".join(modules)


def unnamed_numbers(source: Source) -> Iterable[Row]:
    """Numbers and times that a public function of three or more parameters takes, and that its
    docstring does not name: nobody knows their unit and range. What time it is goes without saying,
    and what has no docstring is described where it is first declared."""
    about = {id(one): each.node for each in source.classes for one in each.node.body}
    for module, node in source.functions():
        owner = about.get(id(node))
        text = ast.get_docstring(node)
        if node.name == "__init__" and owner is not None:
            text = f"{text or ''} {ast.get_docstring(owner) or ''}"
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        taken = [each for each in arguments if each.arg not in {"self", "cls"}]
        private = node.name.strip("_") != node.name and node.name != "__init__"
        if private or (owner and owner.name.startswith("_")) or len(taken) < 3 or not text:
            continue
        numbers = [each.arg for each in taken if each.annotation and _is_number(each.annotation)]
        unnamed = [
            name
            for name in numbers
            if name not in {"now", "today"} and not re.search(rf"\b{name.strip('_')}\b", text)
        ]
        if unnamed:
            yield len(unnamed), node.name, " ".join(unnamed), f"{module.place}:{node.lineno}"


def _is_number(annotation: ast.expr) -> bool:
    return bool(_NUMBER.search(ast.unparse(annotation)))


def folder_arrows(source: Source) -> Iterable[Row]:
    """Imports from one folder into another, those for types only left out."""
    folder_of = {module.name: module.folder for module in source.modules}
    arrows = Counter(
        (module.folder, folder_of[name])
        for module in source.modules
        for name in module.imports
        if name in folder_of and folder_of[name] != module.folder
    )
    for (start, end), count in arrows.items():
        yield count, f"{start} → {end}"


def dead_names() -> Iterable[Row]:
    """What vulture finds no use of, in the package and its tests; not all of it is dead."""
    command = [sys.executable, "-m", "vulture", "mem0_tui", "tests", "--ignore-names", _TEXTUALS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        place, _, what = line.partition(": ")
        if place.startswith("mem0_tui/"):
            yield 1, what, place


def show(title: str, rows: Iterable[Row], top: int) -> None:
    """Print the first *top* of *rows*, the largest first, and how many there are."""
    every = sorted(rows, key=lambda row: (-int(str(row[0])), *map(str, row[1:])))
    print(f"\n{title} ({len(every):,})")
    for row in every[:top]:
        cells = (f"{each:>4}" if isinstance(each, int) else str(each) for each in row)
        print("  " + "  ".join(cells))


def main(arguments: Sequence[str]) -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.architecture", description=__doc__)
    parser.add_argument("--top", type=int, default=12, help="rows of each table")
    top = parser.parse_args(arguments).top
    source = Source()
    print(f"{len(source.modules):,} files, {len(source.classes):,} classes")
    show("Largest classes: methods, classes they come from", largest_classes(source), top)
    show("Longest functions: lines", longest_functions(source), top)
    show("Longest files: lines", longest_files(source), top)
    show("Fullest folders: files", fullest_folders(source), top)
    show("Families of file names", families(source), top)
    show("Public class names with several meanings", shared_names(source), top)
    show("Arrows between folders: imports", folder_arrows(source), top)
    numbers = unnamed_numbers(source)
    show("Numbers that no docstring names: how many, function, which", numbers, top)
    show("Runs of equal lines: lines", shared_runs(source), top)
    show("Names that nothing seems to use", dead_names(), top)


if __name__ == "__main__":
    main(sys.argv[1:])
