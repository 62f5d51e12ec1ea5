"""Loaded by the Python of a hook: gives it the seconds that its test names.

On a busy machine a hook may need longer than it has, and then says nothing, as it should. What a
hook says is tested with time enough, and how soon it gives up with little.
"""

from __future__ import annotations

import os

if "HOOK_SECONDS" in os.environ:
    from mem0_tui.hooks import run

    run.BUDGET = dict.fromkeys(run.BUDGET, float(os.environ["HOOK_SECONDS"]))
    run.GRACE = 10.0
