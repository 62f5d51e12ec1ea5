"""Rollout files as Codex writes them, line by line, in the shapes that were recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ENVIRONMENT = "<environment_context>\n  <cwd>/src/shop</cwd>\n</environment_context>"
AGENTS = "# AGENTS.md instructions for /src/shop\n\n<INSTRUCTIONS>be brief</INSTRUCTIONS>"


@dataclass
class Rollout:
    """One session's file, written as the session goes on."""

    path: Path
    meta: dict[str, Any] = field(default_factory=lambda: {"id": "s"})
    ordinal: int | None = None
    """The number of the next line, as Codex 0.171 has them."""
    bare: bool = False
    """Whether it goes on where another file was left."""

    def __post_init__(self) -> None:
        self.write("session_meta", {"cwd": "/src/shop", "cli_version": "0.171.0", **self.meta})
        if self.bare:
            return
        self.message("developer", "<permissions instructions>read only</permissions instructions>")
        self.message("user", AGENTS)
        self.message("user", ENVIRONMENT)

    def write(self, kind: str, payload: dict[str, Any], **more: Any) -> None:
        line = {"timestamp": "2026-11-22T20:38:46.445Z", "type": kind, "payload": payload, **more}
        if self.ordinal is not None:
            line["ordinal"] = self.ordinal
            self.ordinal += 1
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def message(self, role: str, text: str, **more: Any) -> None:
        part = "output_text" if role == "assistant" else "input_text"
        payload = {"type": "message", "role": role, "content": [{"type": part, "text": text}]}
        self.write("response_item", payload, **more)

    def asks(self, text: str) -> None:
        self.message("user", text)

    def says(self, text: str) -> None:
        self.message("assistant", text)

    def runs(self, command: str) -> None:
        arguments = json.dumps({"cmd": command})
        call = {"type": "function_call", "name": "exec_command", "arguments": arguments}
        self.write("response_item", {**call, "call_id": "call_1"})
        output = {"type": "function_call_output", "call_id": "call_1", "output": "ok"}
        self.write("response_item", output)

    def changes(self, *paths: str, status: str = "completed") -> None:
        """A patch, as Codex 0.169 records it."""
        changes = {path: {"type": "update", "unified_diff": "@@"} for path in paths}
        item = {"type": "FileChange", "id": "call_1", "changes": changes, "status": status}
        self.write("event_msg", {"type": "item_completed", "item": item})

    def changed_before_items(self, *paths: str, success: bool = True) -> None:
        """A patch, as Codex recorded it before there were items."""
        changes = {path: {"update": {"unified_diff": "@@"}} for path in paths}
        self.write("event_msg", {"type": "patch_apply_end", "success": success, "changes": changes})
