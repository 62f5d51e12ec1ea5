"""What names a suspicion."""

from __future__ import annotations

from mem0_tui.detect.suspicion import Queue, Suspicion


def test_the_same_memories_for_the_same_reason_are_the_same_suspicion() -> None:
    one = Suspicion(Queue.REPEATS, ("a", "b"), "the same text")
    other = Suspicion(Queue.REPEATS, ("b", "a"), "the same text but for the case")
    assert one.key == other.key
    assert one.grouped
    conflict = Suspicion(Queue.CONFLICTS, ("a", "b"), "another port", label="port of the API")
    assert conflict.key != one.key
    assert conflict.key != Suspicion(Queue.CONFLICTS, ("a", "b"), "x", label="owner").key
    assert not Suspicion(Queue.STALE, ("a",), "expired").grouped
