"""What a person said of a memory in a review queue, and for how long that holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Judgement(StrEnum):
    """What a person can say."""

    KEEP = "keep"
    """It stays as it is, until its text changes: no queue proposes to change it."""
    SNOOZE = "snooze"
    """Ask again on a certain day."""
    DONE = "done"
    """Dealt with, until its text changes."""
    OPEN = "open"
    """What was said before no longer counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One memory judged in one queue."""

    queue: str
    memory_id: str
    text_hash: str
    """Of the text that was judged, see :func:`text_hash`: about another text it says nothing."""
    judgement: Judgement
    until: date | None = None
    """The day (UTC) on which a snoozed one comes back; None for the others."""
    at: datetime | None = field(default=None, compare=False)
    """When it was written down (UTC); None before."""

    def holds(self, today: date) -> bool:
        """Whether the memory stays out of the queue on *today* (UTC), if its text is the same."""
        if self.judgement is Judgement.SNOOZE:
            return self.until is not None and today < self.until
        return self.judgement is not Judgement.OPEN


def text_hash(text: str) -> str:
    """Thirty-two hex digits for *text* as it is stored."""
    return text_digest(text).hex()


def text_digest(text: str) -> bytes:
    """The same as sixteen bytes."""
    import hashlib  # loads OpenSSL: not at the start of the screen

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
