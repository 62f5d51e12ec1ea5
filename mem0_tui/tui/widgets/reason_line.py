"""The line below a queue's list: why the row is there, what is proposed, how much is left."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.model.late import late_dataclass
from mem0_tui.tui.painting.direct_paint import DirectPaint
from mem0_tui.tui.render import shorten


@late_dataclass(frozen=True)
class ReasonStatus:
    """What the line says. Text in it is already safe."""

    tier: str = ""
    """``finding`` or ``worth a look``; blank where there is nothing to be sure of."""
    sure: bool = True
    """Whether it is a finding."""
    reason: str = ""
    key: str = ""
    """The key that stages what is proposed."""
    proposal: str = ""
    """What that is, such as ``3 deletes``; blank where nothing is proposed."""
    progress: str = ""
    """``12 of 284 groups left``."""
    ended: bool = False
    """Whether nothing is left."""


class ReasonLine(DirectPaint):
    """One line; the progress stays, the reason gives way."""

    PREFIX = "reason-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reason-line--finding",
        "reason-line--look",
        "reason-line--proposal",
        "reason-line--progress",
        "reason-line--ended",
    }

    status: var[ReasonStatus] = var(ReasonStatus())

    def watch_status(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, status = self.size.width, self.status
        if y:
            return Strip.blank(width, self.whole())
        progress = f" {status.progress} " if status.progress else ""
        room = width - cell_len(progress)
        parts: list[tuple[str, str]] = []
        if status.reason:
            tier = f" {status.tier}: " if status.tier else " "
            left = room - cell_len(tier) - 1
            proposal = self._proposal(left)
            for_reason = left - cell_len(proposal)
            parts = [
                (tier, "finding" if status.sure else "look"),
                (shorten(status.reason, max(1, for_reason)), ""),
                (proposal, "proposal"),
            ]
        segments: list[Segment] = []
        for text, look in parts:
            cut = shorten(text, room) if cell_len(text) > room else text
            room -= cell_len(cut)
            segments.append(Segment(cut, self.whole(look)))
        segments.append(Segment(" " * max(0, room), self.whole()))
        segments.append(Segment(progress, self.whole("ended" if status.ended else "progress")))
        return Strip(segments).adjust_cell_length(width, self.whole())

    def _proposal(self, room: int) -> str:
        """What is proposed, in the longest form that leaves the whole reason in *room* cells; where
        there is no room for that anyway, in short."""
        status = self.status
        if not status.proposal:
            return ""
        short = f" · {status.key}: {status.proposal}"
        forms = (f" · {status.key} stages {status.proposal}", short, "")
        needed = cell_len(status.reason)
        return next((form for form in forms if needed + cell_len(form) <= room), short)
