"""The folders that a memory is about, as its metadata says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

DIRS = "dirs"
"""Plugin 0.3: each folder from the repository's top down to that of the session."""
FILES = ("files", "file", "files_touched")
"""Plugin 0.2 and mem0-tui's hooks: paths of files, as a list or one alone."""


def folders_of(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Each folder once: those of ``dirs``, and all those above the files that are named."""
    found = dict.fromkeys(filter(None, map(plain_folder, _texts(metadata.get(DIRS)))))
    for key in FILES:
        for path in _texts(metadata.get(key)):
            found.update(dict.fromkeys(_above(path)))
    return tuple(found)


def plain_folder(path: str) -> str:
    """*path* without ``./`` before and ``/`` after it; empty for the top."""
    while path.startswith("./"):
        path = path[2:]
    return "" if path == "." else path.rstrip("/")


def _above(path: str) -> Iterator[str]:
    parts = plain_folder(path).split("/")
    for end in range(1, len(parts)):
        if folder := "/".join(parts[:end]):
            yield folder


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(each, str):
            yield each
