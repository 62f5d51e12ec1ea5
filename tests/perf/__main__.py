"""``python -m tests.perf [name …]``: prints how the program compares with what it is made of.

Nothing is asserted here: the numbers depend on the machine, and on what else it does.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

BENCHMARKS = {
    "listing": "list and filter 100,000 memories, against raw SQLite",
    "stats": "the statistics of 1,000,000 memories, against SQLite's own count(*) ... GROUP BY",
    "searching": "a semantic query, against its parts",
    "adding": "adds, single and batched, against raw SQLite",
    "serving": "server requests, against a bare endpoint",
    "memory": "memory per stored memory",
    "starting": "the start of the screen, against a bare Textual app",
    "tui": "keys on the screen, against fzf, DataTable and OptionList",
    "auditing": "all review queues of 100,000 memories, against the repeats alone",
    "scanned_screen": "the screen while all memories are looked through, against itself",
    "doctor": "the scan of a full install, and the doctor's process",
    "detect": "what detectors find, against labelled sets; repeats, against rensa and datasketch",
    "staleness": "what is said to be gone or moved, against a labelled set and git log itself",
    "evidence": "the index of what Codex did, against one look through the same files",
    "uses": "the start of the screen with 100,000 uses by Codex, against one without any",
    "backup": "a backup of 10,000 memories, against git add and commit of its files",
    "hook": "a hook's process, against a Python that does nothing",
}


def main(names: list[str]) -> int:
    """Run the benchmarks *names*, or all of them; returns the exit code."""
    if {"-h", "--help"} & set(names):
        print("usage: python -m tests.perf [name ...]    without a name, all of them")
        print("\n".join(_listed()))
        return 0
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are:", file=sys.stderr)
        print("\n".join(_listed()), file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mem0-tui-perf-") as folder:
        for name in names or BENCHMARKS:
            importlib.import_module(f"tests.perf.{name}").run(Path(folder))
    return 0


def _listed() -> list[str]:
    return [f"  {name:<15} {what}" for name, what in BENCHMARKS.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
