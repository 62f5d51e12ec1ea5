"""How much memory a process takes per memory that its store holds, once it has listed and searched.

Run as ``python -m tests.perf.memory FILE``, it is the process that is measured.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.store.embedding.embedder import load_embedder
from mem0_tui.store.search.vectors import DIMENSIONS
from mem0_tui.store.store import open_store
from tests.perf.measure import fact, heading
from tests.perf.stores import filled, give_vectors, open_filled

_SIZES = (10_000, 100_000)


def run(folder: Path) -> None:
    """Compare a process at 10,000 with one at 100,000 memories."""
    heading("Memory of a process that lists and searches a store (resident set)")
    embedder = load_embedder()
    resident: list[int] = []
    text_bytes = 0
    for size in _SIZES:
        store = open_filled(folder, size)
        give_vectors(store, embedder.model_id)
        text_bytes = store.database.read_now(
            lambda c: c.execute("SELECT sum(length(CAST(text AS BLOB))) FROM memories").fetchone()[
                0
            ]
        )
        store.close()
        answer = subprocess.run(
            [sys.executable, "-m", "tests.perf.memory", str(filled(folder, size))],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        steps = json.loads(answer.stdout)
        resident.append(steps["searched"])
        said = ", ".join(f"{name} {value / 1e6:.0f} MB" for name, value in steps.items())
        fact(f"{size:,} memories", said)
    per_memory = (resident[1] - resident[0]) / (_SIZES[1] - _SIZES[0])
    text = text_bytes / _SIZES[1]
    vector = DIMENSIONS * 4
    fact("growth per memory", f"{per_memory:,.0f} bytes, of which its vector takes {vector:,}")
    beyond = per_memory - vector - text
    fact("beyond its text and vector", f"{beyond:,.0f} bytes", "under 1,200")


def _measured(path: Path) -> dict[str, int]:
    embedder = load_embedder()
    steps = {"started": _resident_set()}
    backend = LocalBackend(open_store(path), embedder_factory=lambda: embedder)
    with asyncio.Runner() as runner:
        runner.run(backend.list(limit=1000))
        steps["listed"] = _resident_set()
        for text in ("jwt signing", "when do we deploy", "slow checkout"):
            runner.run(backend.search(text))
        steps["searched"] = _resident_set()
        runner.run(backend.aclose())
    return steps


def _resident_set() -> int:
    """Bytes; where the system does not tell the present size, the largest so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * 4096


if __name__ == "__main__":
    print(json.dumps(_measured(Path(sys.argv[1]))))
