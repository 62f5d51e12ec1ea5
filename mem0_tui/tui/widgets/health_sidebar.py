"""The install sidebar: each area's state in a line, then what is wrong, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.doctor import GLYPHS, INSTALLS, WORDS
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from mem0_tui.codex.report import InstallReport


class HealthSidebar(TextView):
    """Shows a report of the doctor."""

    PREFIX = "health"
    BINDING_GROUP_TITLE = "Install"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "health--title",
        "health--muted",
        *(f"health--{status}" for status in GLYPHS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.act('health.open')", "details", show=True, key_display="⏎")
    ]

    def show_report(self, report: InstallReport | None) -> None:
        """Show *report*; None while the files are read."""
        if report is None:
            self.show_lines([line(("reading …", "muted"))])
            return
        self.show_lines(self._lines_for(report), keep_scroll=True)

    def _lines_for(self, report: InstallReport) -> list[Line]:
        version = report.codex[1] if report.codex and report.codex[1] else None
        codex = f"Codex {version}" if version else "Codex: not on PATH"
        lines = [line((codex, "title")), line((INSTALLS.get(report.install, ""), "muted")), line()]
        lines += [
            line(
                (f"{GLYPHS[status]} ", status.value),
                (f"{area.name:<12}", "title"),
                (WORDS[status], status.value),
            )
            for area in report.areas
            for status in (report.area_severity(area),)
        ]
        wrong = [(f, s) for f in report.roots if (s := report.severity(f)) in ("fail", "warn")]
        if wrong:
            lines.append(line())
        for finding, severity in wrong:
            glyph = (f"{GLYPHS[severity]} ", severity.value)
            lines.append(line(glyph, one_line(finding.title), indent=2))
        key = key_for("health.open", getattr(self.app, "keymap", {}))
        lines += [line(), line((f"{key} details and fixes", "muted"))]
        return lines


def badge(report: InstallReport | None) -> tuple[str, str]:
    """The report in a few cells, for the header: its text and its level."""
    if report is None:
        return "", "ok"
    severities = [report.severity(finding) for finding in report.roots]
    broken = sum(1 for severity in severities if severity == "fail")
    warned = sum(1 for severity in severities if severity == "warn")
    if broken:
        return f"✗ {plural(broken, 'problem')}", "fail"
    if warned:
        return f"! {plural(warned, 'warning')}", "warn"
    if report.overall == "off":
        return "· no install", "off"
    return "✓ install", "ok"
