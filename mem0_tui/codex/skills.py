"""The skills of a plugin: which of them Codex loads, and why not the others."""

from __future__ import annotations

import os
import re

from mem0_tui.codex.source import Spot
from mem0_tui.codex.textfile import FileState, folders, read
from mem0_tui.model.record import Record

_LIMIT = 1 << 18
_DELIMITER = re.compile(r"^---\s*$", re.MULTILINE)
_FIELD = re.compile(r"^(name|description):[ \t]*(.*)$", re.MULTILINE)


class Skill(Record):
    """One folder with a SKILL.md."""

    name: str
    spot: Spot
    problem: str | None

    @property
    def loads(self) -> bool:
        return self.problem is None


class Skills(Record):
    """The skills folder of one plugin."""

    folder: str
    there: bool
    found: tuple[Skill, ...]

    @property
    def loaded(self) -> int:
        return sum(skill.loads for skill in self.found)


def read_skills(folder: str) -> Skills:
    """Read the front matter of every skill below *folder*, down to six levels."""
    found: list[Skill] = []
    pending = [(folder, 0)]
    while pending and len(found) < 500:
        place, depth = pending.pop(0)
        path = os.path.join(place, "SKILL.md")
        file = read(path, _LIMIT)
        if file.state is not FileState.ABSENT:
            said = file.said if file.state is not FileState.OK else _fault(file.text)
            found.append(Skill(os.path.basename(place), Spot(path), said))
        elif depth < 6:
            inner = [name for name in folders(place) if not name.startswith(".")]
            pending.extend((os.path.join(place, name), depth + 1) for name in inner)
    return Skills(folder, os.path.isdir(folder), tuple(found))


def _fault(text: str) -> str | None:
    """Why Codex skips a SKILL.md of this text."""
    lines = text.replace("\r\n", "\n")
    if not lines.startswith("---"):
        return "has no front matter (a block between two lines of ---)"
    body = lines.split("\n", 1)[1] if "\n" in lines else ""
    end = _DELIMITER.search(body)
    if lines.split("\n", 1)[0].strip() != "---" or end is None:
        return "has front matter that does not end"
    fields = dict(_FIELD.findall(body[: end.start()]))
    value = fields.get("description")
    if value is None:
        return "has no description in its front matter"
    if not value.strip().strip("\"'"):
        return "has an empty description in its front matter"
    return _yaml_fault(value.strip())


def _yaml_fault(value: str) -> str | None:
    """The common ways in which an unquoted description is not YAML."""
    if value[0] in "\"'":
        closed = len(value) > 1 and value.endswith(value[0])
        return None if closed else "has a description whose quotes do not close"
    if ": " in value or value.endswith(":"):
        return "has a description with a colon that is not in quotes"
    if value[0] in "[{&*!%@`":
        return f"has a description that begins with {value[0]} and is not in quotes"
    return None
