"""A home with memories, every operation of the command line on it, and what has to be true of the
home when one of them was cut off anywhere.

Each memory says a word that none other says, so that what was purged can be looked for in every
file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.planning.plan_file import dump
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Add, Delete, Edit, Update
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.settings.locations import Locations
from mem0_tui.store.formats.jsonl import ExportHeader, export_lines, memory_line, write_private
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.support.memories import memory, uuid_of

_ROOT = Path(__file__).parents[2]
RUN = Scope(user_id="kim", run_id="doomed-run")
NEW = "A new memory that says quorbital900x"
KINDS = ("decision", "noise", "convention")


_LIMITED = """
import os, resource, sys
room = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
os.execv(sys.argv[2], sys.argv[2:])
"""


def needle(number: int) -> str:
    """The word that only memory *number* says."""
    return f"quorbital{number}x"


def _made(number: int) -> Memory:
    text = f"Memory that says {needle(number)}\nand in a second line {needle(number)} again"
    if number >= 36:
        return memory(number, text, scope=RUN, type="run")
    return memory(number, text, type=KINDS[number % 3], files=["a", number])


MEMORIES = [_made(number) for number in range(40)]
TRASHED = {uuid_of(number) for number in (1, 2, 3, 36)}
IMPORTED = [_made(number) for number in range(100, 130)]


@dataclass(frozen=True)
class Operation:
    """A command that changes memories."""

    words: tuple[str, ...]
    base: str = "plain"
    """The home that it is for: ``plain``, ``applied`` (a plan of all kinds) or ``undone``."""
    inverse: str = "undo"
    """What takes it back."""
    victims: tuple[int, ...] = ()
    """Numbers of memories that it is about."""
    gone: tuple[int, ...] = ()
    """Numbers of the memories that it erases for good."""


OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(("add", NEW, "--user", "kim"), victims=(900,)),
    "edit": Operation(
        ("edit", uuid_of(4), "--text", f"Another text with {needle(4)}"), victims=(4,)
    ),
    "delete": Operation(("rm", *map(uuid_of, range(4, 12)), "--yes"), victims=(4, 11)),
    "delete by query": Operation(("rm", "--query", "type:noise", "--yes"), victims=(4, 7)),
    "delete a scope": Operation(
        ("rm", "--scope", "run:doomed-run", "--confirm-scope", "run:doomed-run"), victims=(37,)
    ),
    "import": Operation(("import", "all.jsonl"), victims=(100, 129)),
    "retype": Operation(
        ("edit", "--query", "type:noise", "--type", "habit", "--yes"), victims=(4, 7)
    ),
    "move": Operation(
        ("move", "--query", "type:noise", "--app", "elsewhere", "--yes"), victims=(4, 7)
    ),
    "merge": Operation(
        ("merge", *map(uuid_of, (4, 5, 6)), "--text", f"All say {needle(4)}", "--yes"),
        victims=(4, 5),
    ),
    "apply a plan": Operation(("apply", "plan.json", "--yes"), victims=(5, 6, 8)),
    "restore": Operation(("restore", *sorted(TRASHED)), victims=(1, 36)),
    "undo": Operation(("undo", "--yes"), base="applied", inverse="redo", victims=(5, 6, 8)),
    "redo": Operation(("redo", "--yes"), base="undone", victims=(5, 6, 8)),
    "purge": Operation(("purge", uuid_of(2), uuid_of(9), "--forever"), gone=(2, 9)),
    "purge by query": Operation(
        ("purge", "--query", "type:noise", "--forever"),
        gone=(1, *(number for number in range(4, 36) if number % 3 == 1)),  # 1 is in the trash
    ),
    "purge the trash": Operation(("purge", "--trash", "--forever"), gone=(1, 2, 3, 36)),
    "delete for ever": Operation(("rm", uuid_of(8), "--forever", "--yes"), gone=(8,)),
}


@dataclass(frozen=True)
class State:
    """What a home holds, as far as it is the same whenever the same was done."""

    living: tuple[str, ...]
    """The memories, as lines of an export."""
    ids: frozenset[str]
    """Of the memories that are known by id: those that live or are in the trash."""


class Home:
    """A home folder of its own, and the program in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = Locations(
            *(folder / n / "mem0-tui" for n in ("config", "data", "state", "cache"))
        )

    @property
    def environment(self) -> dict[str, str]:
        names = ("config", "data", "state", "cache")
        folders = {f"XDG_{name.upper()}_HOME": str(self.folder / name) for name in names}
        return {
            **os.environ,
            **folders,
            "HOME": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(_ROOT),
        }

    def run(self, *words: str, room: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run the program to its end; with *room*, no file can grow beyond so many bytes."""
        limited = [sys.executable, "-c", _LIMITED, str(room)] if room is not None else []
        return subprocess.run(
            [*limited, sys.executable, "-m", "mem0_tui", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def cut_off(
        self,
        words: Sequence[str],
        point: int,
        delay: float | None = None,
        *,
        by: signal.Signals = signal.SIGTERM,
    ) -> int:
        """Run the program and kill it at its *point*-th point, or *delay* seconds after it *by* a
        signal; at 0 it runs to its end. How many points it passed."""
        reading, writing = os.pipe()
        fuse = [str(writing), str(point if delay is None else 0)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.dying_program", *fuse, *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(writing,),
        )
        os.close(writing)
        passed = 0
        with open(reading, "rb", buffering=0) as points:
            while data := points.read(1 if delay is not None else 4096):
                passed += len(data)
                if delay is not None and passed == point:
                    time.sleep(delay)
                    process.send_signal(by)
        _, errors = process.communicate()
        assert "Traceback" not in errors, errors
        if point == 0:
            assert process.returncode == 0, errors
        return passed

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Curator]:
        clock = SystemClock()
        backend = LocalBackend(open_store(self.places.store, clock))
        journal = Journal(self.places.journal, clock=clock)
        try:
            yield Curator(backend, journal, clock=clock, snapshot_folder=self.places.snapshots)
        finally:
            journal.close()
            await backend.aclose()

    async def state(self) -> State:
        """What it holds now. Of what was not there in the beginning the id and the date are left
        out, and of everything when it was last changed."""
        known = {each.id for each in (*MEMORIES, *IMPORTED)}
        async with self.opened() as curator:
            living = await curator.collect(parse(""))
            trashed = {entry.memory.id for entry in await curator.trash()}
        plain = [
            replace(each, updated_at=None)
            if each.id in known
            else replace(each, id="", created_at=None, updated_at=None)
            for each in living
        ]
        there = {each.id for each in living} | trashed
        return State(tuple(sorted(map(memory_line, plain))), frozenset(there & known))

    def holders(self, number: int) -> list[str]:
        """The files of ours that hold the word of memory *number*."""
        word = needle(number).encode()
        places = [self.folder / name for name in ("config", "data", "state", "cache")]
        return sorted(
            str(path.relative_to(self.folder))
            for place in places
            for path in place.rglob("*")
            if path.is_file() and word in path.read_bytes().lower()
        )


async def make(home: Home, base: str) -> None:
    """Fill *home*: 40 memories, of which 4 are in the trash, an import file and a plan file; in
    ``applied`` and ``undone`` the plan has been applied and taken back."""
    home.folder.mkdir()
    write_private(
        home.folder / "all.jsonl",
        export_lines(ExportHeader("local", "elsewhere", count=len(IMPORTED)), IMPORTED),
    )
    async with home.opened() as curator:
        store = curator.backend
        assert isinstance(store, LocalBackend)
        await store.store.restore(MEMORIES)
        await curator.apply(await curator.plan([Delete(each) for each in sorted(TRASHED)]))
        plan = await curator.plan(
            [
                Delete(uuid_of(5)),
                Delete(uuid_of(38)),
                Update(uuid_of(6), Edit(text=f"Edited, with {needle(6)}", metadata={"n": 1})),
                Update(uuid_of(8), Edit(metadata={"type": "habit"})),
                Add(Draft("An added one that says quorbital901x", RUN)),
                *(Delete(uuid_of(number)) for number in range(20, 30)),
            ]
        )
        (home.folder / "plan.json").write_text(dump(plan), encoding="utf-8")
        if base != "plain":
            await curator.apply(plan)
        if base == "undone":
            await curator.apply(await curator.plan_undo())
