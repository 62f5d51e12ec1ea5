"""A desk with queues: a few memories, and a detector that finds what they were made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store import changes
from mem0_tui.store.rows import row_of
from tests.detect.same_text import SameText
from tests.tui.harness import Bench, bench

TEXTS = (
    *("the gateway listens on port 8080", "the gateway listens on port 9090"),
    *("use tabs", "use tabs", "use tabs", "sign commits", "sign commits"),
    *("noise: turn 1", "noise: turn 2", "noise: turn 3"),
    *("only this once", "and this"),
)


class Finder(SameText):
    """Equal texts, texts that begin with noise, and ports that differ."""

    queues = (Queue.REPEATS, Queue.NOISE, Queue.CONFLICTS)  # type: ignore[assignment]

    def suspicions(self) -> Iterator[Suspicion]:
        yield from super().suspicions()
        ports = sorted(id_ for id_, text in self.texts.items() if "port" in text)
        if len(ports) > 1:
            marks = {id_: (Mark(28, 32),) for id_ in ports}
            yield Suspicion(Queue.CONFLICTS, tuple(ports), "another port", marks=marks)
        for id_, text in sorted(self.texts.items()):
            if text == "only this once":
                change = (Delete(id_),)
                yield Suspicion(Queue.NOISE, (id_,), "a probe?", Tier.LOOK, proposal=change)


def memory(number: int, text: str) -> Memory:
    return Memory(
        id=f"4f6c1d1e-0000-4000-8000-{number:012}",
        text=text,
        metadata={"type": "decision"},
        scope=Scope(user_id="kim", app_id="shop-api"),
        created_at=DEMO_NOW,
    )


def with_queues(desk: Bench) -> Bench:
    """*desk* with what finds what deserves a look."""

    def queues(pause: object) -> ReviewQueues:
        source = LibrarySource(desk.parts.library)
        return ReviewQueues(
            source,
            desk.curator.verdicts,
            desk.clock,
            detectors=lambda _: [Finder()],
            pause=pause,  # type: ignore[arg-type]
        )

    return replace(desk, parts=replace(desk.parts, queues=queues))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """Twelve memories, of which the queues hold eleven."""
    with bench(tmp_path, count=0) as made:
        rows = [row_of(memory(n, text), made.clock) for n, text in enumerate(TEXTS)]
        author = made.store.author(None, None)
        made.store.database.write(lambda c: changes.add(c, rows, author)).result()
        yield with_queues(made)
