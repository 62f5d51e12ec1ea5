"""YAML's texts in quotes, and its lists and tables in brackets."""

from __future__ import annotations

import re
from typing import Any

CLOSES = {"[": "]", "{": "}"}
_ESCAPED = frozenset("0abt\tnvfre \"/\\N_LP\n'")
_CODES = {"x": 2, "u": 4, "U": 8}
_HEX = re.compile(r"[0-9A-Fa-f]+")
_PLAIN_END = re.compile(r":(?=\s|$)|\s#")
_FLOW_END = re.compile(r"[,\[\]{}]|:(?=[\s,\[\]{}]|$)|\s#")


class YamlFault(ValueError):
    """What keeps a text from being YAML, as the end of a sentence; *line* counts from 0."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def plain_end(line: str) -> int:
    """Where a text without quotes ends on *line*: at a colon, at a comment, or at the end."""
    found = _PLAIN_END.search(line)
    return len(line) if found is None else found.start()


def unquoted(text: str) -> tuple[str, int]:
    """The text in quotes that *text* begins with, and where it ends."""
    quote, at = text[0], 1
    parts: list[str] = []
    while at < len(text):
        char = text[at]
        if char == quote:
            if quote == "'" and text[at + 1 : at + 2] == "'":
                at += 1
            else:
                return " ".join("".join(parts).split()), at + 1
        elif char == "\\" and quote == '"':
            at += 1
            char = text[at : at + 1]
            if char in _CODES:
                digits = text[at + 1 : at + 1 + _CODES[char]]
                if not _HEX.fullmatch(digits) or len(digits) < _CODES[char]:
                    raise YamlFault(f"has the unknown escape \\{char} in quotes")
                at += len(digits)
                char = _character(int(digits, 16))
            elif char not in _ESCAPED:
                raise YamlFault(f"has the unknown escape \\{char} in quotes")
        parts.append(char)
        at += 1
    raise YamlFault("has quotes that do not close")


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise YamlFault("has an escape in quotes that is no character")
    return chr(code)


def read_flow(text: str) -> tuple[Any, int]:
    """The list or table that *text* begins with, and where it ends."""
    node, at = _flow(text, 0, 0)
    return node, at


def _flow(text: str, at: int, depth: int) -> tuple[Any, int]:
    if depth > 50:
        raise YamlFault("is nested too deeply")
    close, table = CLOSES[text[at]], text[at] == "{"
    items: list[Any] = []
    fields: dict[str, Any] = {}
    at, empty = _skip(text, at + 1), True
    while text[at : at + 1] != close:
        if not empty:
            if text[at : at + 1] != ",":
                raise YamlFault(f"has brackets that do not close ({close} is missing)")
            at = _skip(text, at + 1)
            if text[at : at + 1] == close:
                break
        empty = False
        key, at = _item(text, at, depth)
        at = _skip(text, at)
        value = None
        if text[at : at + 1] == ":":
            at = _skip(text, at + 1)
            if text[at : at + 1] not in (",", close):
                value, at = _item(text, at, depth)
                at = _skip(text, at)
            items.append({str(key): value})
        else:
            items.append(key)
        fields[str(key)] = value
    return (fields if table else items), at + 1


def _item(text: str, at: int, depth: int) -> tuple[Any, int]:
    char = text[at : at + 1]
    if char in CLOSES:
        return _flow(text, at, depth + 1)
    if char in ("'", '"') and char:
        value, length = unquoted(text[at:])
        return value, at + length
    if not char or char in ",]}#&*!|>%@`" or (char in "-?:" and text[at + 1 : at + 2] in ("", " ")):
        raise YamlFault(f"has {char or 'nothing'} where brackets need a value")
    found = _FLOW_END.search(text, at)
    end = len(text) if found is None else found.start()
    return " ".join(text[at:end].split()), end


def _skip(text: str, at: int) -> int:
    """Past blanks, line ends and comments."""
    while at < len(text):
        if text[at] == "#" and text[at - 1].isspace():
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif text[at].isspace():
            at += 1
        else:
            break
    return at
