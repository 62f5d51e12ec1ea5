"""Times work and prints it beside its baseline. Machines are noisy: read the ratios."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call, over several."""

    median: float
    fastest: float


def timed(work: Callable[[], object], *, calls: int = 15) -> Timing:
    """How long *work* takes, after one call that is not counted."""
    work()
    gc.collect()
    seconds = []
    for _ in range(calls):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Timing(statistics.median(seconds), min(seconds))


def timed_together(
    ours: Callable[[], object], baseline: Callable[[], object], *, calls: int = 15
) -> tuple[Timing, Timing]:
    """Both timed call by call in turn, so that a busy moment of the machine hits both."""
    ours()
    baseline()
    gc.collect()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(calls):
        for work, found in zip((ours, baseline), seconds, strict=True):
            start = time.perf_counter()
            work()
            found.append(time.perf_counter() - start)
    mine, theirs = (Timing(statistics.median(found), min(found)) for found in seconds)
    return mine, theirs


def heading(text: str) -> None:
    """Print what the following lines are about."""
    print(f"\n{text}", flush=True)


def compared(name: str, ours: Timing, baseline: Timing, goal: str = "") -> None:
    """Print *ours* against *baseline*; a ratio above 1 means that ours is slower."""
    ratio = ours.median / baseline.median
    best = ours.fastest / baseline.fastest
    print(
        f"  {name:<44} {_ms(ours.median)} against {_ms(baseline.median)}"
        f"   ratio {ratio:5.2f} (fastest {best:5.2f}){_goal(goal)}",
        flush=True,
    )


def rate(name: str, ours: float, baseline: float, unit: str, goal: str = "") -> None:
    """Print two rates; a ratio below 1 means that ours is slower."""
    print(
        f"  {name:<44} {ours:>9,.0f} {unit} against {baseline:>9,.0f}"
        f"   ratio {ours / baseline:5.2f}{_goal(goal)}",
        flush=True,
    )


def fact(name: str, value: str, goal: str = "") -> None:
    """Print one number that has no baseline."""
    print(f"  {name:<44} {value}{_goal(goal)}", flush=True)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:8.2f} ms"


def _goal(goal: str) -> str:
    return f"   goal {goal}" if goal else ""
