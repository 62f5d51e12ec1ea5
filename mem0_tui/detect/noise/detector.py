"""Finds noise, grouped by who wrote it: of each session's notes the newest is kept, and of each
imported file; nothing of what is pinned is ever proposed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from mem0_tui.detect.noise.boot import BootLines, file_of
from mem0_tui.detect.noise.log import Logs
from mem0_tui.detect.noise.producer import by_hand, producer_of, source_of, stop_of
from mem0_tui.detect.noise.wording import (
    PUNCTUATION,
    NoiseKind,
    listed,
    of_wording,
    recalled,
    restated,
)
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory

_TURN_TYPES = frozenset(("session_summary", "session_state", "compact_summary"))
_TURN_SOURCES = frozenset(("stop-hook", "pre-compaction", "session-start-compact"))
_PROBE_TYPES = frozenset(("health_check", "probe", "ping", "connectivity_check"))
_HEART_TYPES = frozenset(("heartbeat", "keepalive", "cron"))
_SESSIONS = ("session_id", "session", "thread_id", "conversation_id", "run_id")
_PIECE = 2_000
"""Memories that are grouped at a time."""
_NEWEST = frozenset((NoiseKind.TURNS, NoiseKind.STATUS))
"""Of these the newest of a group is kept."""
_BATCH = 3600
"""Seconds within which the parts of one file are imported together."""

Group = tuple[str, str, str, tuple[str, ...]]
"""Producer, kind of noise, session or file, and scope."""


class _Note(NamedTuple):
    """What is kept of a memory that is noise, or may be."""

    group: Group
    written: float
    """Seconds since 1970."""
    part: str
    """Which part of a file it is."""
    pinned: bool
    app: str | None
    scope: tuple[str, ...]
    """User, agent and app."""


class NoiseDetector:
    """Fills the queue :attr:`Queue.NOISE`; of a memory that is no noise it keeps its lines' hashes
    at most."""

    queues = (Queue.NOISE,)

    def __init__(self) -> None:
        self._notes: dict[str, _Note] = {}
        self._groups: dict[Group, set[str]] = {}
        self._maybe: dict[str, _Note] = {}
        """What restates a file if it says nothing else than one, or is a line of a log."""
        self._logs = Logs()
        self._lines = BootLines()
        self._asked: dict[str, None] = {}
        """What was put since the files were last compared."""
        self._compared = self._lines.version
        self._told: dict[Group, Suspicion | None] = {}
        """What is to say of each group, as long as that is so."""

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in memories; see :class:`~mem0_tui.detect.detector.Detector`."""
        self.drop([memory.id for memory in memories])
        for memory in memories:
            handmade = by_hand(memory)
            kind, key, part = _kind_of(memory, handmade=handmade)
            if kind is not None:
                self._join(memory.id, _note(memory, kind, key, part))
            if kind is NoiseKind.BOOT:
                self._lines.put(memory.id, memory.text)
            elif kind is None and not handmade and self._lines.ask(memory.id, memory.text):
                self._maybe[memory.id] = _note(memory, NoiseKind.RESTATED, "", "")
                self._asked[memory.id] = None
                self._logs.put(memory, self._maybe[memory.id].group[0], _session_of(memory))

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories."""
        for memory_id in memory_ids:
            self._leave(memory_id)
            self._maybe.pop(memory_id, None)
            self._asked.pop(memory_id, None)
            self._lines.drop(memory_id)
            self._logs.drop(memory_id)

    def work(self) -> Iterator[None]:
        """Compare what was put with the files, and say what there is to say of each group."""
        if self._compared != self._lines.version:
            self._asked = dict.fromkeys(self._maybe)
            self._compared = self._lines.version
        self._logs.again(self._asked)
        for number, memory_id in enumerate(list(self._asked)):
            self._leave(memory_id)
            if self._lines.known(memory_id, _names_of(self._maybe[memory_id].app)):
                self._join(memory_id, self._maybe[memory_id])
            del self._asked[memory_id]
            if number % _PIECE == _PIECE - 1:
                yield
        yield from self._sort_logs()
        done = 0
        for group in list(self._groups):
            if group in self._told:
                continue
            self._told[group] = self._suspicion(group)
            done += len(self._groups[group])
            if done >= _PIECE:
                done = 0
                yield

    def _sort_logs(self) -> Iterator[None]:
        """Join what is a line of a log, as long as it does not restate a file."""
        for number, (memory_id, line, status) in enumerate(self._logs.changed()):
            maybe, note = self._maybe[memory_id], self._notes.get(memory_id)
            if note is None or note.group != maybe.group:
                self._leave(memory_id)
                if line is not None:
                    kind = NoiseKind.STATUS if status else NoiseKind.TURNS
                    key = line.status if status else line.session
                    group = _one_of((line.producer, kind.value, key, maybe.scope))
                    self._join(memory_id, maybe._replace(group=group))
            if number % _PIECE == _PIECE - 1:
                yield

    def suspicions(self) -> Iterator[Suspicion]:
        """One per producer, kind and session or file, in that order."""
        for group in sorted(self._told):
            suspicion = self._told[group]
            if suspicion is not None:
                yield suspicion

    def _join(self, memory_id: str, note: _Note) -> None:
        self._notes[memory_id] = note
        self._groups.setdefault(note.group, set()).add(memory_id)
        self._told.pop(note.group, None)

    def _leave(self, memory_id: str) -> None:
        note = self._notes.pop(memory_id, None)
        if note is None:
            return
        self._told.pop(note.group, None)
        members = self._groups[note.group]
        members.discard(memory_id)
        if not members:
            del self._groups[note.group]

    def _suspicion(self, group: Group) -> Suspicion | None:
        notes = {id_: self._notes[id_] for id_ in self._groups[group]}
        ordered = sorted(notes, key=lambda id_: (-notes[id_].written, id_))
        kept = {id_ for id_ in ordered if notes[id_].pinned}
        if group[1] == NoiseKind.BOOT:
            kept |= _last_import(ordered, notes)
        elif group[1] in _NEWEST:
            kept.add(ordered[0])
        gone = [id_ for id_ in ordered if id_ not in kept]
        if not gone:
            return None
        first = [id_ for id_ in ordered if id_ in kept]
        return Suspicion(
            Queue.NOISE,
            (*first, *gone),
            _reason(group, len(gone), len(first)),
            Tier.FINDING,
            group[0],
            proposal=tuple(Delete(id_) for id_ in gone),
        )


def _kind_of(memory: Memory, *, handmade: bool) -> tuple[NoiseKind | None, str, str]:
    """What sort of noise *memory* is, if any; what it is grouped by; which part of that it is."""
    if memory.metadata and (told := _kind_by_metadata(memory)) is not None:
        return told
    text = memory.text.strip()
    if recalled(text):
        return NoiseKind.RECALLED, "", ""
    if handmade:
        return None, "", ""
    if listed(text):
        return NoiseKind.RECALLED, "", ""
    if restated(text):
        return NoiseKind.RESTATED, "", ""
    return of_wording(text), "", ""


def _kind_by_metadata(memory: Memory) -> tuple[NoiseKind | None, str, str] | None:
    """The same, as far as its metadata tells; None where its text has to."""
    type_, source = (memory.type or "").strip().lower(), source_of(memory)
    if type_ in _TURN_TYPES or source in _TURN_SOURCES:
        if recalled(memory.text):
            return NoiseKind.RECALLED, "", ""
        session = _session_of(memory)
        return (NoiseKind.TURNS, session, "") if session else (None, "", "")
    if file := file_of(memory):
        return NoiseKind.BOOT, file[0], file[1]
    if type_ in _PROBE_TYPES or memory.metadata.get("probe") is True:
        return NoiseKind.PROBE, "", ""
    if type_ in _HEART_TYPES or source.lower() in _HEART_TYPES:
        return NoiseKind.HEARTBEAT, "", ""
    return None


@lru_cache(maxsize=1024)
def _names_of(app: str | None) -> frozenset[str]:
    """The words of an app's name."""
    return frozenset((app or "").lower().translate(PUNCTUATION).split())


def _session_of(memory: Memory) -> str:
    for name in _SESSIONS:
        value = memory.metadata.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return memory.scope.run_id or ""


def _note(memory: Memory, kind: NoiseKind, key: str, part: str) -> _Note:
    scope = memory.scope
    whose = _whose(scope.user_id, scope.agent_id, scope.app_id)
    by_scope = whose if kind is NoiseKind.TURNS or kind is NoiseKind.BOOT else ()
    written = memory.updated_at or memory.created_at
    group = _one_of((producer_of(memory), kind.value, key, by_scope))
    seconds = 0.0 if written is None else written.timestamp()
    return _Note(group, seconds, part, memory.pinned, scope.app_id, whose)


@lru_cache(maxsize=4096)
def _whose(user: str | None, agent: str | None, app: str | None) -> tuple[str, ...]:
    """The same object for equal scopes."""
    return (user or "", agent or "", app or "")


@lru_cache(maxsize=4096)
def _one_of(group: Group) -> Group:
    """The same object for equal groups: of many memories it is kept."""
    return group


def _last_import(ordered: Sequence[str], notes: Mapping[str, _Note]) -> set[str]:
    """The parts of a file, newest first, that were imported last."""
    newest = notes[ordered[0]].written
    kept: dict[str, str] = {}
    for id_ in ordered:
        if newest - notes[id_].written <= _BATCH:
            kept.setdefault(notes[id_].part, id_)
    return set(kept.values())


def _reason(group: Group, gone: int, kept: int) -> str:
    producer, kind, key, _ = group
    what = f"{kind} ({key})" if key and kind == NoiseKind.BOOT else kind
    words = f"{what}: {gone:,} of {gone + kept:,}"
    if kind == NoiseKind.BOOT or kind in _NEWEST:
        words += ", all but the newest"
    stop = stop_of(producer)
    return f"{words}; {stop}" if stop else words
