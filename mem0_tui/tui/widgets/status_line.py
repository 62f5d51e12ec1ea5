"""The header: which memories these are, how many are shown of how many, what is staged, health."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.tui.render import fit, shorten
from mem0_tui.tui.widgets.direct_paint import DirectPaint

_LEAST_BUSY = 12
"""Cells from which on there is room to say what goes on."""
_ROOMY = 72
"""Cells from which on the install's state is written in words."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the header says. Text in it is already safe."""

    backend: str = ""
    target: str = ""
    scope: str = ""
    shown: int | None = None
    """Memories in the list; None while they are counted."""
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
    outdated: bool = False
    """Whether the memories could not be read when they last should have been."""
    health: str = ""
    """Glyph and words of the install's state."""
    health_level: str = "ok"


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

    status: var[Status] = var(Status())

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
        status = self.status
        left = [(" mem0-tui ", "name"), (f" {status.backend} ", self._backend_style())]
        right = [
            (f" {text} ", name)
            for text, name in (
                ("NOT UP TO DATE" if status.outdated and not status.busy else "", "warn"),
                (self._marks(), "staged"),
                (self._staged(), "staged"),
                ("READ-ONLY" if status.read_only else "", "muted"),
                (self._health(width), status.health_level),
            )
            if text
        ]
        count = [(f" {self._count()} ", "staged" if status.partial else "")]
        room = width - _cells([*left, *count, *right])
        if status.busy and room > _LEAST_BUSY:
            right.insert(0, (f" {shorten(status.busy, min(room, width // 2) - 2)} ", "muted"))
            room = width - _cells([*left, *count, *right])
        # What there is no room for is left out whole: half a number is a wrong one.
        if width >= 80 and status.scope and cell_len(status.scope) + 2 <= room:
            count.insert(0, (f" {status.scope} ", ""))
            room -= cell_len(status.scope) + 2
        if width >= 100 and status.target and cell_len(status.target) + 1 <= room:
            left.append((f"{status.target} ", "muted"))
            room -= cell_len(status.target) + 1
        expired = f"· {status.expired:,} expired hidden "
        if status.expired and cell_len(expired) <= room:
            count.append((expired, "muted"))
        while _cells([*left, *count, *right]) > width and (len(left) > 1 or right):
            (left if len(left) > 1 else right).pop()
        return self._lay_out([*left, *count], right, width)

    def _backend_style(self) -> str:
        return "danger" if self.status.remote and not self.status.read_only else "muted"

    def _count(self) -> str:
        shown = "…" if self.status.shown is None else f"{self.status.shown:,}"
        total = "unknown" if self.status.total is None else f"{self.status.total:,}"
        return f"{shown} of {total}" + (" (incomplete)" if self.status.partial else "")

    def _health(self, width: int) -> str:
        words = self.status.health.split()
        if width >= _ROOMY:
            return self.status.health
        return " ".join(words[:2] if self.status.health_level in ("fail", "warn") else words[:1])

    def _marks(self) -> str:
        if not self.status.marked:
            return ""
        hidden = f" ({self.status.hidden_marks} hidden)" if self.status.hidden_marks else ""
        return f"{self.status.marked} marked{hidden}"

    def _lay_out(
        self, left: list[tuple[str, str]], right: list[tuple[str, str]], width: int
    ) -> Strip:
        right_cells = sum(cell_len(text) for text, _ in right)
        segments: list[Segment] = []
        room = max(0, width - right_cells)
        self._ends = [(min(cell_len(left[0][0]), room), "palette.open")]
        for text, name in left:
            cells = min(cell_len(text), room)
            segments.append(Segment(fit(text, cells), self.whole(name)))
            room -= cells
        end = width - right_cells
        self._ends.append((end, ""))
        for text, _ in right:
            end += cell_len(text)
            self._ends.append((end, self._action(text)))
        segments.append(Segment(" " * room, self.whole()))
        segments.extend(Segment(text, self.whole(name)) for text, name in right)
        return Strip(segments).adjust_cell_length(width, self.whole())

    def _action(self, text: str) -> str:
        """The action that a piece of the right end stands for; blank for none."""
        if text == f" {self._health(self.size.width)} ":
            return "health.open"
        return {" READ-ONLY ": "write.toggle", f" {self._staged()} ": "plan.open"}.get(text, "")

    def _staged(self) -> str:
        return f"{self.status.staged} staged" if self.status.staged else ""


def _cells(pieces: list[tuple[str, str]]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
