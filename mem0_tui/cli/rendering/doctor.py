"""The doctor's report as text for a terminal of any width: glyph, word and colour for each status.

Everything that comes from a file is made visible first, and keys in it are masked.
"""

from __future__ import annotations

from mem0_tui.codex import Evidence, Finding, Fix, InstallReport, Status
from mem0_tui.codex.facts.paths import short
from mem0_tui.model.record import Record
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.doctor import WORD_CELLS, safe, status_sign

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
            f"{style.mark(area.status)}  {area.name:11}  ", area.said, style, _AREA_INDENT
        )
    lines.append("")
    for finding in report.roots:
        if finding.status is not Status.OK:
            lines += _finding(finding, report, style, home)
    fine = [finding for finding in report.roots if finding.status is Status.OK]
    for finding in fine:
        lines += _wrapped(f"{style.mark(finding.status)}  ", _titled(finding), style, _INDENT)
    lines += ["", _verdict(report, style)] if fine else [_verdict(report, style)]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, report: InstallReport, style: Style, home: str) -> list[str]:
    pad = " " * style.indent
    lines = _wrapped(f"{style.mark(finding.status)}  ", _titled(finding), style, _INDENT)
    if finding.detail:
        detail = safe(finding.detail, home)
        lines += [pad + line for line in _folded(detail, style.width - len(pad))]
    lines += [pad + clean(place) for place in _places(finding, home)]
    said = [
        f"so: {following.title} ({following.area})"
        for following in report.findings
        if following.cause == finding.id
    ]
    if finding.fix is not None:
        fix = finding.fix
        command = "" if fix.command is None else f": {fix.command}"
        said.append(f"fix: {fix.summary}{command} ({fix.id})")
    for text in said:
        first, *rest = _folded(clean(text), style.width - len(pad) - 5)
        lines += [pad + first, *(f"{pad}     {line}" for line in rest)]
    return [*lines, ""]


def _titled(finding: Finding) -> str:
    if finding.recorded:
        return f"{finding.title} (recorded)"
    return finding.title + (" (seen)" if finding.evidence is Evidence.OBSERVED else "")


def _places(finding: Finding, home: str) -> list[str]:
    """The files concerned, each with its first lines."""
    lines: dict[str, list[str]] = {}
    for spot in finding.where:
        lines.setdefault(short(spot.path, home), []).extend(map(str, filter(None, [spot.line])))
    shown = [
        path + (":" + ",".join(numbers[:4]) if numbers else "") + ("…" if len(numbers) > 4 else "")
        for path, numbers in lines.items()
    ]
    return shown if len(shown) < 5 else [*shown[:4], f"and {len(shown) - 4} more files"]


def _verdict(report: InstallReport, style: Style) -> str:
    found = [report.severity(finding) for finding in report.roots]
    count = {status: found.count(status) for status in Status}
    asked = any(
        finding.evidence is Evidence.OBSERVED and not finding.recorded
        for finding in report.findings
    )
    said = {
        Status.OK: "Everything is in order, as Codex and the server say too."
        if asked
        else "Everything that can be seen in files is in order.",
        Status.INFO: "Works; see the notes above.",
        Status.WARN: f"Works in part: {_many(count[Status.WARN], 'warning')}.",
        Status.FAIL: f"Broken: {_many(count[Status.FAIL], 'failure')}.",
        Status.OFF: "Mem0 is not installed in Codex.",
    }[report.overall]
    automatic = [fix for fix in report.fixes if fix.automatic]
    if automatic:
        said += f" {_many(len(automatic), 'repair')} can be applied: mem0-tui doctor --fix all"
    return "\n".join(_wrapped(f"{style.mark(report.overall)}  ", said, style, _INDENT))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


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
    diff = fix.diff
    for line in (diff or "").splitlines():
        status = {"+": Status.OK, "-": Status.FAIL}.get(line[:1])
        shown = visible(line)
        lines.append("  " + (style.paint(shown, status) if status else shown))
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
