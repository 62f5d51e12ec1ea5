"""A repository on which the real Codex works with plugin 0.3, and what came of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mem0_tui.hooks.exchange import exchange
from mem0_tui.hooks.server import MemoryServer
from tests.codex import lookalike, plugin3
from tests.codex.homes import Home
from tests.codex.model import Model
from tests.codex.test_against_codex import real_home
from tests.support.serving import KEY, Serving

REMOTE = "git@github.com:acme/shop.git"
APP, LANE, USER = "acme-shop", "acme-shop-b1c397fde9", "kim"
_PATIENCE = 180
"""Seconds for what the plugin does by itself; on a busy machine Codex alone takes ten."""
_UNDER_WAY = ("prepared", "semantic-queued")


@dataclass
class Shop:
    """The home of a person who works on it, and the server of their memories."""

    home: Home
    served: Serving

    def git(self, *words: str) -> None:
        who = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")
        subprocess.run(
            ("git", "-C", str(self.home.cwd), *who, *words), check=True, capture_output=True
        )

    def run(self, prompt: str, model: Model, *options: str) -> str:
        """One session of ``codex exec``; its id."""
        return session(self.home, prompt, model, *options)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What the plugin's database says."""
        with closing(sqlite3.connect(self.home.data3 / "evidence.sqlite3")) as connection:
            return connection.execute(statement, values).fetchall()

    def deliveries(self, session: str) -> list[tuple[str, str]]:
        """Reason and outcome of all that is sent of *session*, once nothing is under way."""
        end = time.monotonic() + _PATIENCE
        while True:
            statement = (
                "SELECT reason, status FROM flushes WHERE session_id = ? ORDER BY created_at"
            )
            found = self.rows(statement, session)
            if found and not any(status in _UNDER_WAY for _, status in found):
                return found
            assert time.monotonic() < end, found
            time.sleep(0.1)

    def events(self, session: str) -> list[dict[str, Any]]:
        """The server's events of the adds of *session*."""
        statement = "SELECT semantic_event_id FROM flushes WHERE session_id = ? ORDER BY created_at"
        ids = [each for (row,) in self.rows(statement, session) for each in json.loads(row)]
        return [self.ask("GET", f"/v1/event/{event_id}/") for event_id in ids]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The server's answer."""
        server = MemoryServer(self.served.url, KEY)
        status, answer = exchange(server, method, path, body, time.monotonic() + _PATIENCE)
        assert status == 200, answer
        return answer

    def add(self, text: str, **more: object) -> str:
        """Remember *text* word for word; its id."""
        body = {"messages": [{"role": "user", "content": text}], "infer": False, **more}
        [result] = self.ask("POST", "/v3/memories/add/", body)["results"]
        return str(result["id"])

    def texts(self, **scope: str) -> list[str]:
        """All that the server remembers of a scope, newest first."""
        path = "/v3/memories/?page_size=200"
        answer = self.ask("POST", path, {"filters": {"AND": [{k: v} for k, v in scope.items()]}})
        return [row["memory"] for row in answer["results"]]

    @property
    def errors(self) -> str:
        """What went wrong in a hook."""
        log = self.home.data3 / "plugin-errors.log"
        return log.read_text() if log.exists() else ""


def session(home: Home, prompt: str, model: Model, *options: str) -> str:
    """One session of ``codex exec`` in *home*, in which everything is allowed; its id."""
    assert home.codex
    free = "--dangerously-bypass-approvals-and-sandbox"
    done = subprocess.run(
        (home.codex, "exec", "--json", free, *model.options, *options, prompt),
        env=home.environ,
        cwd=home.cwd,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    [thread] = [each["thread_id"] for each in events if each["type"] == "thread.started"]
    return str(thread)


def open_shop(folder: Path, codex: str, served: Serving, *, remote: str | None = REMOTE) -> Shop:
    """A repository with one commit, and a home in which plugin 0.3 is installed and trusted."""
    home = real_home(folder, codex)
    for name, program in (("python3", sys.executable), ("git", shutil.which("git") or "")):
        stub = folder / "bin" / name
        stub.unlink()
        stub.symlink_to(program)
    home.environ |= {
        "MEM0_API_KEY": KEY,
        "MEM0_API_URL": served.url,
        "MEM0_TELEMETRY": "false",
        "MEM0_CODE_IDLE_FLUSH_SECONDS": "0",
        "LOOKALIKE_SECONDS": str(_PATIENCE),
        "SHELL": "/bin/sh",
    }
    plugin3.write_plugin(home.source3, timeout=_PATIENCE)
    lookalike.write_marketplace(home.clone, plugin3.PLACE)
    home.add_marketplace()
    home.add_plugin()
    home.trust()
    shop = Shop(home, served)
    shop.git("init", "-q", "-b", "main")
    if remote is not None:
        shop.git("remote", "add", "origin", remote)
    (home.cwd / "README.md").write_text("# Shop\n")
    shop.git("add", ".")
    shop.git("commit", "-q", "-m", "Open the shop")
    return shop
