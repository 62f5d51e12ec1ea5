"""The line of every key in a TOML text, also in one that does not parse."""

from __future__ import annotations

import re

from mem0_tui.codex.files.spot import KeyPath

_PART_TEXT = r"""(?:[A-Za-z0-9_\-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = rf"{_PART_TEXT}(?:[ \t]*\.[ \t]*{_PART_TEXT})*"
HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY})[ \t]*\]")
ASSIGN = re.compile(rf"[ \t]*({_KEY})[ \t]*=")
_MAX_DEPTH = 80
KEY_PART = re.compile(_PART_TEXT)
_LEXEME = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\[\]{},\n]'''
    rf"|{_KEY}[ \t]*=",
    re.DOTALL,
)


def toml_lines(text: str) -> dict[KeyPath, int]:
    """Key path to 1-based line; items of an array of tables are numbered from 0.

    Inline tables and arrays of inline tables are looked into; a key that appears twice keeps its
    first line.
    """
    return _Lines(text.replace("\r\n", "\n")).found


class _Lines:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self.at = 0
        self.line = 1
        self._walk()

    def _walk(self) -> None:
        table: KeyPath = ()
        text, size = self.text, len(self.text)
        while self.at < size:
            if header := HEADER.match(text, self.at):
                table = self._header(header.group(1) == "[[", key_parts(header.group(2)))
                self._skip_line(header.end())
            elif assign := ASSIGN.match(text, self.at):
                key = (*table, *key_parts(assign.group(1)))
                self._note(key)
                self.at = assign.end()
                self._value(key)
            else:
                self._skip_line(self.at)

    def _header(self, array: bool, parts: KeyPath) -> KeyPath:
        path: KeyPath = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            if number == len(parts) and array:
                count = self.counts.get(path, 0)
                self.counts[path] = count + 1
                self._note(path)
                path = (*path, count)
            elif path in self.counts:
                path = (*path, self.counts[path] - 1)
        self._note(path)
        return path

    def _note(self, path: KeyPath) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], self.line)

    def _skip_line(self, start: int) -> None:
        end = self.text.find("\n", start)
        self.at = len(self.text) if end < 0 else end + 1
        self.line += 1

    def _value(self, key: KeyPath) -> None:
        """Walk over one value, which may span lines, up to and over its newline."""
        path: list[str | int] = list(key)
        nest: list[tuple[str, int]] = []
        for lexeme in _LEXEME.finditer(self.text, self.at):
            token = lexeme.group()
            self.at = lexeme.end()
            if token == "\n":
                self.line += 1
                if not nest:
                    return
            elif token in "[{":
                if len(nest) > _MAX_DEPTH:
                    break
                nest.append((token, len(path)))
                if token == "[":
                    path.append(0)
            elif token in "]}" and nest:
                del path[nest.pop()[1] :]
            elif token == "," and nest:
                kind, length = nest[-1]
                if kind == "{":
                    del path[length:]
                elif isinstance(index := path[-1], int):
                    path[-1] = index + 1
            elif token[-1] == "=" and token[0] not in "#" and nest and nest[-1][0] == "{":
                del path[nest[-1][1] :]
                path.extend(key_parts(token[:-1]))
                self._note(tuple(path))
            else:
                self.line += token.count("\n")
        self.at = len(self.text)


def key_parts(key: str) -> KeyPath:
    """The parts of a dotted key, unquoted."""
    return tuple(_plain(part) for part in KEY_PART.findall(key))


def _plain(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    return re.sub(r"\\(.)", r"\1", part[1:-1])
