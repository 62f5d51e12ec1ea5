"""What a person says of something that deserves a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mem0_tui.detect.suspicion import Queue, Suspicion


class VerdictKind(StrEnum):
    """The verdicts there are."""

    KEEP = "keep"
    """It stays as it is; holds until its text changes."""
    SNOOZE = "snooze"
    """Not now: it comes back on a day."""
    DONE = "done"
    """It was looked at, and there is nothing left to do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict."""

    kind: VerdictKind
    until: date | None = None
    """The day (UTC) on which what was snoozed comes back."""


KEEP, DONE = Verdict(VerdictKind.KEEP), Verdict(VerdictKind.DONE)


def snoozed(until: date) -> Verdict:
    """Not before *until*."""
    return Verdict(VerdictKind.SNOOZE, until)


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that deserved a look, and the verdict on it."""

    item: Suspicion
    verdict: Verdict

    @property
    def reviewed(self) -> tuple[str, ...]:
        """The memories that leave the Inbox by it: what is snoozed elsewhere stays there."""
        snoozed = self.verdict.kind is VerdictKind.SNOOZE and self.item.queue is not Queue.INBOX
        return () if snoozed else self.item.ids

    @property
    def kept(self) -> tuple[str, ...]:
        """The memories that it protects from proposals."""
        return self.item.ids if self.verdict.kind is VerdictKind.KEEP else ()


def unreviewed(memory_id: str) -> Suspicion:
    """Why a memory is in the Inbox."""
    return Suspicion(Queue.INBOX, (memory_id,), "not reviewed yet")
