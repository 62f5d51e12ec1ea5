"""A hook from the start of its process to its end, against a Python that does nothing at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.perf.measure import compared, heading, timed_together
from tests.support.serving import KEY, serving

_CALLS = 31
_GOAL = "3 at most"


def run(folder: Path) -> None:
    """Compare each event's hook with ``python -c pass``."""
    heading("A hook's process, against `python -c pass`")
    program = Path(sys.executable).with_name("mem0-tui")
    command = [str(program)] if program.exists() else [sys.executable, "-m", "mem0_tui"]
    place = folder / "hook"
    (place / "plugin").mkdir(parents=True)
    rollout = place / "rollout.jsonl"
    rollout.write_text("")
    with serving(place / "memories.db") as server:
        entry = {"url": f"{server.url}/mcp", "bearer_token_env_var": "MEM0_TUI_SERVE_KEY"}
        (place / "plugin/.codex-mcp.json").write_text(json.dumps({"mcpServers": {"mem0": entry}}))
        environ = {
            **os.environ,
            "HOME": str(place),
            "XDG_STATE_HOME": str(place / "state"),
            "PLUGIN_ROOT": str(place / "plugin"),
            "MEM0_TUI_SERVE_KEY": KEY,
            "USER": "kim",
        }
        for name, event, given in _events(rollout):
            hook = _process([*command, "hook", event], given, environ)
            bare = _process([sys.executable, "-c", "pass"], given, environ)
            ours, baseline = timed_together(hook, bare, calls=_CALLS)
            compared(name, ours, baseline, _GOAL)
        given = _events(rollout)[1][2]
        launcher = shutil.which("sh")
        if launcher is not None:
            environ["PATH"] = f"{program.parent}{os.pathsep}{environ['PATH']}"
            path = Path(__file__).parents[2] / "mem0_tui/plugin/mem0-tui/hooks/run"
            hook = _process([launcher, str(path), "UserPromptSubmit"], given, environ)
            bare = _process([sys.executable, "-c", "pass"], given, environ)
            ours, baseline = timed_together(hook, bare, calls=_CALLS)
            compared("UserPromptSubmit through the plugin's launcher", ours, baseline, _GOAL)


def _events(rollout: Path) -> list[tuple[str, str, bytes]]:
    prompt = {"prompt": "which database do we use for orders?"}
    ended = {"transcript_path": str(rollout), "last_assistant_message": "It is done."}
    rows = (
        ("SessionStart, two lists", "SessionStart", {"source": "clear"}),
        ("UserPromptSubmit, a search", "UserPromptSubmit", prompt),
        ("UserPromptSubmit, too short to search", "UserPromptSubmit", {"prompt": "go on"}),
        ("Stop, nothing to note", "Stop", ended),
    )
    common = {"session_id": "SESSION", "cwd": str(rollout.parent)}
    return [(name, event, json.dumps({**common, **more}).encode()) for name, event, more in rows]


def _process(command: list[str], given: bytes, environ: dict[str, str]) -> Callable[[], object]:
    numbers = count()

    def once() -> object:
        own = given.replace(b"SESSION", b"s%d" % next(numbers))  # each call is a session's first
        return subprocess.run(command, input=own, env=environ, capture_output=True, check=True)

    return once
