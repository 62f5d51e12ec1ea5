"""The header: which memories these are, how many are shown of how many, what is staged, health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.model.late import late_dataclass
from mem0_tui.review.counts import written
from mem0_tui.tui.painting.direct_paint import DirectPaint
from mem0_tui.tui.render import shorten

_ROOMY = 72
"""Cells from which on the install's state is written in words."""


@late_dataclass(frozen=True)
class HeaderStatus:
    """What the header says. Text in it is already safe."""

    backend: str = ""
    target: str = ""
    scope: str = ""
    shown: int | None = None
    """Memories in the list that match; None while they are counted."""
    total: int | None = None
    """Memories there are in all; None where the backend does not say."""
    expired: int = 0
    """How many of the others are hidden for no reason but that they have expired."""
    partial: bool = False
    """Whether the list is known to be incomplete."""
    staged: int = 0
    marked: int = 0
    hidden_marks: int = 0
    """Marked memories that the current view does not show."""
    read_only: bool = False
    remote: bool = False
    busy: str = ""
    lag: str = ""
    """How long an edit by somebody else may take to show, where that is long."""
    outdated: bool = False
    """Whether the memories could not be read when they last should have been."""
    health: str = ""
    """Glyph and words of the install's state."""
    health_level: str = "ok"


@late_dataclass(frozen=True)
class Piece:
    """One part of the header, which is shown whole or not at all."""

    forms: tuple[str, ...]
    """How it is written, the longest first."""
    style: str = ""
    rank: int = 0
    """Its importance: 0 is the greatest."""
    joined: bool = False
    """Whether it stands close to the piece before it."""
    at_end: bool = False
    """Whether it stands at the right end."""
    action: str = ""
    """What a click on it does."""

    @property
    def text(self) -> str:
        """What is shown."""
        return f"{'' if self.joined else ' '}{self.forms[0]} "

    @property
    def cells(self) -> int:
        """How wide it is."""
        return cell_len(self.text)


class StatusLine(DirectPaint):
    """One line; the ends stay, the middle gives way when it is narrow."""

    PREFIX = "status-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status-line--name",
        "status-line--danger",
        "status-line--muted",
        "status-line--staged",
        "status-line--ok",
        "status-line--info",
        "status-line--warn",
        "status-line--fail",
        "status-line--off",
    }

    class Clicked(Message):
        """A piece was clicked that stands for this action."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    status: var[HeaderStatus] = var(HeaderStatus())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ends: list[tuple[int, str]] = []
        """Where each piece ends, and what a click on it does; from left to right."""

    def on_click(self, event: events.Click) -> None:
        """Open what the piece under the mouse is about."""
        action = next((action for end, action in self._ends if event.x < end), "")
        if action:
            self.post_message(self.Clicked(action))

    def watch_status(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.whole())
        pieces = fitting(self._pieces(width), width)
        room = width - sum(piece.cells for piece in pieces)
        segments: list[Segment] = []
        self._ends, at, filled = [], 0, False
        for piece in pieces:
            if piece.at_end and not filled:
                filled, at = True, at + room
                segments.append(Segment(" " * room, self.whole()))
                self._ends.append((at, ""))
            at += piece.cells
            segments.append(Segment(piece.text, self.whole(piece.style)))
            self._ends.append((at, piece.action))
        return Strip(segments).adjust_cell_length(width, self.whole())

    def _pieces(self, width: int) -> list[Piece]:
        """All that there is to say, from left to right."""
        status = self.status
        expired = f"· {status.expired:,} expired hidden" if status.expired else ""
        pieces = [
            Piece(("mem0-tui",), "name", rank=8, action="palette.open"),
            Piece((status.backend,), self._backend_style(), rank=6),
            Piece((status.target if width >= 100 else "",), "muted", rank=9, joined=True),
            Piece((status.scope if width >= 80 else "",), "", rank=7),
            Piece(self._count(), "staged" if status.partial else "", rank=4),
            Piece((expired,), "muted", rank=10, joined=True),
            Piece((self._lag(),), "muted", rank=11, joined=True),
            Piece((self._busy(width),), "muted", rank=5, at_end=True),
            Piece((self._outdated(),), "warn", rank=2, at_end=True),
            Piece(self._marks(), "staged", rank=0, at_end=True),
            Piece((self._staged(),), "staged", rank=1, at_end=True, action="plan.open"),
            Piece(
                ("READ-ONLY" if status.read_only else "",),
                "muted",
                rank=2,
                at_end=True,
                action="write.toggle",
            ),
            Piece(
                self._health(width), status.health_level, rank=5, at_end=True, action="health.open"
            ),
        ]
        return [piece for piece in pieces if piece.forms[0]]

    def _backend_style(self) -> str:
        return "danger" if self.status.remote and not self.status.read_only else "muted"

    def _count(self) -> tuple[str, ...]:
        status = self.status
        shown = "…" if status.shown is None else written(status.shown, at_least=status.partial)
        total = "unknown" if status.total is None else f"{status.total:,}"
        whole = f"{shown} of {total}"
        return (f"{whole} (incomplete)", whole, shown) if status.partial else (whole, shown)

    def _health(self, width: int) -> tuple[str, ...]:
        words = self.status.health.split()
        known = self.status.health_level in ("fail", "warn")
        short = " ".join(words[:2] if known else words[:1])
        return (self.status.health, short) if width >= _ROOMY else (short,)

    def _busy(self, width: int) -> str:
        """What goes on, in at most half of the line, where it can be without half a number."""
        busy, half = self.status.busy, width // 2 - 2
        last = busy.rpartition(" · ")[2]
        whole = next((each for each in (busy, last) if cell_len(each) <= half), None)
        return shorten(busy, half) if whole is None else whole

    def _outdated(self) -> str:
        return "NOT UP TO DATE" if self.status.outdated and not self.status.busy else ""

    def _lag(self) -> str:
        return f"· others' edits within {self.status.lag}" if self.status.lag else ""

    def _marks(self) -> tuple[str, ...]:
        if not self.status.marked:
            return ("",)
        marked = f"{self.status.marked:,} marked"
        if not self.status.hidden_marks:
            return (marked,)
        hidden = f"{self.status.hidden_marks:,} hidden"
        return (f"{marked} ({hidden})", marked)

    def _staged(self) -> str:
        return f"{self.status.staged:,} staged" if self.status.staged else ""


def fitting(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """*pieces* as far as they fit into *width* cells, whole: the least important one is written
    shorter where it can be, and then left out, before the next."""
    left = list(pieces)
    while left and sum(piece.cells for piece in left) > width:
        at = max(range(len(left)), key=lambda index: left[index].rank)
        shorter = left[at].forms[1:]
        left[at : at + 1] = [replace(left[at], forms=shorter)] if shorter else []
    return left
