"""Run as a program: purges a memory of the home in FOLDER and is killed at a chosen point.

    python -m tests.support.dying_purge FOLDER MEMORY_ID POINT

Points are counted over everything that leaves a trace: each journal entry, the store's erasing,
each file that is cleaned, and each time that a file is written anew, before and after.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.purge import carry_out
from mem0_tui.curator.purge.plan import plan_ids
from mem0_tui.store.erasure.files import clean
from mem0_tui.store.erasure.purge_log import PurgeLog
from tests.support.dying_apply import Fuse
from tests.support.everything import opened, purger

P = ParamSpec("P")
R = TypeVar("R")


def burning(work: Callable[P, Awaitable[R]], fuse: Fuse) -> Callable[P, Awaitable[R]]:
    """*work* that may be the end before it and after it."""

    async def burns(*args: P.args, **options: P.kwargs) -> R:
        fuse.burn()
        result = await work(*args, **options)
        fuse.burn()
        return result

    return burns


async def run(folder: Path, memory_id: str, point: int) -> int:
    """Purge the memory; how many points were passed."""
    fuse = Fuse(point)
    for owner, names in (
        (PurgeLog, ("begin", "mark", "finish", "erase", "sweep")),
        (LocalBackend, ("erase", "sweep")),
    ):
        for name in names:
            setattr(owner, name, burning(getattr(owner, name), fuse))

    def burning_clean(*args: Any) -> bool:
        fuse.burn()
        return clean(*args)

    vars(carry_out)["clean"] = burning_clean
    async with opened(folder) as curator:
        await purger(curator, folder).purge(await plan_ids(curator, [memory_id]))
    return fuse.passed


if __name__ == "__main__":
    folder, memory_id, point = sys.argv[1:]
    sys.stdout.write(str(asyncio.run(run(Path(folder), memory_id, int(point)))))
