"""What a memory names of a repository: paths, files, commits and a branch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mem0_tui.model.folder import DIRS, FILES, plain_folder
from mem0_tui.model.memory import Memory


class ReferenceKind(StrEnum):
    """What sort of thing is named."""

    PATH = "path"
    """A path with a slash."""
    FILE = "file"
    """The name of a file without a folder."""
    SYMBOL = "symbol"
    """A function, class or constant."""
    COMMIT = "commit"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that a memory names."""

    kind: ReferenceKind
    name: str
    """A path without ``./`` before it, what stands after a colon, and a slash at its end."""
    start: int = -1
    """Where it begins in the text; -1 where the metadata names it."""
    end: int = -1
    folder: bool = False
    """Whether it was written as a folder, with a slash at its end."""
    past: bool = False
    """Whether the sentence itself speaks of something that is gone or was moved."""

    @property
    def in_text(self) -> bool:
        """Whether the text names it, rather than the metadata alone."""
        return self.start >= 0


_ELSEWHERE = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+"  # URLs
    r"|\bwww\.\S+"
    r"|(?<![/\w.-])(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|app|co)/\S*"  # paths on a host
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*(?::\S+)?"  # addresses, and git@host:path
    r"|(?<![/\w*])\*\*(?=\w)|\*\*(?![/\w*])",  # Markdown's emphasis, and no glob
)
_TOKEN = re.compile(r"[^\s`'\"()\[\]{}<>,;|=!&^“”‘’«»…]+")
_REFUSED = re.compile(r"[~$*?%{}\0]|^[A-Za-z]:[\\/]|^@|\.\.\.|^-")
_AFTER = re.compile(r"(?:#L?\d+(?:-L?\d+)?|::.*|:\d+(?::\d+|-\d+)?:?|[.:?!—–]+)$")
_EXTENSION = re.compile(r"[\w@+.-]*[\w@+-]\.[A-Za-z][A-Za-z0-9]{0,7}")
_DOTFILE = re.compile(r"\.[A-Za-z][\w.-]{2,}")
_COMMIT = re.compile(
    r"(?<![\w/.#-])(?:(?P<said>commits?|revision|rev|sha)\s+`?)?"
    r"(?P<id>[0-9a-f]{7,40})(?![\w/-])",
    re.IGNORECASE,
)
_PATH_LIKE = re.compile(r"\S*[/._]\S+")
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")
_PAST = re.compile(
    r"\b(?:remov\w+|delet\w+|drop(?:s|ped|ping)?|renam\w+|mov(?:e|ed|es|ing)|relocat\w+|gone"
    r"|no longer|obsolete|deprecat\w+|former(?:ly)?|used to|previous(?:ly)?|replac\w+|supersed\w+"
    r"|legacy|old|migrat\w+|split|merg(?:ed|es|ing)|rid of|instead of|not exist\w*|missing|was in"
    r"|were in|until|retir\w+|extract\w+|consolidat\w+)\b",
    re.IGNORECASE,
)
"""Words of a sentence that knows that something has changed place, or is to."""
_MOST = 64
"""References of one memory."""
_LONGEST = 300
"""Characters of a path."""


def references_of(memory: Memory) -> tuple[Reference, ...]:
    """What *memory* names, each thing once: first in its text, then in its metadata."""
    found: dict[tuple[ReferenceKind, str], Reference] = {}
    for each in (*_in_text(memory.text), *_in_metadata(memory.metadata)):
        found.setdefault((each.kind, each.name), each)
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def _in_text(text: str) -> Iterator[Reference]:
    blanked = _ELSEWHERE.sub(lambda found: " " * len(found[0]), text)
    prose = _PATH_LIKE.sub(lambda found: " " * len(found[0]), blanked)
    for start, end in _sentences(blanked):
        past = _PAST.search(prose, start, end) is not None
        for token in _TOKEN.finditer(blanked, start, end):
            if (named := _named(token, blanked, past=past)) is not None:
                yield named
        for found in _COMMIT.finditer(blanked, start, end):
            id_ = found["id"]
            mixed = not id_.isdigit() and not id_.isalpha()
            if id_ == id_.lower() and (mixed or found["said"]):
                yield Reference(ReferenceKind.COMMIT, id_, found.start("id"), found.end("id"))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _SENTENCE.finditer(text):
        yield at, found.start()
        at = found.end()
    yield at, len(text)


def _named(token: re.Match[str], text: str, *, past: bool) -> Reference | None:
    word, start = token[0], token.start()
    if _REFUSED.search(word) or len(word) > _LONGEST or "//" in word:
        return None
    before = _AFTER.sub("", word)
    while before != word:
        word, before = before, _AFTER.sub("", before)
    end = start + len(word)
    if text[end : end + 1] == "(" or text[end : end + 2] == "::":
        return None if "/" not in word else Reference(ReferenceKind.PATH, word, start, end)
    word = word.replace("\\", "/")
    folder = word.endswith("/")
    name = plain_folder(word)
    if not name or name in (".", "..") or ".." in name.split("/"):
        return None
    if "/" in name:
        return Reference(ReferenceKind.PATH, name, start, end, folder=folder, past=past)
    if folder:
        return Reference(ReferenceKind.PATH, name, start, end, folder=True, past=past)
    if _EXTENSION.fullmatch(name) or _DOTFILE.fullmatch(name):
        return Reference(ReferenceKind.FILE, name, start, end, past=past)
    return None


def _in_metadata(metadata: Mapping[str, Any]) -> Iterator[Reference]:
    for key in (DIRS, *FILES):
        value = metadata.get(key)
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if not isinstance(each, str) or _REFUSED.search(each) or len(each) > _LONGEST:
                continue
            name = plain_folder(each.replace("\\", "/"))
            if name and ".." not in name.split("/"):
                yield Reference(ReferenceKind.PATH, name, folder=key == DIRS)
    branch = metadata.get("branch")
    if isinstance(branch, str) and branch.strip():
        yield Reference(ReferenceKind.BRANCH, branch.strip())
