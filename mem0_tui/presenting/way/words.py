"""What each station of the way of a memory says, in short and in full."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mem0_tui.presenting.age import ago, when
from mem0_tui.presenting.doctor import safe
from mem0_tui.presenting.finding import EVIDENCE, Parts, finding_line, fix_lines
from mem0_tui.presenting.spans import Line, Span, line

if TYPE_CHECKING:
    from mem0_tui.codex.report import InstallReport
    from mem0_tui.codex.way.way import Way, WayStation

_SIGNS: Final = {
    "ok": ("✓", "ok"),
    "warning": ("!", "warn"),
    "broken": ("✗", "fail"),
    "not checked": ("?", "info"),
    "not installed": ("·", "off"),
    "not reached": ("–", "off"),
}
"""Sign and role of each state."""
STATE_CELLS: Final = 2 + max(map(len, _SIGNS))
ABOUT: Final = {
    "config": "Codex's settings, config.toml and what goes with it: where Codex refuses them, it"
    " knows of no plugin and no server.",
    "plugin": "What brings hooks, MCP server and skills, and the marketplace it comes from.",
    "hooks": "What Codex runs when a session starts, at each prompt and at its end: this captures"
    " and recalls by itself. Codex runs no hook that you have not trusted.",
    "tools": "The MCP server mem0: with its tools the model searches and adds memories itself.",
    "key": "What the server is shown, so that it lets Codex in.",
    "server": "Who takes memories in and searches them: Mem0's service, or a server of your own.",
    "store": "Where the server keeps the memories.",
}
"""What each station is, for somebody who has never heard of it."""
_ASKING: Final = "No file tells it: it takes asking Codex and the server."


def state_sign(station: WayStation, way: Way) -> Span:
    """Sign and word of *station*'s state, in its role; the first break says that it is here."""
    sign, role = _SIGNS[station.state.value]
    word = station.state.value
    if station.first_break and station.station in way.stops.values():
        word = "breaks here" if word == "broken" else "stops here"
    return f"{sign} {word}", role


def evidence_word(station: WayStation) -> str:
    """How far somebody looked at *station*, in a word; empty where there is nothing to look at."""
    if station.evidence is None:
        return ""
    return "recorded" if station.recorded else station.evidence.value


def said(station: WayStation, home: str) -> str:
    """What is to be said of *station* in a line: what is wrong with it, or else what it is."""
    if station.finding is not None:
        return safe(station.finding.title, home)
    return safe(station.words, home)


def break_line(way: Way, home: str) -> Line:
    """Where the way breaks first, or that it does not, as far as anybody knows."""
    if way.first_break is not None:
        station = next(each for each in way.stations if each.first_break)
        _, role = _SIGNS[station.state.value]
        name = station.station.value
        return line((f"{'✗' if role == 'fail' else '!'} {name}: ", role), said_of(way, home))
    if not way.routes:
        return line(("not installed: mem0-tui codex install", "muted"))
    open_ = [each.station.value for each in way.stations if each.state.value == "not checked"]
    if open_:
        return line((f"no break seen; unchecked: {', '.join(open_)}", "muted"))
    return line(("✓ ", "ok"), "nothing breaks the way")


def said_of(way: Way, home: str) -> str:
    """The title of what breaks the way first."""
    return "" if way.first_break is None else safe(way.first_break.title, home)


def recorded_line(way: Way, now: datetime) -> Line:
    """When something was captured and recalled last, as far as that is recorded."""
    recorded = way.recorded
    if not {"capture", "recall"} & {route.value for route in way.routes}:
        return (
            line(("nothing is captured or recalled by itself", "muted")) if way.routes else line()
        )
    if recorded is None:
        return line(("captures and recalls are not recorded", "muted"))
    failed: list[Span] = [("  ✗ last try failed", "fail")] if recorded.failed else []
    if recorded.captured is None and recorded.recalled is None:
        return line(("nothing captured or recalled yet", "muted"), *failed)
    parts: list[Span] = []
    for name, at in (("captured", recorded.captured), ("recalled", recorded.recalled)):
        parts += [("  " if parts else "", ""), (f"{name} ", "muted")]
        parts.append((ago(at, now), "") if at else ("not yet", "muted"))
    return line(*parts, *failed)


def station_parts(station: WayStation, way: Way, report: InstallReport, now: datetime) -> Parts:
    """All there is to say of *station*: its state and how that is known, what it is for, the
    doctor's findings there, and the repair of the first."""
    home = report.home
    sign = state_sign(station, way)
    head = [line(sign, "  ", (station.station.value, "title"), indent=2)]
    if station.evidence is not None:
        known = EVIDENCE[station.evidence.value]
        if station.recorded and way.recorded is not None:
            known = f"by {way.recorded.by}"
        head.append(line((known, "muted")))
    parts: Parts = [head]
    if station.words:
        parts.append([line(safe(station.words, home))])
    if station.state.value == "not checked":
        parts.append([line(_ASKING)])
    if station.state.value == "not reached":
        parts.append([line(("Because", "key")), line(f"  {said_of(way, home)}", indent=2)])
    if station.findings:
        parts.append([finding_line(each, home) for each in station.findings])
        fix = next((each.fix for each in station.findings if each.fix is not None), None)
        if fix is not None and station.finding is not None:
            parts.append(list(fix_lines(fix, home, "")))
    parts.append([line((ABOUT[station.station.value], "muted"))])
    if station.station.value == "hooks" and way.recorded is not None:
        told = [
            line(("captured  ", "key"), when(way.recorded.captured, now)),
            line(("recalled  ", "key"), when(way.recorded.recalled, now)),
        ]
        if way.recorded.failed:
            failed = safe(way.recorded.failed, home)
            told.append(line(("last try  ", "key"), ("failed: ", "fail"), failed, indent=10))
        parts.append(told)
    return parts
