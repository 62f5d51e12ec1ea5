"""What a person has said in this session of what deserves a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.verdict import Judgement


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that deserved a look, and what was said of it."""

    item: Suspicion
    judgement: Judgement
    until: date | None = None
    """The day (UTC) on which what was snoozed comes back."""

    @property
    def reviewed(self) -> tuple[str, ...]:
        """The memories that leave the Inbox by it: what is snoozed elsewhere stays there."""
        snoozed = self.judgement is Judgement.SNOOZE and self.item.queue is not Queue.INBOX
        return () if snoozed else self.item.ids

    @property
    def kept(self) -> tuple[str, ...]:
        """The memories that it protects from proposals."""
        return self.item.ids if self.judgement is Judgement.KEEP else ()


def unreviewed(memory_id: str) -> Suspicion:
    """Why a memory is in the Inbox."""
    return Suspicion(Queue.INBOX, (memory_id,), "not reviewed yet")
