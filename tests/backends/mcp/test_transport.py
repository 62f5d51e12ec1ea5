"""MCP servers that print to their standard output what is no message."""

from __future__ import annotations

import sys

import pytest

from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.model.errors import NetworkError, ResponseError

pytestmark = pytest.mark.anyio

BANNER = """
import json, sys
print("=== A server 1.0 ===", flush=True)
tools = [{"name": name, "inputSchema": {"type": "object"}} for name in ("read_graph", "get_memory")]
for line in sys.stdin:
    asked = json.loads(line)
    result = {
        "initialize": {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "x", "version": "1"},
        },
        "tools/list": {"tools": tools},
    }.get(asked.get("method"))
    if asked.get("method") == END:
        print("not a message either", flush=True)
        break
    if "id" in asked:
        error = {"error": {"code": -32601, "message": "no"}} if result is None else {}
        answer = error or {"result": result}
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}), flush=True)
"""


async def test_a_banner_on_stdout_is_no_traceback_and_no_obstacle(
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = (sys.executable, "-c", BANNER.replace("END", "None"))
    backend = open_backend("mcp", BackendOptions(command=command))
    with pytest.raises(ResponseError) as caught:
        await backend.list()
    await backend.aclose()
    lacks = "lacks the tools get_memories, list_entities: it offers get_memory, read_graph"
    assert caught.value.message.endswith(lacks)
    assert capfd.readouterr().err == ""


async def test_a_server_that_talks_on_stdout_and_ends_is_told_by_its_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = (sys.executable, "-c", BANNER.replace("END", "'initialize'"))
    backend = open_backend("mcp", BackendOptions(command=command))
    with pytest.raises(NetworkError, match=r"something other than MCP \(=== A server 1\.0 ===\)"):
        await backend.list()
    await backend.aclose()
    assert capfd.readouterr().err == ""
