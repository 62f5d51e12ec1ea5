"""Runs of equal lines in two places of the package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.source import Module, Source

_LEAST = 6
"""Lines of a run that is worth a look."""


def shared_runs(source: Source) -> Iterator[tuple[int, str, str]]:
    """Each longest run of at least six equal lines, blanks and imports left out: how many lines,
    and the two places where it begins."""
    lines = [(module, *line) for module in source.modules for line in _lines(module)]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(lines) - _LEAST + 1):
        window = lines[at : at + _LEAST]
        if window[0][0] is window[-1][0]:
            places[tuple(text for _, _, text in window)].append(at)
    found = sorted(
        (first, second)
        for each in places.values()
        for index, first in enumerate(each)
        for second in each[index + 1 :]
    )
    known = set(found)
    for first, second in found:
        if (first - 1, second - 1) in known:
            continue
        length = _LEAST
        while (first + length - _LEAST + 1, second + length - _LEAST + 1) in known:
            length += 1
        here, there = lines[first], lines[second]
        yield length, f"{here[0].place}:{here[1]}", f"{there[0].place}:{there[1]}"


def _lines(module: Module) -> Iterator[tuple[int, str]]:
    """The lines that say something: number and text without its indent."""
    text = module.path.read_text(encoding="utf-8")
    inside_import = False
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith(("import ", "from ")):
            inside_import = bare.endswith("(")
            continue
        if inside_import:
            inside_import = bare != ")"
            continue
        if bare and bare not in {")", "]", "}", '"""', "),", "):"}:
            yield number, bare
