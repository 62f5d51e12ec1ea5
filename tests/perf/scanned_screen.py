"""How the screen answers while all memories are looked through, beside itself without a scan.

``python -m tests.perf.scanned_screen STORE [scan]`` measures one of both in this process, and
prints a JSON object.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mem0_tui.tui.runtime.threads import take_short_turns
from tests.perf.measure import fact, heading
from tests.perf.stores import filled
from tests.tui.harness import Bench, bench, browse

COUNT = 100_000
_TICK = 0.005
_KEYS = 200
"""Arrow keys without a scan, and at least so many with one."""
_BETWEEN = 0.03


def run(folder: Path) -> None:
    """Print lateness and arrow keys with and without a scan."""
    store = filled(folder, COUNT)
    heading(f"The screen while {COUNT:,} memories are looked through, itself without that = 1.00")
    quiet, busy = (_measured(store, *which) for which in ((), ("scan",)))
    for name, found in (("without a scan", quiet), ("with one", busy)):
        late = "{:.1f} / {:.1f} / {:.1f} ms".format(*found["late"])
        goal = "at most 8, max 25 ms" if found is busy else ""
        fact(f"the loop is late {name}, p95 / p99 / max", late, goal)
    ratio = busy["arrow"][0] / quiet["arrow"][0]
    times = "{:.1f} against {:.1f} ms".format(busy["arrow"][0], quiet["arrow"][0])
    fact("arrow key, p50", f"{ratio:.2f}  ({times})", "at most 1.2")
    fact("extra RSS with one", f"{busy['mb'] - quiet['mb']:.0f} MB", "at most 250 MB")
    fact("the scan took", f"{busy['seconds']:.0f} s, {busy['keys']} arrow keys meanwhile")


def _measured(store: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.perf.scanned_screen", str(store), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=1800)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def _main(made: Bench, *, scans: bool) -> dict[str, Any]:
    changes: dict[str, Any] = {"queues": made.queues, "scanned": gc.freeze} if scans else {}
    app = made.app(**changes)
    late: list[float] = []
    arrows: list[float] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await browse(app).first_rows.wait()
        await pilot.pause(0.5)
        gc.freeze()
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(_watch(late))
            while len(arrows) < _KEYS or (scans and not browse(app).session.queues.scanned):
                start = time.perf_counter()
                await pilot.press("down" if len(arrows) // 20 % 2 == 0 else "up")
                arrows.append(time.perf_counter() - start)
                await asyncio.sleep(_BETWEEN)
            watching.cancel()
        seconds = time.perf_counter() - begun
    return {
        "late": [_share(late, share) for share in (0.95, 0.99, 1.0)],
        "arrow": [_share(arrows, share) for share in (0.5, 0.95)],
        "seconds": seconds,
        "keys": len(arrows),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


async def _watch(late: list[float]) -> None:
    while True:
        wanted = time.perf_counter() + _TICK
        await asyncio.sleep(_TICK)
        late.append(time.perf_counter() - wanted)


def _share(times: list[float], share: float) -> float:
    """The time in ms that *share* of *times* (seconds) do not exceed."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    take_short_turns()
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(sys.argv[1], Path(name, "memories.db"))
        with bench(Path(name)) as place:
            print(json.dumps(asyncio.run(_main(place, scans=len(sys.argv) > 2))))
