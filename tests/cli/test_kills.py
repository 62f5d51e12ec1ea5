"""The real command line dies at random points of every operation, by kill -9, SIGTERM, SIGHUP or
a full disk: a fresh process finishes it or takes it back, nothing is lost, and nothing is left of
what a purge called gone.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mem0_tui.model.query import parse
from tests.support.killing import OPERATIONS, Home, Operation, State, make, needle
from tests.support.memories import uuid_of as memory_id

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kill -9"),
]

KILLS = int(os.environ.get("MEM0_TUI_KILLS", "5"))
"""How often a command is killed; by hand, more."""
FULL = int(os.environ.get("MEM0_TUI_FULL_DISKS", "3"))
"""How often the disk is full; by hand, more."""
SEED = int(os.environ.get("MEM0_TUI_KILLS_SEED") or random.randrange(2**32))
_NAMES = list(OPERATIONS)


class Bench:
    """Homes to be copied, and what each operation makes of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results: dict[str, tuple[int, State, State]] = {}

    async def home(self, base: str) -> Home:
        """A home like *base*, always at the same path: the journal and plans name the store."""
        home, original = Home(self._folder / "home"), self._folder / base
        shutil.rmtree(home.folder, ignore_errors=True)
        if not original.exists():
            await make(home, base)
            home.folder.rename(original)
        shutil.copytree(original, home.folder)
        return home

    async def result(self, name: str) -> tuple[int, State, State]:
        """Of the operation *name*: how many points it passes, the state before, and after."""
        if name not in self._results:
            operation = OPERATIONS[name]
            home = await self.home(operation.base)
            before = await home.state()
            points = home.cut_off(operation.words, 0)
            self._results[name] = points, before, await home.state()
        return self._results[name]


@pytest.mark.parametrize("number", range(KILLS))
async def test_whatever_is_killed_is_finished_or_taken_back(bench: Bench, number: int) -> None:
    chance = random.Random(f"{SEED}-{number}")
    name = _NAMES[(SEED + number) % len(_NAMES)]
    operation = OPERATIONS[name]
    points, before, after = await bench.result(name)
    home = await bench.home(operation.base)
    point = chance.randint(1, points)
    delay = chance.choice([None, chance.expovariate(1 / 0.003)])
    way = chance.choice(["finish", "take back", "erase"])
    by = chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGHUP]) if delay else signal.SIGKILL
    at = f"{point} of {points}, {delay}, {by.name}, {way}"
    home.cut_off(operation.words, point, delay, by=by)
    with told(f"MEM0_TUI_KILLS_SEED={SEED}, {number}: {name}, {at}"):
        await put_right(home, name, way, before, after, chance)


@pytest.mark.parametrize("number", range(FULL))
async def test_what_a_full_disk_cut_off_is_finished_or_taken_back(
    bench: Bench, number: int
) -> None:
    chance = random.Random(f"{SEED}-full-{number}")
    name = _NAMES[(SEED + number) % len(_NAMES)]
    operation = OPERATIONS[name]
    _, before, after = await bench.result(name)
    home = await bench.home(operation.base)
    room = chance.choice([0, chance.randrange(1, 40_000), chance.randrange(1, 400_000)])
    way = chance.choice(["finish", "take back", "erase"])
    with told(f"MEM0_TUI_KILLS_SEED={SEED}, {number}: {name}, {room} bytes, {way}"):
        ended = home.run(*operation.words, room=room)
        said = ended.stdout + ended.stderr
        assert ended.returncode in (0, 1, 3, 4), f"{ended.returncode}: {said}"
        assert "Traceback" not in said
        assert "defect" not in said
        if ended.returncode == 0:
            assert await home.state() == after
        else:
            assert "room" in said or "disk" in said or "large" in said, said
        await put_right(home, name, way, before, after, chance)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Within it, a failure says what it was about."""
    try:
        yield
    except AssertionError as error:
        error.add_note(what)
        raise


async def put_right(
    home: Home, name: str, way: str, before: State, after: State, chance: random.Random
) -> None:
    """Do what a person does at the next start, and check the promises."""
    operation = OPERATIONS[name]
    if operation.gone:
        await finish_purge(home, operation, before, after, leave=way == "take back")
    else:
        await nothing_is_lost(home, before, after)
        if way == "finish":
            await finish(home, operation, before, after)
        elif way == "take back":
            await take_back(home, operation, before)
        else:
            await erase(home, before, chance.choice(operation.victims), chance)
    verified = home.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("kills"))


async def nothing_is_lost(home: Home, before: State, after: State) -> None:
    """Whatever was there is there, as it was or as it was to be, or in the trash."""
    now = await home.state()
    assert before.ids <= now.ids
    assert {*now.living} <= {*before.living, *after.living}
    assert len({*now.living}) == len(now.living)


def done(home: Home, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run *words*, which have to end with one of *codes*; what they say."""
    ended = home.run(*words)
    said = ended.stdout + ended.stderr
    assert ended.returncode in codes, f"{words}: {ended.returncode}\n{said}"
    assert "Traceback" not in said
    return said


async def finish(home: Home, operation: Operation, before: State, after: State) -> None:
    done(home, "resume")
    if await home.state() == before:
        done(home, *operation.words)  # it was killed before anything was written down
    assert await home.state() == after
    done(home, operation.inverse, "--yes")
    assert (await home.state()).living == before.living


async def take_back(home: Home, operation: Operation, before: State) -> None:
    done(home, "resume", "--leave", codes=(0, 1, 3))
    if (await home.state()).living != before.living:
        done(home, operation.inverse, "--yes")
    assert (await home.state()).living == before.living
    assert before.ids <= (await home.state()).ids


async def finish_purge(
    home: Home, operation: Operation, before: State, after: State, *, leave: bool
) -> None:
    gone = {number for number in operation.gone if not home.holders(number)}
    now = await home.state()
    assert after.ids <= now.ids
    assert {*after.living} <= {*now.living} <= {*before.living}
    if leave:
        done(home, "resume", "--leave", codes=(0, 1, 3))
        assert "Nothing was interrupted" in done(home, "resume")
        now = await home.state()
        for number in operation.gone:
            if number in gone or memory_id(number) not in now.ids:
                assert home.holders(number) == [], number
        assert after.ids <= now.ids
    done(home, "resume")
    again = [memory_id(number) for number in operation.gone if memory_id(number) in now.ids]
    if again and (await home.state()) != after:
        done(home, "purge", *again, "--forever")
    assert await home.state() == after
    for number in operation.gone:
        assert home.holders(number) == [], number
    done(home, "undo", "--yes", codes=(0, 1, 2, 3))
    for number in operation.gone:
        assert home.holders(number) == [], number
    assert after.ids <= (await home.state()).ids


async def erase(home: Home, before: State, victim: int, chance: random.Random) -> None:
    """A memory that a killed operation was about is purged: it is gone, and stays so."""
    done(home, "resume", *chance.choice([(), ("--leave",)]), codes=(0, 1, 3))
    async with home.opened() as curator:
        known = [*await curator.trash()]
        living = {m.id: m for m in await curator.collect(parse(""))}
    every = {**{entry.memory.id: entry.memory for entry in known}, **living}
    chosen = [id_ for id_, memory in every.items() if needle(victim) in memory.text]
    if chosen:
        said = done(home, "purge", *chosen, "--forever")
        assert "nothing is left of it" in said
        assert home.holders(victim) == []
    for words in (("undo", "--yes"), ("redo", "--yes"), ("resume",)):
        done(home, *words, codes=(0, 1, 2, 3))
        if chosen:
            assert home.holders(victim) == [], words
    rest = (await home.state()).ids
    assert before.ids - rest <= set(chosen)
