"""kill -9 in the middle of a purge: it is named, nothing comes back, and finishing it leaves no
byte; nothing else is lost.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mem0_tui.curator.purge.plan import plan_ids
from mem0_tui.model.errors import NotFoundError, RefusedError
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import parse
from tests.support.dying_apply import NEVER
from tests.support.everything import fill, holders, opened, purger

pytestmark = pytest.mark.anyio

KILLS = int(os.environ.get("MEM0_TUI_PURGE_KILLS", "20"))
"""How often a purge is killed; by hand, more."""
SEED = random.randrange(2**32)


def start(folder: Path, memory_id: str, point: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.dying_purge", str(folder), memory_id]
    return subprocess.Popen(
        [*command, str(point)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def living(folder: Path) -> dict[str, Memory]:
    async with opened(folder) as curator:
        return {memory.id: memory for memory in await curator.collect(parse(""))}


async def finish(folder: Path, secret: str, context: str) -> None:
    """Do what a person does at the next start, and check the promises."""
    async with opened(folder) as curator:
        purging = purger(curator, folder)
        interrupted = await purging.interrupted()
        for each in interrupted:
            with pytest.raises(RefusedError, match=f"the purge {each.id} was interrupted"):
                await curator.plan_undo()
            assert (await purging.resume(each.id)).finished, context
        if not interrupted:
            try:
                await purging.purge(await plan_ids(curator, [secret]))
            except NotFoundError:
                assert holders(folder) == [], context  # it was finished
        assert await purging.interrupted() == ()
        with pytest.raises(NotFoundError):
            await curator.get(secret)
        assert secret not in {entry.memory.id for entry in await curator.trash()}
    assert holders(folder) == [], context


async def test_a_killed_purge_is_finished_and_loses_nothing_else(tmp_path: Path) -> None:
    folder, original = tmp_path / "home", tmp_path / "original"
    secret = await fill(folder)
    before = await living(folder)
    shutil.copytree(folder, original)
    began = time.monotonic()
    output, errors = start(folder, secret, NEVER).communicate()
    seconds = time.monotonic() - began
    assert output, errors
    points, chosen = int(output), random.Random(SEED)
    killed = 0
    for number in range(KILLS):
        shutil.rmtree(folder)
        shutil.copytree(original, folder)
        if number % 4:  # at a point that leaves a trace
            point, delay = 1 + chosen.randrange(points), 0.0
            process = start(folder, secret, point)
        else:  # anywhere, in the middle of a write too
            point, delay = NEVER, chosen.uniform(0.3, 1.0) * seconds
            process = start(folder, secret, point)
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
        _, errors = process.communicate()
        assert not errors, errors
        killed += process.returncode != 0
        await finish(folder, secret, f"seed {SEED}, {number}: point {point}, {delay:.2f} s")
        assert await living(folder) == before
    assert killed >= KILLS // 2
