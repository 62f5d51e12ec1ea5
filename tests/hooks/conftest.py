"""Runs hooks as Codex does, one process an event, against a real ``mem0-tui serve``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from mem0_tui.hooks.exchange import exchange
from mem0_tui.hooks.server import MemoryServer
from tests.support.hurry import ENOUGH, hooks_have
from tests.support.serving import KEY, Serving, serving


@dataclass
class Machine:
    """A home with a project, its Codex and its server."""

    home: Path
    server: MemoryServer
    user: str
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cwd = self.home / "shop"
        self.cwd.mkdir(parents=True)
        self.plugin = self.home / "plugin"
        self.plugin.mkdir()
        self.name_server(f"{self.server.base}/mcp")
        self.environ = {
            **os.environ,
            **hooks_have(ENOUGH),
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "USER": self.user,
            "PLUGIN_ROOT": str(self.plugin),
            "MEM0_TUI_SERVE_KEY": KEY,
            **self.environ,
        }

    def name_server(self, url: str) -> None:
        """Have the plugin name the server at *url*."""
        entry = {"url": url, "bearer_token_env_var": "MEM0_TUI_SERVE_KEY"}
        text = json.dumps({"mcpServers": {"mem0": entry}})
        (self.plugin / ".codex-mcp.json").write_text(text)

    @property
    def state(self) -> Path:
        return self.home / "state" / "mem0-tui" / "hooks"

    @property
    def log(self) -> list[str]:
        path = self.state / "hooks.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def start(self, name: str, *, session: str = "s1", **more: Any) -> subprocess.Popen[bytes]:
        """Start a hook's process, its input given."""
        given = {"session_id": session, "cwd": str(self.cwd), "hook_event_name": name, **more}
        process = subprocess.Popen(
            [sys.executable, "-m", "mem0_tui", "hook", name],
            env=self.environ,
            cwd=self.cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(given).encode())
        process.stdin.close()
        process.stdin = None
        return process

    def hook(self, name: str, *, session: str = "s1", **more: Any) -> str:
        """Run a hook and return the context it gives to the model, empty where it gives none."""
        return context_of(name, self.start(name, session=session, **more))

    def add(self, text: str, kind: str = "", **more: Any) -> str:
        """Store a memory as an agent would and return its id."""
        body = {
            "messages": [{"role": "user", "content": text}],
            "user_id": self.user,
            "app_id": "shop",
            "metadata": {"type": kind} if kind else {},
            "infer": False,
            **more,
        }
        status, answer = self.call("POST", "/v3/memories/add/", body)
        assert status == 200, answer
        return str(answer["results"][0]["id"])

    def stored(self, kind: str) -> list[dict[str, Any]]:
        """All memories of a type, or all where none is named."""
        typed = [{"metadata": {"type": kind}}] if kind else []
        filters = {"AND": [{"user_id": self.user}, *typed]}
        path = "/v3/memories/?page=1&page_size=100"
        return list(self.call("POST", path, {"filters": filters})[1]["results"])

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        return exchange(self.server, method, path, body, monotonic() + 300)


def context_of(name: str, process: subprocess.Popen[bytes]) -> str:
    """What a hook's process answers; it never fails and says nothing else."""
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, b"")
    if not out:
        return ""
    specific = json.loads(out)["hookSpecificOutput"]
    assert specific.pop("hookEventName") == name
    return str(specific["additionalContext"])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


_numbers = iter(range(1, 1 << 30))


@pytest.fixture
def machine(served: Serving, tmp_path: Path) -> Machine:
    """A machine whose user has no memory yet."""
    return Machine(
        tmp_path / "home", MemoryServer(served.url, served.key), f"user-{next(_numbers)}"
    )
