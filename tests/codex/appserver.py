"""Asks the real Codex about a home, through ``codex app-server``; starts no thread."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.codex.homes import Home

TIMEOUT = 120
"""Seconds for an answer; a turn with hooks takes half a minute on a busy machine."""


@dataclass
class Codex:
    """One running app-server."""

    process: subprocess.Popen[str]
    lines: queue.Queue[str] = field(default_factory=queue.Queue)
    notes: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer: ``result`` or ``error``."""
        assert self.process.stdin
        self.number += 1
        call = {"id": self.number, "method": method, "params": params or {}}
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        while True:
            answer: dict[str, Any] = json.loads(self.lines.get(timeout=TIMEOUT))
            if answer.get("id") == self.number and "method" not in answer:
                return answer
            self.notes.append(answer)

    def tell(self, method: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"method": method}) + "\n")


@contextlib.contextmanager
def app_server(home: Home) -> Iterator[Codex]:
    """A running app-server of *home*; it is stopped afterwards."""
    process = subprocess.Popen(
        home.argv("app-server"),
        env=home.environ,
        cwd=home.cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    codex = Codex(process)
    assert process.stdout
    reader = threading.Thread(target=_read, args=(process.stdout, codex.lines), daemon=True)
    reader.start()
    try:
        client = {"name": "mem0-tui-tests", "version": "0", "title": "tests"}
        capabilities = {"experimentalApi": True}
        codex.ask("initialize", {"clientInfo": client, "capabilities": capabilities})
        codex.tell("initialized")
        yield codex
    finally:
        assert process.stdin
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(timeout=10)
        process.stdout.close()


def _read(stream: Any, lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)


def trust_all(home: Home) -> None:
    """Trust every hook, the way the TUI does it."""
    with app_server(home) as codex:
        listed = codex.ask("hooks/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]
        value = {h["key"]: {"trusted_hash": h["currentHash"]} for h in listed["hooks"]}
        edit = {"keyPath": "hooks.state", "value": value, "mergeStrategy": "upsert"}
        answer = codex.ask("config/batchWrite", {"edits": [edit]})
        assert "result" in answer, answer
