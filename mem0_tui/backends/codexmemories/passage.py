"""One thing that Codex remembers, at its place in a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mem0_tui.backends.codexmemories.markdown import MarkdownBlock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import JsonObject, Memory


class PassageKind(StrEnum):
    """What sort of memory it is; the value is its ``metadata.type``."""

    SUMMARY = "summary"
    """A line of memory_summary.md, which every session is given."""
    TASK = "task"
    PREFERENCE = "user_preference"
    KNOWLEDGE = "reusable_knowledge"
    FAILURE = "failure"
    NOTE = "note"
    """A file below ``extensions/ad_hoc/notes``, which the next consolidation reads."""
    ROLLOUT = "rollout_summary"
    """A file below ``rollout_summaries``, made anew from Codex's database."""
    RESOURCE = "resource"
    """A file that an extension brings."""


IN_TEXT = frozenset(
    {
        PassageKind.SUMMARY,
        PassageKind.TASK,
        PassageKind.PREFERENCE,
        PassageKind.KNOWLEDGE,
        PassageKind.FAILURE,
    }
)
"""Kinds that are a part of a file."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One memory of Codex's."""

    kind: PassageKind
    file: str
    """Its file, relative to Codex's folder of memories, with ``/``."""
    text: str
    headings: tuple[str, ...] = ()
    block: MarkdownBlock | None = None
    """Its place in the file; None where the file is all of it."""
    folder: str | None = None
    """The working folder that it applies to."""
    thread: str | None = None
    """The session that it comes from."""
    created_at: datetime | None = None
    """Of a part of a file, when Codex wrote its texts last: nobody knows more."""
    updated_at: datetime | None = None
    number: int = 0
    """Which of several equal passages of a section it is, from 0."""

    @property
    def key(self) -> str:
        """Differs for other text or another section, and stays the same when others come and go:
        an id made of it can never stand for something else."""
        parts = (self.file, *self.headings, self.text, str(self.number))
        return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:24]

    def memory(self, id_: str) -> Memory:
        """It as a memory of that id."""
        metadata: dict[str, object] = {"type": self.kind.value, "file": self.file}
        if self.headings:
            metadata["section"] = " › ".join(self.headings)
        if self.folder:
            metadata["folder"] = self.folder
        found: JsonObject = metadata
        scope = Scope(app_id=self.folder, run_id=self.thread)
        return Memory(
            id_, self.text, scope, found, created_at=self.created_at, updated_at=self.updated_at
        )
