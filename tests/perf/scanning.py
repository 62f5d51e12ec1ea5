"""Times the detector of repeats and conflicts in a process of its own.

``python -m tests.perf.scanning FILE [lateness]`` prints a JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from mem0_tui.detect.repeats.detector import RepeatDetector
from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.perf.crowd import read_rows

_PIECE = 200
_NEW = 300


def main(path: str, lateness: bool) -> None:
    """Scan the texts of a file, then add some more, one by one."""
    memories = _memories(Path(path))
    late = _Ticker() if lateness else None
    before, start = _peak(), time.process_time()
    detector = RepeatDetector()
    for at in range(0, len(memories), _PIECE):
        detector.put(memories[at : at + _PIECE])
    put = time.process_time() - start
    for _ in detector.work():
        pass
    work = time.process_time() - start - put
    found = list(detector.suspicions())
    seconds = time.process_time() - start
    result: dict[str, object] = {
        "seconds": seconds, "put": put, "work": work, "mb": _peak() - before, **_score(found),
    }  # fmt: skip
    if late is not None:
        result["late"] = late.stopped()
    result["new"] = _one_by_one(detector, memories)
    print(json.dumps(result))


def _memories(path: Path) -> list[Memory]:
    scope, made = Scope(user_id="kim", app_id="shop-api"), datetime(2026, 5, 1, tzinfo=UTC)
    return [Memory(id_, text, scope, created_at=made) for id_, text in read_rows(path)]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _score(found: list[Suspicion]) -> dict[str, object]:
    """How many of the planted repeats are proposed, and of the planted twins."""
    repeats, twins = set(), set()
    for each in found:
        if each.queue is Queue.REPEATS and each.proposal:
            numbers = {id_[1:] for id_ in each.ids}
            repeats |= {id_ for id_ in each.ids if id_[0] == "r" and len(numbers) < len(each.ids)}
            twins |= {id_ for id_ in each.ids if id_[0] == "t" and f"m{id_[1:]}" in each.ids}
    conflicts = sum(each.queue is Queue.CONFLICTS for each in found)
    return {"found": len(found), "repeats": len(repeats), "twins": len(twins),
            "conflicts": conflicts}  # fmt: skip


def _one_by_one(detector: RepeatDetector, memories: list[Memory]) -> list[float]:
    """CPU milliseconds that one more memory costs: the median and the 95th percentile."""
    times = []
    for number in range(_NEW):
        text = memories[number * 7].text
        text = f"Reminder: {text}" if number % 3 else f"{text} In week {number} it happened again."
        one = [Memory(f"new {number}", text, memories[0].scope)]
        start = time.process_time()
        detector.put(one)
        for _ in detector.work():
            pass
        times.append((time.process_time() - start) * 1000)
    times.sort()
    return [times[len(times) // 2], times[int(len(times) * 0.95)]]


class _Ticker:
    """A thread that wants to wake every millisecond, as an event loop does."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._over = False
        sys.setswitchinterval(0.0005)
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._thread.start()

    def _tick(self) -> None:
        while not self._over:
            start = time.perf_counter()
            time.sleep(0.001)
            self._late.append((time.perf_counter() - start - 0.001) * 1000)

    def stopped(self) -> list[float]:
        """The 95th and 99th percentile of the lateness in ms, and the greatest."""
        self._over = True
        self._thread.join()
        late = sorted(self._late)
        return [late[int(len(late) * 0.95)], late[int(len(late) * 0.99)], late[-1]]


if __name__ == "__main__":
    main(sys.argv[1], len(sys.argv) > 2)
