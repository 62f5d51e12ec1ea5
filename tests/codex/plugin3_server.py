"""A stand-in for the MCP server of Mem0's plugin 0.3: one tool, whose failures are texts."""

import json
import os
import sys
import urllib.request
from typing import Any


def search(query: str) -> str:
    """The numbered memories, or what the plugin says instead."""
    key = os.environ.get("MEM0_API_KEY", "")
    url = os.environ.get("MEM0_API_URL", "https://api.mem0.ai").rstrip("/")
    body = {"query": query, "app_id": "work", "filters": {"user_id": os.environ["USER"]}}
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
    try:
        if not key:
            raise OSError("no key")
        request = urllib.request.Request(
            f"{url}/v3/memories/search/", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            found = json.load(answer)["results"]
    except OSError:
        return "Memory search failed."
    lines = (f"{number}. {memory['memory']}" for number, memory in enumerate(found, 1))
    return "\n".join(lines) or "No matching memories found."


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """The result of one request."""
    if message["method"] == "initialize":
        version = message["params"]["protocolVersion"]
        info = {"name": "mem0", "version": "0.3.3"}
        return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    if message["method"] == "tools/list":
        schema = {"type": "object", "properties": {"query": {"type": "string"}}}
        notes = {"readOnlyHint": True}
        tool = {"name": "search_memories", "inputSchema": schema, "annotations": notes}
        return {"tools": [tool]}
    text = search(message["params"]["arguments"]["query"])
    return {"content": [{"type": "text", "text": text}], "isError": False}


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" in asked:
            said = {"jsonrpc": "2.0", "id": asked["id"], "result": answer(asked)}
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
