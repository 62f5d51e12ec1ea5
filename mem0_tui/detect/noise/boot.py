"""Instruction files (AGENTS.md and the like) among the memories, and what restates their lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from mem0_tui.detect.noise.producer import source_of
from mem0_tui.detect.noise.wording import PUNCTUATION
from mem0_tui.model.memory import Memory

_PART = re.compile(r"^(.*?)\[(\d+)/\d+\]$")
_SHORTEST = 3
"""Words of a line that says something; by so many it is looked up."""
_LONGEST, _MOST_LINES = 80, 200
"""Words of a memory, and lines of a file, that are looked at."""
_MUCH = 2_000
"""Characters of a text that is not kept before its words were counted."""
_AROUND = frozenset(
    """
    a according again agent agents ai all also always app are as asked assistant been by claude
    codex confirmed contents copilot cursor cursorrules defines described document documented
    file files following follows for from gemini given guide guideline guidelines has have i in
    instruct instructed instruction instructions instructs is it its known listed loaded
    mandates md memorise memory mentioned must note noted of on one our per please project
    prompt read reads remember reminder repo repository require required requires rule rules s
    said saw say saying says session should start started state stated states system t tell
    tells that the their them then there these this to told under up us used user users was we
    were which with written you your
    """.split()  # noqa: SIM905 – a list of words
)
"""Words around a line that add nothing to it."""
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
    """Which lines the imported files have, and which memories say nothing else than one."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}
        self._lines: dict[str, dict[str, int]] = {}
        """By its first words, each line with the number of files that have it."""
        self._asked: dict[str, str] = {}
        """The texts themselves: others keep them anyway, and most are never asked for."""
        self.version = 0
        """Another number once a line was added or has gone."""

    def put(self, memory_id: str, text: str) -> None:
        """Note the lines of a file."""
        lines = list(dict.fromkeys(_lines(text)))
        self._files[memory_id] = lines
        self.version += 1
        for line in lines:
            of_key = self._lines.setdefault(_key(line.split()), {})
            of_key[line] = of_key.get(line, 0) + 1

    def ask(self, memory_id: str, text: str) -> bool:
        """Note what has to be known of a memory that is no file; False if it cannot restate one."""
        if len(text) > _MUCH and not _words_of(text):
            return False
        self._asked[memory_id] = text
        return True

    def drop(self, memory_id: str) -> None:
        """Forget a memory."""
        self._asked.pop(memory_id, None)
        lines = self._files.pop(memory_id, None)
        if lines is None:
            return
        self.version += 1
        for line in lines:
            key = _key(line.split())
            of_key = self._lines[key]
            of_key[line] -= 1
            if not of_key[line]:
                del of_key[line]
            if not of_key:
                del self._lines[key]

    def known(self, memory_id: str, own: Collection[str] = ()) -> bool:
        """Whether that memory consists of lines of files, and of words around them that add
        nothing; *own* are such words, too."""
        if not self._lines:
            return False
        words = _words_of(self._asked.get(memory_id, ""))
        at, met = 0, False
        while at < len(words):
            length = self._line_at(words, at)
            if length:
                met = True
            elif words[at] not in _AROUND and words[at] not in own:
                return False
            at += length or 1
        return met

    def _line_at(self, words: Sequence[str], at: int) -> int:
        """How many words the longest line has that stands at *at*; 0 for none."""
        longest = 0
        for line in self._lines.get(_key(words[at:]), ()):
            parts = line.split()
            if len(parts) > longest and list(words[at : at + len(parts)]) == parts:
                longest = len(parts)
        return longest


def _words_of(text: str) -> list[str]:
    """The plain words of *text*; none where they are too few or too many to restate a line."""
    words = text.lower().translate(PUNCTUATION).split(None, _LONGEST)
    return words if _SHORTEST <= len(words) <= _LONGEST else []


def _key(words: Sequence[str]) -> str:
    return " ".join(words[:_SHORTEST])


def _lines(text: str) -> Iterator[str]:
    """The first lines of *text* and their sentences, in their plain words."""
    for line in text.lower().split("\n", _MOST_LINES)[:_MOST_LINES]:
        for part in (line, *line.split(". ")):
            words = part.translate(PUNCTUATION).split()
            if len(words) >= _SHORTEST:
                yield " ".join(words)
