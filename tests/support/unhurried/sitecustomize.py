"""Loaded by the Python of a hook: gives it the seconds that its test names.

On a busy machine a hook may need longer than it has, and then says nothing, as it should. What a
hook says is tested with time enough, and how soon it gives up with little.
"""

from __future__ import annotations

import os

if "HOOK_SECONDS" in os.environ:
    from mem0_tui.hooks import run, state

    seconds = float(os.environ["HOOK_SECONDS"])
    run.BUDGET = dict.fromkeys(run.BUDGET, seconds)
    run.GRACE = float(os.environ.get("HOOK_GRACE", "10"))
    run._LAST_WORDS = 30.0
    state._STALE = max(state._STALE, int(2 * seconds))  # nobody takes the lock of a hook that works
