"""Settings files as they may be shown: without the values of secrets, whatever their shape."""

from __future__ import annotations

import re
from typing import Final

from mem0_tui.model.secret import mask, names_secret, redact, stands_for_value

_TABLE: Final = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
_HOLDERS: Final = ("env", "http_headers", "headers")
"""Tables whose values are handed to a server, keys among them."""
_OPENS: Final = re.compile(rf"""(?:^|[\s{{,])["']?({"|".join(_HOLDERS)})["']?\s*[=:]\s*\{{""")
_PAIR: Final = re.compile(
    r"""(["']?)([A-Za-z_][\w.\-]*)\1(\s*[=:]\s*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
)


def masked_settings(text: str) -> str:
    """*text*, of a TOML or JSON file, with the values of ``env`` and header tables and of names
    that say ``token``, ``password`` and the like masked; lines stay lines."""
    inside, depth = False, 0
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if table := _TABLE.match(line):
            inside, depth = table.group(1).split(".")[-1].strip("\"' ") in _HOLDERS, 0
        shown, depth = (_masked(line, all_=True), 0) if inside else _by_braces(line, depth)
        lines.append(redact(shown))
    return "".join(lines)


def _by_braces(line: str, depth: int) -> tuple[str, int]:
    """*line* masked within the braces of tables that hold keys, of which *depth* are open before
    it; and how many are open after it."""
    parts: list[str] = []
    at = 0
    while at < len(line):
        if not depth:
            opening = _OPENS.search(line, at)
            end = opening.end() if opening else len(line)
            parts.append(_masked(line[at:end], all_=False))
            at, depth = end, int(bool(opening))
        if depth:
            end, depth = _closing(line, at, depth)
            parts.append(_masked(line[at:end], all_=True))
            at = end
    return "".join(parts), depth


def _closing(line: str, start: int, depth: int) -> tuple[int, int]:
    """Where in *line* the braces that are open at *start* are closed, and how many stay open."""
    for at in range(start, len(line)):
        depth += (line[at] == "{") - (line[at] == "}")
        if depth <= 0:
            return at, 0
    return len(line), depth


def _masked(text: str, *, all_: bool) -> str:
    def shown(found: re.Match[str]) -> str:
        quote, name, between, value = found.groups()
        inner = value[1:-1]
        if stands_for_value(inner) or not (all_ or names_secret(name)):
            return found.group()
        return f"{quote}{name}{quote}{between}{value[0]}{mask(inner)}{value[-1]}"

    return _PAIR.sub(shown, text)
