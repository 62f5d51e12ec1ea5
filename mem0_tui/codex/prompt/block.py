"""What one source adds to what the model is told, with what it is made of."""

from __future__ import annotations

from mem0_tui.model.record import Record


class PromptEntry(Record):
    """One memory in a block."""

    rank: int
    """Its place in the block, from 1."""
    id: str
    text: str
    """The memory's own text, as the server gave it."""
    score: float | None = None


class PromptBlock(Record):
    """What is added at one moment; without *text* nothing is, and *nothing* says why."""

    text: str | None = None
    entries: tuple[PromptEntry, ...] = ()
    nothing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        """Characters of the text."""
        return len(self.text or "")

    @property
    def tokens(self) -> int:
        """Tokens of the text as Codex estimates them: four bytes each (0.171.0)."""
        return -(-len((self.text or "").encode()) // 4)


class SourcePreview(Record):
    """One source at one moment: what it adds now, and what it would add after a plan."""

    source: str
    """``plugin-0.3``, ``plugin-0.2``, ``mem0-tui`` or ``codex``."""
    name: str
    """The plugin's id, the file of the hook, or the file of the summary."""
    moment: str
    """``start`` of a session, or its first ``prompt``."""
    now: PromptBlock
    planned: PromptBlock | None = None
    """None where there is no plan, or the plan cannot concern it."""
