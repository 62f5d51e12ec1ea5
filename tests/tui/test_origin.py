"""What Codex did with a memory, on the screen: in the detail pane, in queries, and its session."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.cli.composition.screen_recorded import ScreenRecorded
from mem0_tui.evidence.service import EvidenceService
from mem0_tui.evidence.use import use_rank
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.origin_view import OriginView
from mem0_tui.tui.widgets.memory_list import MemoryList
from tests.evidence.conftest import AFTER, Machine, machine_of
from tests.evidence.record import STORED, VERSIONS, WRITTEN
from tests.tui.harness import Bench, bench, browse, notices, press, settle, text_of

pytestmark = pytest.mark.anyio
SECRET = "sk-proj-" + "a1B2c3D4e5F6g7H8" * 3


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = machine_of(VERSIONS[0], tmp_path / "machine")
    made.scan()
    yield made
    made.index.close()


def stored(machine: Machine) -> str:
    """The id of the memory that Codex stored in the first session."""
    read = "SELECT k.key FROM uses u JOIN keys k ON k.id = u.key WHERE kind = 3 ORDER BY u.at"
    return str(machine.index.read(lambda c: c.execute(read).fetchone()[0]))


@pytest.fixture
def desk(machine: Machine, tmp_path: Path) -> Iterator[Bench]:
    """A store with the memories that Codex was given, and the one that it stored, on top."""
    with bench(tmp_path, count=0) as made:
        scope = Scope(user_id="kim")
        given = [
            Memory(id_, STORED[name][0], scope=scope, created_at=AFTER, updated_at=AFTER)
            for name, id_ in machine.truth["ids"].items()
        ]
        last = AFTER.replace(hour=17)
        new = Memory(stored(machine), WRITTEN[0], scope=scope, created_at=last, updated_at=last)
        asyncio.run(made.store.restore([*given, new]))
        yield made


@pytest.fixture
def evidence(machine: Machine) -> Iterator[EvidenceService]:
    made = EvidenceService(machine.index_path, machine.places)
    yield made
    made.close()


@pytest.fixture
def app(desk: Bench, evidence: EvidenceService) -> Mem0App:
    return desk.app(recorded=ScreenRecorded(lambda: evidence, desk.parts.library, desk.clock))


def listed(app: Mem0App) -> set[str]:
    rows = browse(app).query_one(MemoryList).rows
    return {memory.text for at in range(len(rows)) if (memory := rows.at(at)) is not None}


async def test_from_a_memory_to_its_turn_to_the_memories_of_the_session(
    app: Mem0App, machine: Machine
) -> None:
    thread = next(iter(machine.truth["written"]))
    async with app.run_test(size=(140, 60)) as pilot:
        await settle(pilot)
        assert "stored by" in text_of(app)
        await press(pilot, "O")
        shown = text_of(app)
        assert "Stored in this turn." in shown
        assert "Which database holds the orders?" in shown
        assert "echo hello > made.txt" in shown
        assert "turn 1 of 3" in shown
        await press(pilot, "right", "right", "right")
        assert "turn 3 of 3" in text_of(app)
        assert "When do our releases go out?" in text_of(app)
        await press(pilot, "m")
        assert browse(app).box.input.value == f"met:{thread}"
        names = {
            name
            for name, id_ in machine.truth["ids"].items()
            if id_ in machine.truth["given"][thread]
        }
        assert listed(app) == {STORED[name][0] for name in names} | {WRITTEN[0]}
        await press(pilot, "b")
        assert len(listed(app)) == len(STORED) + 1


async def test_queries_that_ask_for_use_are_answered_and_counted(app: Mem0App) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"used:0", "enter")
        assert listed(app) == {STORED["never"][0], WRITTEN[0]}
        assert "2 of 9" in text_of(app)
        await press(pilot, "j")
        assert "never, and all its life is recorded" in text_of(app)


def row_of(app: Mem0App, name: str) -> str:
    """The row of the list that shows the memory that was stored under *name*."""
    memories = browse(app).memories
    rows = range(len(memories.rows))
    lines = (memories.draw_line(at, memories.size.width).text for at in rows)
    return next(line for line in lines if STORED[name][0][:12] in line)


@pytest.mark.parametrize(("width", "said"), [(140, "2× "), (220, "2× +10d "), (60, "")])
async def test_the_list_says_how_often_codex_was_given_a_memory(
    app: Mem0App, width: int, said: str
) -> None:
    async with app.run_test(size=(width, 40)) as pilot:
        await settle(pilot)
        await settle(pilot)
        assert ("×" in row_of(app, "currency")) == bool(said)
        assert said in row_of(app, "currency")
        assert ("0×" in row_of(app, "never")) == bool(said)


async def test_sorted_by_use_what_was_given_most_comes_first(
    app: Mem0App, machine: Machine
) -> None:
    machine.scan()
    uses = {name: machine.use(name) for name in STORED}
    order = sorted(STORED, key=lambda name: use_rank(uses[name]))
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, *"ssssss")
        await settle(pilot)
        assert "sort: used" in text_of(app)
        rows = browse(app).query_one(MemoryList).rows
        given = [memory.text for at in range(len(rows)) if (memory := rows.at(at)) is not None]
        most = [STORED[name][0] for name in order if uses[name].given]
        assert given[: len(most)] == most
        assert set(given[len(most) :]) == {STORED["never"][0], WRITTEN[0]}
        assert row_of(app, "currency").endswith("2× ")


async def test_what_a_session_says_is_masked_and_never_obeyed(
    app: Mem0App, machine: Machine
) -> None:
    file = machine.sessions[0]
    evil = f"\\u001b[2J[bold]x[/bold] {SECRET}"
    text = file.read_text(encoding="utf-8").replace("echo hello", evil)
    file.write_text(text, encoding="utf-8")
    async with app.run_test(size=(140, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "O")
        shown = text_of(app)
        assert "[bold]x[/bold]" in shown
        assert SECRET not in shown


async def test_what_is_not_recorded_is_said(app: Mem0App, machine: Machine) -> None:
    for file in machine.sessions:
        file.unlink()
    async with app.run_test(size=(140, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "O")
        assert isinstance(app.screen, OriginView)
        assert "missing" in text_of(app)


async def test_without_sessions_there_is_nothing_to_open(tmp_path: Path) -> None:
    with bench(tmp_path, count=3) as desk:
        app = desk.app()
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "O")
            assert not isinstance(app.screen, OriginView)
            assert "Codex knows nothing of these memories" in notices(app)
