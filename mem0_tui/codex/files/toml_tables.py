"""Adds whole tables to the text of a config.toml and takes whole tables out of it.

Lines that belong to other tables, and all comments outside of the tables taken out, stay byte for
byte; so an install can be taken back although Codex wrote to the file meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.text_file import FileState, TextFile
from mem0_tui.codex.files.toml_doc import TomlDocument, parse_toml
from mem0_tui.codex.files.toml_lines import HEADER, key_parts


def with_tables(text: str, tables: str) -> str:
    """*text* with *tables* after it, in its own line ends."""
    if not text.strip("\ufeff \t\r\n"):
        return text + tables
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end if text.endswith("\n") else end * 2
    return text + gap + tables.replace("\n", end)


def without_tables(text: str, ours: Callable[[KeyPath], bool]) -> str:
    """*text* without the tables that are *ours*, and then without parents that are empty."""
    return text if _kept(text, ours) == _blocks(text) else bare(text, ours)


def bare(text: str, ours: Callable[[KeyPath], bool]) -> str:
    """*text* without the tables that are *ours*, and in any case without empty parents."""
    kept = _kept(text, ours)
    while empty := _first_empty(kept):
        kept.remove(empty)
    return "".join(line for block in kept for line in block.lines)


def has_table(text: str, table: KeyPath) -> bool:
    """Whether *text* holds *table* under a header of its own, not inline or by dotted keys."""
    return any(block.table == table for block in _blocks(text))


def same_but_blank(one: str, other: str) -> bool:
    """Whether two texts say the same, word for word; blanks count only within values.

    Codex moves blanks about in lines that it only writes back: ``[ a . b ]`` comes out as
    ``[ a. b ]``.
    """
    if _lines(one) == _lines(other):
        return True
    if _words(one) != _words(other):
        return False
    first, second = _document(one), _document(other)
    return not (first.problem or second.problem) and first.data == second.data


def parses(text: str) -> bool:
    """Whether *text* is TOML as Codex reads it."""
    return _document(text).problem is None


def _document(text: str) -> TomlDocument:
    return parse_toml(TextFile("", FileState.OK, text.removeprefix("\ufeff")))


@dataclass(slots=True)
class _Block:
    """A table's header and its lines; or the lines between tables, which have no header."""

    table: KeyPath
    lines: list[str]

    @property
    def removable(self) -> bool:
        """Whether it is a parent that Codex wrote for its children, with nothing of its own."""
        return self.table in _PARENTS and len(self.lines) == 1


_PARENTS = (("hooks",), ("hooks", "state"), ("marketplaces",), ("mcp_servers",), ("plugins",))


def _kept(text: str, ours: Callable[[KeyPath], bool]) -> list[_Block]:
    return [block for block in _blocks(text) if not (block.table and ours(block.table))]


def _first_empty(kept: list[_Block]) -> _Block | None:
    """The first parent without a child."""

    def needed(block: _Block) -> bool:
        depth = len(block.table)
        return any(other is not block and other.table[:depth] == block.table for other in kept)

    return next((block for block in kept if block.removable and not needed(block)), None)


def _blocks(text: str) -> list[_Block]:
    """*text* in blocks; joined, they are *text* again.

    A table ends with its last line that is neither blank nor a comment: what follows that is the
    next table's preface.
    """
    found = [_Block((), [])]
    inside: str | None = None
    for line in text.splitlines(keepends=True):
        header = HEADER.match(line) if inside is None else None
        if header is not None:
            _split_preface(found)
            found.append(_Block(key_parts(header.group(2)), [line]))
        else:
            found[-1].lines.append(line)
            inside = _inside(line, inside)
    _split_preface(found)
    return found


def _split_preface(blocks: list[_Block]) -> None:
    """Move blank lines and comments at the end of the last block into a block of their own."""
    last = blocks[-1]
    if not last.table:
        return
    at = len(last.lines)
    while at > 1 and last.lines[at - 1].lstrip()[:1] in ("", "#"):
        at -= 1
    preface = last.lines[at:]
    del last.lines[at:]
    blocks.append(_Block((), preface))


def _inside(line: str, inside: str | None) -> str | None:
    """The quotes of the text in several lines that is still open after *line*."""
    for quotes in ('"""', "'''"):
        if inside in (None, quotes) and line.count(quotes) % 2:
            return None if inside else quotes
    return inside


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]


def _words(text: str) -> str:
    return "".join(text.lstrip("\ufeff").split())
