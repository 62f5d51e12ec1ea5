"""What a memory names of a repository: paths, files, commits and a branch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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


_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^`'\"()\[\]<>,;|=!&^“”‘’«»…]+")
_SIGNS = re.compile(r"[/\\.`(]|[0-9a-f]{7}")
"""What a word must hold to name anything."""
_ANY = re.compile(r"[/\\`(]|\.\w|[0-9a-f]{7}")
"""What a text must hold that names anything at all."""
_PATH_LIKE = re.compile(r"[/\\._]")
_SYMBOL = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w{3,})")
_TELLING = re.compile(r"[a-z0-9]_[a-z0-9]|[a-z][A-Z]|[A-Z][a-z]+[A-Z]|[A-Z]_[A-Z]", re.ASCII)
"""What the name of a symbol has that is no word of a sentence."""
_ELSEWHERE = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]*://|www\.|(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|app|co)/|[\w.+-]+@\w"
)
"""How URLs, paths on a host, addresses and ``git@host:path`` begin."""
_REFUSED = re.compile(r"[~$*?%{}\0]|^[A-Za-z]:[\\/]|^@|\.\.\.|^-|//")
_EMPHASIS = re.compile(r"([*]{1,3})([^*]+)\1(\W*)")
_AFTER = re.compile(r"(?:#L?\d+(?:-L?\d+)?|::.*|:\d+(?::\d+|-\d+)?:?|[.:?!—–]+)$")
_EXTENSION = re.compile(r"[\w@+.-]*[\w@+-]\.[A-Za-z][A-Za-z0-9]{0,7}")
_DOTFILE = re.compile(r"\.[A-Za-z][\w.-]{2,}")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_COMMIT_WORD = re.compile(r"(?:commits?|revision|rev|sha)\W*", re.IGNORECASE)
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
"""Characters of a word that is looked at, so that none takes long."""
_READ = 20_000
"""Characters of a text that are looked at."""


def references_of(memory: Memory) -> tuple[Reference, ...]:
    """What *memory* names, each thing once: first in its text, then in its metadata."""
    found: dict[tuple[ReferenceKind, str], Reference] = {}
    for each in (*_in_text(memory.text), *_in_metadata(memory.metadata)):
        found.setdefault((each.kind, each.name), each)
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def _in_text(text: str) -> Iterator[Reference]:
    if _ANY.search(text, 0, _READ) is None:
        return
    found: list[Reference] = []
    prose: list[str] = []
    before, end = "", 0
    for token in _WORD.finditer(text, 0, _READ):
        word = token[0]
        if "\n" in text[end : token.start()]:
            yield from _of_sentence(found, prose)
        end = token.end()
        if len(word) <= _LONGEST and _SIGNS.search(word):
            found += _in_word(word, token.start(), before)
        bare = word.rstrip(".,;:!?)")
        if not _PATH_LIKE.search(bare):
            prose.append(bare)
        if word[-1] in ".!?;":
            yield from _of_sentence(found, prose)
        before = word
    yield from _of_sentence(found, prose)


def _of_sentence(found: list[Reference], prose: list[str]) -> Iterator[Reference]:
    """The references *found* in one sentence, whose other words are *prose*; empties both."""
    if found:
        past = _PAST.search(" ".join(prose)) is not None
        yield from (replace(each, past=past) for each in found)
    found.clear()
    prose.clear()


def _in_word(word: str, start: int, before: str) -> Iterator[Reference]:
    """What *word*, which stands at *start* behind the word *before*, names."""
    emphasis = _EMPHASIS.fullmatch(word)
    if emphasis is not None:
        word, start = emphasis[2] + emphasis[3], start + len(emphasis[1])
    if _REFUSED.search(word.rstrip("?)]}.,;:`'\"")):
        return
    for part in _PART.finditer(word):
        named = part[0]
        if _ELSEWHERE.match(named):
            return
        at = start + part.start()
        if (reference := _named(named, at, word[part.end() : part.end() + 1])) is not None:
            yield reference
        elif (id_ := named.rstrip(".:")) and _COMMIT.fullmatch(id_):
            mixed = not id_.isdigit() and not id_.isalpha()
            if mixed or _COMMIT_WORD.fullmatch(before):
                yield Reference(ReferenceKind.COMMIT, id_, at, at + len(id_))
        elif (symbol := _SYMBOL.fullmatch(named)) is not None:
            around = word[max(0, part.start() - 1) : part.start()], word[part.end() :][:1]
            quoted, called = around == ("`", "`"), around[1] == "("
            if called or (quoted and _TELLING.search(symbol[1])):
                start_of = at + symbol.start(1)
                yield Reference(ReferenceKind.SYMBOL, symbol[1], start_of, at + len(named))


def _named(word: str, start: int, following: str) -> Reference | None:
    """The path or file that *word* is, which stands at *start* before the character *following*."""
    before = _AFTER.sub("", word)
    while before != word:
        word, before = before, _AFTER.sub("", before)
    if _REFUSED.search(word):
        return None
    end = start + len(word)
    folder = word.endswith(("/", "\\"))
    name = plain_folder(word.replace("\\", "/"))
    if not name or ".." in name.split("/") or (following == "(" and "/" not in name):
        return None
    if "/" in name or folder:
        return Reference(ReferenceKind.PATH, name, start, end, folder=folder)
    if _EXTENSION.fullmatch(name) or _DOTFILE.fullmatch(name):
        return Reference(ReferenceKind.FILE, name, start, end)
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
