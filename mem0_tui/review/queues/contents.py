"""What a scan has put into the queues, in the form in which a screen asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mem0_tui.detect.findings import Findings
from mem0_tui.detect.suspicion import Queue, Suspicion


class Contents:
    """The items of each queue but the Inbox, and which memories are no longer in that.

    It is made where the scan is made: with many findings that takes longer than a key may.
    """

    def __init__(self, items: Iterable[Suspicion] = (), *, reviewed: Collection[str] = ()) -> None:
        """*reviewed* are the ids of the memories that are out of the Inbox."""
        by_queue: dict[Queue, list[Suspicion]] = {}
        by_memory: dict[str, list[Suspicion]] = {}
        for item in items:
            by_queue.setdefault(item.queue, []).append(item)
            for memory_id in item.ids:
                by_memory.setdefault(memory_id, []).append(item)
        self.by_queue = {queue: tuple(found) for queue, found in by_queue.items()}
        self.by_memory = by_memory
        self.reviewed = frozenset(reviewed)


def contents_of(findings: Findings) -> Contents:
    """*findings*, of which what was judged before has been left out."""
    items = (item for found in findings.found.values() for item in found)
    return Contents(items, reviewed=findings.known.keys() - set(findings.inbox))
