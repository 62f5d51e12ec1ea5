"""What is asked about one memory: what it names, and when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mem0_tui.evidence.staleness.reference import Reference, ReferenceKind, references_of
from mem0_tui.model.memory import Memory

_FOLDERS = 64
_PREFERENCES = ("user_preference", "user_preferences", "preference", "preferences")


@dataclass(frozen=True, slots=True)
class StalenessQuestion:
    """All of a memory that counts here; about 1 kB where it names five things."""

    memory_id: str
    references: tuple[Reference, ...]
    created_at: datetime | None
    commits: tuple[str, ...]
    """Ids of the commit that was checked out when it was made: the surest first."""
    folders: tuple[str, ...]
    """The folders that it is about."""
    preference: bool
    """Whether it is a preference, which is not about files."""

    @property
    def branch(self) -> str | None:
        """The branch that it was made on."""
        named = (each.name for each in self.references if each.kind is ReferenceKind.BRANCH)
        return next(named, None)


def question_of(memory: Memory, session_commit: str | None = None) -> StalenessQuestion:
    """What is asked about *memory*; *session_commit* is what was checked out in the session that
    made it, where that is known."""
    commits = (memory.metadata.get("git_sha"), session_commit)
    return StalenessQuestion(
        memory.id,
        references_of(memory),
        memory.created_at,
        tuple(each.strip().lower() for each in commits if isinstance(each, str)),
        memory.folders[:_FOLDERS],
        (memory.kind or "").casefold() in _PREFERENCES,
    )
