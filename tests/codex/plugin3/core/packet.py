"""What is sent of a part of a session: its messages, and whose they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from tests.codex.plugin3.core.evidence import Event
from tests.codex.plugin3.core.redaction import redacted
from tests.codex.plugin3.core.repository import Repository, user_of

CATEGORIES = (
    {"project_knowledge": "Facts about how the project is built."},
    {"decisions_and_constraints": "What was decided, and what limits the work."},
    {"workflows": "How things are done here."},
    {"problems_and_fixes": "What went wrong and how it was mended."},
    {"results": "What came of the work."},
)
TOKENS = 24_000
"""Estimated tokens of the messages of one add."""
_OUTCOMES: dict[bool | None, str] = {True: "failed", False: "succeeded", None: "unknown"}
_ROLES = {"user_prompt": "user", "assistant_stop": "assistant"}


def messages(events: list[Event]) -> list[dict[str, str]]:
    """Prompts and final answers in their order; what was changed follows the last answer."""
    found = [
        {"role": _ROLES[kind], "content": redacted(payload["text"])}
        for _, kind, payload in events
        if kind in _ROLES
    ]
    account = _account(events)
    last = next((each for each in reversed(found) if each["role"] == "assistant"), None)
    if account and last is not None:
        last["content"] += f"\n\n{account}"
    return found


def _account(events: list[Event]) -> str:
    tools = [payload for _, kind, payload in events if kind.startswith("tool_")]
    paths = dict.fromkeys(str(each["repo_path"]) for each in tools if each.get("repo_path"))
    runs = [each for each in tools if each.get("command")]
    lines = ["Account of the session"]
    if paths:
        lines += ["Changed paths", *(f"- {path}" for path in paths)]
    if any(each.get("failed") for each in runs):
        lines.append("Commands run")
        for each in runs:
            how = _OUTCOMES[each.get("failed")]
            kind, command = each.get("command_kind", "shell"), redacted(each["command"])
            lines.append(f"- [{how}/{kind}] {command} — {each.get('result_preview', '')}")
    return "\n".join(lines) if len(lines) > 1 else ""


def bodies(
    repository: Repository, session: str, events: list[Event], environ: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The adds of these events: one, or several where they are long."""
    user = user_of(environ)
    common = {
        "agent_id": repository.lane,
        "user_id": user,
        "app_id": repository.app,
        "run_id": session,
        "source": "MEM0_PLUGIN",
        "metadata": {
            "source": "codex_plugin",
            **({"branch": repository.branch} if repository.branch else {}),
            "git_sha": repository.head,
            "author": user,
            "dirs": repository.folders,
        },
        "agent_custom_instructions": "Keep what the next person on this project needs to know.",
        "custom_instructions": "Keep what this person wants, wherever they work.",
        "custom_categories": list(CATEGORIES),
        "infer": True,
    }
    return [{**common, "messages": part} for part in _parts(messages(events))]


def _parts(found: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    parts: list[list[dict[str, str]]] = []
    room = 0
    for message in found:
        tokens = len(message["content"]) // 4
        if not parts or tokens > room:
            parts.append([])
            room = TOKENS
        parts[-1].append(message)
        room -= tokens
    return parts


def tool_payload(asked: Mapping[str, Any], root: str) -> dict[str, Any]:
    """What is kept of a call of a tool; the outcome of a shell command is not known."""
    given = asked.get("tool_input")
    given = given if isinstance(given, dict) else {}
    command = str(given.get("command") or "")
    found: dict[str, Any] = {
        "tool": asked.get("tool_name"),
        "failed": None,
        "duration_ms": asked.get("duration_ms"),
        "agent_role": "subagent" if asked.get("agent_id") else "main",
    }
    if "*** Begin Patch" in command:
        paths = [
            line.partition(": ")[2].strip()
            for line in command.splitlines()
            if line.startswith(("*** Add File:", "*** Update File:", "*** Delete File:"))
        ]
        if paths:
            path = os.path.relpath(os.path.join(root, paths[0]), root)
            found |= {"path": paths[0], "repo_path": path, "mutation_chars": len(command)}
    elif command:
        preview = str(asked.get("tool_response") or "")[:200]
        kind = "test" if "test" in command else "shell"
        found |= {"command": command, "command_kind": kind, "result_preview": redacted(preview)}
    else:
        found["input_keys"] = sorted(map(str, given))
    return found
