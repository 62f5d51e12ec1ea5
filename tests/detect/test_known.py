"""What is known of memories, now and as it was."""

from __future__ import annotations

from random import Random

from mem0_tui.detect.known import Known, KnownMemories, KnownMemory


def test_what_was_handed_out_stays_while_memories_come_and_go() -> None:
    rng, known, there = Random(7), KnownMemories(), dict[str, KnownMemory]()
    handed: list[tuple[dict[str, KnownMemory], Known]] = []
    for number in range(6_000):
        id_ = f"m{rng.randrange(900)}"
        if id_ in there and rng.random() < 0.4:
            del there[id_]
            known.remove(id_)
        else:
            one = KnownMemory(number - 3_000, bytes([number % 256]) * 16, number % 3 == 0, -number)
            there[id_] = one
            known.put(id_, one)
            assert known.has(id_, one.content)
            assert not known.has(id_, one.content + 1)
        if number % 250 == 0:
            handed.append((dict(there), known.now()))
            assert set(known) == there.keys()
    assert known.get("unknown") is None
    for then, now in handed:
        assert dict(now) == then
        assert len(now) == len(then)
        assert "unknown" not in now
        assert all((f"m{number}" in now) == (f"m{number}" in then) for number in range(900))
