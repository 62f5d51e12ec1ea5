"""Suspicions and memories to make queues of."""

from __future__ import annotations

from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory

MEMORIES = {name: Memory(id=name, text=f"text {name}") for name in "abcdefgh"}


def group(*ids: str, queue: Queue = Queue.REPEATS, tier: Tier = Tier.FINDING) -> Suspicion:
    """Memories together, of which all but the first are to be deleted."""
    proposal = tuple(Delete(memory_id) for memory_id in ids[1:]) if queue is Queue.REPEATS else ()
    return Suspicion(queue, ids, "they say the same", tier, proposal=proposal)


def noise(memory_id: str, reason: str = "a heartbeat", tier: Tier = Tier.FINDING) -> Suspicion:
    """A memory that is to be deleted."""
    proposal = (Delete(memory_id),)
    return Suspicion(Queue.NOISE, (memory_id,), reason, tier, label=reason, proposal=proposal)
