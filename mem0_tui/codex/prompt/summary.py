"""The summary of Codex's own memories as a session is given it.

Measured with Codex 0.150.0, 0.169.0 and 0.171.0: white space at both ends is left out, and of more
than 10,000 bytes the middle is, with a line that says how many tokens that were.
"""

from __future__ import annotations

import os

from mem0_tui.codex.facts.memories import BUDGET, SUMMARY
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.text_file import FileState, read_bytes
from mem0_tui.codex.prompt.block import PromptBlock

_READ = 1 << 24
_WHITE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What Unicode calls white space, which is less than ``str.strip`` takes."""
_FRAME = "Codex puts its own instructions for using memories around it"


def summary_block(install: Install) -> PromptBlock:
    """What Codex tells a session of its own memories."""
    memories = install.memories
    if memories is None or not memories.enabled:
        return PromptBlock(nothing="Codex's own memories are off")
    if not memories.uses:
        return PromptBlock(nothing="memories.use_memories = false: no session is given the summary")
    path = os.path.join(memories.folder, SUMMARY)
    data, state = read_bytes(path, _READ)
    if state is FileState.ABSENT:
        return PromptBlock(nothing="there is no summary yet")
    if state is not FileState.OK:
        return PromptBlock(nothing=f"{SUMMARY} cannot be read: {state.value}")
    try:
        text = data.decode().strip(_WHITE)
    except UnicodeDecodeError:
        return PromptBlock(nothing=f"{SUMMARY} is not valid UTF-8: Codex gives none of it")
    if not text:
        return PromptBlock(nothing="the summary is empty")
    size = len(text.encode())
    if size <= BUDGET:
        return PromptBlock(text, notes=(_FRAME,))
    over = f"the summary has {size:,} bytes: only {BUDGET:,} of them are given, not the middle"
    return PromptBlock(shortened(text), notes=(over, _FRAME))


def shortened(text: str) -> str:
    """*text* as Codex cuts it: the first and the last half of the budget, whole characters."""
    data = text.encode()
    if len(data) <= BUDGET:
        return text
    half = BUDGET // 2
    left = data[:half].decode(errors="ignore")
    right = data[len(data) - half :].decode(errors="ignore")
    tokens = -(-(len(data) - BUDGET) // 4)
    return f"{left}…{tokens} tokens truncated…{right}"
