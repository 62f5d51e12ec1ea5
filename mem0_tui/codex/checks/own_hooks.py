"""Does the server answer this program's own hooks? By their log."""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.capture.hook_log import FILE, unanswered
from mem0_tui.codex.checks.capture import when
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Status
from mem0_tui.hooks.places import state_folder

_ENOUGH = 2
"""So many in a row: one that was slow is nothing yet."""


def check(install: Install) -> Iterator[Finding]:
    """Nothing where the newest hooks were answered."""
    lines = install.hook_log
    failing = unanswered(lines)
    if len(failing) < _ENOUGH:
        return
    last = next((line.at for line in reversed(lines) if line.answered), None)
    since = f" since {when(last)}" if last else ""
    winner = install.servers.winner
    local = winner is not None and winner.loopback
    step = "run mem0-tui doctor --live: it asks the server, and says why"
    log = os.path.join(state_folder(dict(install.homes.environ)), FILE)
    yield Finding(
        "capture.hooks-unanswered",
        "hooks",
        Status.FAIL,
        f"the server has answered no hook{since}",
        f"{len(failing)} in a row, last at {when(failing[0].at)}: {failing[0].outcome};"
        " nothing is captured or recalled, and Codex is not told so",
        (Spot(log),),
        fix=remedies.step("capture.serve", "start it: mem0-tui serve" if local else step),
        evidence=Evidence.OBSERVED,
    )
