"""Run as a program: applies a plan to a real store and is killed at a chosen point.

    python -m tests.support.dying_apply FOLDER PLAN_OR_EXPORT POINT
    python -m tests.support.dying_apply FOLDER undo|redo|resume|restore POINT [server]

As a ``server`` the store gives what is put back a new id and moves nothing in place.
Points are counted over everything that leaves a trace: each journal entry and each write to the
store, before and after. The process is killed as ``kill -9`` does it, without a chance to tidy up.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mem0_tui.backends.local import CAPABILITIES, LocalBackend
from mem0_tui.curator.planning.plan_file import load
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability, Loss
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.store.formats.jsonl import looks_like_export, read_memories
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import JournalItem, Transaction
from mem0_tui.store.store import open_store

NEVER = 10**9


class Fuse:
    """Kills the process at the *point*-th call."""

    def __init__(self, point: int) -> None:
        self.left = point
        self.passed = 0

    def burn(self) -> None:
        self.passed += 1
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


class DyingJournal(Journal):
    """A journal of a process that may be killed around every entry."""

    fuse: Fuse

    async def begin(self, transaction: Transaction, items: Sequence[JournalItem]) -> None:
        self.fuse.burn()
        await super().begin(transaction, items)
        self.fuse.burn()

    async def record(self, items: Iterable[JournalItem]) -> None:
        self.fuse.burn()
        await super().record(items)
        self.fuse.burn()

    async def finish(self, transaction_id: str) -> None:
        self.fuse.burn()
        await super().finish(transaction_id)
        self.fuse.burn()


class DyingBackend(LocalBackend):
    """A store of a process that may be killed around every write."""

    capabilities = replace(CAPABILITIES, batch_size=25)
    fuse: Fuse

    async def add(self, draft: Draft) -> Memory:
        self.fuse.burn()
        stored = await super().add(draft)
        self.fuse.burn()
        return stored

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        self.fuse.burn()
        gone = await super().delete(memory_ids, seen=seen)
        self.fuse.burn()
        return gone

    async def restore(self, memory: Memory) -> Memory:
        self.fuse.burn()
        stored = await super().restore(memory)
        self.fuse.burn()
        return stored

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        self.fuse.burn()
        memory = await super().update(memory_id, edit, seen=seen)
        self.fuse.burn()
        return memory


class DyingServer(DyingBackend):
    """The same, as a server gives ids: each memory that is put in has a new one."""

    capabilities = replace(
        DyingBackend.capabilities,
        can=CAPABILITIES.can - {Capability.KEEP_ID, Capability.EDIT_SCOPE, Capability.TRASH},
        restore_losses=(Loss.ID, Loss.UPDATED, Loss.HISTORY),
    )

    async def restore(self, memory: Memory) -> Memory:
        return await self.add(Draft.again(memory))


async def run(folder: Path, text: str, point: int, kind: type[DyingBackend]) -> int:
    """Apply the plan, or import the export, that *text* holds; how many points were passed."""
    fuse = Fuse(point)
    clock = SystemClock()
    backend = kind(open_store(folder / "memories.db"))
    journal = DyingJournal(folder / "journal.db", clock=clock)
    backend.fuse = journal.fuse = fuse
    curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    if text == "resume":
        for interrupted in await curator.interrupted():
            await curator.resume(interrupted.id)
        plan = await curator.plan([])
    elif text in ("undo", "redo"):
        plan = await (curator.plan_undo() if text == "undo" else curator.plan_redo())
    elif text == "restore":
        plan = await curator.plan_restore([entry.memory.id for entry in await curator.trash()])
    elif looks_like_export(text):
        lines = text.splitlines()[1:]
        plan = (await curator.plan_import(list(read_memories(lines)))).plan
    else:
        plan = load(text)
    await curator.apply(plan)
    journal.close()
    await backend.aclose()
    return fuse.passed


if __name__ == "__main__":
    folder, file, point, *server = sys.argv[1:]
    words = ("undo", "redo", "resume", "restore")
    text = file if file in words else Path(file).read_text(encoding="utf-8")
    kind = DyingServer if server else DyingBackend
    sys.stdout.write(str(asyncio.run(run(Path(folder), text, int(point), kind))))
