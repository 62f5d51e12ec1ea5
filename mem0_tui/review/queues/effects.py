"""What the queues ask for."""

from __future__ import annotations

from dataclasses import dataclass

from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.review.queues.judged import Judged
from mem0_tui.review.queues.proposals import Proposals


@dataclass(frozen=True, slots=True)
class ScanMemories:
    """Look through the memories; only what has changed since the last time, where that is known."""


@dataclass(frozen=True, slots=True)
class KeepVerdicts:
    """Keep these verdicts for later sessions, and forget those on *forgotten*."""

    judged: tuple[Judged, ...]
    forgotten: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True)
class AskAboutProposals:
    """Show what would be staged of the whole queue; the answer is a :class:`ProposalsChosen`."""

    proposals: Proposals
    looks: int
    """How many are only worth a look, and stay as they are."""


@dataclass(frozen=True, slots=True)
class CountTabs:
    """Count anew what each tab holds."""


@dataclass(frozen=True, slots=True)
class NextItem:
    """Put the cursor on the next thing that is to be decided in the queue."""
