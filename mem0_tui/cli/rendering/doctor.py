"""The doctor's report as text for a terminal of any width: glyph, word and colour for each status.

Everything that comes from a file is made visible first, and keys in it are masked.
"""

from __future__ import annotations

from mem0_tui.codex import Evidence, Finding, Fix, InstallReport, Status
from mem0_tui.codex.facts.paths import short
from mem0_tui.model.counting import plural
from mem0_tui.model.record import Record
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.doctor import WORD_CELLS, status_sign
from mem0_tui.presenting.finding import change_lines, finding_parts, titled
from mem0_tui.presenting.spans import Line

_COLOUR = {
    Status.OK: "32",
    Status.INFO: "36",
    Status.WARN: "33",
    Status.FAIL: "31",
    Status.OFF: "2",
}
_NARROW = 60
_INDENT = 2 + WORD_CELLS + 2
"""Columns before a title: sign, word and two blanks."""
_AREA_INDENT = _INDENT + 13


class Style(Record):
    """How to write: columns, and whether with colour."""

    width: int
    colour: bool

    @property
    def indent(self) -> int:
        """Columns before what belongs to a finding."""
        return 4 if self.width < _NARROW else _INDENT

    def paint(self, text: str, status: Status) -> str:
        return f"\x1b[{_COLOUR[status]}m{text}\x1b[0m" if self.colour else text

    def mark(self, status: Status) -> str:
        """Glyph and word, of one width whatever the status."""
        sign, _ = status_sign(status, WORD_CELLS)
        return self.paint(sign, status)


def render(report: InstallReport, style: Style, *, home: str) -> str:
    """The whole report: a header, one line for each area, then the findings by root cause."""
    program = "not found on PATH" if report.codex is None else report.codex[0]
    version = "" if report.codex is None else f" {report.codex[1] or '(version unknown)'}"
    lines = [
        f"Codex{version}  {clean(short(program, home))}",
        f"home   {clean(short(report.codex_home, home))}",
    ]
    if report.codex is None or report.codex[1] is None:
        lines.append(f"rules  {report.rules}")
    lines.append("")
    for area in report.areas:
        lines += _wrapped(
            f"{style.mark(report.area_severity(area))}  {area.name:11}  ",
            area.summary,
            style,
            _AREA_INDENT,
        )
    lines.append("")
    for finding in report.roots:
        if finding.status is not Status.OK:
            lines += _finding(finding, report, style)
    fine = [finding for finding in report.roots if finding.status is Status.OK]
    for finding in fine:
        lines += _wrapped(f"{style.mark(finding.status)}  ", titled(finding), style, _INDENT)
    lines += ["", _verdict(report, style)] if fine else [_verdict(report, style)]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, report: InstallReport, style: Style) -> list[str]:
    head, *rest = finding_parts(finding, report, lambda _part: "", sign=WORD_CELLS)
    title, *known = head
    lines = _wrapped(f"{style.mark(report.severity(finding))}  ", _words(title), style, _INDENT)
    pad = " " * style.indent
    name = ""
    for part in (known, *rest):
        for each in part:
            if each.spans[0][1] == "key":
                first, *hints = [text.strip() for text, _ in each.spans]
                name = f"{' '.join([first.lower(), *(f'({hint})' for hint in hints)])}: "
                continue
            hanging = pad + "  " if name or each.indent else pad
            begin, *more = _folded(name + each.text.strip(), style.width - len(hanging))
            lines += [pad + begin, *(hanging + line for line in more)]
            name = ""
    return [*lines, ""]


def _words(title: Line) -> str:
    """A title without the status before it, which is painted apart."""
    return "".join(text for text, role in title.spans if role == "title")


def _verdict(report: InstallReport, style: Style) -> str:
    found = [report.severity(finding) for finding in report.roots]
    count = {status: found.count(status) for status in Status}
    asked = any(
        finding.evidence is Evidence.OBSERVED and not finding.recorded
        for finding in report.findings
    )
    message = {
        Status.OK: "Everything is in order, as Codex and the server say too."
        if asked
        else "Everything that can be seen in files is in order.",
        Status.INFO: "Works; see the notes above.",
        Status.WARN: f"Works in part: {plural(count[Status.WARN], 'warning')}.",
        Status.FAIL: f"Broken: {plural(count[Status.FAIL], 'failure')}.",
        Status.OFF: "Mem0 is not installed in Codex.",
    }[report.overall]
    automatic = [fix for fix in report.fixes if fix.automatic]
    if automatic:
        message += f" {plural(len(automatic), 'repair')} can be applied: mem0-tui doctor --fix all"
    return "\n".join(_wrapped(f"{style.mark(report.overall)}  ", message, style, _INDENT))


def render_fixes(report: InstallReport, style: Style) -> str:
    """Every repair with what it would do."""
    fixes = report.fixes
    if not fixes:
        return "There is nothing to repair.\n"
    return "\n".join(render_fix(fix, style) for fix in fixes)


def render_fix(fix: Fix, style: Style) -> str:
    """One repair: its id, its summary, and the command or the diff."""
    lines = [f"{style.paint(fix.id, Status.INFO)}  {clean(fix.summary)}"]
    if fix.command is not None:
        lines.append(f"  $ {clean(fix.command)}")
    for each in change_lines(fix, ""):
        status = {"added": Status.OK, "removed": Status.FAIL}.get(each.spans[0][1])
        lines.append("  " + (style.paint(each.text, status) if status else each.text))
    return "\n".join(lines) + "\n"


def clean(text: str) -> str:
    """*text* on one line, with nothing a terminal would obey and no whole key."""
    return redact(one_line(text))


def _wrapped(prefix: str, text: str, style: Style, indent: int) -> list[str]:
    """*text* after *prefix*, folded to the width under a hanging *indent* (four when narrow)."""
    narrow = style.width < _NARROW
    shown = clean(text)
    first = max(style.width - indent, 20)
    if len(shown) <= first or not narrow:
        folded = _folded(shown, first)
        return [prefix + folded[0], *(" " * indent + line for line in folded[1:])]
    start = [prefix.rstrip()] if prefix.strip() else []
    return [*start, *("    " + line for line in _folded(shown, style.width - 4))]


def _folded(text: str, room: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(room, 20), break_long_words=False, break_on_hyphens=False) or [
        ""
    ]


def plain_text(report: InstallReport) -> str:
    """The report as plain text, for a bug report."""
    return render(report, Style(100, False), home=report.home)
