"""What a finding, an area and a repair of the doctor say, in lines of (text, role).

The parts come apart, as a pane puts blank lines between them and a terminal does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from mem0_tui.model.counting import plural
from mem0_tui.model.secret import redact
from mem0_tui.model.text import visible
from mem0_tui.presenting.doctor import GLYPHS, safe, status_sign
from mem0_tui.presenting.spans import Line, line

if TYPE_CHECKING:
    from mem0_tui.codex.files.spot import Spot
    from mem0_tui.codex.report import Area, Finding, Fix, InstallReport

Parts: TypeAlias = list[list[Line]]
Hint: TypeAlias = Callable[[str], str]
"""What a front end adds to the name of a part (``Where``, ``Repair``), such as a key; blank for
nothing."""

EVIDENCE: Final = {
    "configured": "by the files and the environment",
    "trusted": "by Codex's rules of trust",
    "observed": "seen, by asking Codex or the server",
}
RECORDED: Final = "by the hooks' own records of what they did"
_PLACES = 5
_LINES = 4


def finding_parts(finding: Finding, report: InstallReport, hint: Hint, *, sign: int = 0) -> Parts:
    """*finding*: its title and how it is known, the detail, the repair, where it stands, and what
    it follows from and leads to. The word of its status is filled up to *sign* cells."""
    home = report.home
    status = status_sign(report.severity(finding), sign)
    known = RECORDED if finding.recorded else EVIDENCE[finding.evidence.value]
    head = [
        line(status, "  ", (safe(titled(finding), home), "title"), indent=2),
        line((f"{finding.area} · {known}", "muted")),
    ]
    parts = [head, [line(safe(finding.detail, home))] if finding.detail else []]
    if finding.fix is not None:
        parts.append(list(fix_lines(finding.fix, home, hint("Repair"))))
    if finding.where:
        parts.append([_name("Where", hint("Where")), *place_lines(finding.where, home)])
    parts.append(list(_following(finding, report)))
    parts.append(list(_cause(finding, report)))
    return [part for part in parts if part]


def titled(finding: Finding) -> str:
    """Its title, and whether it was seen or is told by the plugin's records."""
    if finding.recorded:
        return f"{finding.title} (recorded)"
    return finding.title + (" (seen)" if finding.evidence.value == "observed" else "")


def area_parts(area: Area, report: InstallReport, *, live: bool, sign: int = 0) -> Parts:
    """*area*: its status and how far somebody looked, its sentence, and its findings; *live* tells
    whether Codex and the server were asked. The word of its status is filled up to *sign* cells."""
    head = [line(status_sign(area.status, sign), "  ", (area.name, "title"), indent=2)]
    if area.status.value != "off":
        evidence = report.evidence(area.name).value
        recorded = evidence == "observed" and not live
        head.append(line((RECORDED if recorded else EVIDENCE[evidence], "muted")))
    mine = [finding for finding in report.findings if finding.area == area.name]
    parts = [head, [line(safe(area.summary, report.home))]]
    return [*parts, [finding_line(each, report.home) for each in mine]] if mine else parts


def finding_line(finding: Finding, home: str, *, indent: int = 0, area: bool = False) -> Line:
    """*finding* in one line: the sign of its own status, its title, and how far somebody looked,
    or with *area*, where it belongs; *indent* cells from the left."""
    aside = f" ({finding.area})" if area else f"  {finding.evidence.value}"
    glyph = (f"{' ' * indent}{GLYPHS[finding.status]} ", finding.status.value)
    return line(glyph, safe(finding.title, home), (aside, "muted"), indent=indent + 2)


def fix_lines(fix: Fix, home: str, hint: str) -> Iterator[Line]:
    """A repair in short: what it is for, its id, and its command."""
    how = hint if fix.automatic else "for you"
    yield _name("Repair", how)
    yield line(safe(fix.summary, home), (f" ({fix.id})", "muted"), indent=2)
    if fix.command is not None:
        yield line((f"$ {safe(fix.command, home)}", "added"), indent=2)


def change_lines(fix: Fix, home: str) -> Iterator[Line]:
    """The diff of a repair."""
    for part in (fix.diff or "").splitlines():
        role = {"+": "added", "-": "removed", "@": "muted"}.get(part[:1], "")
        shown = visible(redact(part.replace(f"{home}/", "~/")))
        yield line((shown, "muted" if part[:3] in ("+++", "---") else role), indent=4)


def place_lines(places: Sequence[Spot], home: str) -> Iterator[Line]:
    """The files concerned, each with its first lines: ``~/.codex/config.toml:3,9``."""
    numbers: dict[str, list[str]] = {}
    for spot in places:
        numbers.setdefault(spot.path, []).extend(map(str, filter(None, [spot.line])))
    for path, lines in list(numbers.items())[:_PLACES]:
        more = "…" if len(lines) > _LINES else ""
        at = f":{','.join(lines[:_LINES])}{more}" if lines else ""
        yield line(safe(path + at, home), indent=2)
    if len(numbers) > _PLACES:
        yield line((f"and {plural(len(numbers) - _PLACES, 'more file')}", "muted"))


def _following(finding: Finding, report: InstallReport) -> Iterator[Line]:
    following = report.following(finding)
    if following:
        yield _name("So")
        for other in following:
            yield finding_line(other, report.home, indent=2, area=True)


def _cause(finding: Finding, report: InstallReport) -> Iterator[Line]:
    for cause in report.findings:
        if cause.id == finding.cause:
            yield _name("Because")
            yield line(
                f"  {safe(cause.title, report.home)}", (f" ({cause.area})", "muted"), indent=2
            )


def _name(name: str, hint: str = "") -> Line:
    return line((name, "key"), (f"  {hint}", "muted")) if hint else line((name, "key"))
