"""Reads files of memories that Mem0's own programs write: a JSON list, the answer that holds one,
or an object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.wire.memory import MemoryDocument

_LISTS: Final = ("results", "memories", "data")
"""What Mem0's answers, and this program's ``--json``, call the list."""
_TEXTS: Final = ("memory", "text", "content")


def read_memory_file(text: str) -> list[Memory] | None:
    """The memories that *text* holds, those without an id with a blank one; None where it is no
    JSON of memories at all.

    Raises:
        FileFormatError: an entry is no memory; names it.
    """
    entries = _entries(text.lstrip("\ufeff"))
    if entries is None:
        return None
    return [_memory(entry, number) for number, entry in enumerate(entries, 1)]


def _entries(text: str) -> list[Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _lines(text)
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return None
    lists = [value[key] for key in _LISTS if isinstance(value.get(key), list)]
    if lists:
        found: list[Any] = lists[0]
        return found
    return [value] if _text(value) is not None else None


def _lines(text: str) -> list[Any] | None:
    """The values of JSON lines; None where not even the first is an object."""
    found: list[Any] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            if not found:
                return None
            raise FileFormatError(f"line {number} is no JSON") from None
        if not isinstance(found[0], Mapping):
            return None
    return found or None


def _memory(entry: object, number: int) -> Memory:
    text = _text(entry) if isinstance(entry, Mapping) else None
    if text is None or not isinstance(entry, Mapping):
        raise FileFormatError(
            f"entry {number} is no memory", hint="a memory is an object with memory, or text"
        )
    scope = entry.get("scope")
    fields = {
        **entry,
        **(scope if isinstance(scope, Mapping) else {}),
        "id": entry.get("id") if isinstance(entry.get("id"), str) else "",
        "memory": text,
        "expiration_date": entry.get("expiration_date") or entry.get("expires_on"),
    }
    return replace(MemoryDocument.read(fields).to_memory(), raw={})


def _text(entry: Mapping[str, Any]) -> str | None:
    found = (entry[key] for key in _TEXTS if isinstance(entry.get(key), str))
    return next((text for text in found if text.strip()), None)
