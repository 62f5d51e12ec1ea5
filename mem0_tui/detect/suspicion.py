"""What a detector says: which memories deserve a look, why, and what could be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mem0_tui.model.change import Change, aimed_at


class Queue(StrEnum):
    """The queues that a person works through, in the order in which they are shown."""

    INBOX = "inbox"
    REPEATS = "repeats"
    CONFLICTS = "conflicts"
    SECRETS = "secrets"
    INSTRUCTIONS = "instructions"
    NOISE = "noise"
    STALE = "stale"
    UNUSED = "unused"


GONE, MOVED = "gone", "moved"
"""The labels, in the queue of what is stale, of what names things that are gone from a repository,
or were moved in it."""

IN_OTHER_WORDS = "in other words"
"""The label, in the queue of repeats, of what may say the same and has no wording in common."""


class Tier(StrEnum):
    """How sure a detector is."""

    FINDING = "finding"
    """Dependable: its proposal may be staged with the rest of the queue."""
    LOOK = "look"
    """Worth a look: shown after the findings, never staged by a key for the whole queue."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a memory's text that the reason is about."""

    start: int
    """Index of its first character in the text."""
    end: int
    """Index behind its last character."""
    label: str = ""
    """What it is, such as ``GitHub token``."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One reason to look at one memory, or at several together."""

    queue: Queue
    ids: tuple[str, ...]
    """The memories; of repeats, the one to keep comes first, of conflicts, the newest."""
    reason: str
    """One line, with the evidence; secrets in it are masked."""
    tier: Tier = Tier.FINDING
    label: str = ""
    """What sort within the queue: the kind of a secret, the producer of noise
    (``stop-hook/session_summary``), the subject of a conflict."""
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """By memory id, what in the text the reason is about: differing words, a secret."""
    proposal: tuple[Change, ...] = ()
    """What could be done, for the planner; empty where only a person can tell."""

    @property
    def grouped(self) -> bool:
        """Whether it is about several memories together."""
        return len(self.ids) > 1

    @property
    def to_decide(self) -> tuple[str, ...]:
        """The memories that a person is to decide on: of repeats not the one to keep, of noise not
        what is kept of it."""
        if self.queue is Queue.REPEATS and self.grouped:
            return self.ids[1:]
        if self.queue is Queue.NOISE:
            aimed = {id_ for change in self.proposal for id_ in aimed_at(change)}
            return tuple(id_ for id_ in self.ids if id_ in aimed) or self.ids
        return self.ids

    @property
    def key(self) -> str:
        """Sixteen hex digits that name it: the same queue, label and memories give the same."""
        import hashlib  # loads OpenSSL: not at the start of the screen

        document = "\0".join((self.queue, self.label, *sorted(self.ids)))
        return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def ids_to_decide(suspicions: Iterable[Suspicion]) -> list[str]:
    """The memories that a person is to decide on, each once, in order.

    These are what a queue's numbers count, wherever they are told: one for what is found, one for
    what is only worth a look.
    """
    return list(dict.fromkeys(id_ for each in suspicions for id_ in each.to_decide))
