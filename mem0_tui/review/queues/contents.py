"""What a scan has put into the queues, in the form in which a screen asks for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mem0_tui.detect.findings import Findings
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.review.queues.rows import arranged


class Contents:
    """The items of each queue but the Inbox, and which memories are no longer in that.

    It is made where the scan is made: with many findings that takes longer than a key may.
    """

    def __init__(self, items: Sequence[Suspicion] = (), *, reviewed: Collection[str] = ()) -> None:
        """*reviewed* are the ids of the memories that are out of the Inbox."""
        by_queue: dict[Queue, list[Suspicion]] = {}
        by_memory: dict[str, list[Suspicion]] = {}
        for item in items:
            by_queue.setdefault(item.queue, []).append(item)
            for memory_id in item.ids:
                by_memory.setdefault(memory_id, []).append(item)
        self.by_queue = {queue: tuple(found) for queue, found in by_queue.items()}
        self.rows = {queue: arranged(found) for queue, found in self.by_queue.items()}
        self.keys = {id(item): item.key for item in items}
        """The key of each item, by its identity: of a large group it takes a while to make."""
        self.by_memory = by_memory
        self.reviewed = frozenset(reviewed)
        self.worthless = frozenset(
            change.memory_id
            for item in items
            if item.queue is not Queue.REPEATS and item.tier is Tier.FINDING
            for change in item.proposal
            if isinstance(change, Delete)
        )
        """The memories that are to be deleted for another reason than that they repeat one."""


def contents_of(findings: Findings) -> Contents:
    """*findings*, of which what was judged before has been left out."""
    items = [item for found in findings.found.values() for item in found]
    return Contents(items, reviewed=findings.reviewed)
