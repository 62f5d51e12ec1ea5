"""Who writes noise, and which hook or setting stops it.

The writers are those of Mem0's plugin for Codex, 0.2.13 and 0.3.4, and of mem0-tui's own hooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mem0_tui.model.memory import PLUGIN_SOURCE, Memory

_NO_SOURCE, _NO_KIND = "no source", "untyped"
_UNKNOWN = f"{_NO_SOURCE}/{_NO_KIND}"
_IMPORT = "plugin 0.2 imports it when a session starts, plugin 0.3 does not"
_STOPS: Final[Mapping[str, str]] = {
    "stop-hook": "the Stop hook of plugin 0.2 writes one at every turn; take it out of hooks.json",
    "pre-compaction": "the PreCompact hook of plugin 0.2 writes it; take it out of hooks.json",
    "session-start-compact": "the SessionStart hook of plugin 0.2 writes it after each compaction",
    "auto-import": _IMPORT,
    "cursor-import": _IMPORT,
    "copilot-import": _IMPORT,
    "cline-import": _IMPORT,
    "continue-import": _IMPORT,
    "auto_capture": "plugin 0.2 captures every third prompt; plugin 0.3 does not",
    PLUGIN_SOURCE: "plugin 0.3 captures it; MEM0_CODE_AUTO_FLUSH=false stops that",
}
_OF_TYPES: Final[Mapping[str, str]] = {
    "session_summary": _STOPS["stop-hook"],
    "session_state": _STOPS["pre-compaction"],
    "compact_summary": _STOPS["session-start-compact"],
    "project_profile": _IMPORT,
    "auto_capture": _STOPS["auto_capture"],
    "health_check": "the skill «health» of plugin 0.2 writes it, and should delete it",
}
_BY_HAND = frozenset(("remember_command", "manual", "user", "cli", "mem0-tui"))


def source_of(memory: Memory) -> str:
    """Its ``metadata.source``, empty where it has none."""
    value = memory.metadata.get("source")
    return value.strip() if isinstance(value, str) else ""


def producer_of(memory: Memory) -> str:
    """Who wrote *memory*, as source and kind: ``stop-hook/session_summary``."""
    if not memory.metadata and not memory.categories:
        return _UNKNOWN
    return f"{source_of(memory) or _NO_SOURCE}/{memory.kind or _NO_KIND}"


def stop_of(producer: str) -> str:
    """What stops *producer*, as a clause; empty where that is not known."""
    source, _, kind = producer.partition("/")
    return _STOPS.get(source) or _OF_TYPES.get(kind, "")


def by_hand(memory: Memory) -> bool:
    """Whether a person had it stored in these words, so that its wording says nothing."""
    if not memory.metadata:
        return memory.immutable
    confidence = memory.confidence
    sure = confidence is not None and confidence >= 1
    return memory.immutable or sure or source_of(memory) in _BY_HAND
