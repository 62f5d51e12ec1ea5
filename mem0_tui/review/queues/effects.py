"""What the queues ask for."""

from __future__ import annotations

from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.value import Value
from mem0_tui.review.queues.judged import Judged
from mem0_tui.review.queues.proposals import Proposals


class ScanMemories(Value):
    """Look through the memories; only what has changed since the last time, where that is known."""


class KeepVerdicts(Value):
    """Keep these verdicts for later sessions, and forget those on *forgotten*."""

    judged: tuple[Judged, ...]
    forgotten: tuple[Suspicion, ...] = ()


class AskAboutProposals(Value):
    """Show what would be staged of the whole queue; the answer is a :class:`ProposalsChosen`."""

    proposals: Proposals
    looks: int
    """How many are only worth a look, and stay as they are."""


class CountTabs(Value):
    """Count anew what each tab holds."""


class NextItem(Value):
    """Put the cursor on the next thing that is to be decided in the queue."""
