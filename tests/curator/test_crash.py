"""kill -9 in the middle of an apply or an import of 500 memories: nothing is lost, nothing doubles.

Real store, real journal, a real process that is killed at random points.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.planning.plan_file import dump
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Change, Delete, Edit, Update, with_metadata
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import UnfinishedError, UsageError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store.formats.jsonl import ExportHeader, export_lines, write_private
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.support.dying_apply import NEVER, DyingServer
from tests.support.memories import memory
from tests.support.memory_backend import START

pytestmark = pytest.mark.anyio

COUNT = 500
SEED = random.randrange(2**32)
MEMORIES = [
    memory(n, f"memory {n}\nwith two lines", type="decision", files=["a", n], nested={"n": [n]})
    for n in range(COUNT)
]


@asynccontextmanager
async def opened(folder: Path, kind: type[LocalBackend] = LocalBackend) -> AsyncIterator[Curator]:
    clock = SystemClock()
    backend = kind(open_store(folder / "memories.db"))
    journal = Journal(folder / "journal.db", clock=clock)
    try:
        yield Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    finally:
        journal.close()
        await backend.aclose()


async def everything(curator: Curator) -> dict[str, Memory]:
    return {found.id: found for found in await curator.collect(parse(""))}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export of the 500 memories, and nothing else yet."""
    folder = tmp_path_factory.mktemp("filled")
    header = ExportHeader("local", "elsewhere", START, count=COUNT)
    write_private(folder / "all.jsonl", export_lines(header, MEMORIES))
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A folder with a store that holds them."""
    if not (filled / "memories.db").exists():
        run(filled, filled / "all.jsonl", NEVER)
        (filled / "journal.db").unlink()
    shutil.copytree(filled, tmp_path / "store")
    return tmp_path / "store"


def run(folder: Path, file: Path | str, point: int, *options: str) -> int | None:
    """Run the program that dies at *point*; how many points it passed, None if it was killed."""
    command = [
        sys.executable,
        "-m",
        "tests.support.dying_apply",
        str(folder),
        str(file),
        str(point),
        *options,
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return int(done.stdout)
    assert not done.stderr, done.stderr
    return None


def die_somewhere(folder: Path, file: Path, points: int, *, salt: int) -> None:
    point = random.Random(f"{SEED}-{salt}").randint(1, points)
    assert run(folder, file, point) is None, f"seed {SEED}: not killed at {point}"


async def plan_all(
    folder: Path, change: Callable[[Memory], Change]
) -> tuple[Path, dict[str, Memory]]:
    async with opened(folder) as curator:
        before = await everything(curator)
        plan = await curator.plan([change(found) for found in before.values()])
        assert len(before) == COUNT
    (folder / "plan.json").write_text(dump(plan), encoding="utf-8")
    return folder / "plan.json", before


POINTS_OF_DELETES = 2 + 2 + (COUNT // 25) * 6


@pytest.mark.parametrize("salt", range(2))
async def test_undo_after_a_killed_delete_gives_everything_back(folder: Path, salt: int) -> None:
    plan, before = await plan_all(folder, lambda found: Delete(found.id))
    die_somewhere(folder, plan, POINTS_OF_DELETES, salt=salt)
    async with opened(folder) as curator:
        try:
            assert (await curator.apply(await curator.plan_undo())).complete
        except UnfinishedError as nothing_sent:
            await curator.resume(nothing_sent.transaction_id, finish=False)
        except UsageError:
            pass  # it died before its intent was written
        assert await everything(curator) == before
        assert await curator.interrupted() == ()
    assert not any(name.endswith(".lock") for name in os.listdir(folder))


async def test_a_killed_delete_can_be_finished_and_then_undone(folder: Path) -> None:
    plan, before = await plan_all(folder, lambda found: Delete(found.id))
    assert run(folder, plan, POINTS_OF_DELETES // 2) is None
    async with opened(folder) as curator:
        (interrupted,) = await curator.interrupted()
        report = await curator.resume(interrupted.id)
        assert report.counts == {Outcome.DONE: COUNT}
        assert await everything(curator) == {}
        assert (await curator.apply(await curator.plan_undo())).complete
        assert await everything(curator) == before


async def test_a_killed_delete_can_be_left_as_it_is(folder: Path) -> None:
    plan, _ = await plan_all(folder, lambda found: Delete(found.id))
    assert run(folder, plan, POINTS_OF_DELETES // 2) is None
    async with opened(folder) as curator:
        (interrupted,) = await curator.interrupted()
        report = await curator.resume(interrupted.id, finish=False)
        left = len(await everything(curator))
        assert report.counts == {Outcome.DONE: COUNT - left, Outcome.CANCELLED: left}
        assert 0 < left < COUNT


async def test_undo_after_a_killed_retype_restores_every_type(folder: Path) -> None:
    plan, before = await plan_all(
        folder, lambda found: Update(found.id, with_metadata(found, {"type": "convention"}))
    )
    die_somewhere(folder, plan, 2 + 2 + COUNT * 2 + 40, salt=9)
    async with opened(folder) as curator:
        try:
            assert (await curator.apply(await curator.plan_undo())).complete
        except UnfinishedError as nothing_sent:
            await curator.resume(nothing_sent.transaction_id, finish=False)
        except UsageError:
            pass  # it died before its intent was written
        after = await everything(curator)
        undated = {each: replace(found, updated_at=None) for each, found in after.items()}
        assert undated == {each: replace(f, updated_at=None) for each, f in before.items()}


@pytest.mark.parametrize("salt", range(2))
async def test_a_killed_import_is_finished_by_running_it_again(
    filled: Path, tmp_path: Path, salt: int
) -> None:
    die_somewhere(tmp_path, filled / "all.jsonl", 2 + 2 + COUNT * 2 + 40, salt=salt)
    missing = run(tmp_path, filled / "all.jsonl", NEVER)
    assert missing is not None
    async with opened(tmp_path) as curator:
        assert await everything(curator) == {found.id: found for found in MEMORIES}
        for interrupted in await curator.interrupted():
            if missing:  # else it was killed at its very end, and is the last that was done
                with pytest.raises(UnfinishedError, match=interrupted.id):
                    await curator.plan_undo()
            await curator.resume(interrupted.id, finish=False)
        while True:  # both halves can be taken back
            try:
                undo = await curator.plan_undo()
            except UsageError:
                break
            assert (await curator.apply(undo)).complete
        assert await everything(curator) == {}


@pytest.mark.parametrize("salt", range(3))
async def test_whatever_is_killed_can_be_finished_and_nothing_is_lost(
    folder: Path, salt: int
) -> None:
    """An apply, then undo, redo, resume and restore, each of them killed somewhere."""
    plan, before = await plan_all(folder, lambda found: Delete(found.id))
    chance = random.Random(f"{SEED}-everything-{salt}")
    assert run(folder, plan, chance.randint(5, POINTS_OF_DELETES)) is None
    for _ in range(4):
        word = "resume"
        async with opened(folder) as curator:
            await check_nothing_is_lost(curator, before)
            if not await curator.interrupted():
                there = len(await everything(curator))
                word = chance.choice(["undo", "restore"]) if there < COUNT else "redo"
        run(folder, word, chance.randint(1, 40 if word == "redo" else 400))
    async with opened(folder) as curator:
        await check_nothing_is_lost(curator, before)
        for interrupted in await curator.interrupted():
            await curator.resume(interrupted.id, finish=False)
        if trashed := await curator.trash():
            restore = await curator.plan_restore([entry.memory.id for entry in trashed])
            assert (await curator.apply(restore)).complete
        assert await everything(curator) == before, f"seed {SEED}"


async def check_nothing_is_lost(curator: Curator, before: dict[str, Memory]) -> None:
    there = await everything(curator)
    trashed = {entry.memory.id: entry.memory for entry in await curator.trash()}
    assert {**trashed, **there} == before, f"seed {SEED}"
    assert not trashed.keys() & there.keys()


class Server(LocalBackend):
    """The store as a server gives ids: see :class:`tests.support.dying_apply.DyingServer`."""

    capabilities = DyingServer.capabilities

    async def restore(self, memory: Memory) -> Memory:
        return await self.add(Draft.again(memory))


MOVED = 12
POINTS_OF_MOVES = 2 + 2 + 4 + MOVED * 10
MOVES = int(os.environ.get("MEM0_TUI_KILLS", "3"))
"""How often a move is killed; by hand, more."""


async def contents(curator: Curator) -> Counter[str]:
    return Counter(found.content_hash for found in (await everything(curator)).values())


@pytest.mark.parametrize("salt", range(MOVES))
async def test_a_killed_move_by_a_copy_is_finished_or_taken_back(folder: Path, salt: int) -> None:
    chance = random.Random(f"{SEED}-move-{salt}")
    point = chance.randint(1, POINTS_OF_MOVES)
    at = f"seed {SEED}, salt {salt}, point {point}"
    async with opened(folder, Server) as curator:
        start = await contents(curator)
        moved = MEMORIES[:MOVED]
        edit = Edit(scope=Scope(user_id="kim", app_id="elsewhere"))
        plan = await curator.plan([Update(each.id, edit) for each in moved])
    (folder / "plan.json").write_text(dump(plan), encoding="utf-8")
    end = start - Counter(each.content_hash for each in moved)
    end += Counter(edit.applied_to(each).content_hash for each in moved)
    killed = run(folder, folder / "plan.json", point, "server") is None
    async with opened(folder, Server) as curator:
        now = await contents(curator)
        assert not (start & end) - now, at
        assert (now - start - end).total() == 0, at
        assert now.total() - COUNT in (0, 1), at  # one copy may be there beside what it is of
        waits = bool(await curator.interrupted())
        if waits and chance.random() < 0.5:
            (interrupted,) = await curator.interrupted()
            assert (await curator.resume(interrupted.id)).complete, at
            assert await contents(curator) == end, at
        elif not waits:
            assert now in ([start, end] if killed else [end]), at
        for unfinished in await curator.interrupted():
            await curator.resume(unfinished.id, finish=False)
        while True:
            try:
                undo = await curator.plan_undo()
            except UsageError:
                break
            assert (await curator.apply(undo)).complete, at
        assert await contents(curator) == start, at
        assert await curator.interrupted() == (), at
