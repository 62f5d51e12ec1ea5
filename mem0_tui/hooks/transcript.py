"""Reads Codex's rollout files: what was asked, said and changed, each line once.

A session has more than one of them: each subagent writes its own, and after a revert Codex goes on
in a new one, which begins at the number (``ordinal``) of the first line that was taken back. So
what was read is kept by file. A turn then costs what the turn wrote, not what the session holds.
The shapes are those of Codex 0.114 to 0.171.
"""

from __future__ import annotations

import os
from binascii import crc32
from io import BufferedReader

from mem0_tui.hooks.document import loads
from mem0_tui.hooks.markup import without_markup
from mem0_tui.hooks.state import Known, SessionState

_MOST = 1 << 24
"""Bytes that are read at one event; of a longer file the beginning and the end."""
_BEGINNING = 1 << 20
_LONGEST = 1 << 20
"""Bytes of a line that is looked into: longer ones hold images."""
_TAIL = 512
"""Bytes before the place up to which a file was read that tell whether it is still that file."""
_MARKS = (b'"session_meta"', b'"message"', b'_call"', b'"FileChange"', b'"patch_apply_end"')
_PROMPTS, _FILES = 12, 400
_TELLING = 20
"""Characters from which on a prompt says what a session is about."""
_NOT_TYPED = ("<", "# AGENTS.md")
"""How texts begin that Codex adds in the user's name."""
_UNNUMBERED = -1
"""Stands for the ordinal of a line of a Codex that does not number them."""


def advance(session: SessionState, path: str, *, agent: bool = False) -> Known:
    """Take what *path* holds since the last time into *session*; nothing where it is unreadable.

    *agent*: it is the rollout of a subagent. Returns what is known of the rollout: ``asked``, the
    prompts with their ordinals; ``files``, what was changed; ``calls``, the number of tool calls;
    ``said``, the last answer; ``agent``, whether it is a subagent's; ``from``, the ordinal at which
    it takes over from the rollouts before.
    """
    try:
        with open(path, "rb") as file:
            rollout = session.inner("rollouts").inner(path)
            start = rollout.number("offset")
            size = os.fstat(file.fileno()).st_size
            if start > size or _tail(file, start) != rollout.number("tail"):
                rollout.known.clear()  # another file under the same name
                start = 0
            for line in _lines(file, start, size):
                if len(line) <= _LONGEST and any(mark in line for mark in _MARKS):
                    _take(rollout, line)
            end = file.tell()
            rollout.known |= {"offset": end, "tail": _tail(file, end)}
    except (OSError, ValueError):
        return Known({})
    if agent or (rollout.text("parent") and rollout.text("id") != session.name):
        rollout.known["agent"] = True
    return rollout


def forked_from(path: str) -> str:
    """The session from which the one in the rollout *path* was forked, empty for no fork."""
    try:
        with open(path, "rb") as file:
            line = file.readline(_LONGEST)
        return _text_at(_payload(loads(line)), "forked_from_id") if b"forked_from" in line else ""
    except (OSError, ValueError):
        return ""


def goal_of(asked: list[tuple[int, str]]) -> int:
    """The place of the prompt that says what a session is about: the first of some length."""
    return next((place for place, (_, text) in enumerate(asked) if len(text) >= _TELLING), 0)


def prompts_of(rollout: Known) -> list[tuple[int, str]]:
    """The prompts of a rollout, each with its ordinal."""
    asked = rollout.known.get("asked")
    pairs = asked if isinstance(asked, list) else []
    return [(at, text) for at, text in pairs if isinstance(at, int) and isinstance(text, str)]


def _lines(file: BufferedReader, start: int, size: int) -> list[bytes]:
    """The whole lines from *start* on; *file* is then at the end of the last one."""
    file.seek(start)
    if size - start > _MOST:
        lines = file.read(_BEGINNING).split(b"\n")
        start = size - _MOST + _BEGINNING
        file.seek(start)
    else:
        lines = []
    data = file.read(_MOST)
    end = data.rfind(b"\n") + 1
    file.seek(start + end)
    return lines + data[:end].splitlines()


def _tail(file: BufferedReader, end: int) -> int:
    """A checksum of the bytes just before *end*, 0 at the beginning."""
    file.seek(max(end - _TAIL, 0))
    return crc32(file.read(min(end, _TAIL)))


def _payload(record: object) -> dict[str, object]:
    payload = record.get("payload") if isinstance(record, dict) else None
    return payload if isinstance(payload, dict) else {}


def _take(rollout: Known, line: bytes) -> None:
    try:
        record = loads(line)
    except ValueError:
        return
    payload = _payload(record)
    if not isinstance(record, dict) or not payload:
        return
    kind, inner = record.get("type"), payload.get("type")
    if kind == "session_meta":
        _began(rollout, record, payload)
    elif kind == "response_item" and inner == "message":
        _message(rollout, record, payload)
    elif kind == "response_item" and isinstance(inner, str) and inner.endswith("_call"):
        rollout.known["calls"] = rollout.number("calls") + 1
    elif kind == "event_msg" and inner == "patch_apply_end":
        _changed(rollout, payload, payload.get("success") is True)
    elif kind == "event_msg" and inner == "item_completed":
        item = payload.get("item")
        if isinstance(item, dict) and item.get("type") == "FileChange":
            _changed(rollout, item, item.get("status") == "completed")


def _began(rollout: Known, record: dict[str, object], payload: dict[str, object]) -> None:
    if not rollout.text("id"):
        rollout.known["id"] = _text_at(payload, "id")
        rollout.known["parent"] = _text_at(payload, "parent_thread_id")
        rollout.known["from"] = _ordinal(record)


def _message(rollout: Known, record: dict[str, object], payload: dict[str, object]) -> None:
    role, metadata = payload.get("role"), record.get("metadata")
    if isinstance(metadata, dict) and metadata.get("compaction_output"):
        return
    if role == "assistant":
        if said := without_markup(_text(payload.get("content"))):
            rollout.known["said"] = _masked(said)
    elif role == "user" and (text := without_markup(_typed(payload))):
        _asked(rollout, _ordinal(record), _masked(text)[:1000])


def _masked(text: str) -> str:
    """*text*, which is written down, with its secrets masked."""
    from mem0_tui.model.secret import redact  # loads re: only at the end of a turn

    return redact(text)


def _typed(payload: dict[str, object]) -> str:
    """What the user wrote; Codex says so itself since it keeps where each part is from."""
    content, about = (
        payload.get("content"),
        payload.get("internal_chat_message_metadata_passthrough"),
    )
    kinds = about.get("content_item_kinds") if isinstance(about, dict) else None
    if isinstance(kinds, list) and isinstance(content, list):
        return _text(
            [part for part, kind in zip(content, kinds, strict=False) if kind == "user.text"]
        )
    text = _text(content)
    return "" if without_markup(text).startswith(_NOT_TYPED) else text


def _asked(rollout: Known, ordinal: int, text: str) -> None:
    asked = prompts_of(rollout)
    if any(text == other for _, other in asked):
        return
    asked.append((ordinal, text))
    if len(asked) > _PROMPTS:
        goal = goal_of(asked)
        del asked[goal + 1 if goal + 1 < len(asked) else 0]
    rollout.known["asked"] = [[at, prompt] for at, prompt in asked]


def _changed(rollout: Known, change: dict[str, object], done: bool) -> None:
    changes = change.get("changes")
    if not done or not isinstance(changes, dict):
        return
    files = rollout.texts("files")
    for path in changes:
        if isinstance(path, str) and path not in files and len(files) < _FILES:
            files.append(path)


def _ordinal(record: dict[str, object]) -> int:
    ordinal = record.get("ordinal")
    return ordinal if isinstance(ordinal, int) else _UNNUMBERED


def _text_at(payload: dict[str, object], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _text(content: object) -> str:
    """The text of a message, of Codex's parts or plain."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))
