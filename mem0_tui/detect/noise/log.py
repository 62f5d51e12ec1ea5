"""Logs of programs that nobody knows by name, told by the form of what they write.

Two forms are known. A *recap* tells of turns, one after the other in a session, always within the
same frame of words. A *status* is one line that carries the time of its own writing and is
otherwise the same, but for measures. Both count only where nearly all that a source stored under a
type is so: what a person told, what is of a lasting type and what says a rule is never either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mem0_tui.detect.noise.producer import source_of, stop_of
from mem0_tui.model.memory import Memory

_LASTING = frozenset(
    """
    anti_pattern architecture bug_fix code_style coding_convention constraint context_fact
    convention decision environment environmental error_solution fact glossary gotcha guideline
    insight instruction knowledge learning lesson note person policy preference procedure
    project_context project_profile reference requirement rule skill task_learning tooling_setup
    tip trait user_preference warning workflow
    """.split()  # noqa: SIM905 – a list of words
)
"""Types of what is worth keeping; whatever its form."""
_TELLERS = frozenset(("memory_tool", "codex", "mcp", "openmemory", "mem0", "import"))
"""Sources through which people and agents have something stored on purpose."""
_RULES = frozenset(
    """
    always avoid because cannot convention decided decision dislikes don't insists learned lesson
    likes mandatory must never note only prefer preference preferred prefers remember required
    requires rule should since wants
    """.split()  # noqa: SIM905 – a list of words
)
"""Words by which a memory may say something that lasts: it stays, even in a log."""
_TURN = frozenset("agent assistant iteration prompt session step task turn user".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)"
)
_MEASURE = re.compile(r"(?<==)\d+(?:\.\d+)?(?![\w.])|\b\d+(?:\.\d+)?\s?(?:ms|s|min|h|%|[KMG]i?B)\b")
_LONGEST_RECAP, _LONGEST_STATUS = 600, 160
"""Characters."""
_FEWEST, _SAME = 20, 10
"""Memories of a producer, and of one form of a status, below which nothing is said."""
_PER_SESSION = 3
_FRAME_WORDS, _IN_FRAME, _FRAME_SHARE = 4, 0.8, 0.3
"""Words of a frame, the share of memories that have each, and its share of all their words."""
_MOST, _NEARLY_ALL = 0.8, 0.9


class Line(NamedTuple):
    """What is kept of a memory that may be of a log."""

    producer: str
    session: str
    words: frozenset[str]
    status: str
    """The text without its time and measures, empty where it is no status."""
    ruling: bool
    """Whether it may say something that lasts."""


class _Producer:
    """Counts of what one producer wrote, and what follows from them."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.words: Counter[str] = Counter()
        self.sessions: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.found: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

    def count(self, line: Line, by: int) -> None:
        """Add a line to the counts, or take it off them."""
        for counter, keys in (
            (self.words, line.words),
            (self.sessions, (line.session,)),
            (self.forms, (line.status,)),
        ):
            for key in keys:
                counter[key] += by
                if not counter[key]:
                    del counter[key]

    def look(self) -> tuple[frozenset[str], frozenset[str]]:
        """The frame of its recaps and the forms of its statuses; empty where it is no log."""
        total = len(self.lines)
        if total < _FEWEST:
            return frozenset(), frozenset()
        return self._frame(total), self._statuses(total)

    def _frame(self, total: int) -> frozenset[str]:
        within = total - self.sessions[""]
        sessions = len(self.sessions) - ("" in self.sessions)
        if within < _NEARLY_ALL * total or within < _PER_SESSION * sessions:
            return frozenset()
        frame = frozenset(word for word, met in self.words.items() if met >= _IN_FRAME * total)
        share = sum(self.words[word] for word in frame) / max(1, self.words.total())
        told = len(frame) >= _FRAME_WORDS and share >= _FRAME_SHARE
        return frame if told and frame & _TURN and not frame & _RULES else frozenset()

    def _statuses(self, total: int) -> frozenset[str]:
        forms = frozenset(form for form, met in self.forms.items() if form and met >= _SAME)
        most = sum(self.forms[form] for form in forms) >= _MOST * total
        return forms if most else frozenset()


class Logs:
    """Which memories are lines of logs; of others than those it could be, nothing is kept."""

    def __init__(self) -> None:
        self._producers: dict[str, _Producer] = {}
        self._of: dict[str, str] = {}
        self._changed: dict[str, dict[str, None]] = {}
        """By producer, the lines that were put since it was last looked at."""

    def put(self, memory: Memory, producer: str, session: str) -> None:
        """Take in a memory that is no noise by itself and was not stored by hand."""
        line = _line_of(memory, producer, session)
        if line is None:
            return
        of = self._producers.setdefault(producer, _Producer())
        of.lines[memory.id] = line
        of.count(line, 1)
        self._of[memory.id] = producer
        self._changed.setdefault(producer, {})[memory.id] = None

    def drop(self, memory_id: str) -> None:
        """Forget a memory."""
        producer = self._of.pop(memory_id, None)
        if producer is None:
            return
        of = self._producers[producer]
        of.count(of.lines.pop(memory_id), -1)
        self._changed.setdefault(producer, {}).pop(memory_id, None)
        if not of.lines:
            del self._producers[producer], self._changed[producer]

    def again(self, memory_ids: Iterable[str]) -> None:
        """Tell of these, too, when asked next what changed."""
        for memory_id in memory_ids:
            if memory_id in self._of:
                self._changed.setdefault(self._of[memory_id], {})[memory_id] = None

    def changed(self) -> Iterator[tuple[str, Line | None, bool]]:
        """Each line that was put, or of whose producer something else is known now: its id, what
        it is of a log (None for no log) and whether that is a status."""
        for producer, ids in self._changed.items():
            of = self._producers[producer]
            found = of.look()
            if found != of.found:
                ids = self._changed[producer] = dict.fromkeys(of.lines)
                of.found = found
            frame, forms = found
            for memory_id in ids:
                line = of.lines[memory_id]
                status = line.status in forms
                framed = bool(frame) and len(frame & line.words) >= _IN_FRAME * len(frame)
                told = not line.ruling and (status or (framed and line.session != ""))
                yield memory_id, line if told else None, status
        self._changed.clear()


def _line_of(memory: Memory, producer: str, session: str) -> Line | None:
    type_, source = (memory.type or "").strip().lower(), source_of(memory).lower()
    if not type_ or not source or type_ in _LASTING or source in _TELLERS:
        return None
    if memory.pinned or stop_of(producer):
        return None
    text = memory.text.strip()
    if len(text) > _LONGEST_RECAP:
        return Line(producer, "", frozenset(), "", ruling=True)
    words = frozenset(_WORD.findall(text.lower()))
    return Line(producer, session, words, _status(memory, text), not words.isdisjoint(_RULES))


def _status(memory: Memory, text: str) -> str:
    """*text* without its time and measures; empty where it does not carry its own time."""
    if len(text) > _LONGEST_STATUS or "\n" in text or memory.created_at is None:
        return ""
    stamp = _STAMP.search(text)
    if stamp is None:
        return ""
    try:
        apart = date.fromisoformat(stamp.group(1)) - memory.created_at.date()
    except ValueError:
        return ""
    return _MEASURE.sub("#", _STAMP.sub("@", text)) if abs(apart.days) <= 1 else ""
