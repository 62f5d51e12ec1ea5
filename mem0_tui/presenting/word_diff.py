"""A word diff as safe lines of spans, marked by signs so that colour is never the only mark."""

from __future__ import annotations

from mem0_tui.model.diff import word_diff
from mem0_tui.model.text import visible
from mem0_tui.presenting.spans import Line, Span


def diff_lines(old: str, new: str) -> list[Line]:
    """*old* to *new*: spans styled ``removed`` (``[-gone-]``), ``added`` (``{+new+}``) or plain."""
    lines: list[list[Span]] = [[]]
    for piece in word_diff(visible(old), visible(new)):
        if piece.same:
            _append(lines, piece.gone, "")
            continue
        if piece.gone:
            _append(lines, f"[-{piece.gone}-]", "removed")
        if piece.came:
            _append(lines, f"{{+{piece.came}+}}", "added")
    return [Line(tuple(parts)) for parts in lines]


def _append(lines: list[list[Span]], text: str, name: str) -> None:
    first, *rest = text.split("\n")
    lines[-1].append((first, name))
    lines.extend([(part, name)] for part in rest)
