"""This program's own exports, JSON lines and Markdown, and the Mem0 plugin's Markdown."""

from __future__ import annotations

from dataclasses import replace

from mem0_tui.store.formats.dates import read_moment
from mem0_tui.store.formats.jsonl import looks_like_export, read_header, read_memories
from mem0_tui.store.formats.markdown import looks_like_markdown, read_blocks
from mem0_tui.store.formats.reading import Owned, Reading, Remark


def read_export(text: str, *, partial: bool) -> Reading | None:
    """The memories of an export as JSON lines, exactly as they were; None where it is none.

    Raises:
        FileFormatError: a line does not fit, or, unless *partial*, the last one is missing.
    """
    if not looks_like_export(text):
        return None
    first, *rest = text.split("\n")  # not splitlines: a text may hold other line breaks
    header = read_header(first)
    reading = Reading("an export of mem0-tui")
    memories = read_memories(rest, expected=header.count, partial=partial)
    reading.found = [Owned(memory, row, whole=True) for row, memory in enumerate(memories, 2)]
    reading.rows = len(reading.found)
    if partial and header.count is not None and header.count > reading.rows:
        reading.notes.append(f"the file holds {reading.rows:,} of {header.count:,} memories")
    return reading


def read_markdown_export(text: str) -> Reading | None:
    """The memories of a Markdown export; None where it is none.

    Raises:
        FileFormatError: a block that this program wrote does not fit.
    """
    if not looks_like_markdown(text):
        return None
    reading = Reading("a Markdown export")
    for number, memory, own, head in read_blocks(text):
        reading.rows += 1
        if not own and not memory.text:
            reading.remarks.append(Remark(number, "left out: it has no text", memory.id, True))
            continue
        if not own and memory.created_at is None:
            written = head.get("created_at", "")
            memory = replace(memory, created_at=read_moment(written))
            if memory.created_at is None:
                what = "created_at is not a readable date" if written else "no date"
                remark = f"{what}: dated as of the import"
                reading.remarks.append(Remark(number, remark, written))
        reading.found.append(Owned(memory, number, whole=own))
    return reading
