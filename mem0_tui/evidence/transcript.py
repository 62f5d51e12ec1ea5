"""Opens a turn of a session where it begins: prompt, answers, files, commands.

Nothing of it is kept; it is read from the rollout when somebody looks. Texts are as they stand
there: whoever shows them masks secrets and makes them safe.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, BinaryIO

from mem0_tui.evidence.calls import tool_name
from mem0_tui.evidence.compressed import UNREADABLE, open_rollout
from mem0_tui.evidence.heads import HEAD, HEAD_BYTES
from mem0_tui.evidence.lines import Lines
from mem0_tui.evidence.sessions import SessionTurn
from mem0_tui.hooks.markup import without_markup

LONGEST_TEXT = 20_000
"""Characters of one text that are kept."""
MOST_STEPS = 400
_LONGEST_LINE = 1 << 19
_BEGINNING, _END = 1 << 19, 1 << 18
"""Bytes of a long turn that are looked into: where it was asked, and where it was answered."""
_OF_USE = frozenset(
    (
        *(b"task_started", b"turn_started", b"message", b"function_call", b"local_shell_call"),
        *(b"custom_tool_call", b"item_completed", b"mcp_tool_call_end", b"patch_apply_end"),
    )
)
_SHELLS = ("exec_command", "shell", "local_shell", "container.exec")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing in a turn."""

    kind: str
    """``prompt``, ``answer``, ``command``, ``file``, ``tool``, ``recall``, or ``skipped``: the
    middle of a long turn, of which the text says how long it is."""
    text: str
    cut: bool = False
    """Whether there is more of it."""


@dataclass(frozen=True, slots=True)
class TurnText:
    """What a turn says."""

    steps: tuple[Step, ...]
    more: bool = False
    """Whether there are more steps."""
    left_out: int = 0
    """Lines that are too long to be looked into."""
    problem: str = ""


def read_turn(turn: SessionTurn) -> TurnText:
    """The turn; of a long one the beginning and the end, so that it takes no longer to open."""
    try:
        opened = open_rollout(turn.path)
        if opened is None:
            return TurnText((), problem=UNREADABLE)
        with opened as file:
            end = turn.end if turn.end is not None else file.seek(0, os.SEEK_END)
            return _Turn(turn.id).read(file, turn.position, end)
    except FileNotFoundError:
        return TurnText((), problem="the file of this session is missing")
    except OSError as error:
        return TurnText((), problem=error.strerror or str(error))


def _is_of_use(buffer: bytearray, begin: int, end: int) -> bool:
    head = HEAD.match(buffer, begin, min(end, begin + HEAD_BYTES))
    if head is None:
        return end > begin
    return head.group(1) == b"turn_context" or head.group(2) in _OF_USE


class _Turn:
    def __init__(self, turn: str) -> None:
        self._turn = turn
        self._steps: list[Step] = []
        self._calls: set[str] = set()
        self._left_out = 0

    def read(self, file: BinaryIO, start: int, end: int) -> TurnText:
        """What the turn says that lies between the bytes *start* and *end* of *file*."""
        if end - start <= _BEGINNING + _END:
            self._read(file, start, end)
        elif (at := self._read(file, start, start + _BEGINNING)) is not None:
            if at < end - _END:
                self._steps.append(Step("skipped", f"{end - _END - at:,} bytes"))
            self._read(file, max(at, end - _END), end)
        more = len(self._steps) >= MOST_STEPS
        return TurnText(tuple(self._steps), more, self._left_out)

    def _read(self, file: BinaryIO, start: int, end: int) -> int | None:
        """Read on from *start*; the byte at which it left off, None where the turn is over."""
        lines = Lines(file, start, _is_of_use)
        lines.until = end
        for offset, line in lines:
            if offset >= end:
                return end
            if len(line) > _LONGEST_LINE:
                self._left_out += 1
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            payload = record.get("payload") if isinstance(record, dict) else None
            if not isinstance(payload, dict):
                continue
            if self._begins_another(record, payload):
                return None
            self._take(str(record.get("type")), payload)
            if len(self._steps) >= MOST_STEPS:
                return None
        return lines.end

    def _begins_another(self, record: dict[str, Any], payload: dict[str, Any]) -> bool:
        begins = payload.get("type") in ("task_started", "turn_started")
        begins = begins or record.get("type") == "turn_context"
        return begins and payload.get("turn_id") not in (None, self._turn)

    def _take(self, kind: str, payload: dict[str, Any]) -> None:
        inner = payload.get("type")
        item = payload.get("item")
        if kind == "response_item" and inner == "message":
            self._message(payload)
        elif kind == "response_item" and inner in ("function_call", "local_shell_call"):
            self._call(payload)
        elif kind == "response_item" and inner == "custom_tool_call":
            self._custom(payload)
        elif inner == "item_completed" and isinstance(item, dict):
            self._item(item)
        elif inner == "mcp_tool_call_end":
            invocation = payload.get("invocation")
            if isinstance(invocation, dict):
                self._tool(str(payload.get("call_id")), invocation, payload.get("result"))
        elif inner == "patch_apply_end":
            self._files(payload.get("changes"), payload.get("success") is True)

    def _message(self, payload: dict[str, Any]) -> None:
        content = payload.get("content")
        parts = [p for p in content if isinstance(p, dict)] if isinstance(content, list) else []
        texts = [str(part.get("text") or "") for part in parts]
        about = payload.get("internal_chat_message_metadata_passthrough")
        kinds = about.get("content_item_kinds") if isinstance(about, dict) else None
        role = payload.get("role")
        if role == "assistant":
            self._add("answer", "\n".join(texts))
        elif role == "user" and isinstance(kinds, list):
            typed = [t for t, kind in zip(texts, kinds, strict=False) if kind == "user.text"]
            self._add("prompt", "\n".join(typed))
        elif role == "user" and not without_markup("\n".join(texts)).startswith(("<", "# AGENTS")):
            self._add("prompt", "\n".join(texts))
        elif role == "developer" and isinstance(kinds, list):
            hooks = [t for t, kind in zip(texts, kinds, strict=False) if str(kind)[:5] == "hooks"]
            self._add("recall", "\n".join(hooks))

    def _call(self, payload: dict[str, Any]) -> None:
        name = tool_name(payload.get("name") or "local_shell")
        if name not in _SHELLS:
            return
        try:
            given = json.loads(str(payload.get("arguments")))
        except (ValueError, RecursionError):
            given = None
        given = payload.get("action") if given is None else given
        if isinstance(given, dict):
            self._command(str(payload.get("call_id")), given.get("cmd", given.get("command")))

    def _custom(self, payload: dict[str, Any]) -> None:
        if payload.get("name") == "exec":
            self._add("command", str(payload.get("input")))

    def _item(self, item: dict[str, Any]) -> None:
        kind = item.get("type")
        if kind == "CommandExecution":
            self._command(str(item.get("id")), item.get("command"))
        elif kind == "FileChange":
            self._files(item.get("changes"), item.get("status") == "completed")
        elif kind == "McpToolCall":
            self._tool(str(item.get("id")), item, item.get("result"))

    def _command(self, call_id: str, command: object) -> None:
        if call_id in self._calls:
            return
        self._calls.add(call_id)
        if isinstance(command, list):
            words = [str(word) for word in command]
            command = words[-1] if words[1:2] in (["-lc"], ["-c"]) else " ".join(words)
        if isinstance(command, str):
            self._add("command", command)

    def _tool(self, call_id: str, about: dict[str, Any], result: object) -> None:
        failed = not isinstance(result, dict) or "Err" in result or bool(result.get("isError"))
        arguments = json.dumps(about.get("arguments"), ensure_ascii=False)
        said = f"{about.get('server')}.{about.get('tool')} {arguments}"
        if call_id not in self._calls:
            self._calls.add(call_id)
            self._add("tool", f"{said} (failed)" if failed else said)

    def _files(self, changes: object, done: bool) -> None:
        if done and isinstance(changes, dict):
            for path in changes:
                self._add("file", str(path))

    def _add(self, kind: str, text: str) -> None:
        if text.strip() and len(self._steps) < MOST_STEPS:
            self._steps.append(Step(kind, text[:LONGEST_TEXT], len(text) > LONGEST_TEXT))
