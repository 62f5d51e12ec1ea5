"""A conversation of the real Codex with the stand-in model, through ``codex app-server``."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.codex.appserver import TIMEOUT, Codex
from tests.codex.homes import Home
from tests.codex.model import Model


def use(home: Home, model: Model) -> None:
    """Have the Codex of *home* talk to *model*."""
    before = home.config.read_text(encoding="utf-8") if home.config.exists() else ""
    provider = (
        f'\n[model_providers.standin]\nname = "standin"\nwire_api = "responses"\n'
        f'base_url = "http://127.0.0.1:{model.port}/v1"\nrequires_openai_auth = false\n'
    )
    home.write_config(f'model = "standin"\nmodel_provider = "standin"\n{before}{provider}')


@dataclass
class Conversation:
    """One thread, and what Codex noted about it."""

    codex: Codex
    thread: str
    hooks: list[dict[str, Any]] = field(default_factory=list)
    """Every hook that ran, as Codex reports it."""

    def say(self, text: str) -> str:
        """Have the user say *text*, wait for the end of the turn, and return the turn's id."""
        given = {"threadId": self.thread, "input": [{"type": "text", "text": text}]}
        answer = self.codex.ask("turn/start", given)
        assert "result" in answer, answer
        self._until("turn/completed")
        return str(answer["result"]["turn"]["id"])

    def revert(self, turn: str) -> None:
        """Take the turn with the id *turn* back, and all after it."""
        given = {"threadId": self.thread, "beforeTurnId": turn}
        answer = self.codex.ask("thread/revert", given)
        assert "result" in answer, answer

    def fork(self) -> Conversation:
        """Another conversation that goes on from here."""
        given = {"threadId": self.thread, "sandbox": "workspace-write", "approvalPolicy": "never"}
        answer = self.codex.ask("thread/fork", given)
        assert "result" in answer, answer
        return Conversation(self.codex, answer["result"]["thread"]["id"])

    def compact(self) -> None:
        """Have Codex compact the context."""
        self.codex.ask("thread/compact/start", {"threadId": self.thread})
        self._until("turn/completed")

    def _until(self, method: str) -> None:
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            note = self.codex.notes.pop(0) if self.codex.notes else self._next()
            if note.get("method") == "hook/completed":
                self.hooks.append(note["params"]["run"])
            # A subagent's turns end too.
            if note.get("method") == method and note["params"]["threadId"] == self.thread:
                return
        raise AssertionError(f"Codex did not say {method}")

    def _next(self) -> dict[str, Any]:
        note: dict[str, Any] = json.loads(self.codex.lines.get(timeout=TIMEOUT))
        return note

    @property
    def ran(self) -> list[tuple[str, str]]:
        """Event and status of each hook that ran."""
        return [(run["eventName"], run["status"]) for run in self.hooks]


def converse(codex: Codex, home: Home) -> Conversation:
    """A new thread in the working folder of *home*, in which everything is allowed."""
    given = {"cwd": str(home.cwd), "sandbox": "workspace-write", "approvalPolicy": "never"}
    answer = codex.ask("thread/start", given)
    assert "result" in answer, answer
    codex.notes.clear()
    return Conversation(codex, answer["result"]["thread"]["id"])
