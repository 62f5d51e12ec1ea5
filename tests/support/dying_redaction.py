"""Run as a program: redacts a memory of the home in FOLDER again and again, each time killed at
another point; prints how each ended by point, 0 for the one that was not killed.

    python -m tests.support.dying_redaction FOLDER MEMORY_ID COPIES COUNT SEED

Points are counted over everything that leaves a trace: each journal entry, the edit, each file that
is cleaned, and each time that a file is written anew, before and after. The home as each left it is
put into COPIES, under the number of the point.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sys
from pathlib import Path
from typing import Any

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.applying import redact
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.erasure.redaction.files import take_out
from mem0_tui.store.journal.journal import Journal
from tests.support.dying_apply import NEVER, Fuse
from tests.support.dying_purge import burning
from tests.support.everything import opened


async def run(folder: Path, memory_id: str, fuse: Fuse) -> None:
    """Redact the memory."""
    for owner, names in (
        (Journal, ("begin", "record", "finish")),
        (PurgeLog, ("take_out", "sweep")),
        (LocalBackend, ("update", "take_out", "sweep")),
    ):
        for name in names:
            setattr(owner, name, burning(getattr(owner, name), fuse))

    def burning_take_out(*args: Any) -> bool:
        fuse.burn()
        return take_out(*args)

    vars(redact)["take_out"] = burning_take_out
    async with opened(folder) as curator:
        await curator.apply(await curator.plan_redaction([await curator.get(memory_id)]))


def main(folder: Path, memory_id: str, copies: Path, count: int, seed: int) -> dict[int, int]:
    """Kill it at *count* points chosen by *seed*; the exit status by point."""
    original, tally = copies / "original", copies / "points"
    shutil.copytree(folder, original)

    def end_at(point: int) -> int:
        # In its place, for the journal names the store by its path.
        child = os.fork()
        if not child:
            fuse = Fuse(point)
            asyncio.run(run(folder, memory_id, fuse))
            tally.write_text(str(fuse.passed))
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        folder.rename(copies / str(point))
        shutil.copytree(original, folder)
        return ended

    ended = {NEVER: end_at(NEVER)}
    points = range(1, int(tally.read_text()) + 1)
    chosen = random.Random(seed).sample(points, min(count, len(points)))
    return ended | {point: end_at(point) for point in sorted(chosen)}


if __name__ == "__main__":
    home, wanted, there, many, chance = sys.argv[1:]
    ends = main(Path(home), wanted, Path(there), int(many), int(chance))
    sys.stdout.write(json.dumps(ends))
