"""What Codex would run at each hook event, in order."""

from __future__ import annotations

from mem0_tui.codex.facts.hook_rules import hook_form
from mem0_tui.codex.facts.hook_trust import HookTrust
from mem0_tui.codex.facts.scan import Install, is_mem0_command
from mem0_tui.codex.files.spot import Spot
from mem0_tui.model.record import Record


class HookRow(Record):
    """One handler as the hook table shows it."""

    event: str
    matcher: str | None
    command: str
    timeout: int
    status_message: str | None
    source: str
    """Where it comes from: ``user``, ``project``, the plugin's id, or the machine's files."""
    spot: Spot
    trust: HookTrust
    enabled: bool
    runs: bool
    """Whether Codex would run it: hooks are on, and it is trusted and enabled."""
    mem0: bool
    key: str


def hook_table(install: Install) -> list[HookRow]:
    """Every handler by event, within one event in the order in which Codex runs them."""
    on = install.hooks.enabled and install.config.rejected is None
    rows = [
        HookRow(
            handler.event,
            handler.matcher,
            handler.command,
            handler.timeout,
            handler.status_message,
            source.plugin or source.kind,
            handler.spot,
            handler.trust,
            handler.enabled,
            handler.runs and on and not source.barred,
            "mem0" in (source.plugin or "") or is_mem0_command(handler.command),
            handler.key,
        )
        for source in install.hooks.sources
        for handler in source.handlers
    ]
    events = hook_form(install.rules.measured).events
    return sorted(rows, key=lambda row: events.index(row.event))
