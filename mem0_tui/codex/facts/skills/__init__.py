"""The skills of a plugin: which of them Codex loads, and why not the others."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator

from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.files.text_file import FileState, TextFile, folders, note, read_bytes
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record

NAME = "SKILL.md"
_LIMIT = 1 << 18
"""Bytes that are read of one SKILL.md; Codex reads all of it (0.150.0 to 0.171.0)."""
_MOST_BYTES = 64 << 20
"""Bytes that are read where the front matter does not end before."""
_DEPTH = 6
"""Levels of folders below a skills folder in which Codex 0.171.0 looks."""
_MOST = 2000
"""Folders in which it looks."""


class Skill(Record):
    """One folder with a SKILL.md."""

    name: str
    spot: Spot
    problem: str | None

    @property
    def loads(self) -> bool:
        return self.problem is None


class Skills(Record):
    """The skills of one plugin."""

    folders: tuple[str, ...]
    """Where Codex looks for them."""
    there: bool
    """Whether one of the folders exists."""
    found: tuple[Skill, ...]

    @property
    def loaded(self) -> int:
        return sum(skill.loads for skill in self.found)


def read_skills(places: Iterable[str], rules: Measured) -> Skills:
    """Read the front matter of every skill below *places*, each once."""
    roots = tuple(places)
    found: dict[str, Skill] = {}
    for root in roots:
        for folder in _below(root):
            path = os.path.join(folder, NAME)
            if path not in found and (skill := _skill(path, rules)) is not None:
                found[path] = skill
    return Skills(roots, any(map(os.path.isdir, roots)), tuple(found.values()))


def _below(root: str) -> Iterator[str]:
    """*root* and the folders below it by their real paths, links followed, hidden ones left out."""
    start = os.path.realpath(root)
    seen, pending = {start}, deque([(start, 0)])
    while pending:
        folder, depth = pending.popleft()
        yield folder
        if depth == _DEPTH:
            continue
        for name in folders(folder):
            if name.startswith("."):
                continue
            inner = os.path.join(folder, name)
            if os.path.islink(inner):  # what is no link has a real path below a real path
                inner = os.path.realpath(inner)
            if inner not in seen and len(seen) < _MOST:
                seen.add(inner)
                pending.append((inner, depth + 1))


def _skill(path: str, rules: Measured) -> Skill | None:
    """The skill at *path*; None where Codex sees no file there: nothing, a folder, or a link."""
    note(path)
    if os.path.islink(path):
        return None
    data, state = read_bytes(path, _LIMIT, whole=False)
    if state in (FileState.ABSENT, FileState.DIRECTORY, FileState.SPECIAL):
        return None
    if len(data) >= _LIMIT and b"\n---" not in data:
        data, state = read_bytes(path, _MOST_BYTES, whole=False)
    problem = _fault(data, rules) if state is FileState.OK else TextFile(path, state).words
    return Skill(os.path.basename(os.path.dirname(path)), Spot(path), problem)


def _fault(data: bytes, rules: Measured) -> str | None:
    from mem0_tui.codex.facts.skills.front_matter import fault_of  # a YAML reader: 4 ms

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) < _LIMIT or error.start < len(data) - 3:
            return TextFile("", FileState.NOT_UTF8).words
        text = data[: error.start].decode("utf-8")
    return fault_of(text, rules.document("skill"))
