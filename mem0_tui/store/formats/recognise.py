"""Tells what a file of memories is, and reads it."""

from __future__ import annotations

import json
from typing import Any, Final

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.json_text import parse
from mem0_tui.store.formats.encoding import GZIP, decoded, unpacked
from mem0_tui.store.formats.json_text import Damaged, parse_lines
from mem0_tui.store.formats.knowledge_graph import is_knowledge_graph, read_knowledge_graph
from mem0_tui.store.formats.mcp_memory import read_mcp_memory
from mem0_tui.store.formats.mem0 import read_mem0
from mem0_tui.store.formats.openmemory import (
    ZIP,
    is_openmemory_row,
    named,
    read_openmemory,
    unzipped,
)
from mem0_tui.store.formats.own import read_export, read_markdown_export
from mem0_tui.store.formats.reading import Reading, Remark, remark_lines
from mem0_tui.store.formats.row import read_row

KNOWN: Final = (
    "it reads what mem0-tui export writes, JSON of memories as Mem0's programs write it, the Mem0"
    " plugin's Markdown, and exports of OpenMemory, mcp-memory-service and the MCP memory server"
)
_READERS: Final = (read_openmemory, read_mcp_memory, read_mem0)


def read_file(data: bytes, name: str, *, partial: bool = False) -> Reading:
    """The memories of the file *name*, whose content is *data*.

    Args:
        data: the bytes of the file; gzip and OpenMemory's zip are unpacked.
        name: what errors call it.
        partial: whether to take what is there of a file that was cut off.

    Raises:
        FileFormatError: it is no text, holds nothing that is known here, not one memory, or, unless
            *partial*, was cut off.
    """
    if data.startswith(ZIP):
        data = unzipped(data, name)
    if data.startswith(GZIP):
        data = unpacked(data, name)
    text = decoded(data, name)
    reading = (
        read_export(text, partial=partial)
        or read_markdown_export(text)
        or _read_json(text, partial)
    )
    if reading is None:
        raise FileFormatError(f"{name} {_why_not(text)}", hint=KNOWN)
    if reading.damaged and not reading.found:
        raise FileFormatError(
            f"{name} holds no memory: {next(remark_lines(reading.remarks))}", hint=KNOWN
        )
    reading.drop_repeats()
    return reading


def _read_json(text: str, partial: bool) -> Reading | None:
    try:
        value = parse(text)
    except ValueError:
        lines = parse_lines(text)
        return None if lines is None else _read_lines(lines, partial)
    if is_knowledge_graph(value):
        return read_knowledge_graph([(1, value)])
    if is_openmemory_row(value):
        value = [named(value)]
    return next((found for read in _READERS if (found := read(value)) is not None), None)


def _read_lines(lines: list[tuple[int, Any]], partial: bool) -> Reading:
    number, last = lines[-1]
    if isinstance(last, Damaged) and not partial:
        raise FileFormatError(
            f"line {number}, the last one, is cut off",
            hint="get the whole file, or pass --partial to import the lines before it",
        )
    if is_knowledge_graph(next(value for _, value in lines if not isinstance(value, Damaged))):
        return read_knowledge_graph(lines)
    reading = Reading("JSON lines of memories")
    for number, value in lines:
        if isinstance(value, Damaged):
            reading.rows += 1
            reading.remarks.append(Remark(number, "left out: it is not JSON", value.text, True))
        else:
            read_row(named(value) if is_openmemory_row(value) else value, number, reading)
    return reading


def _why_not(text: str) -> str:
    """Why *text* is none of the formats, as far as that can be told."""
    if not text.strip():
        return "is empty"
    if text.lstrip()[0] in "[{":
        try:
            parse(text)
        except json.JSONDecodeError as error:
            return f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        except ValueError:
            return "is JSON that is nested too deeply"
        return "is JSON, but does not hold memories"
    return "is not in a format that mem0-tui knows"
