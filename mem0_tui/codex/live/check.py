"""The live check: asks the running Codex and the server, and adds their answers to the report.

Asked for, never done by itself: it starts ``codex app-server``, which starts the configured MCP
servers, and it sends the key to the server that Codex would send it to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.checks.causes import linked
from mem0_tui.codex.facts.hook_table import HookRow, hook_table
from mem0_tui.codex.facts.hook_trust import HookTrust
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.live.comparison import Comparison
from mem0_tui.codex.live.observed import Observed, Progress, observe
from mem0_tui.codex.live.plugin_findings import plugin_findings
from mem0_tui.codex.live.server_findings import server_findings
from mem0_tui.codex.live.server_probe import Connect, ping, target
from mem0_tui.codex.report import Area, Evidence, Finding, InstallReport, Status, worst
from mem0_tui.model.errors import Mem0TuiError

TIMEOUT = 45.0
"""Seconds for one answer of Codex; an MCP server that hangs takes Codex itself half of that."""


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """The report with what was observed, and the hooks as Codex sees them."""

    report: InstallReport
    hooks: tuple[HookRow, ...]


def check_live(
    install: Install,
    connect: Connect,
    progress: Progress,
    *,
    write: bool = False,
    timeout: float = TIMEOUT,
) -> LiveCheck:
    """Ask Codex and the server about *install*.

    Args:
        install: what the files say.
        connect: makes a probe of an MCP server.
        progress: told what is being done.
        write: also write one memory into a run of its own, and delete it again.
        timeout: seconds for one answer of Codex.
    """
    report = diagnose(install)
    observed, found = _ask_codex(install, progress, timeout)
    confirmed: set[str] = set()
    if observed is not None:
        comparison = Comparison(install, report, observed)
        found += comparison.findings
        confirmed = comparison.confirmed
    server = target(install)
    asked = None if server is None else ping(install, server, connect, progress, write=write)
    winner = install.servers.winner
    found += server_findings(install, server or winner, observed, asked)
    found += plugin_findings(install, progress)
    return LiveCheck(
        _merged(report, found, confirmed),
        tuple(hook_table(install) if observed is None else _hooks_seen(install, observed)),
    )


def _ask_codex(
    install: Install, progress: Progress, timeout: float
) -> tuple[Observed | None, list[Finding]]:
    if install.codex is None:
        title = "Codex itself could not be asked: it is not on PATH"
        return None, [Finding("live.no-codex", "config", Status.INFO, title)]
    try:
        return observe(install, progress, timeout=timeout), []
    except Mem0TuiError as error:
        title = "Codex itself could not be asked"
        seen = Evidence.OBSERVED
        return None, [
            Finding("live.no-answer", "config", Status.WARN, title, error.message, evidence=seen)
        ]


def _merged(report: InstallReport, found: Sequence[Finding], confirmed: set[str]) -> InstallReport:
    kept = [
        finding.replace(evidence=Evidence.OBSERVED) if finding.id in confirmed else finding
        for finding in report.findings
    ]
    known = {finding.id for finding in kept}
    findings = linked([*kept, *(finding for finding in found if finding.id not in known)])
    areas = tuple(_area(area, findings) for area in report.areas)
    return report.replace(areas=areas, findings=tuple(findings))


def _area(area: Area, findings: Sequence[Finding]) -> Area:
    mine = [finding for finding in findings if finding.area == area.name]
    status = worst([finding.status for finding in mine])
    if status is not Status.OK:
        return Area(area.name, status, next(f.title for f in mine if f.status is status))
    seen = next((finding.title for finding in mine if finding.id == "hooks.listed"), None)
    return Area(area.name, area.status, seen or area.summary)


def _hooks_seen(install: Install, observed: Observed) -> list[HookRow]:
    if observed.hooks is None:
        return hook_table(install)
    rows: list[HookRow] = []
    for row in hook_table(install):
        seen = observed.hooks.get(row.key)
        if seen is None or seen.trust not in set(HookTrust):
            rows.append(row.replace(runs=False) if seen is None else row)
        else:
            trust = HookTrust(seen.trust)
            rows.append(row.replace(trust=trust, enabled=seen.enabled, runs=seen.runs))
    return rows
