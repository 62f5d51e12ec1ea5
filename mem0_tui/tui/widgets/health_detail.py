"""What there is to say about one finding, area or hook: the sentence, the places, the repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, TypeAlias

from mem0_tui.codex.facts.hook_table import HookRow
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.watch import InstallState
from mem0_tui.codex.way.way import read_way
from mem0_tui.presenting.doctor import GLYPHS, safe
from mem0_tui.presenting.finding import (
    Parts,
    area_parts,
    change_lines,
    finding_parts,
    place_lines,
)
from mem0_tui.presenting.spans import Line, line
from mem0_tui.presenting.way.activity import activity_parts
from mem0_tui.presenting.way.words import station_parts
from mem0_tui.tui.glyphs import draws_ascii, spelt_keys
from mem0_tui.tui.health_rows import AREA, FINDING, HOOK, activity_at, find, hook_state, station_at
from mem0_tui.tui.widgets.text_view import TextView

KeyFor: TypeAlias = Callable[[str], str]
"""From an action's id to its key as a person reads it."""


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
    if (station := station_at(look.report, key)) is not None:
        return [spot for finding in station.findings for spot in finding.where]
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
        area = look.report.area(key.removeprefix(AREA))
        yield from _apart(area_parts(area, look.report, live=look.live))
        if not look.live:
            yield line()
            yield line((f"{key_for('health.live')} asks Codex and the server", "muted"))
    elif (station := station_at(look.report, key)) is not None:
        way = read_way(look.report)
        assert way is not None
        yield from _apart(station_parts(station, way, look.report, look.at))
        if station.state.value == "not checked" and not look.live:
            yield line()
            yield line((f"{key_for('health.live')} asks Codex and the server", "muted"))
    elif (activity := activity_at(look, key)) is not None:
        yield from _apart(activity_parts(activity, look.at, look.report.home))
    elif key.startswith(FINDING) and (finding := find(look.report, key)):
        hints = {
            "Where": f"{key_for('health.edit')} opens the first",
            "Repair": f"{key_for('health.repair')} applies it",
        }
        yield from _apart(finding_parts(finding, look.report, hints.__getitem__))
        if finding.fix is not None and finding.fix.diff:
            yield line()
            yield from change_lines(finding.fix, look.report.home)


def _apart(parts: Parts) -> Iterator[Line]:
    """*parts* with a blank line between them."""
    for number, part in enumerate(parts):
        if number:
            yield line()
        yield from part


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
    yield line(("Where", "key"), (f"  {key_for('health.edit')} opens it", "muted"))
    yield from place_lines([row.spot], home)
