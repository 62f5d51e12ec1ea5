"""Runs inside the environment of Mem0's SDK: calls client methods that it is told line by line.

Reads ``{"client": "sync"|"async", "method": "project.get", "args": [...], "kwargs": {...}}`` and
writes ``{"value": ...}`` or ``{"error": {"type", "text", "code", "details"}}``, one line each.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from typing import Any


def _failure(error: Exception) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "text": str(error),
        "code": getattr(error, "error_code", None),
        "details": getattr(error, "details", None),
    }


async def _answer(clients: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    target = clients[call["client"]]
    *path, name = call["method"].split(".")
    try:
        for part in path:
            target = getattr(target, part)
        value = getattr(target, name)(*call.get("args", ()), **call.get("kwargs", {}))
        if inspect.isawaitable(value):
            value = await value
    except Exception as error:
        return {"error": _failure(error)}
    return {"value": value}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def _main(host: str, key: str) -> None:
    mem0 = importlib.import_module("mem0")
    clients: dict[str, Any] = {
        "sync": mem0.MemoryClient(api_key=key, host=host),
        "async": mem0.AsyncMemoryClient(api_key=key, host=host),
    }
    clients["many"] = _Many(clients["async"])
    _say({"value": "ready"})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        _say(await _answer(clients, json.loads(line)))


class _Many:
    """Calls one asynchronous method many times at once."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def add(self, texts: list[str], **kwargs: Any) -> list[Any]:
        return await asyncio.gather(*(self._client.add(text, **kwargs) for text in texts))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2]))
