"""What became of a plan: done, refused, failed, unknown, item by item."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from mem0_tui.curator.applying.report import Report
from mem0_tui.presenting.report import differences, item_lines, problems_first, redacted_lines
from mem0_tui.presenting.report import rest as rest
from mem0_tui.presenting.report import summary as summary
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.plan_lines import PlanLines


class ReportView(FramedModal[None]):
    """Shows a report; problems first."""

    def __init__(self, report: Report, key: str, *, undoing: bool = False, left: str = "") -> None:
        """*key* takes what was done back, or applies it again when it was *undoing*; *left* says
        what is still to be done, and how."""
        super().__init__()
        self._left = left
        self._report = report
        does = "applies it again" if undoing else "takes it back"
        self._back = f"{key} on the main screen {does}" if report.changed else ""
        if report.final and not report.changed:
            self._back = "it cannot be undone here"

    def title_text(self) -> str:
        return summary(self._report)

    def keys_text(self) -> str:
        return f"Esc close   {self._back}" if self._back else "Esc close"

    def body(self) -> Iterable[Widget]:
        yield PlanLines(id="report-items")

    def on_mount(self) -> None:
        lines: list[Line] = [line((self._left, "warning")), line()] if self._left else []
        for of_item in item_lines(problems_first(self._report)):
            lines += of_item
        if differing := differences(self._report):
            lines += [line(), *differing]
        if self._report.redacted:
            lines += [line(), *redacted_lines(self._report.redacted)]
        self.query_one(PlanLines).show_lines(lines)
        self.query_one(PlanLines).focus()
