"""Pieces of text that several widgets show: ages, dates, bars, type labels. All terminal-safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED
from mem0_tui.presenting.memory import text_shown, type_name
from mem0_tui.presenting.signs import PINNED, STALE

if TYPE_CHECKING:
    from mem0_tui.model.page import SearchHit

_FILLED, _EMPTY = "▰", "▱"


def shorten(text: str, cells: int) -> str:
    """*text* as one safe line of at most *cells* cells; it ends with ``…`` where it is cut.

    The one place where the screen cuts a text, however long that is.
    """
    start = text[: max(0, cells) * 2 + 80]
    line = one_line(start)
    if len(start) == len(text) and cell_len(line) <= cells:
        return line
    return fit(line, min(cells - 1, cell_len(line))).rstrip() + "…" if cells > 0 else ""


def headline(text: str, cells: int) -> str:
    """The beginning of a memory's *text* without its pin prefix and with its secrets masked, as one
    safe line of *cells*."""
    return label(text_shown(MASKED.beginning(text, cells * 2 + 80)), cells)


def fit(text: str, cells: int) -> str:
    """*text* cut or padded to exactly *cells* cells."""
    return set_cell_size(text, max(0, cells))


def label(text: str, cells: int) -> str:
    """*text*, made safe, in exactly *cells* cells, with an ellipsis where it is cut."""
    return fit(shorten(text, cells), cells)


_PLACES = 84
"""Cells of a row from which on it says where the memory belongs: its text comes first."""
_WHOLE_TYPES = 104
"""Cells of a row from which on it names types in full."""
USE_COUNTS, USE_AGES = 68, 96
"""Cells of a row from which on it says how often Codex was given the memory, and when last."""

GUTTER_CELLS = 3
"""Cells before a row's type, for mark and staged letter."""


class RowText(NamedTuple):
    """The parts of a memory's row, which together have the row's width less the gutter."""

    kind: str
    pin: str
    headline: str
    place: str


def row_text(
    width: int,
    text: str,
    type_: str | None,
    place: str,
    *,
    pinned: bool = False,
    stale: bool = False,
    tail: int = 0,
) -> RowText:
    """A memory as a row of *width* cells, of which *tail* are for what stands at its end."""
    type_cells = 16 if width >= _WHOLE_TYPES else 8
    kind = label(type_name(type_, short=width < _WHOLE_TYPES), type_cells) + " "
    pin = (f"{PINNED} " if pinned else "") + (f"{STALE} " if stale else "")
    place = f" {label(place, 12)}" if width >= _PLACES else ""
    rest = width - GUTTER_CELLS - type_cells - 1 - len(pin) - len(place) - tail
    return RowText(kind, pin, headline(text, max(1, rest)), place)


def score_bar(hit: SearchHit, cells: int = 5) -> str:
    """The hit's rank as a bar; never a percentage, for scores compare within one answer only."""
    filled = max(1, min(cells, round(hit.score * cells)))
    return _FILLED * filled + _EMPTY * (cells - filled)
