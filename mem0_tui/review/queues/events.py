"""What happens to the queues: what a scan finds, what a person says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.memory import Memory
from mem0_tui.review.queues.proposals import Proposals
from mem0_tui.review.queues.queues import Findings
from mem0_tui.review.queues.verdict import Verdict
from mem0_tui.review.targets import Target


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """So many memories were scanned, of *total* where that is known."""

    read: int
    total: int | None


@dataclass(frozen=True, slots=True)
class FindingsSeen:
    """This is what deserves a look, as the memories are now."""

    findings: Findings


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """The scan has come to an end, be it a bad one."""


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """A verdict on *items*, which are what *target* is in the queue for."""

    target: Target
    items: tuple[Suspicion, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ProposalsAccepted:
    """What *items* propose is wanted, as far as it is about what the person acts on."""

    target: Target
    items: tuple[Suspicion, ...]
    memories: Mapping[str, Memory]
    """The memories of the proposals as they are now, by id."""
    shown: Collection[str]
    """The ids of the memories that the person sees, or has marked."""


@dataclass(frozen=True, slots=True)
class QueueAccepted:
    """What all findings of the queue propose is wanted; it is shown before it is staged."""

    items: tuple[Suspicion, ...]
    memories: Mapping[str, Memory]
    shown: Collection[str]


@dataclass(frozen=True, slots=True)
class ProposalsChosen:
    """These were shown, and are to be staged."""

    proposals: Proposals


Judging = VerdictGiven | ProposalsAccepted | QueueAccepted | ProposalsChosen
"""The events that judge what is in the queues."""
