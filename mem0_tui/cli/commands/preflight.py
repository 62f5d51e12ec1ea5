"""``mem0-tui doctor --quiet``: a script waits for its exit code, so only the scan is imported."""

from __future__ import annotations

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.facts.scan import scan
from mem0_tui.codex.report import InstallReport, Status


def exit_code(report: InstallReport) -> int:
    """0 for a healthy install, 1 for one with warnings, 5 for one with failures."""
    return {Status.WARN: 1, Status.FAIL: 5}.get(report.overall, 0)


def preflight() -> int:
    """Look at this machine's install and return the exit code that says how it is."""
    return exit_code(diagnose(scan(ask=True)))
