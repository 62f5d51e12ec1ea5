"""Hooks give the model no secret, unless a setting says otherwise, and write none down."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from mem0_tui.hooks.identity import HookIdentity
from mem0_tui.hooks.memories import RecalledMemories
from mem0_tui.hooks.server import MemoryServer
from tests.hooks.conftest import Machine
from tests.hooks.rollouts import Rollout

TOKEN = "gh" + "p_Zq7Lm2Xc9Vb4Nn8Kk1Jj6Hh3Gg5Ff0Dd2Ss"
SECRET = f"Orders deploys push to the mirror with {TOKEN}"
QUESTION = "with what do deploys of orders push to the mirror?"


def told(machine: Machine) -> list[str]:
    """What a start and a prompt are told."""
    return [
        machine.hook("SessionStart", source="startup"),
        machine.hook("UserPromptSubmit", session="s2", prompt=QUESTION),
    ]


def test_what_the_model_is_given_is_masked_unless_a_setting_says_otherwise(
    machine: Machine,
) -> None:
    machine.add(SECRET, "decision")
    for each in told(machine):
        assert "push to the mirror with ghp_…d2Ss" in each
        assert TOKEN not in each
    machine.environ["MEM0_TUI_MASK_RECALLED"] = "off"
    machine.environ["XDG_STATE_HOME"] = str(machine.home / "another")
    for each in told(machine):
        assert TOKEN in each


class _Foreign(BaseHTTPRequestHandler):
    """A Mem0 server that knows nothing of masks."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"results": [{"id": "m1", "memory": SECRET}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


def test_what_another_server_answers_is_masked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    httpd = HTTPServer(("127.0.0.1", 0), _Foreign)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        server = MemoryServer(f"http://127.0.0.1:{httpd.server_port}", "")
        memories = RecalledMemories(server, HookIdentity("kim", "shop", ""), monotonic() + 300)
        (found,) = memories.newest(("decision",), 1)
        assert found.text == "Orders deploys push to the mirror with ghp_…d2Ss"
        monkeypatch.setenv("MEM0_TUI_MASK_RECALLED", "false")
        (found,) = memories.similar("mirror", 1, 0.1)
        assert found.text == SECRET
    finally:
        httpd.shutdown()
        httpd.server_close()


def test_a_note_and_what_a_session_is_known_by_hold_no_secret(
    machine: Machine, tmp_path: Path
) -> None:
    rollout = Rollout(tmp_path / "rollout.jsonl")
    rollout.asks(f"please push the orders service with {TOKEN}")
    rollout.changes(str(machine.cwd / "a.py"))
    rollout.says(f"Done: pushed with {TOKEN} to the mirror, all tests pass now.")
    machine.hook("Stop", transcript_path=str(rollout.path), stop_hook_active=False)
    (note,) = machine.stored("session_summary")
    assert "ghp_…d2Ss" in note["memory"]
    for path in machine.home.rglob("*"):
        if path.is_file() and "rollout" not in path.name:
            assert TOKEN.encode() not in path.read_bytes(), path
