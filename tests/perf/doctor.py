"""The doctor: what a scan of a full install costs, and its process against an empty Python."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mem0_tui.codex import diagnose
from tests.codex.homes import Home

SCANS = 30
STARTS = 15


def run(folder: Path) -> None:
    """Print both; the install is the tests' look-alike with all its skills and hooks."""
    home = Home(folder / "doctor")
    home.option_b()
    home.installer()
    opened: set[str] = set()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith(str(home.root)):
            opened.add(str(arguments[0]))

    sys.addaudithook(hook)
    times = []
    for _ in range(SCANS):
        began = time.process_time()
        install = home.scan()
        diagnose(install)
        times.append(time.process_time() - began)
    loaded = sum(skills.loaded for skills in install.skills.values())
    print(
        f"scan and judge {loaded} skills: {statistics.median(times) * 1000:.1f} ms CPU,"
        f" {len(opened)} files opened (goal: 30 ms)"
    )
    empty, quiet = _processes(["-c", "pass"], ["-m", "mem0_tui", "doctor", "--quiet"], home=home)
    print(
        f"mem0-tui doctor --quiet, from start to exit: {quiet.cpu / empty.cpu:.1f} × python -c pass"
        f" in CPU time, {quiet.wall / empty.wall:.1f} × by the clock (goal: 5)"
    )


class Cost(NamedTuple):
    """Seconds that a process takes."""

    wall: float
    cpu: float


def _processes(*commands: Sequence[str], home: Home) -> list[Cost]:
    """The median cost of each command, taken in turns so that all meet the same machine."""
    environ = {**os.environ, **home.environ, "PATH": os.environ["PATH"]}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    costs: list[list[Cost]] = [[] for _ in commands]
    for _ in range(STARTS):
        for arguments, found in zip(commands, costs, strict=True):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([sys.executable, *arguments], env=environ, check=False)
            after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            found.append(Cost(wall, cpu))
    return [
        Cost(statistics.median(c.wall for c in found), statistics.median(c.cpu for c in found))
        for found in costs
    ]
