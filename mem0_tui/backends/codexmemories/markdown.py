"""Cuts a Markdown file into list items and paragraphs, each with its headings and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])(\s+)")
_FENCE = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """A list item with what is nested in it, or a paragraph."""

    headings: tuple[str, ...]
    """The headings that it stands under, the outermost first."""
    start: int
    """Characters of the file before it."""
    end: int
    """Those up to the end of its last line, the line break included."""
    marker: str
    """What its first line begins with: ``"- "``, or blanks that indent a paragraph."""
    text: str
    """Its own text: without the marker, and without the indentation of its other lines."""

    def written(self, text: str) -> str:
        """*text* as the lines that stand for it in the file."""
        first, *rest = text.split("\n")
        indent = " " * len(self.marker)
        lines = [self.marker + first, *(indent + line if line.strip() else "" for line in rest)]
        return "\n".join(lines) + "\n"


def blocks(document: str) -> Iterator[MarkdownBlock]:
    """The list items and paragraphs of *document*, in their order."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    blank: list[str] = []
    """Blank lines behind *lines*, which belong to an item that goes on after them."""
    start = at = 0
    fence = ""

    def made() -> Iterator[MarkdownBlock]:
        if lines:
            yield _block(tuple(name for _, name in path), start, lines)
            lines.clear()
        blank.clear()

    for line in document.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        begins = at
        at += len(line)
        if fence:
            lines.append(line)
            fence = "" if bare.strip().startswith(fence) else fence
            continue
        heading = _HEADING.match(bare)
        if heading is not None:
            yield from made()
            level = len(heading[1])
            path = [each for each in path if each[0] < level]
            path.append((level, heading[2]))
            continue
        if not bare.strip():
            blank.append(line)
            continue
        item = _ITEM.match(lines[0]) if lines else None
        goes_on = item is not None and not bare[: len(item[0])].strip()
        if _ITEM.match(bare) or (blank and not goes_on):
            yield from made()
        if not lines:
            start = begins
        lines += [*blank, line]
        blank.clear()
        opened = _FENCE.match(bare)
        fence = opened[1] if opened else ""
    yield from made()


def _block(headings: tuple[str, ...], start: int, lines: list[str]) -> MarkdownBlock:
    whole = "".join(lines)
    bare = [line.rstrip("\r\n") for line in lines]
    item = _ITEM.match(bare[0])
    marker = bare[0][: len(bare[0]) - len(bare[0].lstrip())] if item is None else item[0]
    indent = len(marker)
    rest = [line[indent:] if not line[:indent].strip() else line.lstrip() for line in bare[1:]]
    text = "\n".join([bare[0][indent:], *rest])
    return MarkdownBlock(headings, start, start + len(whole), marker, text)
