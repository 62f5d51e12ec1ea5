"""Reads what calls of Mem0's tools did, from their arguments and results.

A server is Mem0's if its tools are: people name it as they like, and only ids of memories that are
there count in the end. Tools are those of Mem0's servers, this program's and OpenMemory's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mem0_tui.evidence.event import FoundKind, is_memory_id, text_key

_READS = frozenset(
    ("search_memories", "search_memory", "get_memories", "get_memory", "list_memories")
)
_ADDS = frozenset(("add_memory", "add_memories"))
_CHANGES = {"update_memory": FoundKind.CHANGED, "delete_memory": FoundKind.DELETED}
_EVENTS = {"ADD": FoundKind.WRITTEN, "UPDATE": FoundKind.CHANGED, "DELETE": FoundKind.DELETED}
_MOST = 2_000
"""Memories of one result that are looked at."""
_DEEP = 6
_LISTS = ("results", "memories", "relations", "data")


class Entry(NamedTuple):
    """A memory in the result of a call that reads."""

    id: str
    text: str
    rank: int


class Call(NamedTuple):
    """A call of a tool that ended."""

    id: str
    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    """Its ``content`` and ``structuredContent``, as MCP has them."""
    mem0: bool
    """Whether the server or the plugin is called after Mem0."""


def tool_name(name: object) -> str:
    """The bare name of a tool that may carry its server's before it."""
    return str(name).rpartition("__")[2].replace("-", "_")  # the whole name where there is none


def ended_call(payload: dict[str, Any]) -> tuple[str, Call | None]:
    """The id of the call that *payload* tells of, and the call if it succeeded.

    *payload* is ``mcp_tool_call_end`` (to Codex 0.150 and later) or ``item_completed`` with an
    ``McpToolCall`` (0.171).
    """
    item = payload.get("item")
    if isinstance(item, dict):
        about, call_id, result = item, item.get("id"), item.get("result")
        failed = item.get("status") not in ("completed", None) or item.get("error") is not None
    else:
        given = payload.get("invocation")
        about = given if isinstance(given, dict) else {}
        call_id, result = payload.get("call_id"), payload.get("result")
        failed = not isinstance(result, dict) or "Err" in result
        result = result.get("Ok", result) if isinstance(result, dict) else None
    if failed or not isinstance(result, dict) or result.get("isError"):
        return str(call_id), None
    arguments = about.get("arguments")
    names = f"{about.get('server')} {about.get('pluginId') or payload.get('plugin_id')}".lower()
    call = Call(
        str(call_id),
        tool_name(about.get("tool")),
        arguments if isinstance(arguments, dict) else {},
        result,
        "mem0" in names or "memory" in names,
    )
    return call.id, call


def printed_call(call_id: str, name: str, arguments: str, output: str) -> Call | None:
    """The call of which only the model's words and the output are recorded; None if it failed."""
    _, _, printed = output.rpartition("Output:\n")
    document = _parsed(printed)
    if document is None:
        return None
    given = _parsed(arguments)
    result = {"structuredContent": document}
    return Call(
        call_id, tool_name(name), given if isinstance(given, dict) else {}, result, mem0=False
    )


def entries(call: Call) -> list[Entry]:
    """The memories that a call which reads was answered with, best first; without ids (blank)
    where Mem0's plugin answered."""
    if call.tool not in _READS:
        return []
    document = _document(call.result)
    if document is None:
        return _numbered(call)
    found: list[Entry] = []
    for row in _rows(document):
        memory_id, text = str(row.get("id") or row.get("memory_id")), row.get("memory")
        if is_memory_id(memory_id):
            text = text if isinstance(text, str) else row.get("text")
            found.append(Entry(memory_id, text if isinstance(text, str) else "", len(found) + 1))
        if len(found) >= _MOST:
            break
    return found


def writes(call: Call) -> Iterator[tuple[FoundKind, str]]:
    """What a call did to which memories, by key."""
    document = _document(call.result)
    if isinstance(document, dict) and (
        document.get("error") or str(document.get("status")).upper() in ("FAILED", "ERROR")
    ):
        return
    if call.tool in _ADDS:
        yield from _added(call, document)
    elif call.tool in _CHANGES:
        rows = [row for row in _rows(document) if is_memory_id(str(row.get("id")))]
        named = str(call.arguments.get("memory_id"))
        memory_id = str(rows[0]["id"]) if len(rows) == 1 else named
        if is_memory_id(memory_id):
            yield _CHANGES[call.tool], memory_id


def _added(call: Call, document: object) -> Iterator[tuple[FoundKind, str]]:
    told = False
    for row in _rows(document):
        memory_id, event = str(row.get("id")), str(row.get("event") or "ADD").upper()
        if is_memory_id(memory_id):
            told = True
            if event in _EVENTS:
                yield _EVENTS[event], memory_id
    text = call.arguments.get("text")
    # A server that works later names no id; what is kept word for word is known by its text.
    if not told and isinstance(text, str) and call.arguments.get("infer") is False:
        yield FoundKind.WRITTEN, text_key(text)


def _document(result: dict[str, Any]) -> Any:
    structured = result.get("structuredContent")
    if isinstance(structured, (dict, list)):
        if isinstance(structured, dict) and list(structured) == ["result"]:
            inner = structured["result"]
            return _parsed(inner) if isinstance(inner, str) else inner
        return structured
    return _parsed(_text(result))


def _text(result: dict[str, Any]) -> str:
    content = result.get("content")
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def _parsed(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _rows(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The objects in *value* that may be memories: itself, or those in its lists of results."""
    if depth > _DEEP:
        return
    if isinstance(value, list):
        for each in value:
            yield from _rows(each, depth + 1)
    elif isinstance(value, dict):
        lists = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
        if "id" in value and not lists:
            yield value
        for each in lists:
            yield from _rows(each, depth + 1)


_LINE = re.compile(r"(\d{1,3})\. (.*)")


def _numbered(call: Call) -> list[Entry]:
    if not call.mem0:
        return []
    lines = (_LINE.fullmatch(line) for line in _text(call.result).split("\n"))
    found = [Entry("", line.group(2), int(line.group(1))) for line in lines if line]
    return found[:_MOST]
