"""Which findings follow from another one, and which only repeat it."""

from __future__ import annotations

from mem0_tui.codex.report import Finding, Status


def linked(findings: list[Finding]) -> list[Finding]:
    """*findings* without repetitions, each linked to what it follows from."""
    kept = [finding for finding in findings if not _repeats(finding, findings)]
    return [_with_cause(finding, kept) for finding in kept]


def _repeats(finding: Finding, findings: list[Finding]) -> bool:
    """Whether another finding names the very file that differs from the plugin's source."""
    return finding.id == "plugin.source-changed" and any(
        other is not finding and _is_cache_fault(other) for other in findings
    )


_SEEN = {"capture.key-refused": "key.refused", "capture.hooks-unanswered": "mcp.unreachable"}
"""What hooks recorded, and what was seen of the same."""


def _with_cause(finding: Finding, findings: list[Finding]) -> Finding:
    if finding.id == "capture.hooks-unanswered" and any(f.id == "mcp.answers" for f in findings):
        over = f"{finding.detail}; it answers now"
        return finding.replace(status=Status.INFO, detail=over, fix=None)
    seen = _SEEN.get(finding.id)
    if seen is not None and any(each.id == seen for each in findings):
        return finding.replace(cause=seen, fix=None)
    if finding.id != "hooks.content-changed":
        return finding
    cause = next((other.id for other in findings if _is_cache_fault(other)), None)
    return finding.replace(cause=cause, fix=None) if cause else finding


def _is_cache_fault(finding: Finding) -> bool:
    """Whether the cached copy of the plugin is not what was installed."""
    return (
        finding.fix is not None
        and finding.fix.id == "plugin.add"
        and finding.id not in ("plugin.update", "plugin.disabled", "plugin.extra-versions")
    )
