"""What became of a plan: done, refused, failed, unknown, item by item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from textual.widget import Widget

from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.wording import VERBS, phrase
from mem0_tui.model.change import Change, DeleteEntity, DeleteScope
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.plan_lines import PlanLines

_GLYPHS = {
    Outcome.DONE: ("✓", "added"),
    Outcome.REFUSED: ("!", "warning"),
    Outcome.FAILED: ("✗", "removed"),
    Outcome.UNKNOWN: ("?", "removed"),
    Outcome.CANCELLED: ("·", "muted"),
}


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
        order = [Outcome.UNKNOWN, Outcome.FAILED, Outcome.REFUSED, Outcome.CANCELLED, Outcome.DONE]
        items = sorted(self._report.items, key=lambda item: order.index(item.outcome))
        said = ""
        lines: list[Line] = [line((self._left, "warning")), line()] if self._left else []
        for item in items:
            lines += _lines(item, said)
            said = item.error.message if item.error is not None else ""
        self.query_one(PlanLines).show_lines(lines)
        self.query_one(PlanLines).focus()


def summary(report: Report) -> str:
    """``12 done · 1 refused``; of a scope, how many went: ``9 memories of app:x deleted``."""
    counts, parts = report.counts, []
    for item in report.items:
        change = item.item.change
        if isinstance(change, (DeleteScope, DeleteEntity)) and item.item.before:
            if item.outcome is Outcome.DONE:
                counts[Outcome.DONE] -= 1
            elif not item.removed:
                continue
            gone = plural(item.removed, "memory")
            parts.append(f"{gone} of {one_line(str(change.entity))} deleted")
    parts += [f"{counts[o]:,} {o.words}" for o in Outcome if counts[o]]
    if counts[Outcome.CANCELLED]:
        parts[-1] += _why_not(report)
    return " · ".join(parts) or "nothing to do"


def _why_not(report: Report) -> str:
    """Why items were not tried, where it was not the user who stopped."""
    why = {
        item.error.title
        for item in report.items
        if item.outcome is Outcome.CANCELLED and item.error
    }
    return f" ({', '.join(map(one_line, sorted(why)))})" if why else ""


def rest(report: Report, now: datetime, how: str) -> str:
    """What of *report* is still to be done, from when on, and *how*; blank if it is nothing."""
    if not report.left:
        return ""
    words = f"{plural(report.left, 'change')} left to do"
    goes_on = f"{how} goes on" if how else ""
    if report.retry_after is None:
        return f"{words}: {goes_on}." if how else f"{words}."
    at = now + timedelta(seconds=report.retry_after)
    wait = f"The server asks to wait until {at:%H:%M:%S} UTC ({_duration(report.retry_after)})"
    return f"{words}. {wait}; then {goes_on}." if how else f"{words}. {wait}."


def _duration(seconds: float) -> str:
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * length:
            return f"{ceil(seconds / length):,} {unit}"
    return f"{ceil(seconds)} s"


def _lines(item: ItemReport, said: str) -> list[Line]:
    """*item* and what became of it; a reason that was *said* of the item above is not repeated."""
    glyph, name = _GLYPHS[item.outcome]
    lines = [line((f"{glyph} {item.outcome.words:<9} ", name), _about(item), indent=12)]
    if item.error is not None and item.error.message != said:
        lines.append(line(("            " + one_line(item.error.message), "warning"), indent=12))
        if item.error.hint:
            lines.append(line(("            " + one_line(item.error.hint), "muted"), indent=12))
    if item.remaining:
        lines.append(line((f"            {item.remaining:,} are still there", "warning")))
    before = item.item.before
    if item.added_id and before and item.added_id != before[0].id:
        lines.append(line((f"            now has the id {one_line(item.added_id)}", "muted")))
    return lines


def _about(item: ItemReport) -> str:
    change: Change = item.item.change
    if isinstance(change, (DeleteScope, DeleteEntity)):
        return phrase(change)
    verb = VERBS[change.kind]
    text = item.item.before[0].text if item.item.before else ""
    return f"{verb} {shorten(text, 160)}"
