"""A stand-in for Mem0's plugin 0.3: its manifest, hooks, file names, data folder and database.

What its programs do is in ``core/`` and ``hooks/``; they are copied into the plugin, where they run
with the standard library alone.
"""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from mem0_tui.model.clock import SystemClock
from tests.codex.lookalike import write_json
from tests.codex.plugin3.core.evidence import SCHEMA

VERSION = "0.3.4"
PLACE = "./integrations/codex-plugin"
SKILLS = ("forget", "handoff", "pause", "remember", "resume", "search", "status")
VARIABLES = (
    "MEM0_API_KEY",
    "MEM0_API_URL",
    "MEM0_CODE_USER_ID",
    "MEM0_USER_ID",
    "MEM0_RESOLVED_USER_ID",
    "MEM0_PROJECT_ID",
    "MEM0_TELEMETRY",
)
HANDLERS: tuple[tuple[str, str | None, str], ...] = (
    ("SessionStart", "startup|resume|clear|compact", "session-start"),
    ("UserPromptSubmit", None, "user-prompt"),
    ("PostToolUse", ".*", "post-tool"),
    ("SubagentStart", None, "subagent-start"),
    ("SubagentStop", None, "subagent-stop"),
    ("Stop", None, "stop"),
    ("PreCompact", None, "flush --reason pre-compact"),
    ("SessionEnd", None, "flush --reason session-end"),
)
"""Event, matcher, action; each in a group of its own."""
_OWN_IMPORT = re.compile(r"(?m)^(\s*)from tests\.codex\.plugin3\.core(?: |\.(\w+) )import")


def hooks(timeout: int = 3) -> dict[str, Any]:
    """The eight handlers as the plugin's hooks.json has them, but for *timeout*, in seconds."""
    events: dict[str, list[Any]] = {}
    for event, matcher, action in HANDLERS:
        command = (
            f'python3 "${{PLUGIN_ROOT}}/hooks/adapter.py" {action}'
            ' --plugin-data-dir "${PLUGIN_DATA}"'
        )
        group: dict[str, Any] = {} if matcher is None else {"matcher": matcher}
        handler = {"type": "command", "command": command, "timeout": timeout}
        events.setdefault(event, []).append({**group, "hooks": [handler]})
    return {"description": "Stand-in", "hooks": events}


def write_plugin(folder: Path, *, version: str = VERSION, timeout: int = 3) -> Path:
    """Write the whole plugin into *folder*; its hooks have *timeout* seconds."""
    manifest = {
        "name": "mem0",
        "version": version,
        "description": "A stand-in",
        "skills": "./skills/",
        "hooks": "./hooks/hooks.json",
        "mcpServers": "./.mcp.json",
    }
    server = {
        "type": "stdio",
        "command": "python3",
        "args": ["./core/mcp_server.py"],
        "cwd": ".",
        "env_vars": list(VARIABLES),
    }
    write_json(folder / ".codex-plugin/plugin.json", manifest)
    write_json(folder / ".mcp.json", {"mcpServers": {"mem0": server}})
    write_json(folder / "hooks/hooks.json", hooks(timeout))
    _copy("hooks", folder)
    _write_core(folder)
    return folder


def write_portable(folder: Path) -> Path:
    """Write the package for hosts without plugins of their own into *folder*."""
    schema = "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json"
    manifest = {"$schema": schema, "name": "mem0", "version": VERSION, "description": "A stand-in"}
    write_json(folder / "plugin.json", manifest)
    write_json(folder / "mcp.json", {"mcpServers": {"mem0": {"command": "python3"}}})
    _write_core(folder)
    return folder


def _write_core(folder: Path) -> None:
    _copy("core", folder)
    for name in SKILLS:
        _write(
            folder / "skills" / name / "SKILL.md",
            f"---\nname: {name}\ndescription: Does {name} with memories.\n---\n# {name}\n",
        )


def _copy(part: str, folder: Path) -> None:
    """Copy the programs of *part* as they run where there is no package around them."""
    for program in (Path(__file__).parent / part).glob("[a-z]*.py"):
        text = _OWN_IMPORT.sub(_flat, program.read_text())
        _write(folder / part / program.name, text)


def _flat(found: re.Match[str]) -> str:
    blanks, module = found.groups()
    return f"{blanks}from {module} import" if module else f"{blanks}import"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def ago(**length: float) -> str:
    """A moment that long ago, as the plugin writes it."""
    return (SystemClock().now() - timedelta(**length)).isoformat()


class Evidence:
    """The plugin's database in a data folder, to be filled."""

    def __init__(self, folder: Path, schema: str = SCHEMA) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "evidence.sqlite3"
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.executescript(schema)
        connection.close()
        self._number = 0

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path)

    def _add(self, table: str, **values: object) -> Evidence:
        self._number += 1
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._open() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
            )
        connection.close()
        return self

    def paused(self, value: str = "true", **at: float) -> Evidence:
        return self._add("settings", key="paused", value=value, updated_at=ago(**at))

    def flush(self, status: str, error: str = "", **at: float) -> Evidence:
        moment = ago(**at)
        return self._add(
            "flushes",
            packet_id=f"{status}-{self._number}",
            session_id="s",
            reason="session-end",
            status=status,
            error=error,
            attempts=5 if status == "gave-up" else 0,
            created_at=moment,
            updated_at=moment,
        )

    def search(self, error: str = "", **at: float) -> Evidence:
        return self._add(
            "operations",
            created_at=ago(**at),
            operation="first-prompt-search",
            success=int(not error),
            error=error or None,
        )

    def recall(self, text: str, **at: float) -> Evidence:
        return self._add(
            "retrievals",
            session_id="s",
            repo_id="r",
            memory_id=f"m{self._number}",
            injected_at=ago(**at),
            memory_text=text,
        )

    def event(self, kind: str, **at: float) -> Evidence:
        return self._add("events", kind=kind, created_at=ago(**at), payload_json=json.dumps({}))
