"""What the plugin asks of Mem0: its keys, its requests, and the block that it gives to Codex."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.codex.plugin3.core.redaction import redacted
from tests.codex.plugin3.core.repository import Repository, user_of

VERSION = "0.3.3"
HEADING = "Mem0 found these relevant memories from earlier work in this repository:"
SUBAGENT_HEADING = "Relevant repository memories:"
SETTINGS = ".mem0/config.json"
_KEYS = (
    "MEM0_API_KEY",
    "PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_MEM0_API_KEY",
)
_FOLDERS = ("MEM0_CODE_DATA_DIR", "MEM0_PLUGIN_DATA_DIR", "PLUGIN_DATA", "CLAUDE_PLUGIN_DATA")
_MAIN = ("", "main", "master", "unknown", "detached")
BUDGET = 4000
PAGE = 100
MOST_PAGES = 50
FIRST = 5
"""Memories that the first prompt is given."""
Memory = dict[str, Any]


def seconds(default: float) -> float:
    """How long a request may take; a test on a busy machine gives it more."""
    return float(os.environ.get("LOOKALIKE_SECONDS") or default)


def option(name: str, default: str) -> str:
    return os.environ.get(f"MEM0_CODE_{name}") or default


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where the database is."""
    for name in _FOLDERS:
        if environ.get(name):
            return Path(environ[name]).expanduser()
    harness = "codex-plugin" if environ.get("MEM0_HARNESS") else "mem0-plugin"
    return Path(environ.get("HOME", "~")).expanduser() / ".mem0" / harness


def settings_key(environ: Mapping[str, str]) -> str:
    """The key of Mem0's own settings file."""
    file = Path(environ.get("HOME", "~")).expanduser() / SETTINGS
    try:
        return str(json.loads(file.read_text())["platform"]["api_key"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def api_key(environ: Mapping[str, str]) -> str:
    """The key, from the first place that has one."""
    for name in _KEYS:
        if environ.get(name):
            return environ[name]
    try:
        stored = (data_folder(environ) / "api-key").read_text().strip()
    except OSError:
        stored = ""
    return stored or settings_key(environ)


class Api:
    """Mem0 over HTTP."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._url = (environ.get("MEM0_API_URL") or "https://api.mem0.ai").rstrip("/")
        self.key = api_key(environ)
        self._headers = {
            "Authorization": f"Token {self.key}",
            "Content-Type": "application/json",
            "X-Mem0-Source": "MEM0_PLUGIN",
            "X-Mem0-Client": f"mem0-plugin/{VERSION}",
            "X-Application": "codex",
        }

    def send(self, method: str, path: str, body: object = None, *, wait: float = 15) -> Any:
        """The answer; OSError where there is none of a kind that counts as success."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, content, self._headers, method=method)
        with urllib.request.urlopen(request, timeout=wait) as answer:
            return json.loads(answer.read() or b"{}")

    def search(
        self, repository: Repository, query: str, filters: object, *, top: int, wait: float
    ) -> list[Memory]:
        """The memories that *filters* let through, without the records of whole tasks."""
        body = {
            "query": query,
            "app_id": repository.app,
            "filters": filters,
            "top_k": top,
            "rerank": False,
            "latest_only": True,
        }
        found = self.send("POST", "/v3/memories/search/", body, wait=wait)["results"]
        return [memory for memory in found if _about(memory).get("record_kind") != "task_episode"]

    def add(self, body: object) -> str:
        """Queue *body*; the id of its event, or nothing."""
        return str(self.send("POST", "/v3/memories/add/", body).get("event_id") or "")

    def event(self, event_id: str) -> tuple[str, int]:
        """Wait until the event is over; its status and how many results it has."""
        end = time.monotonic() + float(option("EXTRACTION_WAIT_SECONDS", "120"))
        while time.monotonic() < end:
            try:
                said = self.send("GET", f"/v1/event/{event_id}/")
            except urllib.error.HTTPError as error:
                if error.code not in (408, 429) and error.code < 500:
                    raise
            except OSError:
                pass
            else:
                if said.get("status") in ("SUCCEEDED", "FAILED"):
                    return str(said["status"]), len(said.get("results") or ())
            time.sleep(float(option("EVENT_POLL_SECONDS", "1")))
        return "", 0

    def listed(self, filters: object, belongs: Callable[[Memory], bool]) -> list[Memory]:
        """Every memory of a lane that *belongs*, page by page."""
        found: list[Memory] = []
        for page in range(1, MOST_PAGES + 1):
            path = f"/v2/memories/?page={page}&page_size={PAGE}"
            answer = self.send("POST", path, {"filters": filters})
            rows = answer if isinstance(answer, list) else answer["results"]
            found += filter(belongs, rows)
            if len(rows) < PAGE:
                break
        return found

    def delete(self, memory_id: str) -> None:
        self.send("DELETE", f"/v1/memories/{memory_id}/")


def filters(
    repository: Repository,
    environ: Mapping[str, str],
    *,
    scope: str = "repo",
    category: str = "",
    run_id: str = "",
) -> dict[str, Any]:
    """What a search is narrowed to."""
    app = {"app_id": repository.app}
    mine: dict[str, Any] = {"AND": [{"user_id": user_of(environ)}, app]}
    lanes: list[dict[str, Any]] = [{"AND": [{"agent_id": lane}, app]} for lane in repository.lanes]
    shared = lanes[0] if repository.local else {"OR": lanes}
    if scope == "dir" and repository.directory:
        inside = {"metadata": {"dirs": {"contains": repository.directory}}}
        shared = {"AND": [shared, inside]}
    found = mine if scope == "mine" else {"OR": [shared, mine]}
    if category:
        found = {"AND": [found, {"categories": {"contains": category}}]}
    return {"AND": [found, {"run_id": run_id}]} if run_id else found


def numbered(memories: list[Memory], *, heading: str = "", branches: bool = True) -> str:
    """The block: the heading, then as many whole entries as there is room for."""
    lines = [heading] if heading else []
    budget = min(max(int(option("MAX_CONTEXT_CHARS", str(BUDGET))), 1000), 10000)
    for number, memory in enumerate(memories, 1):
        entry = f"{number}. {text_of(memory)}"
        branch = str(_about(memory).get("branch") or "")
        if branches and branch not in _MAIN:
            entry += f" [learnt on branch {branch}]"
        left = budget - len("\n".join([*lines, entry]))
        if left < 0 and number == 1:
            lines.append(entry[: left - 1] + "…")
        if left < 0:
            break
        lines.append(entry)
    return "\n".join(lines) if len(lines) > bool(heading) else ""


def text_of(memory: Memory) -> str:
    """The text on one line, without keys."""
    return redacted(" ".join(str(memory.get("memory") or memory.get("text") or "").split()))


def _about(memory: Memory) -> dict[str, Any]:
    found = memory.get("metadata")
    return found if isinstance(found, dict) else {}
