"""Reads Codex's rollout file: what was asked, said and changed, each line once.

A session remembers how far it was read, so a turn costs what the turn wrote, not what the session
holds. The shapes are those of Codex 0.114 to 0.169.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.block import without_blocks
from mem0_tui.hooks.document import loads
from mem0_tui.hooks.state import Session

_MOST = 1 << 24
"""Bytes that are read at one event; of a longer file the end."""
_LONGEST = 1 << 20
"""Bytes of a line that is looked into: longer ones hold images."""
_MARKS = (b'"message"', b'_call"', b'"FileChange"', b'"patch_apply_end"')
_PROMPTS, _FILES = 6, 40
_TELLING = 20
"""Characters from which on a prompt says what a session is about."""
_NOT_TYPED = ("<", "# AGENTS.md")
"""How texts begin that Codex adds in the user's name."""


def advance(session: Session, path: str) -> None:
    """Take what *path* holds since the last time into *session*; nothing where it is unreadable.

    ``goal`` is the first prompt, ``prompts`` the last few others, ``files`` what was changed,
    ``calls`` the number of tool calls, ``said`` the last answer.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = session.number("offset")
            start = max(0 if start > size else start, size - _MOST)
            file.seek(start)
            data = file.read(_MOST)
    except (OSError, ValueError):
        return
    end = data.rfind(b"\n") + 1
    session.known["offset"] = start + end
    for line in data[:end].splitlines():
        if len(line) <= _LONGEST and any(mark in line for mark in _MARKS):
            _take(session, line)


def _take(session: Session, line: bytes) -> None:
    try:
        record = loads(line)
    except ValueError:
        return
    payload = record.get("payload") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(payload, dict):
        return
    kind, inner = record.get("type"), payload.get("type")
    if kind == "response_item" and inner == "message":
        _message(session, record, payload)
    elif kind == "response_item" and isinstance(inner, str) and inner.endswith("_call"):
        session.known["calls"] = session.number("calls") + 1
    elif kind == "event_msg" and inner == "patch_apply_end":
        _changed(session, payload, payload.get("success") is True)
    elif kind == "event_msg" and inner == "item_completed":
        item = payload.get("item")
        if isinstance(item, dict) and item.get("type") == "FileChange":
            _changed(session, item, item.get("status") == "completed")


def _message(session: Session, record: dict[str, object], payload: dict[str, object]) -> None:
    role, text = payload.get("role"), without_blocks(_text(payload.get("content"))).strip()
    metadata = record.get("metadata")
    if not text or (isinstance(metadata, dict) and metadata.get("compaction_output")):
        return
    if role == "assistant":
        session.known["said"] = text
    elif role == "user" and _typed(payload, text):
        asked(session, text)


def _typed(payload: dict[str, object], text: str) -> bool:
    """Whether the user wrote it; Codex says so itself since it keeps where a message is from."""
    about = payload.get("internal_chat_message_metadata_passthrough")
    kinds = about.get("content_item_kinds") if isinstance(about, dict) else None
    return "user.text" in kinds if isinstance(kinds, list) else not text.startswith(_NOT_TYPED)


def asked(session: Session, prompt: str) -> None:
    """Note a prompt of the user; the first one that says something is the session's goal."""
    prompt, goal = prompt[:1000], session.text("goal")
    if not goal or len(goal) < _TELLING <= len(prompt):
        session.known["goal"] = prompt
        return
    prompts = session.texts("prompts")
    if prompt != goal and prompt not in prompts:
        prompts.append(prompt)
        del prompts[:-_PROMPTS]


def _changed(session: Session, change: dict[str, object], done: bool) -> None:
    changes = change.get("changes")
    if not done or not isinstance(changes, dict):
        return
    files = session.texts("files")
    for path in changes:
        if isinstance(path, str) and path not in files and len(files) < _FILES:
            files.append(path)


def _text(content: object) -> str:
    """The text of a message, of Codex's parts or plain."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))
