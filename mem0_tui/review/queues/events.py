"""What happens to the queues: what a scan finds, what a person says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.memory import Memory
from mem0_tui.model.value import Value
from mem0_tui.model.verdict import Judgement
from mem0_tui.review.queues.contents import Contents
from mem0_tui.review.queues.proposals import Proposals
from mem0_tui.review.targets import Target


class ScanAdvanced(Value):
    """So many memories were scanned, of *total* where that is known."""

    read: int
    total: int | None
    queues: tuple[Queue, ...] = ()
    """Once all are read: what is looked for among them."""


class ContentsSeen(Value):
    """This is what deserves a look, as the memories are now."""

    contents: Contents


class ScanEnded(Value):
    """The scan has come to an end, be it a bad one."""


class VerdictGiven(Value):
    """A verdict on *items*, which are what *target* is in the queue for."""

    target: Target
    items: tuple[Suspicion, ...]
    judgement: Judgement
    until: date | None = None
    """The day (UTC) on which what is snoozed comes back."""
    spoken: bool = False
    """Whether it is said in any case, for nothing shows it."""


class VerdictsLost(Value):
    """The verdicts on *items* could not be kept: they do not count."""

    items: tuple[Suspicion, ...]


class ProposalsAccepted(Value):
    """What *items* propose is wanted, as far as it is about what the person acts on."""

    target: Target
    items: tuple[Suspicion, ...]
    memories: Mapping[str, Memory]
    """The memories of the proposals as they are now, by id."""
    shown: Collection[str]
    """The ids of the memories that the person sees, or has marked."""


class QueueAccepted(Value):
    """What all findings of the queue propose is wanted; it is shown before it is staged."""

    items: tuple[Suspicion, ...]
    memories: Mapping[str, Memory]
    shown: Collection[str]


class ProposalsChosen(Value):
    """These were shown, and are to be staged."""

    proposals: Proposals


Judging = VerdictGiven | VerdictsLost | ProposalsAccepted | QueueAccepted | ProposalsChosen
"""The events that judge what is in the queues."""
