"""How a row of a queue is laid out: the text, beside it why it is there, groups indented."""

from __future__ import annotations

from typing import NamedTuple

from mem0_tui.model.memory import Memory
from mem0_tui.presenting.memory import type_name
from mem0_tui.presenting.queues import fate_word, short_reason
from mem0_tui.presenting.signs import PINNED
from mem0_tui.review.queues.rows import QueueRow
from mem0_tui.tui.marked_text import Piece, marked_headline
from mem0_tui.tui.render import GUTTER_CELLS, label

_KINDS = 84
"""Cells of a row from which on it says of what kind the memory is: text and reason come first."""
_LEAST_REASON = 18
_MOST_REASON = 64
_SHARE = 0.4
"""The part of a row that its reason takes."""
_FIRST, _NEXT = "▾ ", "└ "


class QueueRowText(NamedTuple):
    """The parts of a row, which together have the row's width less the gutter."""

    kind: str
    lead: str
    """Where the memory stands in its group, and whether it is pinned."""
    text: list[Piece]
    reason: str


def queue_row_text(
    width: int, memory: Memory, why: QueueRow, *, tail: int = 0, bracketed: bool = False
) -> QueueRowText:
    """A row of *width* cells, of which *tail* are for what stands at its end; *bracketed* puts
    what is pointed out in brackets, too."""
    kind = f"{label(type_name(memory.kind, short=True), 8)} " if width >= _KINDS else ""
    lead = (_NEXT if why.follows else _FIRST) if why.grouped else ""
    lead += f"{PINNED} " if memory.pinned else ""
    room = width - GUTTER_CELLS - tail - len(kind)
    cells = min(_MOST_REASON, max(_LEAST_REASON, round(room * _SHARE)))
    cells = max(0, min(cells, room - len(lead) - 8))
    words = f"→ {fate_word(memory.id, why.items)}" if why.follows else short_reason(why.items)
    if why.follows and words == "→ ":
        words = ""
    reason = f" {label(words, cells - 1)}" if cells > 1 else ""
    left = max(1, room - len(lead) - len(reason))
    text = marked_headline(memory.text, why.marks, left, bracketed=bracketed)
    return QueueRowText(kind, lead, text, reason)
