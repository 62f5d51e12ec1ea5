"""The doctor: what a scan of a full install costs, and its process against an empty Python."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mem0_tui.codex import diagnose
from tests.codex.homes import Home

SCANS = 30
STARTS = 9


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
    empty = _process(["-c", "pass"], home)
    quiet = _process(["-m", "mem0_tui", "doctor", "--quiet"], home)
    print(f"mem0-tui doctor --quiet: {quiet / empty:.1f} × python -c pass (goal: 6)")


def _process(arguments: Sequence[str], home: Home) -> float:
    environ = {**os.environ, **home.environ, "PATH": os.environ["PATH"]}
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], env=environ, check=False)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
