"""Memories as JSON lines, losslessly: a header, one memory a line, and a last line with the count.

A file without its last line was cut off, and reading it to the end says so: a part of an export is
not taken for the whole unless that is asked for. The same memories give the same bytes.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from mem0_tui.model.counting import plural
from mem0_tui.model.errors import FileFormatError, StoreAccessError
from mem0_tui.model.json_text import parse
from mem0_tui.model.memory import Memory, canonical_json
from mem0_tui.store.formats.codec import memory_from, memory_json
from mem0_tui.store.formats.json_fields import parse_json, to_json
from mem0_tui.store.sqlite.errors import translated
from mem0_tui.store.sqlite.lock import hold

FORMAT = "mem0-tui export"
VERSION = 1


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """Where an export comes from."""

    backend: str
    target: str
    at: datetime | None = None
    """When a snapshot was taken. Exports do not say: two of one store are equal to the byte."""
    query: str = ""
    """The query that chose the memories; empty for all of them."""
    count: int | None = None
    """How many memories follow; None where the backend could not say beforehand."""


def header_line(header: ExportHeader) -> str:
    """The first line of an export, with its newline."""
    record = {
        "format": FORMAT,
        "version": VERSION,
        "backend": header.backend,
        "target": header.target,
        "at": header.at.isoformat() if header.at else None,
        "query": header.query,
        "count": header.count,
    }
    if header.at is None:
        del record["at"]
    return to_json(record) + "\n"


def memory_line(memory: Memory) -> str:
    """The line of *memory*, with its newline: the same for equal memories, in whatever order the
    keys of their metadata were written."""
    fields = (f'"{name}":{canonical_json(value)}' for name, value in memory_json(memory).items())
    return "{" + ",".join(fields) + "}\n"


def footer_line(count: int) -> str:
    """The last line of an export of *count* memories, with its newline: it is whole."""
    return to_json({"end": FORMAT, "count": count}) + "\n"


def read_header(line: str) -> ExportHeader:
    """The header that *line*, the first of the file, holds.

    Raises:
        FileFormatError: it is no export, or one of another version.
    """
    fields = parse_json(line, "line 1")
    if fields.value.get("format") != FORMAT:
        raise FileFormatError("line 1: not the header of a mem0-tui export")
    version = fields.whole("version")
    if version != VERSION:
        raise FileFormatError(
            f"line 1: the export is of version {version}, this reads version {VERSION}"
        )
    count = fields.value.get("count")
    return ExportHeader(
        backend=fields.text("backend"),
        target=fields.text("target"),
        at=fields.moment("at"),
        query=fields.optional_text("query") or "",
        count=None if count is None else fields.whole("count"),
    )


def read_memories(
    lines: Iterable[str], *, first: int = 2, expected: int | None = None, partial: bool = False
) -> Iterator[Memory]:
    """The memories of *lines*, which follow the header.

    Args:
        lines: without the header.
        first: the number of the first of them.
        expected: how many memories the header names.
        partial: whether to take what is there of an export that was cut off.

    Raises:
        FileFormatError: a line does not fit, or the end is missing; names the line.
    """
    numbered = [(n, line) for n, line in enumerate(lines, first) if line.strip()]
    count, ended, torn = 0, False, ""
    for number, line in numbered:
        if ended:
            raise FileFormatError(f"line {number}: there is more after the end of the export")
        try:
            fields = parse_json(line, f"line {number}")
        except FileFormatError as error:
            if number < numbered[-1][0]:
                raise
            torn = f"{error.message}; "
            break
        if fields.value.get("end") == FORMAT:
            if fields.whole("count") != count:
                raise FileFormatError(
                    f"line {number}: {count} memories came, the end names {fields.whole('count')}"
                )
            ended = True
            continue
        yield memory_from(fields)
        count += 1
    if not ended and not partial:
        raise _cut_off(torn, count, expected)


def _cut_off(torn: str, count: int, expected: int | None) -> FileFormatError:
    missing = ""
    if expected is not None:
        missing = f"; the first line names {expected:,}, so {expected - count:,} are missing"
        if expected <= count:
            missing = f"; the first line names {expected:,}, so no memory is missing"
    last = footer_line(count if expected is None else expected).strip()
    return FileFormatError(
        f"{torn}the export is cut off after {plural(count, 'memory')}: its last line, {last}, which"
        f" says that it is whole, is not there{missing}",
        hint="export again, or pass --partial to import what is there",
    )


def looks_like_export(text: str) -> bool:
    """Whether *text* begins as an export does."""
    with contextlib.suppress(ValueError):
        value = parse(text.partition("\n")[0])
        return isinstance(value, dict) and value.get("format") == FORMAT
    return False


def write_private(path: Path, lines: Iterable[str]) -> None:
    """Write *lines* to *path* (0600), all of them and durably, or leave *path* as it was.

    Raises:
        StoreAccessError: it cannot be written.
        StoreFullError: there is no room for it.
    """
    with private_file(path) as stream:
        stream.writelines(lines)


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """A text file (0600) that takes the place of *path*, durably, once the block has ended well.

    Raises:
        StoreAccessError: it cannot be written, or is a device or a pipe, which no file replaces.
        StoreFullError: there is no room for it.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise StoreAccessError(f"{path} is a device or a pipe", hint="name a file")
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        hold(descriptor)
        with ExitStack() as leftovers:
            leftovers.callback(draft.unlink, missing_ok=True)
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(draft, path)
            leftovers.pop_all()
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def export_lines(header: ExportHeader, memories: Iterable[Memory]) -> Iterator[str]:
    """The lines of a whole export."""
    yield header_line(header)
    count = 0
    for memory in memories:
        yield memory_line(memory)
        count += 1
    yield footer_line(count)
