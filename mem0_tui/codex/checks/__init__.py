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

Check = Callable[[Install], Iterator[Finding]]
Said = Callable[[Install], tuple[Status, str]]
"""The status of an area without findings (``ok`` or ``off``) and a sentence for it."""

_AREAS: dict[str, tuple[Check, Said]] = {
    "config": (config.check, config.said),
    "mcp": (mcp.check, mcp.said),
    "key": (key.check, key.said),
    "plugin": (plugin.check, plugin.said),
    "marketplace": (marketplace.check, marketplace.said),
    "skills": (skills.check, skills.said),
    "hooks": (hooks.check, hooks.said),
    "project": (project.check, project.said),
}
_MEMORIES: dict[str, tuple[Check, Said]] = {"memories": (memories.check, memories.said)}
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
        _area(name, [f for f in findings if f.area == name], said(install))
        for name, (_, said) in checks.items()
    ]
    codex = install.codex
    return InstallReport(
        home=install.homes.home,
        codex_home=install.homes.codex_home,
        codex=None if codex is None else (codex.path, codex.version),
        rules=install.rules.said,
        install=install.kind,
        areas=tuple(areas),
        findings=tuple(findings),
    )


def _area(name: str, found: list[Finding], said: tuple[Status, str]) -> Area:
    status = worst([finding.status for finding in found])
    if status is Status.OK:
        return Area(name, *said)
    return Area(name, status, next(f.title for f in found if f.status is status))
