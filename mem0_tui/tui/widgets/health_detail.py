"""What there is to say about one finding, area or hook: the sentence, the places, the repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, TypeAlias

from mem0_tui.codex.facts.hook_table import HookRow
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.report import Area, Evidence, Finding, Fix, Status
from mem0_tui.codex.watch import InstallState
from mem0_tui.model.secret import redact
from mem0_tui.model.text import visible
from mem0_tui.presenting.doctor import GLYPHS, WORDS, safe
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.glyphs import draws_ascii, spelt_keys
from mem0_tui.tui.health_rows import AREA, FINDING, HOOK, find, hook_state
from mem0_tui.tui.widgets.text_view import TextView

_PLACES = 6
KeyFor: TypeAlias = Callable[[str], str]
"""From an action's id to its key as a person reads it."""
_EVIDENCE = {
    Evidence.CONFIGURED: "by the files and the environment",
    Evidence.TRUSTED: "by Codex's rules of trust",
    Evidence.OBSERVED: "seen, by asking Codex or the server",
}
_RECORDED = "by the plugin's own records of what it did"


class HealthDetail(TextView):
    """Shows what the row under the cursor is about."""

    PREFIX = "health"
    BINDING_GROUP_TITLE = "Details"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"health--{name}" for name in ("title", "key", "muted", "added", "removed")),
        *(f"health--{status}" for status in GLYPHS),
    }

    def show_row(self, look: InstallState, key: str, key_for: KeyFor) -> None:
        """Show what the row *key* is about, and which keys do something with it."""
        ascii_only = draws_ascii(self.app)

        def shown(action: str) -> str:
            return spelt_keys(key_for(action)) if ascii_only else key_for(action)

        self.show_lines(list(_lines(look, key, shown)))


def spots(look: InstallState, key: str) -> Sequence[Spot]:
    """The places in files that the row *key* is about, the first first."""
    if key.startswith(HOOK):
        return [row.spot for row in look.hooks if HOOK + row.key == key]
    if key.startswith(AREA):
        mine = [f for f in look.report.findings if f.area == key.removeprefix(AREA)]
        return [spot for finding in mine for spot in finding.where] or _home_of(look, key)
    finding = find(look.report, key)
    return finding.where if finding is not None else ()


def _home_of(look: InstallState, key: str) -> Sequence[Spot]:
    """The file that a faultless area is about."""
    install = look.install
    if key == f"{AREA}config":
        return [Spot(install.homes.config)]
    if key == f"{AREA}mcp" and install.servers.winner is not None:
        return [install.servers.winner.spot]
    if key == f"{AREA}hooks":
        return [handler.spot for _, handler in install.mem0_handlers[:1]]
    return []


def _lines(look: InstallState, key: str, key_for: KeyFor) -> Iterator[Line]:
    if key.startswith(HOOK):
        for row in look.hooks:
            if HOOK + row.key == key:
                yield from _hook(row, look, key_for)
                return
    elif key.startswith(AREA):
        yield from _area(look.report.area(key.removeprefix(AREA)), look, key_for)
    elif key.startswith(FINDING) and (finding := find(look.report, key)):
        yield from _finding(finding, look, key_for)


def _finding(finding: Finding, look: InstallState, key_for: KeyFor) -> Iterator[Line]:
    home = look.report.home
    status = look.report.severity(finding)
    yield _title(status, safe(finding.title, home))
    known = _RECORDED if finding.recorded else _EVIDENCE[finding.evidence]
    yield line((f"{finding.area} · {known}", "muted"))
    if finding.detail:
        yield line()
        yield line(safe(finding.detail, home))
    if finding.fix is not None:
        yield line()
        yield from fix_lines(finding.fix, home, key_for)
    if finding.where:
        yield line()
        yield from _where(finding.where, home, key_for)
    yield from _relatives(finding, look)
    if finding.fix is not None and finding.fix.diff:
        yield line()
        yield from change_lines(finding.fix, home)


def _relatives(finding: Finding, look: InstallState) -> Iterator[Line]:
    """What follows from *finding*, and what it follows from."""
    home = look.report.home
    following = look.report.following(finding)
    if following:
        yield line()
        yield line(("So", "key"))
        for other in following:
            glyph = (f"  {GLYPHS[other.status]} ", other.status.value)
            yield line(glyph, safe(other.title, home), (f" ({other.area})", "muted"), indent=4)
    if finding.cause is not None and (cause := find(look.report, finding.cause)):
        yield line()
        yield line(("Because", "key"))
        yield line(f"  {safe(cause.title, home)}", (f" ({cause.area})", "muted"), indent=2)


def _title(status: Status, text: str) -> Line:
    return line((f"{GLYPHS[status]} {WORDS[status]}  ", status.value), (text, "title"), indent=2)


def _where(places: Sequence[Spot], home: str, key_for: KeyFor) -> Iterator[Line]:
    yield line(("Where", "key"), (f"  {key_for('health.edit')} opens the first", "muted"))
    for spot in places[:_PLACES]:
        yield line(safe(str(spot), home), indent=2)
    if len(places) > _PLACES:
        yield line((f"and {len(places) - _PLACES} more", "muted"))


def fix_lines(fix: Fix, home: str, key_for: KeyFor) -> Iterator[Line]:
    """A repair in short: what it is for, and its command."""
    how = f"{key_for('health.repair')} applies it" if fix.automatic else "for you"
    yield line(("Repair", "key"), (f"  {how}", "muted"))
    yield line(safe(fix.summary, home), indent=2)
    if fix.command is not None:
        yield line((f"$ {safe(fix.command, home)}", "added"), indent=2)


def change_lines(fix: Fix, home: str) -> Iterator[Line]:
    """The diff of a repair."""
    for part in (fix.diff or "").splitlines():
        style = {"+": "added", "-": "removed", "@": "muted"}.get(part[:1], "")
        shown = visible(redact(part.replace(f"{home}/", "~/")))
        yield line((shown, "muted" if part[:3] in ("+++", "---") else style), indent=4)


def _area(area: Area, look: InstallState, key_for: KeyFor) -> Iterator[Line]:
    home = look.report.home
    yield _title(area.status, area.name)
    if area.status is not Status.OFF:
        evidence = look.report.evidence(area.name)
        recorded = evidence is Evidence.OBSERVED and not look.live
        yield line((_RECORDED if recorded else _EVIDENCE[evidence], "muted"))
    yield line()
    yield line(safe(area.said, home))
    mine = [finding for finding in look.report.findings if finding.area == area.name]
    if mine:
        yield line()
    for finding in mine:
        glyph = (f"{GLYPHS[finding.status]} ", finding.status.value)
        yield line(glyph, safe(finding.title, home), (f"  {finding.evidence}", "muted"), indent=2)
    if not look.live:
        yield line()
        yield line((f"{key_for('health.live')} asks Codex and the server", "muted"))


def _hook(row: HookRow, look: InstallState, key_for: KeyFor) -> Iterator[Line]:
    home = look.report.home
    status, word = hook_state(row)
    yield line(
        (f"{GLYPHS[status]} {word}  ", status.value), (safe(row.event, home), "title"), indent=2
    )
    source = "Codex says so" if look.live else "by the records of trust"
    yield line((f"{row.trust.value} · {source}", "muted"))
    yield line()
    yield line(safe(row.command, home))
    yield line()
    for name, value in (
        ("when", row.matcher or "always"),
        ("from", row.source),
        ("timeout", f"{row.timeout} s"),
        ("shown as", row.status_message or ""),
        ("key", row.key),
    ):
        if value:
            yield line((f"{name:<10}", "key"), safe(value, home), indent=10)
    yield line()
    yield from _where([row.spot], home, key_for)
