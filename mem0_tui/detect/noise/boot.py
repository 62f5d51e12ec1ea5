"""Instruction files (AGENTS.md and the like) among the memories, and what restates their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.detect.noise.producer import source_of
from mem0_tui.model.memory import Memory

_PART = re.compile(r"^(.*?)\[(\d+)/\d+\]$")
_EDGES = " \t\r.-*#>`\"'+:;!"
"""What does not count at the ends of a line."""
_SHORTEST = 3
"""Words of a line that says something."""
_LONGEST = 64
"""Lines of a memory that are looked at."""
_IMPORTS = frozenset(
    ("auto-import", "cursor-import", "copilot-import", "cline-import", "continue-import")
)


def file_of(memory: Memory) -> tuple[str, str] | None:
    """The instruction file that was imported as *memory*, and which part; None for others."""
    if memory.type != "project_profile" and source_of(memory) not in _IMPORTS:
        return None
    value = memory.metadata.get("file")
    name = value.strip() if isinstance(value, str) else ""
    found = _PART.match(name)
    return (found.group(1), found.group(2)) if found else (name, "")


class BootLines:
    """Which lines the imported files have, and which memories consist of nothing else.

    Lines are kept as hashes; those of a process only, so they are compared and never shown.
    """

    def __init__(self) -> None:
        self._files: dict[str, tuple[int, ...]] = {}
        self._counts: dict[int, int] = {}
        self._asked: dict[str, tuple[int, ...]] = {}
        self.version = 0
        """Another number once a line was added or has gone."""

    def put(self, memory_id: str, text: str) -> None:
        """Note the lines of a file."""
        lines = tuple(_lines(text))
        self._files[memory_id] = lines
        self.version += 1
        for line in lines:
            self._counts[line] = self._counts.get(line, 0) + 1

    def ask(self, memory_id: str, text: str) -> bool:
        """Note what has to be known of a memory that is no file; False if it is too short."""
        lines = tuple(_lines(text))
        if lines:
            self._asked[memory_id] = lines
        return bool(lines)

    def drop(self, memory_id: str) -> None:
        """Forget a memory."""
        self._asked.pop(memory_id, None)
        lines = self._files.pop(memory_id, None)
        if lines is None:
            return
        self.version += 1
        for line in lines:
            left = self._counts[line] - 1
            if left:
                self._counts[line] = left
            else:
                del self._counts[line]

    def known(self, memory_id: str) -> bool:
        """Whether each line of that memory is one of a file."""
        return all(line in self._counts for line in self._asked.get(memory_id, (0,)))


def _lines(text: str) -> Iterator[int]:
    lines = text.lower().replace(". ", "\n").split("\n", _LONGEST)
    for line in lines[:_LONGEST]:
        words = line.strip(_EDGES)
        if words.count(" ") >= _SHORTEST - 1:
            yield hash(words)
