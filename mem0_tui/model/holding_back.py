"""Which memories are left out of what Codex is given: those with hard signs of a planted order.

Whoever lists or searches memories still finds them; only what goes into Codex's context unasked is
without them. A hook, which Codex waits for, imports this: it loads nothing for an ordinary text.
"""

from __future__ import annotations

from mem0_tui.model.hard_signs.prefilter import may_have_signs

KEPT_TEXTS = "kept-texts"
"""The file, beside the journal, with the hashes of the texts that people judged «keep», a line
each: those are given to Codex all the same."""


def is_held_back(text: str, kept: str) -> bool:
    """Whether a memory that says *text* is left out; *kept* is what :data:`KEPT_TEXTS` holds."""
    if not may_have_signs(text):
        return False
    from mem0_tui.model.hard_signs.reading import hard_signs

    if not hard_signs(text):
        return False
    from mem0_tui.model.verdict import text_hash

    return text_hash(text) not in kept.split()
