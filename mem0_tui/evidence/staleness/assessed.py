"""What became of a thing that a memory names, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mem0_tui.evidence.staleness.reference import Reference, ReferenceKind


class Freshness(StrEnum):
    """How a thing that a memory names stands now."""

    FRESH = "fresh"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"
    UNVERIFIABLE = "unverifiable"


NEVER = "the repository has never had it"
"""Why nothing can be said of what only looks like a path, too."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One reference and how it stands."""

    reference: Reference
    freshness: Freshness
    why: str = ""
    """Of one that cannot be verified, or is not held against the memory: why, as a clause."""
    path: str | None = None
    """The path that was meant, from the top of the repository."""
    target: str | None = None
    """Where it is now, of what was moved; of what is gone, where it may be."""
    commit: str | None = None
    """The id, in full, of the commit that moved or removed it."""
    at: datetime | None = None
    """When that was committed, in UTC."""
    changes: int = 0
    """Commits that have changed it since."""
    counts: bool = False
    """Whether it is held against the memory: it is gone or moved, the text names it, and does not
    itself speak of that."""

    @property
    def of_repository(self) -> bool:
        """Whether it is, or ever was, a thing of the repository, as far as that is known."""
        unknown = self.freshness is Freshness.UNVERIFIABLE
        return self.why != NEVER and not (unknown and self.reference.kind is ReferenceKind.SYMBOL)

    @property
    def stale(self) -> bool:
        return self.freshness in (Freshness.GONE, Freshness.MOVED)


def unverifiable(reference: Reference, why: str) -> Assessed:
    """*reference*, of which nothing can be said, for *why*."""
    return Assessed(reference, Freshness.UNVERIFIABLE, why)
