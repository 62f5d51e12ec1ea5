"""Whatever was done, however it was cut off: undoing all gives the start, redoing all the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.curator.planning.merging import merged
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import UnfinishedError, UsageError
from mem0_tui.model.memory import Draft
from mem0_tui.store.journal.journal import Journal
from tests.support.memories import KIM, memory
from tests.support.memory_backend import ALL, REMOTE, START, MemoryBackend

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "edit", "retype", "add", "merge", "keep", "move"]),
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from(["one", "two", "memory number 3"]),
    ),
    min_size=1,
    max_size=5,
)
CUT = st.integers(1, 14)
Content = Counter[tuple[str, str, str]]


class PowerCutError(Exception):
    """Ends the process, as far as the curator can tell."""


def content(backend: MemoryBackend) -> Content:
    return Counter(
        (found.text, str(sorted(found.metadata.items())), str(found.scope))
        for found in backend.memories.values()
    )


def changes(backend: MemoryBackend, steps: list[tuple[str, int, int, str]]) -> list[Change]:
    """The *steps* as changes of what is there, at most one per memory."""
    ids = sorted(backend.memories)
    taken: set[str] = set()
    planned: list[Change] = []
    for kind, first, second, text in steps:
        if kind == "add":
            planned.append(Add(Draft(text, KIM)))
            continue
        wanted = {ids[each % len(ids)] for each in (first, second)} if ids else set()
        number = 2 if kind in ("merge", "keep") else 1
        chosen = tuple(sorted(wanted))[:number]
        if taken & set(chosen) or len(chosen) < number:
            continue
        taken.update(chosen)
        if kind == "delete":
            planned.append(Delete(chosen[0]))
        elif kind == "merge":
            planned.append(Merge(Draft(text, KIM), chosen))
        elif kind == "keep":
            pair = [backend.memories[each] for each in chosen]
            result = replace(pair[1], text=text, metadata={"type": text}, scope=KIM)
            planned.append(merged(backend, pair[1], pair, result))
        else:
            edits = {"edit": Edit(text), "move": Edit(scope=Scope(app_id=text))}
            edit = edits.get(kind, Edit(metadata={"type": text}))
            planned.append(Update(chosen[0], edit))
    return planned


async def all_of(curator: Curator, backend: MemoryBackend, *, redo: bool) -> list[Content]:
    """Undo (or redo) everything step by step; the content after each that changed it."""
    states = [content(backend)]
    while True:
        try:
            plan = await (curator.plan_redo() if redo else curator.plan_undo())
        except UsageError:
            return steps_of(states)[1:]
        assert (await curator.apply(plan)).complete
        states.append(content(backend))


def steps_of(states: list[Content]) -> list[Content]:
    """*states* without those that are the same as the one before."""
    return [state for n, state in enumerate(states) if not n or state != states[n - 1]]


@SLOW
@given(st.lists(STEPS, min_size=1, max_size=4), st.sampled_from([ALL, REMOTE]))
def test_undo_all_is_the_start_and_redo_all_is_the_end(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[list[tuple[str, int, int, str]]],
    can: frozenset[Capability],
) -> None:
    async def play(folder: Path) -> None:
        clock = FrozenClock(START)
        backend = MemoryBackend((memory(n) for n in range(6)), can=can, batch_size=2)
        journal = Journal(folder / "journal.db", clock=clock)
        curator = Curator(backend, journal, clock=clock, snapshot_folder=folder)
        states = [content(backend)]
        for steps in batches:
            plan = await curator.plan(changes(backend, steps))
            assert (await curator.apply(plan)).complete
            states.append(content(backend))
        states = steps_of(states)
        for _ in range(2):
            assert await all_of(curator, backend, redo=False) == states[-2::-1]
            assert await all_of(curator, backend, redo=True) == states[1:]
        journal.close()

    asyncio.run(play(tmp_path_factory.mktemp("undo")))


@SLOW
@given(STEPS, st.tuples(CUT, CUT, CUT), st.booleans(), st.sampled_from([ALL, REMOTE]))
def test_after_a_power_cut_undo_gives_the_start_and_resume_the_end(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, int, int, str]],
    cuts: tuple[int, int, int],
    resumes: bool,
    can: frozenset[Capability],
) -> None:
    async def play(folder: Path) -> None:
        clock = FrozenClock(START)
        backend = MemoryBackend((memory(n) for n in range(6)), can=can, batch_size=2)
        journal = Journal(folder / "journal.db", clock=clock)
        curator = Curator(backend, journal, clock=clock, snapshot_folder=folder)
        start = content(backend)
        plan = await curator.plan(changes(backend, steps))
        whole = MemoryBackend(backend.memories.values(), can=can, batch_size=2)
        aside = Journal(folder / "aside.db", clock=clock)
        await Curator(whole, aside, clock=clock, snapshot_folder=folder).apply(plan)
        aside.close()
        await cut_off(curator, backend, plan, cuts[0])
        interrupted = await curator.interrupted()
        assert len(interrupted) <= 1
        if resumes and interrupted:
            assert (await curator.resume(interrupted[0].id)).complete
            assert content(backend) == content(whole)
        for cut in cuts[1:]:  # the undo is cut off as well, and undone again
            try:
                await cut_off(curator, backend, await curator.plan_undo(), cut)
            except (UsageError, UnfinishedError):
                break
        for unfinished in await curator.interrupted():
            await curator.resume(unfinished.id, finish=False)
        await all_of(curator, backend, redo=False)
        assert content(backend) == start
        assert await curator.interrupted() == ()
        journal.close()

    asyncio.run(play(tmp_path_factory.mktemp("cut")))


async def cut_off(curator: Curator, backend: MemoryBackend, plan: Plan, point: int) -> None:
    """Apply *plan* until the *point*-th moment around a write."""
    left = point

    def burn(_: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise PowerCutError

    backend.before_call = backend.after_call = burn
    try:
        await curator.apply(plan)
    except* PowerCutError:
        pass
    finally:
        backend.before_call = backend.after_call = lambda _: None
