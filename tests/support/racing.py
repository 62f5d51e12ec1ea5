"""Run as a program, twice at once: does the same as the other at nearly the same moment.

    python -m tests.support.racing FOLDER undo|apply|delete|move ROUNDS one|two

Prints a JSON list: what came of each round.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.plan_file import dump, load
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Add, Delete, Edit, Update
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Draft
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.support.memories import KIM


class Meeting:
    """Where the two processes wait for each other, by files that each makes for the other."""

    def __init__(self, folder: Path, me: str) -> None:
        self._folder = folder
        self._me, self._other = me, {"one": "two", "two": "one"}[me]

    def at(self, name: str) -> None:
        """Go on once both are here."""
        (self._folder / f"{name}.{self._me}").touch()
        while not (self._folder / f"{name}.{self._other}").exists():
            os.sched_yield()


async def race(folder: Path, what: str, rounds: int, me: str) -> list[str]:
    clock = SystemClock()
    backend = LocalBackend(open_store(folder / "memories.db"))
    journal = Journal(folder / "journal.db", clock=clock)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    meeting = Meeting(folder, me)
    outcomes: list[str] = []
    for number in range(rounds):
        if me == "one":
            await _prepare(curator, folder, what, number)
        meeting.at(f"prepared-{number}")
        plan = await _plan(curator, folder, what, number)
        meeting.at(f"planned-{number}")
        outcomes.append(await _outcome(curator, plan))
        meeting.at(f"over-{number}")
    journal.close()
    await backend.aclose()
    return outcomes


async def _prepare(curator: Curator, folder: Path, what: str, number: int) -> None:
    add = await curator.plan([Add(Draft(f"memory {number}", KIM))])
    if what == "apply":
        _write(folder / f"{number}.json", dump(add))
        return
    report = await curator.apply(add)
    memory_id = report.items[0].added_id
    assert memory_id is not None
    if what == "undo":
        report = await curator.apply(await curator.plan([Delete(memory_id)]))
        memory_id = report.transaction_id
    _write(folder / f"{number}.id", memory_id)


async def _plan(curator: Curator, folder: Path, what: str, number: int) -> Plan:
    if what == "apply":
        return load((folder / f"{number}.json").read_text(encoding="utf-8"))
    name = (folder / f"{number}.id").read_text(encoding="utf-8")
    if what == "undo":
        return await curator.plan_undo(name)
    elsewhere = Edit(scope=Scope(user_id="kim", app_id="elsewhere"))
    return await curator.plan([Update(name, elsewhere) if what == "move" else Delete(name)])


async def _outcome(curator: Curator, plan: Plan) -> str:
    try:
        report = await curator.apply(plan)
    except Mem0TuiError as error:
        return type(error).__name__
    return "done" if report.complete else next(iter(report.counts)).value


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    folder, what, rounds, me = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(race(Path(folder), what, int(rounds), me))))
