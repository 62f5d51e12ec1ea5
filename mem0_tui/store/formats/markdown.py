"""The Mem0 plugin's Markdown export: its blocks, read as it writes them and written so that
nothing is lost.

A block is a head of ``key: value`` lines between two ``---`` lines, and the text after it. The
plugin's own reader cuts a text at any ``---`` line within. Here such lines get a backslash, and one
more head line, which the plugin ignores, keeps what its head has no place for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from mem0_tui.model.memory import Memory, as_moment
from mem0_tui.model.text import encodable
from mem0_tui.store.formats.codec import memory_from, memory_json
from mem0_tui.store.formats.json_fields import parse_json, to_json

_KEPT = "mem0_tui"
"""The head line that holds the whole memory as JSON."""
_HEAD = re.compile(
    r"^---[ \t]*\n((?:[ \t]*(?:[A-Za-z_]\w*[ \t]*:[^\n]*)?\n)*?)---[ \t]*(?:\n|\Z)", re.M
)
_LINE = re.compile(r"[ \t]*([A-Za-z_]\w*)[ \t]*:[ \t]*(.*?)[ \t]*")
_RULE = re.compile(r"^(\\*---\s*)$", re.M)
_ESCAPED = re.compile(r"^\\(\\*---\s*)$", re.M)


def markdown_lines(memories: Iterable[Memory]) -> Iterator[str]:
    """The blocks of *memories* as lines with their newlines."""
    for memory in memories:
        yield "---\n"
        for name, value in _head(memory).items():
            yield f"{name}: {value}".rstrip() + "\n"
        yield f"{_KEPT}: {to_json(memory_json(memory))}\n"
        yield "---\n"
        yield from (f"{line}\n" for line in _body(memory.text).split("\n"))
        yield "\n"


def looks_like_markdown(text: str) -> bool:
    """Whether *text* begins with a block."""
    found = _HEAD.match(_unified(text).lstrip("\ufeff \t\n"))
    return found is not None and bool(_values(found.group(1)))


class Block(NamedTuple):
    """One block of a Markdown export."""

    number: int
    """Counted from 1."""
    memory: Memory
    own: bool
    """Whether this module wrote it, so that it says all there is to say."""
    head: Mapping[str, str]
    """The lines of its head."""


def read_markdown(text: str) -> Iterator[Memory]:
    """The memories of a Markdown export; one without an id in its head has a blank id.

    A block that this module wrote comes back exactly, but for what was edited in its text or head
    since. A foreign one gives what its head holds.

    Raises:
        FileFormatError: the line that keeps the whole memory does not fit; names the block.
    """
    return (block.memory for block in read_blocks(text) if block.own or block.memory.text)


def read_blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown export, those without a text included.

    Raises:
        FileFormatError: the line that keeps the whole memory does not fit; names the block.
    """
    text = _unified(text).lstrip("\ufeff")
    heads = [found for found in _HEAD.finditer(text) if _is_head(_values(found.group(1)))]
    for number, head in enumerate(heads, 1):
        end = heads[number].start() if number < len(heads) else len(text)
        body = text[head.end() : end]
        values = _values(head.group(1))
        own = _KEPT in values
        memory = _own(values, body, f"block {number}") if own else _foreign(values, body.strip())
        yield Block(number, memory, own, values)


def _own(values: dict[str, str], body: str, where: str) -> Memory:
    memory = memory_from(parse_json(values[_KEPT], where))
    body = body.removesuffix("\n").removesuffix("\n")
    if body != _body(memory.text):
        memory = replace(memory, text=_ESCAPED.sub(r"\1", body).strip())
    written = _head(memory)
    edited = {
        name: values.get(name, "") for name in written if values.get(name, "") != written[name]
    }
    return _with_head(memory, edited) if edited else memory


def _foreign(values: dict[str, str], body: str) -> Memory:
    return _with_head(Memory(id="", text=body), {n: v for n, v in values.items() if v})


def _with_head(memory: Memory, values: dict[str, str]) -> Memory:
    """*memory* with what a head says; a blank value takes away."""
    metadata = dict(memory.metadata)
    for name in ("type", "confidence", "branch"):
        if name in values:
            metadata[name] = _number(values[name]) if name == "confidence" else values[name]
            if not values[name]:
                del metadata[name]
    if "files" in values:
        metadata["files"] = _list(values["files"])
        if not metadata["files"]:
            del metadata["files"]
    if "categories" in values:
        memory = replace(memory, categories=tuple(_list(values["categories"])))
    if "created_at" in values:
        memory = replace(memory, created_at=_moment(values["created_at"]))
    return replace(memory, id=values.get("id", memory.id), metadata=metadata)


def _head(memory: Memory) -> dict[str, str]:
    """The plugin's head lines for *memory*, in its order."""
    files = memory.metadata.get("files")
    joined = ", ".join(map(str, files)) if isinstance(files, list) else files
    values = {
        "id": memory.id,
        "created_at": memory.created_at.isoformat() if memory.created_at else "",
        "type": memory.metadata.get("type"),
        "confidence": memory.metadata.get("confidence"),
        "branch": memory.metadata.get("branch"),
        "files": joined,
        "categories": ", ".join(memory.categories),
    }
    return {name: _one_line(value) for name, value in values.items()}


def _one_line(value: Any) -> str:
    return "" if value is None else encodable(" ".join(str(value).split()))


def _values(head: str) -> dict[str, str]:
    found = (_LINE.fullmatch(line) for line in head.split("\n"))
    return {line.group(1): line.group(2) for line in found if line}


def _is_head(values: dict[str, str]) -> bool:
    """Whether these are a block's head, and no rule and note within a text."""
    return "id" in values or _KEPT in values or {"type", "created_at"} <= values.keys()


def _body(text: str) -> str:
    return _RULE.sub(r"\\\1", encodable(_unified(text)))


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _list(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _moment(value: str) -> datetime | None:
    return as_moment(value) if value else None
