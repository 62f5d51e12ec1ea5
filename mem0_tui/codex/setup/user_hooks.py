"""This program's handlers in the user's own hooks.json, for installs without the plugin."""

from __future__ import annotations

import json
import os
import shlex
from functools import partial

from mem0_tui.codex.facts.hook_rules import file_fault
from mem0_tui.codex.files.json_doc import load_json
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.fixes.json_edit import edit_json
from mem0_tui.codex.report import FileEdit
from mem0_tui.codex.rules import Measured
from mem0_tui.codex.setup import plugin_bundle as bundle
from mem0_tui.model.errors import RefusedError


def is_own_hook(command: str) -> bool:
    """Whether a hook's command line starts this program's hooks."""
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    tail = os.path.join(*bundle.LAUNCHER.split("/"))
    return any(word.replace("\\", "/").endswith(bundle.LAUNCHER) for word in words) or (
        any(word.endswith(tail) for word in words)
    )


def hook_edits(path: str, folder: str, program: str, rules: Measured) -> list[FileEdit]:
    """The hooks.json at *path* with this program's handlers after those that are there.

    *folder* is where the launcher is, *program* the path of mem0-tui; *rules* are Codex's.

    Raises:
        RefusedError: Codex would not read the file as it is.
    """
    launcher = os.path.join(folder, *bundle.LAUNCHER.split("/"))
    groups = {
        event: [_user_group(group, event, launcher, program) for group in given]
        for event, given in bundle.hook_events().items()
    }
    document = load_json(path)
    if document.file.state is FileState.ABSENT:
        text = json.dumps({"hooks": groups}, indent=2) + "\n"
        return [FileEdit(path, None, text.encode())]
    fault = document.problem or file_fault(document.data, document.duplicates, rules, strict=True)
    if fault is not None:
        raise RefusedError(f"{path} is broken", hint="mem0-tui doctor says what is wrong")
    return edit_json(path, partial(_with_groups, groups))


def _with_groups(groups: dict[str, list[dict[str, object]]], data: object) -> object:
    hooks = data.setdefault("hooks", {}) if isinstance(data, dict) else {}
    for event, added in groups.items():
        present = hooks.setdefault(event, [])
        if not any(_is_own_group(group) for group in present):
            present += added
    return data


def _is_own_group(group: object) -> bool:
    handlers = group.get("hooks", []) if isinstance(group, dict) else []
    return any(is_own_hook(str(h.get("command"))) for h in handlers if isinstance(h, dict))


def _user_group(
    group: dict[str, object], event: str, launcher: str, program: str
) -> dict[str, object]:
    handlers = group["hooks"]
    commands = {
        "command": f"sh {shlex.quote(launcher)} {event}",
        "commandWindows": f'"{program}" hook {event}',
    }
    changed = (
        [{**handler, **commands} for handler in handlers] if isinstance(handlers, list) else []
    )
    return {**group, "hooks": changed}
