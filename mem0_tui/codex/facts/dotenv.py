"""`$CODEX_HOME/.env` as Codex reads it: what it sets wins over the environment of the process.

A line that does not parse is left out, and so are names that begin with CODEX_ (Codex 0.171.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mem0_tui.codex.files.text_file import TextFile
from mem0_tui.model.record import Record

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)", re.DOTALL)
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PLAIN = re.compile(r"(?:\\.|[^\s'\"\\])+")
_MARK = re.compile(r"\\(.)|\$\{(\w+)\}|\$(\w*)", re.DOTALL)
_NAME_LAST = re.compile(r"(?<!\\)\$\w+$")
"""A name without braces just before the closing quote: the reader takes the quote for its end."""
_UNCLOSED = re.compile(r"(?<!\\)\$\{(?!\w+\})")
_ESCAPES = frozenset("\\'\"$ n")


class Assignment(Record):
    """One variable that a .env file sets."""

    name: str
    value: str
    line: int
    """1-based."""


def assignments(file: TextFile, environ: Mapping[str, str]) -> list[Assignment]:
    """What *file* sets, each name once with the value that holds; *environ* is what it can name."""
    known = dict(environ)
    found: dict[str, Assignment] = {}
    for number, line in _lines(file):
        parsed = _LINE.fullmatch(line)
        if parsed is None or parsed[1].upper().startswith("CODEX_"):
            continue
        value = _value(parsed[2], known)
        if value is not None:
            found[parsed[1]] = Assignment(parsed[1], value, number)
            known[parsed[1]] = value
    return list(found.values())


def _lines(file: TextFile) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a quote that is open takes the next lines with it."""
    pending, start = "", 0
    for number, line in enumerate(file.text.splitlines(), 1):
        if number == 1 and file.bom:
            continue  # the mark becomes a part of the name
        pending, start = (f"{pending}\n{line}", start) if pending else (line, number)
        if not _is_open(pending):
            if pending.strip() and not pending.lstrip().startswith("#"):
                yield start, pending
            pending = ""


def _is_open(line: str) -> bool:
    if line.lstrip().startswith("#"):
        return False
    value = line.partition("=")[2].lstrip()
    if value[:1] == "'":
        return _SINGLE.match(value) is None
    return value[:1] == '"' and _DOUBLE.match(value) is None


def _value(written: str, known: Mapping[str, str]) -> str | None:
    """The value that *written* means, None where it does not parse."""
    rest, parts = written, []
    while rest and not rest[0].isspace():
        if found := _SINGLE.match(rest):
            parts.append(found[1])
        elif found := _DOUBLE.match(rest) or _PLAIN.match(rest):
            quoted = rest[0] == '"'
            inner = found[1] if quoted else found[0]
            expanded = _expanded(inner, known)
            if expanded is None or (quoted and _NAME_LAST.search(inner)):
                return None
            parts.append(expanded)
        else:
            return None
        rest = rest[found.end() :]
    after = rest.strip()
    return "".join(parts) if not after or after.startswith("#") else None


def _expanded(text: str, known: Mapping[str, str]) -> str | None:
    if any(found[1] not in _ESCAPES for found in _MARK.finditer(text) if found[1]):
        return None
    if _UNCLOSED.search(text):
        return None

    def replace(found: re.Match[str]) -> str:
        if found[1]:
            return "\n" if found[1] == "n" else found[1]
        return known.get(found[2] or found[3], "")

    return _MARK.sub(replace, text)
