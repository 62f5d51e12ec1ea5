"""Leaves memories with hard signs of a planted order out of what the model is given.

The setting ``hold_back`` switches that off; it and the file of what people judged «keep» are read
only once there is something to leave out.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.memories import RecalledMemory
from mem0_tui.hooks.places import is_on, read, state_folder
from mem0_tui.model.holding_back import KEPT_TEXTS, is_held_back


def without_held_back(
    memories: list[RecalledMemory], environ: dict[str, str]
) -> tuple[list[RecalledMemory], list[RecalledMemory]]:
    """Those of *memories* that the model is given, and those that are left out."""
    suspect = [memory for memory in memories if is_held_back(memory.text, "")]
    if not suspect or not is_on("hold_back", environ):
        return memories, []
    kept = read(os.path.join(os.path.dirname(state_folder(environ)), KEPT_TEXTS))
    out = [memory for memory in suspect if is_held_back(memory.text, kept)]
    return [memory for memory in memories if memory not in out], out
