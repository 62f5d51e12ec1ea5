"""That a detector says the same however it was told: in any order, and after changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mem0_tui.detect.detector import PIECE, Detector
from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.memory import Memory


def told(detector: Detector) -> list[Suspicion]:
    """What *detector* says once it has worked."""
    for _ in detector.work():
        pass
    return list(detector.suspicions())


def found(detector: Detector, memories: Sequence[Memory]) -> list[Suspicion]:
    """What *detector*, to which *memories* are handed piece by piece, says."""
    for start in range(0, len(memories), PIECE):
        detector.put(memories[start : start + PIECE])
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
