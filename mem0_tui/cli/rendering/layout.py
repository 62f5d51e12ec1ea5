"""Lays text out in terminal cells: cutting, padding, wrapping and tables of safe text.

Widths are counted in cells, never in characters: a wide character takes two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mem0_tui.cli.rendering.output import Output

GAP = "  "


def cells(text: str) -> int:
    """How many cells *text* takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """*text* in at most *width* cells, with ``…`` where something is missing."""
    if cells(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    from rich.cells import set_cell_size

    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """*text* filled with blanks up to *width* cells, on the left where it is aligned right."""
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks


def wrap(line: str, width: int) -> list[str]:
    """One line of text as lines of at most *width* cells, broken between words where possible."""
    if cells(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip())][: width // 2]
    lines: list[str] = []
    current = indent
    fresh = True
    for word in line.split():
        candidate = current + word if fresh else f"{current} {word}"
        if cells(candidate) <= width:
            current, fresh = candidate, False
            continue
        if not fresh:
            lines.append(current)
        *full, current = _chop(indent + word, width)
        lines.extend(full)
        fresh = False
    return [*lines, current]


def _chop(word: str, width: int) -> list[str]:
    """*word* in pieces of at most *width* cells."""
    pieces = [""]
    room = width
    for character in word:
        size = cells(character)
        if size > room and pieces[-1]:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= size
    return pieces


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    right: bool = False
    limit: int = 1000
    """The most cells it takes; the last column takes what is left."""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a style of its own."""

    text: str
    style: str = ""


def table(
    output: Output, columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]]
) -> list[str]:
    """*rows* as aligned lines under a heading, no wider than the output; texts are safe already."""
    cooked = [
        [_cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows
    ]
    head = [Cell(column.title, "dim") for column in columns]
    widths = [
        min(column.limit, max([cells(column.title), *(cells(row[at].text) for row in cooked)]))
        for at, column in enumerate(columns)
    ]
    used = sum(widths[:-1]) + len(GAP) * (len(columns) - 1)
    if output.cut:
        widths[-1] = min(widths[-1], max(8, output.width - used))
    else:
        widths[-1] = max(cells(row[-1].text) for row in [head, *cooked])
    lines = [_line(output, head, widths, columns)] if any(c.title for c in columns) else []
    return lines + [_line(output, row, widths, columns) for row in cooked]


def _cell(cell: str | Cell, column: Column) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell, column.style)


def _line(
    output: Output, row: Sequence[Cell], widths: Sequence[int], columns: Sequence[Column]
) -> str:
    parts: list[str] = []
    for at, (cell, width, column) in enumerate(zip(row, widths, columns, strict=True)):
        text = cut(cell.text, width)
        last = at == len(columns) - 1
        filled = text if last and not column.right else pad(text, width, right=column.right)
        parts.append(output.styled(filled, cell.style))
    return GAP.join(parts).rstrip()
