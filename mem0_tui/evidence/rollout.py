"""Reads a rollout of Codex from some byte on: its session, its turns and its memories.

Seen with Codex 0.150 and 0.171. The end of a tool call says what Mem0 answered, the output that
follows what the model was shown of it: only what was shown was given. A fork of Codex 0.150 begins
with a copy of its origin; a turn that is older than its thread is part of such a copy, and is the
origin's. What a compaction repeats was given before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from mem0_tui.evidence.blocks import read_block
from mem0_tui.evidence.calls import Entry, ended_call, entries, printed_call, writes
from mem0_tui.evidence.citations import cited_places
from mem0_tui.evidence.event import (
    Found,
    FoundKind,
    FoundSource,
    RolloutReading,
    SessionMeta,
    Turn,
    beginning_key,
    is_memory_id,
    milliseconds,
    text_key,
)
from mem0_tui.evidence.heads import TURN, Judge
from mem0_tui.evidence.lines import Lines
from mem0_tui.evidence.shown import bare, is_shown, word_of

_CITED = re.compile(r"\bmem0:\s?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8})(?![\w-])")
_ENDS = frozenset(("task_complete", "turn_aborted"))
_BEGINS = frozenset(("task_started", "turn_started"))
_OUTPUTS = frozenset(("function_call_output", "custom_tool_call_output"))
_NESTED = "exec-"
"""How the ids of calls begin that JavaScript made in code mode."""
_EVERY = 200
"""Lines between two questions whether to stop."""


@dataclass(slots=True)
class _Pending:
    """A call whose output has not come yet."""

    entries: list[Entry]
    offset: int
    at: int
    words: frozenset[bytes] = frozenset()
    """What an output holds that shows one of them."""


@dataclass(slots=True)
class _Asked:
    """A call as the model made it."""

    name: str
    arguments: str
    offset: int


@dataclass(slots=True)
class Rollout:
    """What one pass over a file finds; made anew for each pass."""

    reading: RolloutReading = field(default_factory=RolloutReading)
    end: int = 0
    """The byte from which to read on the next time."""
    too_long: int = 0
    turn: str = ""
    """The turn at that byte."""
    _copied: bool = False
    _judge: Judge = field(default_factory=Judge)
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _asked: dict[str, _Asked] = field(default_factory=dict)
    """Calls of Mem0's tools, by id, until their end is seen."""
    _waited: tuple[str, ...] = ()
    """The calls that the judge knows of."""

    def read(
        self,
        file: BinaryIO,
        start: int = 0,
        *,
        meta: SessionMeta | None = None,
        turn: str = "",
        stop: Callable[[], bool] = lambda: False,
        buffer: bytearray | None = None,
    ) -> bool:
        """Read *file* by way of *buffer* from *start* on, where the session is *meta* and the turn
        *turn*.

        Returns:
            Whether it came to the end; *stop* may have said to leave off.
        """
        if meta is not None:
            self.reading.meta = meta
        self._enter(turn)
        lines = Lines(file, start, self._judge, buffer)
        lines.passed_over = self._judge.passed_over
        stopped = False
        for number, (offset, line) in enumerate(lines):
            self._take(offset, line)
            self._wait()
            lines.passed_over = self._judge.passed_over
            if number % _EVERY == 0 and stop():
                stopped = True
                break
        self.end = lines.end
        unanswered = [call.offset for call in self._pending.values()]
        unanswered += [call.offset for call in self._asked.values()]
        if unanswered:
            # The next pass begins where the first call is that has no output yet.
            self.end = min(unanswered)
            self.reading.found = [f for f in self.reading.found if f.offset < self.end]
        self.too_long = lines.too_long
        return not stopped

    def _wait(self) -> None:
        """Have the judge know which outputs are waited for."""
        waited = (*self._pending, *self._asked)
        if waited != self._waited:
            self._waited = waited
            self._judge.calls = frozenset(call.encode() for call in waited)
            nested = [p.words for id_, p in self._pending.items() if id_.startswith(_NESTED)]
            self._judge.words = frozenset().union(*nested)

    def _take(self, offset: int, line: bytes) -> None:
        if turn := TURN.match(line):  # so are most, and there is no need to parse them
            stamp, context, started = turn.groups()
            begun = context if context is not None else started
            if begun is None:
                self._settle()
            else:
                self._begin(begun.decode(), offset, stamp.decode())
            return
        try:
            record = json.loads(line.decode(errors="surrogatepass"))
        except (ValueError, RecursionError):
            return
        payload = record.get("payload") if isinstance(record, dict) else None
        if not isinstance(payload, dict):
            return
        stamp, kind, inner = record.get("timestamp"), record.get("type"), payload.get("type")
        if kind == "session_meta":
            self._session(payload)
        elif kind == "turn_context" or inner in _BEGINS:
            self._begin(str(payload.get("turn_id") or ""), offset, stamp)
        elif kind == "event_msg" and inner in _ENDS:
            self._settle()
        elif not self._copied:
            self._event(payload, kind, inner, offset, milliseconds(stamp))

    def _event(
        self, payload: dict[str, Any], kind: object, inner: object, offset: int, at: int
    ) -> None:
        if kind == "event_msg":
            item = payload.get("item") if inner == "item_completed" else None
            kind_of_item = item.get("type") if isinstance(item, dict) else None
            if inner == "mcp_tool_call_end" or kind_of_item == "McpToolCall":
                self._ended(payload, offset, at)
        elif kind == "response_item":
            if inner == "message":
                self._message(payload, offset, at)
            elif inner == "function_call":
                name = str(payload.get("name"))
                asked = _Asked(name, str(payload.get("arguments")), offset)
                self._asked[str(payload.get("call_id"))] = asked
            elif inner in _OUTPUTS:
                self._output(payload, offset, at)

    def _session(self, payload: dict[str, Any]) -> None:
        meta = self.reading.meta
        if meta.thread:  # a fork of Codex 0.150 repeats its origin's
            return
        git = payload.get("git")
        git = git if isinstance(git, dict) else {}
        texts = {
            "thread": payload.get("id"),
            "root": payload.get("session_id") or payload.get("id"),
            "parent": payload.get("parent_thread_id"),
            "forked_from": payload.get("forked_from_id"),
            "cwd": payload.get("cwd"),
            "version": payload.get("cli_version"),
            "agent": payload.get("agent_nickname"),
            "branch": git.get("branch"),
            "commit": git.get("commit_hash"),
        }
        for name, value in texts.items():
            if isinstance(value, str):
                setattr(meta, name, value)
        meta.started = milliseconds(payload.get("timestamp"))

    def _begin(self, turn: str, offset: int, stamp: object) -> None:
        if turn == self.turn:
            return
        self._settle()
        self._enter(turn)
        if turn and not self._copied:
            self.reading.turns.append(Turn(turn, offset, milliseconds(stamp)))

    def _enter(self, turn: str) -> None:
        self.turn = turn
        thread = self.reading.meta.thread
        self._copied = _is_dated(turn) and _is_dated(thread) and turn[:13] < thread[:13]

    def _settle(self) -> None:
        """The turn is over: what no output showed was fetched only."""
        for pending in self._pending.values():
            for entry in pending.entries:
                self._keep(FoundKind.FETCHED, entry, pending.offset, pending.at)
        self._pending.clear()
        self._asked.clear()

    def _ended(self, payload: dict[str, Any], offset: int, at: int) -> None:
        call_id, call = ended_call(payload)
        self._asked.pop(call_id, None)
        if call is None:
            return
        for kind, key in writes(call):
            self.reading.found.append(Found(kind, FoundSource.TOOL, key, offset, at, self.turn))
        if found := entries(call):
            words: frozenset[bytes] = frozenset()
            if call_id.startswith(_NESTED):
                words = frozenset(word_of(entry.id or entry.text, entry.text) for entry in found)
            self._pending[call_id] = _Pending(found, offset, at, words)

    def _output(self, payload: dict[str, Any], offset: int, at: int) -> None:
        call_id, text = str(payload.get("call_id")), _printed(payload.get("output"))
        if call_id in self._asked and call_id not in self._pending:
            asked = self._asked.pop(call_id)
            if call := printed_call(call_id, asked.name, asked.arguments, text):
                for kind, key in writes(call):
                    self.reading.found.append(
                        Found(kind, FoundSource.TOOL, key, offset, at, self.turn)
                    )
                if found := entries(call):
                    self._pending[call_id] = _Pending(found, offset, at)
        if call_id in self._pending:
            self._show(self._pending.pop(call_id), bare(text), last=True)
            return
        nested = [p for id_, p in self._pending.items() if id_.startswith(_NESTED)]
        if nested:
            output = bare(text)
            for pending in nested:
                self._show(pending, output, last=False)

    def _show(self, pending: _Pending, output: str, *, last: bool) -> None:
        """Keep what *output* shows of *pending*; what it does not may come later, unless *last*."""
        left: list[Entry] = []
        for entry in pending.entries:
            if is_shown(entry.id or entry.text, entry.text, output):
                self._keep(FoundKind.GIVEN, entry, pending.offset, pending.at)
            elif last:
                self._keep(FoundKind.FETCHED, entry, pending.offset, pending.at)
            else:
                left.append(entry)
        pending.entries = left

    def _keep(self, kind: FoundKind, entry: Entry, offset: int, at: int) -> None:
        key = entry.id or text_key(entry.text)
        self.reading.found.append(
            Found(kind, FoundSource.TOOL, key, offset, at, self.turn, entry.rank)
        )

    def _message(self, payload: dict[str, Any], offset: int, at: int) -> None:
        content = payload.get("content")
        parts = content if isinstance(content, list) else []
        texts = [str(part.get("text")) for part in parts if isinstance(part, dict)]
        found = self.reading.found
        if payload.get("role") == "developer":
            for text in texts:
                for source, key, rank in read_block(text):
                    found.append(Found(FoundKind.GIVEN, source, key, offset, at, self.turn, rank))
        elif payload.get("role") == "assistant":
            named = dict.fromkeys(name for text in texts for name in _CITED.findall(text))
            keys = [name if is_memory_id(name) else beginning_key(name, "") for name in named]
            keys += (place for text in texts for place in cited_places(text))
            for key in keys:
                found.append(Found(FoundKind.CITED, FoundSource.ANSWER, key, offset, at, self.turn))


def _is_dated(id_: str) -> bool:
    """Whether *id_* is a UUID of version 7, whose first twelve digits are milliseconds."""
    return len(id_) == 36 and id_[14] == "7"


def _printed(output: object) -> str:
    """What the model was shown of a call: a text, or a list of parts."""
    if isinstance(output, str):
        return output
    if isinstance(output, dict):
        return _printed(output.get("content", output.get("output")))
    parts = output if isinstance(output, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))
