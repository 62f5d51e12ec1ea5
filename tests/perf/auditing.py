"""What a whole audit costs beside the repeats alone: CPU seconds, memory, and one new memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from mem0_tui.detect.detector import Detector
from mem0_tui.detect.findings import Findings
from mem0_tui.detect.registry import make_detectors
from mem0_tui.detect.scan import Scan
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.perf.crowd import COUNT, read_rows, write_crowd
from tests.perf.measure import fact, heading

_NEW = 20


def run(folder: Path) -> None:
    """Print the whole audit against the repeats alone, each in a process of its own."""
    crowd = folder / "audited.jsonl"
    write_crowd(crowd)
    heading(f"An audit of {COUNT:,} memories, its repeats and conflicts alone = 1.00")
    alone, whole = (_measured(crowd, which) for which in ("repeats", "all"))
    ratio = whole["seconds"] / alone["seconds"]
    fact("all queues", f"{ratio:.2f}  ({whole['seconds']:.1f} s CPU)", "at most 2")
    fact("extra RSS", f"{whole['mb']:.0f} MB", "at most 250 MB")
    fact("one new memory, all queues, p50 / p95", f"{whole['p50']:.0f} / {whole['p95']:.0f} ms")


def _measured(crowd: Path, which: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.perf.auditing", str(crowd), which]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=1200)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _main(path: Path, which: str) -> None:
    scope = Scope(user_id="kim", app_id="shop-api")
    memories = [Memory(id_, text, scope) for id_, text in read_rows(path)]
    before, start = _peak(), time.process_time()
    scan = Scan(list(_detectors(which)))
    _find(scan, memories)
    seconds, mb = time.process_time() - start, _peak() - before
    times = sorted(_one_more(scan, memories[n * 7], n) for n in range(_NEW))
    result = {"seconds": seconds, "mb": mb, "p50": times[_NEW // 2], "p95": times[_NEW * 19 // 20]}
    print(json.dumps(result))


def _detectors(which: str) -> Iterator[Detector]:
    for detector in make_detectors(date(2026, 11, 30)):
        if which == "all" or Queue.REPEATS in detector.queues:
            yield detector


def _find(scan: Scan, memories: Sequence[Memory]) -> Findings:
    for steps in (scan.put(memories), scan.work()):
        _exhaust(steps)
    [found] = [each for each in scan.gather() if each is not None]
    return found


def _exhaust(steps: Iterable[object]) -> None:
    for _ in steps:
        pass


def _one_more(scan: Scan, like: Memory, number: int) -> float:
    """CPU milliseconds until all queues are up to date with one more memory."""
    one = Memory(f"new {number}", f"Reminder: {like.text}", like.scope)
    start = time.process_time()
    _find(scan, [one])
    return 1000 * (time.process_time() - start)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
