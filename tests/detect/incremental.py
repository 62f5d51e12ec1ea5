"""That a detector says the same however it was told: in any order, and after changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from hypothesis import strategies as st

from mem0_tui.detect.detector import PIECE, Detector
from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.memory import Memory


def told(detector: Detector) -> list[Suspicion]:
    """What *detector* says once it has worked."""
    for _ in detector.work():
        pass
    return list(detector.suspicions())


def put(detector: Detector, memories: Sequence[Memory]) -> None:
    """Hand *memories* over piece by piece."""
    for start in range(0, len(memories), PIECE):
        detector.put(memories[start : start + PIECE])


def found(detector: Detector, memories: Sequence[Memory]) -> list[Suspicion]:
    """What *detector*, to which *memories* are handed piece by piece, says."""
    put(detector, memories)
    return told(detector)


def agrees_with_a_fresh_one(
    make: Callable[[], Detector], steps: Iterable[tuple[Memory, str]]
) -> None:
    """Put, replace and drop as *steps* say (``put``, ``drop``, and with ``!`` after working, or
    after working a little), and compare with a new detector that is handed what is left."""
    detector, there = make(), dict[str, Memory]()
    for memory, step in steps:
        if step.startswith("drop"):
            there.pop(memory.id, None)
            detector.drop([memory.id, "unknown"])
        else:
            there[memory.id] = memory
            detector.put([memory])
        if step.endswith("!"):
            told(detector)
        elif step.endswith("?"):
            next(detector.work(), None)
    left = sorted(there.values(), key=lambda each: each.text)
    assert told(detector) == found(make(), left)


Step = list[Memory] | set[str] | int
"""Memories to put, ids to drop, or work: 0 to 2 is how many pieces before it is abandoned, 3 is all
of it."""


def some_steps(
    memories: st.SearchStrategy[Memory], ids: Collection[str], most: int
) -> st.SearchStrategy[list[Step]]:
    """At most *most* steps, each with at most as many of *memories* or *ids*."""
    return st.lists(
        st.one_of(
            st.lists(memories, max_size=most),
            st.sets(st.sampled_from(sorted(ids)), max_size=most),
            st.integers(0, 3),
        ),
        max_size=most,
    )


def agrees_after(
    steps: Iterable[Step], detector: Detector, fresh: Callable[[Sequence[Memory]], list[Suspicion]]
) -> None:
    """Take *detector* through *steps*: all worked, it says what *fresh* says of the rest."""
    there: dict[str, Memory] = {}
    for step in [*steps, 3]:
        if step == 3:
            assert told(detector) == fresh(list(there.values()))
        elif isinstance(step, int):
            for _, _ in zip(range(step), detector.work(), strict=False):
                pass
        elif isinstance(step, set):
            detector.drop(step)
            there = {id_: each for id_, each in there.items() if id_ not in step}
        else:
            put(detector, step)
            there |= {each.id: each for each in step}
