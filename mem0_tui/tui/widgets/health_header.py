"""The health screen's first line: the verdict, the install, and how far and when one looked."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from mem0_tui.codex.report import InstallReport, Status
from mem0_tui.codex.watch import InstallState
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.doctor import GLYPHS, INSTALLS
from mem0_tui.presenting.spans import Span
from mem0_tui.tui.painting.component_styles import ComponentStyles
from mem0_tui.tui.widgets.row_list import between


class HealthHeader(ComponentStyles):
    """One line."""

    PREFIX = "health-header"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"health-header--{name}" for name in ("name", "muted")),
        *(f"health-header--{status}" for status in GLYPHS),
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look: InstallState | None = None
        self._busy = ""

    def show(self, look: InstallState | None, busy: str) -> None:
        """Show the verdict of *look*, and what is going on."""
        self._look, self._busy = look, busy
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.whole())
        left: list[Span] = [(" Health ", "name")]
        right: list[Span] = []
        if self._look is not None:
            report = self._look.report
            status, words = verdict(report)
            left.append((f" {GLYPHS[status]} {words} ", status.value))
            version = report.codex[1] if report.codex and report.codex[1] else None
            codex = f"Codex {one_line(version)}" if version else "Codex is not on PATH"
            left.append((f" {INSTALLS.get(report.install, '')} · {codex}", "muted"))
            how = "Codex asked" if self._look.live else "files read"
            right = [(f" {how} {self._look.at.astimezone():%H:%M:%S} ", "muted")]
        if self._busy or self._look is None:
            right = [(f" {self._busy or 'reading'} … ", "warn")]
        if sum(cell_len(text) for text, _ in (*left, *right)) > width:
            left = left[:2]
        segments = [Segment(text, self.whole(name)) for text, name in between(left, right, width)]
        return Strip(segments).adjust_cell_length(width, self.whole())


def verdict(report: InstallReport) -> tuple[Status, str]:
    """The install's state in a few words."""
    severities = [report.severity(finding) for finding in report.roots]
    broken, warned = severities.count(Status.FAIL), severities.count(Status.WARN)
    parts = [plural(broken, "problem")] if broken else []
    parts += [plural(warned, "warning")] if warned else []
    if parts:
        return report.overall, ", ".join(parts)
    if report.overall is Status.OFF:
        return Status.OFF, "not installed"
    return Status.OK, "nothing is wrong"
