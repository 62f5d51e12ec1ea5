"""The MCP server of the plugin: one tool, whose failures are texts."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from tests.codex.plugin3.core.memory_core import VERSION, Api, filters, numbered, option, seconds
from tests.codex.plugin3.core.packet import CATEGORIES
from tests.codex.plugin3.core.repository import look

SCOPES = ("repo", "dir", "mine")
NAMES = [name for each in CATEGORIES for name in each]
ARGUMENTS = {
    "query": {"type": "string", "minLength": 1, "maxLength": 2000},
    "top_k": {"type": "integer", "minimum": 1, "maximum": 20},
    "category": {"type": "string", "enum": NAMES},
    "scope": {"type": "string", "enum": list(SCOPES)},
    "run_id": {"type": "string"},
}
SCHEMA = {
    "type": "object",
    "properties": ARGUMENTS,
    "required": ["query"],
    "additionalProperties": False,
}
TOOL = {
    "name": "search_memories",
    "description": "Search what is remembered of this repository.",
    "inputSchema": SCHEMA,
    "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": True},
}
Json = dict[str, Any]


def search(arguments: Json, folder: str) -> str:
    """The numbered memories, or what the plugin says instead.

    Raises:
        ValueError: the arguments do not fit.
    """
    for name in arguments:
        if name not in ARGUMENTS:
            raise ValueError(f"Unknown search argument: {name}")
    query, top = arguments.get("query"), arguments.get("top_k", int(option("TOP_K", "3")))
    if not isinstance(query, str) or not 1 <= len(query.strip()) <= 2000:
        raise ValueError("query must have 1 to 2000 characters")
    if not isinstance(top, int) or not 1 <= top <= 20:
        raise ValueError("top_k must be from 1 to 20")
    scope = arguments.get("scope", option("SEARCH_SCOPE", "repo"))
    category = arguments.get("category", "")
    if scope not in SCOPES or (category and category not in NAMES):
        raise ValueError("There is no such scope or category")
    repository = look(folder, os.environ)
    run_id = str(arguments.get("run_id") or "")
    asked = filters(repository, os.environ, scope=scope, category=category, run_id=run_id)
    api = Api(os.environ)
    for attempt in range(2):
        try:
            if not api.key:
                break
            found = api.search(repository, query, asked, top=top, wait=seconds(5))
        except ConnectionError:
            time.sleep(0 if attempt else 0.25)
        except (OSError, ValueError, LookupError):
            break
        else:
            return numbered(found) or "No matching memories found."
    return "Memory search failed."


def answer(message: Json) -> Json:
    """The result of one request, or its error."""
    method, given = message.get("method"), message.get("params") or {}
    if method == "initialize":
        version = given.get("protocolVersion") or "2024-11-05"
        info = {"name": "mem0", "version": VERSION}
        abilities = {"tools": {"listChanged": False}}
        result = {"protocolVersion": version, "capabilities": abilities, "serverInfo": info}
        return {"result": result}
    if method == "ping":
        return {"result": {}}
    if method == "tools/list":
        return {"result": {"tools": [TOOL]}}
    if method != "tools/call":
        return {"error": {"code": -32601, "message": f"Method not found: {method}"}}
    try:
        text, wrong = search(given.get("arguments") or {}, _folder(given)), False
    except ValueError as error:
        text, wrong = str(error), True
    return {"result": {"content": [{"type": "text", "text": text}], "isError": wrong}}


def _folder(given: Json) -> str:
    """The first workspace that Codex names with a call."""
    about = (given.get("_meta") or {}).get("x-codex-turn-metadata") or {}
    about = json.loads(about) if isinstance(about, str) else about
    spaces = list(about.get("workspaces") or ())
    return str(spaces[0]) if spaces else os.environ.get("CLAUDE_PROJECT_DIR") or os.getcwd()


def main() -> None:
    for line in sys.stdin:
        try:
            asked = json.loads(line)
        except ValueError:
            said: Json = {"id": None, "error": {"code": -32700, "message": "Parse error"}}
        else:
            if "id" not in asked:
                continue
            said = {"id": asked["id"], **answer(asked)}
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **said}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
