"""A stand-in for Mem0's Codex plugin: the same manifests, file names, events and counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SKILLS = [
    "context-loader",
    "dream",
    "export",
    "forget",
    "health",
    "import",
    "list-projects",
    "mem0",
    "memory-reviewer",
    "onboard",
    "peek",
    "pin",
    "policy",
    "remember",
    "stats",
    "switch-project",
    "tour",
]
HOSTED = "https://mcp.mem0.ai/mcp"
VERSION = "0.2.13"
_TOOLS = ("add_memory", "search_memories", "get_memories", "delete_all_memories")
MATCHER = "|".join(
    f"mcp__{server}__{tool}" for tool in _TOOLS for server in ("mem0", "plugin_mem0_mem0")
)
ANY_TOOL = "mcp__mem0__.*|mcp__plugin_mem0_mem0__.*"
HANDLERS: tuple[tuple[str, str | None, str, int | None, str | None], ...] = (
    ("PreToolUse", "Write|Edit|MultiEdit", "block_memory_write.sh", 3, None),
    ("PreToolUse", MATCHER, "enforce_metadata_defaults.sh", 3, None),
    ("PreToolUse", "Read", "on_file_read.sh", 5, None),
    ("SessionStart", "startup|resume|compact", "on_session_start.sh", None, "Waking up"),
    ("UserPromptSubmit", None, "on_user_prompt.sh", 12, "Looking back"),
    ("PostToolUse", ANY_TOOL, "on_post_tool_use.sh", 3, None),
    ("PostToolUse", "Bash", "on_bash_output.sh", 12, None),
    ("Stop", None, "on_stop.sh", 30, None),
    ("PreCompact", None, "on_pre_compact.sh", None, "Summing up"),
)
"""Event, matcher, script, timeout, status message."""


def hooks(root: str = "${PLUGIN_ROOT}") -> dict[str, Any]:
    """The nine handlers, their scripts below *root*."""
    events: dict[str, list[Any]] = {}
    for event, matcher, script, timeout, status in HANDLERS:
        handler: dict[str, Any] = {
            "type": "command",
            "command": f"MEM0_PLATFORM=codex {root}/scripts/{script}",
        }
        if status is not None:
            handler["statusMessage"] = status
        if timeout is not None:
            handler["timeout"] = timeout
        group: dict[str, Any] = {} if matcher is None else {"matcher": matcher}
        events.setdefault(event, []).append({**group, "hooks": [handler]})
    return {"hooks": events}


def write_plugin(folder: Path, *, version: str | None = VERSION, url: str = HOSTED) -> Path:
    """Write the whole plugin into *folder*."""
    manifest = {
        "name": "mem0",
        "version": version,
        "description": "A stand-in",
        "skills": "./skills/",
        "mcpServers": "./.codex-mcp.json",
        "hooks": "./hooks/codex-hooks.json",
    }
    if version is None:
        del manifest["version"]
    server = {"url": url, "bearer_token_env_var": "MEM0_API_KEY"}
    claude = {"type": "http", "url": url, "headers": {"Authorization": "Token ${MEM0_API_KEY}"}}
    write_json(folder / ".codex-plugin/plugin.json", manifest)
    write_json(folder / ".claude-plugin/plugin.json", {"name": "mem0", "version": VERSION})
    write_json(folder / ".codex-mcp.json", {"mcpServers": {"mem0": server}})
    write_json(folder / ".mcp.json", {"mcpServers": {"mem0": claude}})
    write_json(folder / "hooks/codex-hooks.json", hooks())
    setup = {"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/scripts/on_stop.sh"}
    events = hooks("${CLAUDE_PLUGIN_ROOT}")["hooks"]
    write_json(folder / "hooks/hooks.json", {"hooks": {"Setup": [{"hooks": [setup]}], **events}})
    for _, _, script, _, _ in HANDLERS:
        path = folder / "scripts" / script
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\nexit 0\n")
        path.chmod(0o755)
    for name in SKILLS:
        path = folder / "skills" / name / "SKILL.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\nname: {name}\ndescription: Does {name} with memories.\n---\n# {name}\n"
        )
    return folder


def write_marketplace(root: Path, path: Any = "./integrations/mem0-plugin") -> Path:
    """Write the marketplace's manifest for a clone in *root*."""
    entry = {"name": "mem0", "source": {"source": "local", "path": path}}
    target = root / ".agents/plugins/marketplace.json"
    write_json(target, {"name": "mem0-plugins", "plugins": [entry]})
    return target


def write_json(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n")
