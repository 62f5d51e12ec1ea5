"""Do Codex's own memories work beside Mem0, and if nothing is remembered, why?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.facts.memories import BUDGET, SUMMARY, CodexMemories
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Status
from mem0_tui.model.counting import plural


def check(install: Install) -> Iterator[Finding]:
    """What keeps Codex from remembering, or from being given what it remembers."""
    memories = install.memories
    if memories is None or not memories.enabled or rejection(install):
        return
    if memories.problem is not None:
        title = "what Codex recorded of its memories cannot be read"
        yield _note("memories.records", title, memories.problem, Spot(memories.folder))
    if not memories.generates:
        spot = memories.spot(install.config, "memories", "generate_memories")
        detail = "generate_memories = false: what it has is kept, and nothing is added"
        yield _note("memories.not-generated", "Codex makes no new memories", detail, spot)
    if not memories.uses:
        spot = memories.spot(install.config, "memories", "use_memories")
        detail = "use_memories = false: no session is given the summary"
        yield _note("memories.not-used", "Codex's memories are not used", detail, spot)
    if memories.uses and memories.summary_bytes > BUDGET:
        yield Finding(
            "memories.summary-cut",
            "memories",
            Status.WARN,
            "Codex gives sessions only a part of its summary",
            f"memory_summary.md has {memories.summary_bytes:,} bytes; of more than {BUDGET:,} the"
            " middle is left out",
            (Spot(os.path.join(memories.folder, SUMMARY)),),
            fix=remedies.step(
                "memories.shorten", "delete what is not needed: mem0-tui --backend codex --write"
            ),
        )
    yield from _kept_out(install, memories)
    if memories.failed:
        yield Finding(
            "memories.failing",
            "memories",
            Status.WARN,
            "Codex failed to turn sessions into memories",
            f"{plural(len(memories.failed), 'job')}, last: {memories.failed[0]}",
            (Spot(memories.folder),),
            evidence=Evidence.OBSERVED,
        )


def _kept_out(install: Install, memories: CodexMemories) -> Iterator[Finding]:
    """Sessions that call an MCP tool feed no memories; those that call Mem0's do."""
    key, server = memories.keeps_out, install.servers.winner
    polluted = memories.sessions.get("polluted", 0)
    if key is None or server is None or not server.enabled:
        return
    detail = f"{key} = true: a session that calls a tool of Mem0's never feeds Codex's memories"
    if polluted:
        detail += f"; so it was with {plural(polluted, 'session')}"
    yield Finding(
        "memories.kept-out",
        "memories",
        Status.WARN if polluted else Status.INFO,
        "Mem0's tools keep sessions out of Codex's memories",
        detail,
        (memories.spot(install.config, "memories", key),),
        fix=remedies.step("memories.external", f"for both, set memories.{key} = false"),
        evidence=Evidence.OBSERVED if polluted else Evidence.CONFIGURED,
    )


def _note(id_: str, title: str, detail: str, spot: Spot) -> Finding:
    return Finding(id_, "memories", Status.INFO, title, detail, (spot,))


def verdict(install: Install) -> tuple[Status, str]:
    """Whether they are on, and what there is."""
    memories = install.memories
    if memories is None or not memories.enabled:
        return Status.OFF, "Codex's own memories are off"
    if memories.summary:
        known = f", {plural(memories.digested, 'session')}" if memories.digested else ""
        return Status.OK, f"Codex remembers: {memories.summary:,} characters in its summary{known}"
    if memories.digested:
        return Status.OK, f"on: {plural(memories.digested, 'session')} digested, no summary yet"
    return Status.OK, "on: nothing remembered yet; a session has to rest for hours first"
