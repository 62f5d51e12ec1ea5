"""What Codex has installed of Mem0, judged by Codex's own rules, from its files alone."""

from __future__ import annotations

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.facts.hook_table import HookRow, hook_table
from mem0_tui.codex.facts.scan import Install, scan
from mem0_tui.codex.report import Evidence, Finding, Fix, InstallReport, Status

__all__ = [
    "Evidence",
    "Finding",
    "Fix",
    "HookRow",
    "Install",
    "InstallReport",
    "Status",
    "diagnose",
    "hook_table",
    "scan",
]
