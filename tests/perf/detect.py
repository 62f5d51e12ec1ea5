"""What the detectors find, and how long they take, against rensa and datasketch.

The peers are installed into a throw-away environment; where that cannot be done, it is said. CPU
seconds are compared: they do not depend on what else the machine does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from tests.perf.crowd import COUNT, REPEATS, TWINS, write_crowd, write_templates
from tests.perf.measure import fact, heading
from tests.perf.quality import QUALITY

_PEERS = Path(__file__).parent / "peers.py"
_DEADLINE = 1200
"""Seconds."""


def run(folder: Path) -> None:
    """Print the quality of each labelled set, then time and memory."""
    heading("What the detectors find of the labelled sets")
    for detector in QUALITY:
        for name, value in detector():
            fact(name, value)
    heading(f"Repeats and conflicts in {COUNT:,} memories, rensa with 16 bands = 1.00")
    crowd, templates = folder / "crowd.jsonl", folder / "templates.jsonl"
    write_crowd(crowd)
    write_templates(templates)
    ours = _ours(crowd)
    python = _environment(folder / "peers")
    anchor = _peer(python, "rensa", crowd) if python else None
    if anchor is None:
        print("  rensa cannot be installed here: skipped, there is no anchor", flush=True)
        anchor = {"seconds": ours["seconds"], "mb": ours["mb"]}
    _compared("ours", ours, anchor, "at most 1.0, 0.5")
    other = _peer(python, "datasketch", crowd) if python else None
    if other is not None:
        _compared("datasketch", other, anchor)
    many = _ours(templates)
    fact("100,000 unmasked templates", f"{many['seconds'] / ours['seconds']:.2f}", "at most 3")
    fact("planted repeats proposed", f"{ours['repeats']:,} of {REPEATS:,}")
    fact("planted twins proposed", f"{ours['twins']:,} of {TWINS:,}", "0")
    fact("one new memory, p50 / p95, CPU", "{:.2f} / {:.2f} ms".format(*ours["new"]), "0.3 / 1 ms")
    late = "{:.1f} / {:.1f} / {:.1f} ms".format(*_ours(crowd, "lateness")["late"])
    fact("another thread is late by, p95 / p99 / max", late, "at most 8 ms")


def _ours(path: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.perf.scanning", str(path), *more]
    found: dict[str, Any] = json.loads(_output(command))
    return found


def _peer(python: Path, name: str, path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(_output([str(python), str(_PEERS), name, str(path)]))
    except subprocess.CalledProcessError:
        return None
    return found


def _output(command: list[str]) -> str:
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=_DEADLINE
    ).stdout


def _environment(folder: Path) -> Path | None:
    """A Python with the peers; None where there is none to be had."""
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    try:
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "-q", "rensa", "datasketch"]
        subprocess.run(install, check=True, capture_output=True, timeout=_DEADLINE)
    except (subprocess.SubprocessError, OSError):
        return None
    return python


def _compared(name: str, found: dict[str, Any], anchor: dict[str, Any], goal: str = "") -> None:
    seconds, memory = found["seconds"] / anchor["seconds"], found["mb"] / anchor["mb"]
    absolute = f"({found['seconds']:.1f} s CPU, {found['mb']:.0f} MB)"
    fact(f"{name}, time and extra RSS", f"{seconds:.2f}  {memory:.2f}  {absolute}", goal)
