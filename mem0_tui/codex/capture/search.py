"""One search as plugin 0.3 makes it: its service, key and body, and then by its own MCP server.

The server's answer has to be read: a search that failed is a text, and no error (plugin 0.3.4).
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
from collections.abc import Mapping
from time import monotonic

from mem0_tui.codex.capture import Capture
from mem0_tui.codex.capture.request import search
from mem0_tui.codex.files.spot import table, text
from mem0_tui.model.record import Record
from mem0_tui.model.text import one_line

PATIENCE = 20.0
"""Seconds for one search; the plugin's own gives up after ten, its second try included."""
_QUERY = "what is known about this project"
_TOP = 3
_BASICS = ("HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "TERM", "TMPDIR", "SSL_CERT_FILE")
VARIABLES = (
    "MEM0_API_KEY",
    "MEM0_API_URL",
    "MEM0_CODE_USER_ID",
    "MEM0_USER_ID",
    "MEM0_RESOLVED_USER_ID",
    "MEM0_PROJECT_ID",
)
"""What Codex hands on to the server; MEM0_TELEMETRY too, which is switched off here."""
_FAILED = "memory search failed"


class CaptureAnswer(Record):
    """What came of one search."""

    found: int | None
    """Memories; None where there is no answer to the question."""
    status: int | None = None
    """Of HTTP; None where nobody answered, or it was not asked that way."""
    message: str = ""
    """Why it failed."""

    @property
    def refused(self) -> bool:
        """Whether the service does not take the key."""
        return self.status in (401, 403)


def ask_service(capture: Capture, key: str, *, timeout: float = PATIENCE) -> CaptureAnswer:
    """Send the plugin's own search with *key*."""
    lanes = capture.lanes
    body: dict[str, object] = {
        "query": _QUERY,
        "app_id": lanes.app,
        "filters": lanes.filters,
        "top_k": _TOP,
        "rerank": False,
        "latest_only": True,
    }
    answer = search(capture.service.url, key, body, monotonic() + timeout)
    if answer.problem:
        return CaptureAnswer(None, answer.status, answer.problem)
    return CaptureAnswer(len(answer.rows), answer.status)


def ask_tool(
    capture: Capture, environ: Mapping[str, str], cwd: str, *, timeout: float = PATIENCE
) -> CaptureAnswer:
    """Start the plugin's MCP server as Codex does, and call ``search_memories`` once.

    It sends nothing about itself and writes no compiled files meanwhile.
    """
    command = ["python3", os.path.join(capture.root, "core", "mcp_server.py")]
    if capture.python is not None:
        command[0] = capture.python.path
    given = {name: environ[name] for name in (*_BASICS, *VARIABLES) if name in environ}
    given |= {"MEM0_TELEMETRY": "false", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        with subprocess.Popen(
            command,
            cwd=capture.root,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                answer = _called(server, cwd, monotonic() + timeout)
            finally:
                server.kill()
    except OSError as error:
        return CaptureAnswer(None, None, f"it does not start: {error.strerror or error}")
    return _judged(answer)


def _called(server: subprocess.Popen[bytes], cwd: str, deadline: float) -> object:
    """The result of the call; text where there is none."""
    client = {"name": "mem0-tui", "version": "1"}
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
    meta: dict[str, object] = {"x-codex-turn-metadata": {"workspaces": {cwd: {}}}}
    call = {"name": "search_memories", "arguments": {"query": _QUERY}, "_meta": meta}
    messages: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": start},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": call},
    ]
    assert server.stdin is not None
    lines = (json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in messages)
    try:
        server.stdin.write("".join(lines).encode())
        server.stdin.flush()
    except BrokenPipeError:
        return "it ended at once"
    return _answer(server, deadline)


def _answer(server: subprocess.Popen[bytes], deadline: float) -> object:
    assert server.stdout is not None
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(server.stdout, selectors.EVENT_READ)
        while (left := deadline - monotonic()) > 0:
            if not selector.select(left):
                break
            part = os.read(server.stdout.fileno(), 1 << 16)
            if not part:
                return "it ended without an answer"
            data += part
            *whole, rest = bytes(data).split(b"\n")
            data = bytearray(rest)
            for line in whole:
                try:
                    message = table(json.loads(line))
                except ValueError:
                    continue
                if message.get("id") == 2:
                    return message.get("result") or str(message.get("error"))
    return "it did not answer in time"


def _judged(result: object) -> CaptureAnswer:
    if isinstance(result, str):
        return CaptureAnswer(None, None, one_line(result)[:300])
    content = table(result).get("content")
    first = table(content[0]) if isinstance(content, list) and content else {}
    words = (text(first.get("text")) or "").strip()
    if table(result).get("isError") is True or words.lower().startswith(_FAILED) or not words:
        return CaptureAnswer(None, None, one_line(words)[:300] or "an empty answer")
    return CaptureAnswer(sum(line[:1].isdigit() for line in words.splitlines()))
