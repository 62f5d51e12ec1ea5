"""Files of ours, beside the databases, that hold content of memories; taken out of them here.

Snapshots are exports; what hooks and the screen remember is JSON; logs are lines; copies of Codex's
memories are Markdown. Any other file is looked at but left alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from mem0_tui.store.erasure.traces import PURGED, Traces
from mem0_tui.store.formats.json_fields import to_json
from mem0_tui.store.formats.jsonl import FORMAT, write_private
from mem0_tui.store.sqlite.lock import is_held

_DRAFT = re.compile(r".+\.(?:[0-9a-f]{8}\.tmp|json\.(?P<pid>[0-9]{1,9}))")
"""What files are called while they are written: those of ``portable``, and the hooks' own."""
_ITEM = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?")
"""What a list item begins with, if it is one."""
_LARGEST = 1 << 28
"""Bytes of a file that is read at once; a larger one is none that we write."""


def files_below(places: Iterable[Path]) -> Iterator[Path]:
    """All regular files among and below *places*, each once; links are not followed."""
    seen: set[Path] = set()
    for place in places:
        if place.is_file() and not place.is_symlink() and place not in seen:
            seen.add(place)
            yield place
        for parent, _, names in os.walk(place):
            for name in sorted(names):
                path = Path(parent, name)
                if path not in seen and path.is_file() and not path.is_symlink():
                    seen.add(path)
                    yield path


def clean(path: Path, ids: Collection[str], traces: Traces) -> bool:
    """Take the memories of these *ids*, and what they said, out of *path*; whether it held any.

    Raises:
        StoreError: the file cannot be written.
    """
    cleaner = _CLEANERS.get(path.suffix)
    return cleaner is not None and rewrite(path, lambda text: cleaner(text, ids, traces))


def rewrite(path: Path, cleaner: Callable[[str], str]) -> bool:
    """Have *path* hold what *cleaner* makes of its text; whether that is something else. A file
    that is too large, or not what its name says (*cleaner* raises ValueError), is left alone.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        if path.stat().st_size > _LARGEST:
            return False
        before = path.read_text(encoding="utf-8")
        after = cleaner(before)
    except (OSError, ValueError, RecursionError):
        return False  # it is not what its name says, and will be named if it holds anything
    if after == before:
        return False
    replace(path, after)
    return True


def replace(path: Path, text: str) -> None:
    """Write *text* in the place of *path*, whole or not at all, and overwrite what was there."""
    with path.open("r+b") as old:
        write_private(path, [text])
        _overwrite(old.fileno())


def remove(path: Path) -> None:
    """Overwrite *path* and remove it."""
    with path.open("r+b") as old:
        _overwrite(old.fileno())
    path.unlink()


def is_left_over(path: Path) -> bool:
    """Whether *path* is a file of ours that was being written when its process was killed."""
    found = _DRAFT.fullmatch(path.name)
    if found is None:
        return False
    if found["pid"] is None:
        # On Windows a file that is being written cannot be removed.
        return sys.platform == "win32" or not is_held(path)
    return not _lives(int(found["pid"]))


def remove_left_over(places: Iterable[Path]) -> None:
    """Overwrite and remove what a killed process left half-written among and below *places*."""
    for path in files_below(places):
        with contextlib.suppress(OSError):
            if is_left_over(path):
                remove(path)


def _lives(pid: int) -> bool:
    if sys.platform == "win32":
        return False  # what it writes cannot be removed
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # of another user
        return True
    return True


def _overwrite(descriptor: int) -> None:
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, bytes(min(left, 1 << 20)))
    os.fsync(descriptor)


def _clean_json(text: str, ids: Collection[str], traces: Traces) -> str:
    value = json.loads(text)
    cleaned = traces.without(value, ids)
    return text if cleaned == value else to_json(cleaned)


def _clean_export(text: str, ids: Collection[str], _traces: Traces) -> str:
    """An export without these memories, with the counts of those that stay, which stay as they
    are."""
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    kept = [each for each in lines if not (isinstance(each, dict) and each.get("id") in ids)]
    if len(kept) == len(lines):
        return text
    count = sum(1 for each in kept if isinstance(each, dict) and "id" in each)
    for each in kept:
        is_frame = isinstance(each, dict) and FORMAT in (each.get("format"), each.get("end"))
        if is_frame and each.get("count") is not None:
            each["count"] = count
    return "".join(to_json(each) + "\n" for each in kept)


def _clean_lines(text: str, _ids: Collection[str], traces: Traces) -> str:
    return "".join(
        f"{PURGED}\n" if traces.held_by(line) else line for line in text.splitlines(keepends=True)
    )


def _clean_markdown(text: str, _ids: Collection[str], traces: Traces) -> str:
    """Lines stay list items where they are: others are found by their place among these."""

    def cleaned(line: str) -> str:
        item = _ITEM.match(line)
        return f"{item[0] if item else ''}{PURGED}\n"

    lines = text.splitlines(keepends=True)
    return "".join(cleaned(line) if traces.held_by(line) else line for line in lines)


_CLEANERS: dict[str, Callable[[str, Collection[str], Traces], str]] = {
    ".json": _clean_json,
    ".jsonl": _clean_export,
    ".log": _clean_lines,
    ".old": _clean_lines,
    ".md": _clean_markdown,
}
"""How files of these names are cleaned."""
