"""As much of YAML as the front matter of a skill uses, with the faults that Codex finds in it.

Codex reads front matter with serde_yaml, that is with libyaml (YAML 1.1). What is told apart here
is what decides whether a skill loads: which fields there are, whether each is text, a list or a
table, and whether the whole parses. Measured with Codex 0.171.0.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from mem0_tui.codex.facts.skills.flow import CLOSES, YamlFault, plain_end, read_flow, unquoted

Node: TypeAlias = "str | list[Node] | dict[str, Node] | Literal[False] | None"
"""Text, a list, a table, ``False`` for a written null (``~``), or None where nothing stands."""

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
# Compiled when they are first needed, which is seldom: that of all characters takes 2 ms.
_CONTROL = "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_ASCII_CONTROL = "[^\t\n\r -~]"
_ANCHOR = r"&([\w-]+)(?=[\s?:,\]}%@`]|$)"
_ALIAS = r"\*([\w-]+)(?=\s|$)"
_TAG = r"!(?:[\w;/?:@&=+$.!~*'()-]|%[0-9A-Fa-f]{2})*(?=\s|$)"
_BLOCK = re.compile(r"[|>](?:[+-]?([1-9])?|([1-9])[+-])[ \t]*(?:#.*)?$")
_END = re.compile(r"\.\.\.(?=\s|$)")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NO_PLAIN = frozenset(",[]{}#&*!|>'\"%@`")


def read_yaml(text: str) -> Node:
    """The one document in *text*.

    Raises:
        YamlFault: it does not parse.
    """
    if found := re.search(_ASCII_CONTROL if text.isascii() else _CONTROL, text):
        raise YamlFault(f"has a control character ({ord(found.group()):#04x})")
    lines = _BREAK.split(text)
    end = next((n for n, line in enumerate(lines) if _END.match(line)), len(lines))
    if any(line.strip() and not line.lstrip().startswith("#") for line in lines[end + 1 :]):
        raise YamlFault("continues after its end", end)
    return _Reader(lines[:end]).document()


class _Reader:
    """Reads a document line by line; *at* is the line that comes next."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0
        self.anchors: set[str] = set()

    def document(self) -> Node:
        found = self._nested(-1)
        if self._next() is not None:
            raise YamlFault("has a line that belongs to nothing before it", self.at)
        return found

    def _next(self) -> int | None:
        """The indentation of the next line that says something; None at the end."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bare = line.lstrip(" ")
            if bare.strip() and not bare.lstrip().startswith("#"):
                if bare[0] == "\t":
                    raise YamlFault("is indented with a tab", self.at)
                return len(line) - len(bare)
            self.at += 1
        return None

    def _nested(self, parent: int, *, in_key: bool = False) -> Node:
        """The node on the next lines, as far as they are indented by more than *parent*; a list
        *in_key* may stand right below its key."""
        indent = self._next()
        if indent is None:
            return None
        line = self.lines[self.at][indent:]
        listed = _is_item(line)
        if indent < parent or (indent == parent and not (listed and in_key)):
            return None
        if listed:
            return self._list(indent)
        if _key_end(line) is not None:
            return self._table(indent)
        self.at += 1
        return self._value(line, parent)

    def _list(self, indent: int) -> Node:
        found: list[Node] = []
        while (at := self._next()) == indent and _is_item(line := self.lines[self.at][indent:]):
            rest = line[1:].lstrip()
            if rest and (_is_item(rest) or _key_end(rest) is not None):
                self.lines[self.at] = " " * (indent + len(line) - len(rest)) + rest
                found.append(self._nested(indent))
            else:
                self.at += 1
                found.append(self._value(rest, indent))
        if at is not None and at > indent:
            raise YamlFault("has a line that belongs to nothing before it", self.at)
        return found

    def _table(self, indent: int) -> Node:
        found: dict[str, Node] = {}
        while (at := self._next()) is not None and at >= indent:
            line = self.lines[self.at][indent:]
            end = None if at > indent else _key_end(line)
            if end is None:
                raise YamlFault("has a line without “name: value”", self.at)
            key = line[:end].rstrip()
            key = unquoted(key)[0] if key[0] in "\"'" else key
            self.at += 1
            value = self._value(line[end + 1 :].strip(), indent)
            if key in found:
                found.setdefault(TWICE, []).append(key)  # type: ignore[union-attr]
            found[key] = value
        return found

    def _value(self, rest: str, indent: int) -> Node:
        """The node that begins with *rest*, in a table or list that is indented by *indent*."""
        start = self.at - 1
        tagged = rest[:1] == "!"
        rest = self._unmarked(rest, start)
        if not rest or rest[0] == "#":
            return self._nested(indent, in_key=True)
        first = rest[0]
        if first in "|>":
            return self._block(rest, indent)
        if first in "\"'[{":
            return self._spanning(rest, start)
        if first == "*":
            alias = re.fullmatch(_ALIAS, _uncommented(rest), re.ASCII)
            if alias is None or alias[1] not in self.anchors:
                raise YamlFault("begins with * and is not in quotes", start)
            return ""
        if first in _NO_PLAIN or (first in "-?:" and rest[1:2] in ("", " ", "\t")):
            raise YamlFault(f"begins with {first} and is not in quotes", start)
        found = self._plain(rest, indent)
        return False if found in _NULLS and not tagged else found

    def _unmarked(self, rest: str, start: int) -> str:
        """*rest* without the anchor and the tag that it begins with."""
        marks = {"&": _ANCHOR, "!": _TAG}
        while (pattern := marks.pop(rest[:1], None)) is not None:
            found = re.match(pattern, rest, re.ASCII)
            if found is None:
                raise YamlFault(f"begins with {rest[0]} and is not in quotes", start)
            if rest[0] == "&":
                self.anchors.add(found[1])
            rest = rest[found.end() :].lstrip()
        return rest

    def _block(self, rest: str, indent: int) -> str:
        header = _BLOCK.match(rest)
        if header is None:
            raise YamlFault(f"has text after {rest[0]}", self.at - 1)
        digit = header[1] or header[2]
        wanted = max(indent, 0) + int(digit) if digit else 0
        found: list[str] = []
        blank = 0
        while self.at < len(self.lines):
            line = self.lines[self.at]
            depth = len(line) - len(line.lstrip(" "))
            if line.strip(" "):
                wanted = wanted or max(depth, blank, indent + 1)
                if depth < wanted:
                    break
            blank = max(blank, depth)
            found.append(line[wanted:])
            self.at += 1
        return "\n".join(found).strip()

    def _spanning(self, rest: str, start: int) -> Node:
        """Text in quotes, or a list or table in brackets, which may go on below."""
        whole = "\n".join([rest, *self.lines[self.at :]])
        node: Node
        if rest[0] in CLOSES:
            node, end = read_flow(whole)
        else:
            node, end = unquoted(whole)
        self.at += whole.count("\n", 0, end)
        tail = whole[end:].split("\n", 1)[0].strip()
        if tail and tail[0] != "#":
            raise YamlFault("continues after its quotes or brackets", start)
        return node

    def _plain(self, rest: str, indent: int) -> str:
        parts, commented = [], False
        line = rest
        while True:
            end = plain_end(line)
            if line[end : end + 1] == ":":
                raise YamlFault("has a colon that is not in quotes", self.at - 1)
            parts.append(line[:end].strip())
            commented = end < len(line)
            if commented or self.at >= len(self.lines):
                break
            ahead = self._ahead(indent)
            if ahead is None:
                break
            line = ahead
            self.at += 1
        return " ".join(parts).strip()

    def _ahead(self, indent: int) -> str | None:
        """The next line of a plain text, None where it ends."""
        at = self.at
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        if at >= len(self.lines):
            return None
        bare = self.lines[at].lstrip(" ")
        if len(self.lines[at]) - len(bare) <= indent or bare.lstrip().startswith("#"):
            return None
        self.at = at
        return bare.strip()


TWICE = "\x00twice"
"""Under which a table keeps the names that it has more than once; no name is spelled like that."""


def _is_item(line: str) -> bool:
    return line[:1] == "-" and line[1:2] in ("", " ", "\t")


def _key_end(line: str) -> int | None:
    """Where the colon behind the key that *line* begins with stands; None where it has none."""
    if line[:1] in ("'", '"'):
        try:
            end = unquoted(line)[1]
        except YamlFault:
            return None
        end += len(line[end:]) - len(line[end:].lstrip())
        behind = line[end + 1 : end + 2] in ("", " ", "\t")
        return end if line[end : end + 1] == ":" and behind else None
    if line[:1] in _NO_PLAIN or (line[:1] in "-?" and line[1:2] in ("", " ", "\t")):
        return None
    end = plain_end(line)
    return end if end and line[end : end + 1] == ":" else None


def _uncommented(line: str) -> str:
    return re.split(r"\s#", line, maxsplit=1)[0].strip()
