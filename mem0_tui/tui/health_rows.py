"""A look at the install as rows: what is wrong, what was looked at, and what Codex runs when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from rich.cells import cell_len

from mem0_tui.codex.facts.command_line import program_of
from mem0_tui.codex.facts.hook_table import HookRow
from mem0_tui.codex.facts.hook_trust import HookTrust
from mem0_tui.codex.report import Area, Finding, InstallReport, Status
from mem0_tui.codex.watch import InstallState
from mem0_tui.codex.way.activity import HookActivity
from mem0_tui.codex.way.station import Station
from mem0_tui.codex.way.way import Way, WayStation, read_way
from mem0_tui.model.counting import plural
from mem0_tui.presenting.doctor import GLYPHS, status_sign
from mem0_tui.presenting.doctor import safe as safe
from mem0_tui.presenting.spans import Span
from mem0_tui.presenting.way.activity import activity_spans
from mem0_tui.presenting.way.column import station_row
from mem0_tui.presenting.way.words import recorded_line
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.row_list import Row, between, heading

_ROOM_FOR_EVIDENCE = 64
_ROOM_FOR_AREA = 48
FINDING, AREA, HOOK, STATION, ACTIVITY = "finding:", "area:", "hook:", "station:", "activity:"
"""What a row's key begins with; the finding's id, the area's or the station's name, the hook's key
or the number of what hooks did follows."""

AREA_OF = {
    Station.CONFIG: "config",
    Station.PLUGIN: "plugin",
    Station.HOOKS: "hooks",
    Station.TOOLS: "mcp",
    Station.KEY: "key",
    Station.SERVER: "mcp",
    Station.STORE: "mcp",
}
"""The area under which to read on about a station of which nothing is wrong."""


def check_rows(look: InstallState, unfolded: Collection[str], *, way: bool = False) -> list[Row]:
    """Root causes, worst first, then the eight areas, then what was seen working; with *way* also
    the way of a memory as a column, after what is wrong."""
    report = look.report
    roots = [(finding, report.severity(finding)) for finding in report.roots]
    wrong = [finding for finding, severity in roots if severity in (Status.FAIL, Status.WARN)]
    notes = [finding for finding, severity in roots if severity is Status.INFO]
    fine = [finding for finding, severity in roots if severity is Status.OK]
    rows: list[Row] = []
    for title, findings in (("What is wrong", wrong), ("Worth knowing", notes)):
        if findings:
            rows.append(heading(title))
            for finding in findings:
                rows += _finding_rows(finding, look, finding.id in unfolded)
            if not (findings is wrong and way):  # where the column is, rows are few
                rows.append(heading(""))
        if findings is wrong and way:
            rows += _way_rows(look)
    rows.append(heading("What was looked at"))
    rows += [_area_row(area, look) for area in report.areas]
    if fine:
        rows += [heading(""), heading("Seen working")]
        for finding in fine:
            rows += _finding_rows(finding, look, False)
    if look.activity:
        rows += [heading(""), heading("What hooks did lately")]
        rows += [
            Row(partial(_activity_spans, each, look), f"{ACTIVITY}{number}")
            for number, each in enumerate(look.activity)
        ]
    return rows


def _activity_spans(activity: HookActivity, look: InstallState, width: int) -> list[Span]:
    told = activity_spans(activity, look.at, look.report.home)
    return between([("  ", ""), *told], [], width)


def _way_rows(look: InstallState) -> Iterator[Row]:
    way, home = read_way(look.report), look.report.home
    if way is None:
        return
    head: list[Span] = [("The way of a memory  ", "heading")]
    head += recorded_line(way, look.at).spans
    yield Row(lambda width: between(head, [], width))
    for each in way.stations:
        yield Row(partial(_station_spans, each, way, home), STATION + each.station)
    yield heading("")


def _station_spans(station: WayStation, way: Way, home: str, width: int) -> list[Span]:
    return [(" ", ""), *station_row(station, way, width - 1, home)]


def _finding_rows(finding: Finding, look: InstallState, unfolded: bool) -> Iterator[Row]:
    report, home = look.report, look.report.home
    following = report.following(finding)
    fold = ("▾ " if unfolded else "▸ ") if following else "  "
    severity = report.severity(finding)
    more = f"  +{len(following)}" if following and not unfolded else ""
    left = [
        (fold, "muted"),
        status_sign(severity, 8),
        (safe(finding.title, home), "title"),
        (more, "muted"),
    ]
    yield _finding_row(left, finding)
    for other in following if unfolded else ():
        below: list[Span] = [
            ("    └ ", "muted"),
            (f"{GLYPHS[other.status]} ", other.status.value),
            (safe(other.title, home), ""),
        ]
        yield _finding_row(below, other)


def _finding_row(words: list[Span], finding: Finding) -> Row:
    """What is *said*, and where and how it is known if there is room for that beside it."""
    length = sum(cell_len(text) for text, _ in words)

    def spans(width: int) -> list[Span]:
        aside = _aside((finding.area, finding.evidence.value), width)
        if length + sum(cell_len(text) for text, _ in aside) > width:
            aside = []
        return between(words, aside, width)

    return Row(spans, FINDING + finding.id)


def _area_row(area: Area, look: InstallState) -> Row:
    status = look.report.area_severity(area)
    left = [
        ("  ", ""),
        status_sign(status, 8),
        (f"{area.name:<12}", "title"),
        (safe(area.summary, look.report.home), "muted" if status is Status.OFF else ""),
    ]
    evidence = "" if status is Status.OFF else look.report.evidence(area.name).value
    return Row(lambda width: between(left, _aside(("", evidence), width), width), AREA + area.name)


def _aside(words: tuple[str, str], width: int) -> list[Span]:
    area, evidence = words
    if width >= _ROOM_FOR_EVIDENCE:
        return [(f" {area:<11} {evidence:<10}" if area else f" {evidence:<10}", "muted")]
    return [(f" {area:<11}", "muted")] if area and width >= _ROOM_FOR_AREA else []


def hook_rows(look: InstallState) -> list[Row]:
    """Every handler under its event, in the order in which Codex runs them."""
    if not look.hooks:
        return [heading("No hook is installed.")]
    rows: list[Row] = []
    event = ""
    for row in look.hooks:
        if row.event != event:
            event = row.event
            rows += [heading("")] if rows else []
            rows.append(_event_heading(event, [each for each in look.hooks if each.event == event]))
            number = 0
        number += 1
        rows.append(_hook_row(row, number, look))
    return rows


def _event_heading(event: str, rows: list[HookRow]) -> Row:
    running = sum(row.runs for row in rows)
    count = f"{running} of {plural(len(rows), 'hook')} {'runs' if len(rows) == 1 else 'run'}"
    return Row(lambda width: between([(event, "heading")], [(f" {count}", "muted")], width))


def _hook_row(row: HookRow, number: int, look: InstallState) -> Row:
    status, word = hook_state(row)
    name = safe(hook_name(row, look), look.report.home)
    left = [
        (f"{number:>2} ", "muted"),
        (f"{GLYPHS[status]} {word:<10}", status.value),
        (name, "title" if row.mem0 else "muted"),
    ]
    where = safe(row.source, look.report.home)
    about = f" {shorten(safe(row.matcher or '', look.report.home), 24)}" if row.matcher else ""

    def spans(width: int) -> list[Span]:
        right = [(f" {where}", "muted")] if width >= _ROOM_FOR_AREA else []
        room = width - sum(cell_len(text) for text, _ in (*left, *right))
        middle = [(about, "muted")] if about and room > len(about) else []
        return between([*left, *middle], right, width)

    return Row(spans, HOOK + row.key)


def hook_state(row: HookRow) -> tuple[Status, str]:
    """Whether Codex runs it, and why not, in a word."""
    if row.runs:
        return Status.OK, "runs"
    if not row.enabled:
        return Status.OFF, "disabled"
    if row.trust in (HookTrust.UNTRUSTED, HookTrust.MODIFIED):
        return Status.WARN, row.trust.value
    return Status.OFF, "off"


def hook_name(row: HookRow, look: InstallState) -> str:
    """The file name of what it starts, or else its command."""
    homes = look.install.homes
    return program_of(row.command, homes.environ, cwd=homes.cwd).name or row.command


def find(report: InstallReport, key: str) -> Finding | None:
    """The finding that a row's key names."""
    id_ = key.removeprefix(FINDING)
    return next((finding for finding in report.findings if finding.id == id_), None)


def station_at(report: InstallReport, key: str) -> WayStation | None:
    """The station that a row's key names."""
    way = read_way(report)
    name = key.removeprefix(STATION)
    found = way.stations if way is not None and key.startswith(STATION) else ()
    return next((each for each in found if each.station.value == name), None)


def activity_at(look: InstallState, key: str) -> HookActivity | None:
    """What hooks did, as a row's key names it."""
    number = key.removeprefix(ACTIVITY)
    if not key.startswith(ACTIVITY) or not number.isdecimal() or int(number) >= len(look.activity):
        return None
    return look.activity[int(number)]
