"""A memory's text in one row, with the words pointed out that a reason is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len

from mem0_tui.detect.suspicion import Mark
from mem0_tui.model.text import visible
from mem0_tui.presenting.masking import MASKED
from mem0_tui.presenting.memory import BLANK, text_shown
from mem0_tui.tui.render import fit

Piece: TypeAlias = tuple[str, bool]
"""Safe text, and whether it is pointed out."""

_BREAK = re.compile(r"[ \t]*\r?\n\s*")
_LEAD = 12
"""Cells that are shown before the first mark, where what is before it has no room."""


def marked_headline(
    text: str, marks: Sequence[Mark], cells: int, *, bracketed: bool = False
) -> list[Piece]:
    """*text* as one safe line of exactly *cells* cells, in which *marks* are pointed out; where
    colours are missing also *bracketed*.

    Secrets in it are masked. Where the first mark has no room, the text begins shortly before it,
    after ``…``.
    """
    reach = max((mark.end for mark in marks), default=0) + 2 * cells + 500
    text, marks = MASKED.marked(text[:reach], marks)
    shown = text_shown(text)
    shift = len(text) - len(shown)
    spans = _spans(marks, shift, len(shown))
    if shown == BLANK or not spans:
        return _fitted([(_safe(shown[: 2 * cells + 80].rstrip()), False)], cells)
    start = 0
    first, last = spans[0]
    if cell_len(_safe(shown[:last])[: 4 * cells]) > cells - 2:
        start = max(0, min(first - _LEAD, len(shown) - cells + 2))
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for first, last in spans:
        if first > at:
            pieces.append((_safe(shown[at:first][: 2 * cells + 80]), False))
        if last > at:
            words = _safe(shown[max(first, at) : last][: 2 * cells + 80])
            pieces.append((f"[{words}]" if bracketed else words, True))
        at = max(at, last)
    pieces.append((_safe(shown[at : at + 2 * cells + 80]), False))
    return _fitted([piece for piece in pieces if piece[0]], cells)


def _spans(marks: Sequence[Mark], shift: int, length: int) -> list[tuple[int, int]]:
    """The marks as they lie in the text that is shown, in order."""
    moved = ((max(0, each.start - shift), min(length, each.end - shift)) for each in marks)
    return sorted((first, last) for first, last in moved if first < last)


def _safe(text: str) -> str:
    return visible(_BREAK.sub(" ⏎ ", text)).replace("\n", " ")


def _fitted(pieces: Sequence[Piece], cells: int) -> list[Piece]:
    """*pieces* in exactly *cells* cells, with an ellipsis where they are cut."""
    if sum(cell_len(text) for text, _ in pieces) <= cells:
        room, made = cells, list(pieces)
        for text, _ in pieces:
            room -= cell_len(text)
        return [*made, (" " * room, False)] if room else made
    made, room = [], max(0, cells - 1)
    for text, marked in pieces:
        width = min(room, cell_len(text))
        if width:
            made.append((fit(text, width), marked))
        room -= width
    return [*made, ("…"[:cells], False)]
