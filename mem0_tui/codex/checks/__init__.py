"""The areas' checks, and how their findings make a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mem0_tui.codex.checks import (
    config,
    hooks,
    key,
    marketplace,
    mcp,
    memories,
    plugin,
    project,
    skills,
)
from mem0_tui.codex.checks.causes import linked
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.report import Area, Finding, InstallReport, Status, worst
from mem0_tui.codex.way.wiring import read_wiring

Check = Callable[[Install], Iterator[Finding]]
AreaVerdict = Callable[[Install], tuple[Status, str]]
"""The status of an area without findings (``ok`` or ``off``) and a sentence for it."""

_AREAS: dict[str, tuple[Check, AreaVerdict]] = {
    "config": (config.check, config.verdict),
    "mcp": (mcp.check, mcp.verdict),
    "key": (key.check, key.verdict),
    "plugin": (plugin.check, plugin.verdict),
    "marketplace": (marketplace.check, marketplace.verdict),
    "skills": (skills.check, skills.verdict),
    "hooks": (hooks.check, hooks.verdict),
    "project": (project.check, project.verdict),
}
_MEMORIES: dict[str, tuple[Check, AreaVerdict]] = {"memories": (memories.check, memories.verdict)}
"""One more where somebody has switched Codex's own memories, on or off, or there are some."""


def diagnose(install: Install) -> InstallReport:
    """Judge *install* by the rules of the Codex version it was made for."""
    findings: list[Finding] = []
    checks = _AREAS if install.memories is None else {**_AREAS, **_MEMORIES}
    for check, _ in checks.values():
        findings += check(install)
    findings = linked(findings)
    known = {finding.id for finding in findings}
    assert all(f.cause is None or f.cause in known for f in findings), "a cause must be reported"
    areas = [
        _area(name, [f for f in findings if f.area == name], verdict(install))
        for name, (_, verdict) in checks.items()
    ]
    codex = install.codex
    return InstallReport(
        home=install.homes.home,
        codex_home=install.homes.codex_home,
        codex=None if codex is None else (codex.path, codex.version),
        rules=install.rules.label,
        install=install.kind,
        areas=tuple(areas),
        findings=tuple(findings),
        wiring=read_wiring(install),
    )


def _area(name: str, found: list[Finding], verdict: tuple[Status, str]) -> Area:
    status = worst([finding.status for finding in found])
    if status is Status.OK:
        return Area(name, *verdict)
    return Area(name, status, next(f.title for f in found if f.status is status))
