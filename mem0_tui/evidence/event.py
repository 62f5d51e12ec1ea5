"""What is found in a rollout: its session, its turns, and what happened to which memory."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BRANCH = re.compile(r" \[learnt on branch [^\]]*\]$")


class FoundKind(IntEnum):
    """What happened to a memory; the numbers are kept in the index."""

    GIVEN = 1
    """Its text was put before the model."""
    FETCHED = 2
    """A tool answered with it, but the model was not shown its text."""
    WRITTEN = 3
    CHANGED = 4
    DELETED = 5
    CITED = 6
    """An answer names it, as ``[mem0:abcd1234]``."""


class FoundSource(IntEnum):
    """Who says so; the numbers are kept in the index."""

    TOOL = 1
    """A call of an MCP tool in a rollout."""
    RECALL = 2
    """A block of this program's hooks in a rollout."""
    PLUGIN_BLOCK = 3
    """A block of Mem0's plugin in a rollout, which names no ids: found by its text."""
    PLUGIN = 4
    """The plugin's own database."""
    ANSWER = 5
    """An answer of the model."""


@dataclass(frozen=True, slots=True)
class Found:
    """One memory at one place."""

    kind: FoundKind
    source: FoundSource
    key: str
    """The memory's id, or another key of those below."""
    offset: int
    """The byte at which the line begins."""
    at: int
    """Milliseconds since 1970."""
    turn: str
    rank: int = 0
    """Its place in the list, from 1; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: a prompt and what follows it."""

    id: str
    offset: int
    at: int
    """Milliseconds since 1970."""


@dataclass(slots=True)
class SessionMeta:
    """What a rollout says of its session; blank where it says nothing."""

    thread: str = ""
    root: str = ""
    """The session that a person began; a subagent's is another than its thread."""
    parent: str = ""
    """The thread that began this one as its subagent."""
    forked_from: str = ""
    started: int = 0
    """Milliseconds since 1970."""
    cwd: str = ""
    branch: str = ""
    commit: str = ""
    version: str = ""
    agent: str = ""
    """The nickname of a subagent."""


@dataclass(slots=True)
class RolloutReading:
    """What was read of one file, from some byte on."""

    meta: SessionMeta = field(default_factory=SessionMeta)
    turns: list[Turn] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


def is_memory_id(text: str) -> bool:
    """Whether *text* is a whole id."""
    return bool(_ID.fullmatch(text))


def is_whole(key: str) -> bool:
    """Whether *key* is the id of one memory, and no beginning or text of it."""
    return not key.startswith(("~", "="))


def text_key(text: str) -> str:
    """The key of a memory that is known by its text alone, as Mem0's plugin shows it."""
    return f"={fingerprint(_BRANCH.sub('', text))}"


def beginning_key(prefix: str, shown: str) -> str:
    """The key of a memory of which the first eight characters of its id, and the text or its
    beginning, were shown; *shown* may be empty."""
    return f"~{prefix}/{len(shown)}/{fingerprint(shown) if shown else ''}"


def fingerprint(text: str) -> str:
    """A hash of *text* whatever its white space."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:24]


def milliseconds(stamp: object) -> int:
    """An ISO 8601 time as milliseconds since 1970; 0 for anything else."""
    if not isinstance(stamp, str):
        return 0
    try:
        return int(datetime.fromisoformat(stamp).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0
