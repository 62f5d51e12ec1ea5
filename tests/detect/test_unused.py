"""The queue of memories that Codex was never given, on sessions that the real Codex recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.backends.local import LocalBackend
from mem0_tui.cli.composition.recorded import EvidenceRecords
from mem0_tui.curator.service import Curator
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.scan import Scan
from mem0_tui.detect.source import LibrarySource
from mem0_tui.detect.suspicion import Queue, Tier
from mem0_tui.detect.unused import UnusedDetector
from mem0_tui.evidence.service import EvidenceService
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.store import open_store
from tests.evidence.conftest import AFTER, BEFORE, Machine, machine_of
from tests.evidence.record import STORED, VERSIONS

LATER = date(2027, 1, 15)


_opened: list[EvidenceService] = []


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = machine_of(VERSIONS[0], tmp_path)
    made.index.close()
    yield made
    while _opened:
        _opened.pop().close()


def records(machine: Machine) -> EvidenceRecords:
    evidence = EvidenceService(machine.index_path, machine.places)
    _opened.append(evidence)
    return EvidenceRecords(lambda: evidence)


def detector(machine: Machine, day: date = LATER) -> UnusedDetector:
    return UnusedDetector(day, records(machine))


def found(detector: UnusedDetector, *memories: Memory) -> list[str]:
    detector.put(memories)
    for _ in detector.work():
        pass
    return [id_ for each in detector.suspicions() for id_ in each.ids]


def test_only_what_was_never_given_is_listed(machine: Machine) -> None:
    never = machine.memory("never")
    unused = detector(machine)
    assert found(unused, *map(machine.memory, STORED)) == [never.id]
    (one,) = unused.suspicions()
    assert (one.tier, one.proposal) == (Tier.LOOK, ()), "a person decides"
    assert one.reason == "Codex was not given it once in the 46 days since it was stored"
    assert unused.partly is None
    unused.drop([never.id])
    assert not list(unused.suspicions())


def test_what_is_young_over_or_older_than_what_is_recorded_is_not_listed(machine: Machine) -> None:
    never = machine.memory("never")
    assert found(detector(machine, date(2026, 12, 29)), never) == []
    assert found(detector(machine), replace(never, expires_on=date(2027, 1, 1))) == []
    assert found(detector(machine), replace(never, replaced_by="x")) == []
    unused = detector(machine)
    assert found(unused, replace(never, created_at=BEFORE - timedelta(days=9))) == []
    assert unused.partly == "1 memory may have been used before that was recorded"


def test_what_is_given_meanwhile_leaves_the_queue(machine: Machine) -> None:
    unused, never = detector(machine), machine.memory("never")
    assert found(unused, never) == [never.id]
    give(machine, never)
    assert found(unused) == []


def give(machine: Machine, memory: Memory) -> None:
    """Have a session say that Codex was given *memory* now."""
    file = machine.sessions[0]
    text = file.read_text(encoding="utf-8")
    other = machine.memory("branches")
    line = next(line for line in text.splitlines() if "McpToolCall" in line and other.id in line)
    output = next(line for line in text.splitlines() if "_call_output" in line and other.id in line)
    with file.open("a", encoding="utf-8") as stream:
        for each in (line, output):
            stream.write(each.replace(other.id, memory.id).replace(other.text, memory.text) + "\n")


@pytest.mark.anyio
async def test_it_is_judged_again_when_codex_did_something_though_no_memory_changed(
    machine: Machine, tmp_path: Path
) -> None:
    clock = FrozenClock(datetime(2027, 1, 15, 12, tzinfo=UTC))
    store = open_store(tmp_path / "store.db", clock, durable=False)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    backend = LocalBackend(store)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=tmp_path / "snapshots")
    never = machine.memory("never")
    await store.restore([never])
    library = LibrarySource(LocalLibrary(store))
    queues = ReviewQueues(library, curator.verdicts, clock, records=records(machine))
    try:
        first = await queues.scan()
        assert [each.ids for each in first.of(Queue.UNUSED)] == [(never.id,)]
        assert await queues.scan() is first, "nothing has happened"
        give(machine, never)
        assert list((await queues.scan()).of(Queue.UNUSED)) == []
    finally:
        queues.close()
        await backend.aclose()
        journal.close()


def test_without_sessions_the_queue_is_not_measured(machine: Machine) -> None:
    for file in machine.sessions:
        file.unlink()
    for each, why in (
        (detector(machine), "no session of Codex is recorded on this machine"),
        (UnusedDetector(LATER, None), "what Codex did is not recorded here"),
    ):
        scan = Scan([each])
        for _ in scan.put([machine.memory("never", AFTER)]):
            pass
        for _ in scan.work():
            pass
        *_, findings = scan.gather()
        assert findings is not None
        assert findings.not_measured[Queue.UNUSED] == why
        assert Queue.UNUSED not in findings.found
