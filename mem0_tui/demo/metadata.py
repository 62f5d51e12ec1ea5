"""The metadata and categories that Mem0's Codex plugin and platform give to a memory of each type.

The keys and values are those that version 0.2.13 of the plugin writes.
"""

from __future__ import annotations

from random import Random
from typing import Any

from mem0_tui.demo.note import Note

_CATEGORIES = {
    "decision": "architecture_decisions",
    "task_learning": "task_learnings",
    "anti_pattern": "anti_patterns",
    "user_preference": "user_preferences",
    "environmental": "tooling_setup",
    "convention": "coding_conventions",
    "bug_fix": "bug_fixes",
}
_BRANCHES = ("main", "main", "main", "develop", "release/4.3", "chore/deps", "feat/vat-2026")
_SOURCES = {
    "session_summary": "stop-hook",
    "session_state": "pre-compaction",
    "compact_summary": "session-start-compact",
    "project_profile": "auto-import",
}


def usual_metadata(note: Note, rng: Random, session_id: str) -> dict[str, Any]:
    """What the plugin would write for *note*, and the note's own values on top."""
    metadata = bulk_metadata(note.type, rng, session_id)
    metadata.update(note.extra)
    if metadata.get("source") in ("import", "mem0-dream", "memory-md-import", "copilot-import"):
        metadata.pop("session_id", None)
    elif note.session:
        metadata["session_id"] = session_id
    return metadata


def bulk_metadata(type_: str | None, rng: Random, session_id: str) -> dict[str, Any]:
    """The metadata of a memory of *type_* as its usual writer makes it."""
    branch = _BRANCHES[int(rng.random() * len(_BRANCHES))]
    match type_:
        case None:
            return {}
        case "health_check":
            return {"type": type_, "probe": True}
        case "project_profile":
            return {"type": type_, "source": _SOURCES[type_], "branch": branch}
        case "session_summary" | "session_state" | "compact_summary":
            source = _SOURCES[type_]
            return {"type": type_, "source": source, "session_id": session_id, "branch": branch}
        case "auto_capture":
            return _captured(type_, branch, session_id)
        case _:
            if rng.random() < 0.3:
                return {**_captured(type_, branch, session_id), "files": ["*"]}
            return {
                "type": type_,
                "confidence": 1.0,
                "source": "remember_command",
                "branch": branch,
            }


def _captured(type_: str, branch: str, session_id: str) -> dict[str, Any]:
    return {
        "type": type_,
        "confidence": 0.7,
        "source": "auto_capture",
        "branch": branch,
        "session_id": session_id,
    }


def categories(note: Note, rng: Random) -> tuple[str, ...]:
    """The categories that *note* names, else now and then the one that its type suggests."""
    if note.categories is not None:
        return note.categories
    suggested = _CATEGORIES.get(note.type or "")
    return (suggested,) if suggested and rng.random() < 0.45 else ()
