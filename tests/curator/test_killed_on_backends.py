"""kill -9 in the middle of a merge, a move and the undo of each, on every backend: nothing is lost
or doubled, it can be finished or taken back, and undo gives back every field as was declared.

Real servers on loopback and real processes; by hand ``MEM0_TUI_KILLS=25`` kills 100 of them.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.planning.merging import merged
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.plan_file import dump
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Change, Edit, Update
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import UnfinishedError, UsageError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.server.auth import Access
from mem0_tui.server.mcp.endpoint import mcp_mount
from mem0_tui.server.mcp.tools import ToolCalls
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.contract.test_curating import LOSSES
from tests.support.dying_client import Gate, Place, run
from tests.support.loopback import loopback
from tests.support.selfhosted import ADMIN_KEY, SelfHosted

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(os.name == "nt", reason="kill -9")]

KILLS = int(os.environ.get("MEM0_TUI_KILLS", "1"))
"""How often a process is killed on each backend; by hand, more."""
SEED = int(os.environ.get("MEM0_TUI_KILLS_SEED") or random.randrange(2**32))
KEY = "m0-only-for-this-test"
KIM = Scope(user_id="kim", app_id="Shop API")
ELSEWHERE = Scope(user_id="lee", agent_id="bot", app_id="shop-api")
DRAFTS = [
    Draft("Use RS256 for tokens", KIM, {"type": "decision", "confidence": 1}),
    Draft("Use RS256 for all tokens", KIM, {"type": "convention", "files": ["a.py"]}),
    Draft("We use RS256", replace(KIM, user_id="lee"), expires_on=date(2099, 7, 1)),
    Draft("Never log a token\nnot even masked", KIM, {"type": "anti_pattern", "n": {"deep": [1]}}),
    Draft("Deploys are on Fridays", KIM, {"pinned": True}, expires_on=date(2099, 1, 1)),
    Draft("The port is 8080", KIM),
    Draft("Stays as it is", KIM, {"type": "decision"}, expires_on=date(2099, 7, 1)),
    Draft("The port is 8080", replace(ELSEWHERE, agent_id="other")),
]
MERGED, MOVED = DRAFTS[:3], DRAFTS[3:6]
Content = Counter[str]


@dataclass(frozen=True)
class Server:
    """A backend's memories, and the application that serves them."""

    place: Place
    gate: Gate | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Curator]:
        """The curator of a program that has just been started."""
        backend = self.place.backend()
        journal = Journal(self.place.journal, clock=SystemClock())
        try:
            await backend.info()
            yield self.place.curator(backend, journal)
        finally:
            journal.close()
            await backend.aclose()


@contextmanager
def served(name: str, folder: Path) -> Iterator[Server]:
    """A new server of the kind *name*, with its files and the journal's in *folder*."""
    folder.mkdir()
    if name == "local":
        yield Server(Place(name, folder))
        return
    if name == "selfhosted":
        gate = Gate(SelfHosted().app())
        with loopback(gate) as url:
            yield Server(Place(name, folder, url, ADMIN_KEY), gate)
        return
    service = Service(LocalBackend(open_store(folder / "memories.db", durable=False)))
    mounts = [mcp_mount(ToolCalls(service, "nobody"))] if name == "mcp" else []
    gate = Gate(platform_app(service, Access(key=KEY, bound_to="127.0.0.1"), mounts=mounts))
    with loopback(gate, lifespan=True) as url:
        yield Server(Place(name, folder, f"{url}/mcp" if mounts else url, KEY), gate)
    service.close()


def merge(curator: Curator, there: Mapping[str, Memory], *, new: bool) -> list[Change]:
    """Three of different users and kinds become one, with what was only in one of them."""
    survivor, *others = (there[draft.text] for draft in MERGED)
    metadata = {**survivor.metadata, "type": "convention"}
    wanted = replace(survivor, text="Use RS256 for every token", metadata=metadata)
    change = merged(curator.backend, survivor, [survivor, *others], wanted)
    return [replace(change, keep=None) if new else change]


def move(there: Mapping[str, Memory]) -> list[Change]:
    """Three go to another user, agent and app."""
    return [Update(there[draft.text].id, Edit(scope=ELSEWHERE)) for draft in MOVED]


async def planned(curator: Curator, name: str) -> Plan:
    """The plan of the operation *name*."""
    there = {each.text: each for each in await stored(curator) if not each.scope.agent_id}
    changes = move(there) if name == "move" else merge(curator, there, new=name == "merge anew")
    return await curator.plan(changes)


OPERATIONS = ("merge", "merge anew", "move", "undo merge", "undo merge anew", "undo move")


async def stored(curator: Curator) -> Sequence[Memory]:
    return list(await curator.collect(parse("user:kim,lee")))


async def content(curator: Curator) -> Content:
    return Counter(each.content_hash for each in await stored(curator))


@dataclass
class Case:
    """An operation about to be carried out by another process."""

    word: str
    """What that process is told."""
    first: Sequence[Memory]
    """The memories as they were before anything was done."""
    plan: Plan
    """What was done to them, or will be."""


async def prepared(server: Server, operation: str) -> Case:
    """Memories, and what is to be done with them; an ``undo`` has been applied."""
    undo = operation.startswith("undo ")
    async with server.opened() as curator:
        for draft in DRAFTS:
            await curator.backend.add(draft)
        first = await stored(curator)
        plan = await planned(curator, operation.removeprefix("undo "))
        if undo:
            report = await curator.apply(plan)
            assert report.complete, [item.error for item in report.items]
        else:
            (server.place.folder / "plan.json").write_text(dump(plan), encoding="utf-8")
    return Case("undo" if undo else "plan.json", first, plan)


@pytest.fixture(scope="module")
def points() -> dict[tuple[str, str], tuple[int, int, Content, Content]]:
    """By backend and operation: the points that it passes in the process and at the server, and
    what is there before and after; found out when first needed."""
    return {}


async def measured(name: str, operation: str, folder: Path) -> tuple[int, int, Content, Content]:
    with served(name, folder) as server:
        case = await prepared(server, operation)
        async with server.opened() as curator:
            start = await content(curator)
        passed = run(server.place, case.word, server.gate)
        assert passed is not None
        async with server.opened() as curator:
            return *passed, start, await content(curator)


@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("name", ["local", "platform", "selfhosted", "mcp"])
async def test_whatever_was_killed_nothing_is_lost_and_every_field_comes_back(
    points: dict[tuple[str, str], tuple[int, int, Content, Content]],
    tmp_path: Path,
    name: str,
    number: int,
) -> None:
    chance = random.Random(f"{SEED}-{name}-{number}")
    operation = OPERATIONS[(SEED + number) % len(OPERATIONS)]
    if (name, operation) not in points:
        points[name, operation] = await measured(name, operation, tmp_path / "measured")
    own, served_, start, end = points[name, operation]
    point = chance.randint(1, own + served_)
    point = -point if point <= own else point - own
    way = chance.choice(["finish", "leave", "undo"])
    with served(name, tmp_path / "killed") as server:
        case = await prepared(server, operation)
        killed = run(server.place, case.word, server.gate, point) is None
        try:
            await put_right(server, case, way, start, end, killed=killed)
        except AssertionError as error:
            at = f"MEM0_TUI_KILLS_SEED={SEED}, {number}: {operation} at {point}"
            error.add_note(f"{at} of {own} and {served_}, {way}")
            raise


async def put_right(
    server: Server, case: Case, way: str, start: Content, end: Content, *, killed: bool
) -> None:
    """Do what a person does at the next start, and check the promises."""
    async with server.opened() as curator:
        now = await content(curator)
        nothing_is_lost(now, start, end, {e.memory.content_hash for e in await curator.trash()})
        if not killed:
            assert now == end
        if way != "undo":
            await close(curator, start, end, finish=way == "finish")
        await undo_all(curator)
        assert await content(curator) == Counter(each.content_hash for each in case.first)
        assert await curator.interrupted() == ()
        every_field_is_as_declared(case, await stored(curator))


def nothing_is_lost(now: Content, start: Content, end: Content, trashed: set[str]) -> None:
    """What nobody touches is there; and of the rest what was, or what takes its place."""
    assert not (start & end) - now
    assert not now - (start | end), "something is there that nobody wanted, or more often"
    gone = set(start - now) - trashed
    assert not gone or not (end - start) - now or len(gone) <= len(set((end - start) & now))


async def close(curator: Curator, start: Content, end: Content, *, finish: bool) -> None:
    """Have what was interrupted finished, or left as it is."""
    interrupted = await curator.interrupted()
    for each in interrupted:
        report = await curator.resume(each.id, finish=finish)
        assert report.complete or not finish, [item.error for item in report.items]
    now = await content(curator)
    if finish and interrupted:
        assert now == end
    elif not interrupted:
        assert now in (start, end)


async def undo_all(curator: Curator) -> None:
    """Take back what there is to take back, as far as it goes."""
    while True:
        try:
            plan = await curator.plan_undo()
        except UnfinishedError as nothing_sent:
            await curator.resume(nothing_sent.transaction_id, finish=False)
            continue
        except UsageError:
            break
        report = await curator.apply(plan)
        assert report.complete, [item.error for item in report.items]


def every_field_is_as_declared(case: Case, after: Sequence[Memory]) -> None:
    """What undo did not give back of a memory was said in the plan; the others are untouched."""
    touched = {memory.id: item for item in case.plan.items for memory in item.before}
    now = {each.content_hash: each for each in after}
    for memory in case.first:
        there = now[memory.content_hash]
        if memory.id not in touched:
            assert replace(there, raw={}) == replace(memory, raw={})
            continue
        said = touched[memory.id].losses
        for field, words in LOSSES.items():
            value = getattr(memory, field.replace(" ", "_"))
            if value != getattr(there, field.replace(" ", "_")):
                assert any(words in loss for loss in said), (field, said)
