"""Whatever is done in between, nothing that was judged comes back unless its text changed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mem0_tui.detect.findings import proposed
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Edit, aimed_at
from mem0_tui.model.clock import FrozenClock, today
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import parse
from mem0_tui.model.verdict import Judgement
from mem0_tui.store.formats.jsonl import read_memories
from mem0_tui.store.search.indexer import Indexer
from tests.detect.home import Home
from tests.support.embedding import WordEmbedder
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import START

T = TypeVar("T")
TEXTS = st.sampled_from(("noise", "noise and more", "the port is 8080", "we deploy on Fridays"))
NUMBERS = st.integers(1, 6)
QUEUES = (Queue.INBOX, Queue.REPEATS, Queue.NOISE)
Said = dict[tuple[Queue, str, str], tuple[Judgement, date | None]]


class Verdicts(RuleBasedStateMachine):
    """A store that people and programs write to, and what was said of its memories."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="verdicts-")
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(START)
        self.home = self.run(self.opened())
        self.other: Home | None = None
        """The same files as another process has them open, once there was one."""
        self.models = 0
        self.texts: dict[str, str] = {}
        self.trash: dict[str, Memory] = {}
        self.said: Said = {}
        self.before: list[Said] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def opened(self) -> Home:
        return Home(Path(self.folder.name), self.clock)

    def teardown(self) -> None:
        for home in (self.home, self.other):
            if home is not None:
                self.run(home.close())
        self.runner.close()
        self.folder.cleanup()

    # -- what happens to memories

    @rule(number=NUMBERS, text=TEXTS)
    def add(self, number: int, text: str) -> None:
        if uuid_of(number) not in self.texts:
            self.run(self.home.backend.restore(memory(number, text)))
            self.texts[uuid_of(number)] = text
            self.trash.pop(uuid_of(number), None)

    @rule(number=NUMBERS, text=TEXTS)
    def edit(self, number: int, text: str) -> None:
        if uuid_of(number) in self.texts:
            self.run(self.home.backend.update(uuid_of(number), Edit(text=text)))
            self.texts[uuid_of(number)] = text

    @rule(number=NUMBERS, type_=st.sampled_from(("decision", "note")))
    def retype(self, number: int, type_: str) -> None:
        if uuid_of(number) in self.texts:
            self.run(self.home.backend.update(uuid_of(number), Edit(metadata={"type": type_})))

    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        id_ = uuid_of(number)
        if id_ in self.texts:
            self.trash[id_] = self.run(self.home.backend.get(id_))
            self.run(self.home.backend.delete([id_]))
            del self.texts[id_]

    @precondition(lambda self: self.trash)
    @rule(data=st.data())
    def import_again(self, data: st.DataObject) -> None:
        """With its id, as an export has it, and other metadata."""
        id_ = data.draw(st.sampled_from(sorted(self.trash)))
        old = self.trash.pop(id_)
        self.run(self.home.backend.restore(replace(old, metadata={"source": "import"})))
        self.texts[id_] = old.text

    # -- what people say

    @rule(queue=st.sampled_from(QUEUES), number=NUMBERS, data=st.data())
    def judge(self, queue: Queue, number: int, data: st.DataObject) -> None:
        self.judge_in(self.home, queue, number, data)

    @rule(queue=st.sampled_from(QUEUES), number=NUMBERS, data=st.data())
    def judge_elsewhere(self, queue: Queue, number: int, data: st.DataObject) -> None:
        self.judge_in(self.elsewhere(), queue, number, data)

    def judge_in(self, home: Home, queue: Queue, number: int, data: st.DataObject) -> None:
        self.run(home.queues.scan())
        id_ = uuid_of(number)
        if id_ not in self.texts:
            return
        judgement = data.draw(st.sampled_from(list(Judgement)))
        until = None
        if judgement is Judgement.SNOOZE:
            until = today(self.clock) + timedelta(days=data.draw(st.integers(1, 3)))
        self.run(home.queues.judge([queue], [id_], judgement, until))
        self.before.append(dict(self.said))
        self.said[queue, id_, self.texts[id_]] = judgement, until

    @precondition(lambda self: self.before)
    @rule()
    def take_back(self) -> None:
        assert self.run(self.home.queues.take_back())
        self.said = self.before.pop()

    # -- what goes on around it

    @rule(days=st.integers(1, 2))
    def wait(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @rule()
    def restart(self) -> None:
        self.run(self.home.close())
        self.home = self.run(self.opened())

    def elsewhere(self) -> Home:
        if self.other is None:
            self.other = self.run(self.opened())
        return self.other

    @rule(number=NUMBERS, text=TEXTS)
    def edit_elsewhere(self, number: int, text: str) -> None:
        if uuid_of(number) in self.texts:
            self.run(self.elsewhere().backend.update(uuid_of(number), Edit(text=text)))
            self.texts[uuid_of(number)] = text

    @rule()
    def index_anew(self) -> None:
        """Another model makes all embeddings again."""
        self.models += 1
        name = f"words-{self.models}"
        Indexer(self.home.store, lambda: WordEmbedder(name)).run_pending()

    @rule()
    def export_and_import_into_a_new_store(self) -> None:
        """The file is lost, or was damaged; the journal beside it stays."""
        lines: list[str] = []
        self.run(self.home.curator.export(parse(""), lines.append))
        for home in (self.home, self.other):
            if home is not None:
                self.run(home.close())
        self.other = None
        for path in Path(self.folder.name).glob("store.db*"):
            path.unlink()
        self.home = self.run(self.opened())
        memories = list(read_memories(lines[1:]))
        if memories:
            plan = self.run(self.home.curator.plan_import(memories)).plan
            assert self.run(self.home.curator.apply(plan)).complete
        self.trash.clear()

    # -- what holds

    def holds(self, queue: Queue, id_: str, *, lasting: bool = False) -> bool:
        said = self.said.get((queue, id_, self.texts[id_]))
        if said is None or said[0] is Judgement.OPEN:
            return False
        if said[1] is not None:
            return not lasting and today(self.clock) < said[1]
        return True

    @invariant()
    def only_what_is_open_is_shown(self) -> None:
        found = self.run(self.home.queues.scan())
        noise = {id_ for id_, text in self.texts.items() if text.startswith("noise")}
        shown = {each.ids[0] for each in found.of(Queue.NOISE)}
        assert shown == {id_ for id_ in noise if not self.holds(Queue.NOISE, id_)}
        inbox = {
            id_
            for id_ in self.texts
            if not self.holds(Queue.INBOX, id_)
            and not any(self.holds(queue, id_, lasting=True) for queue in QUEUES)
        }
        assert set(found.inbox) == inbox
        for group in found.of(Queue.REPEATS):
            assert len({self.texts[id_] for id_ in group.ids}) == 1
            assert not any(self.holds(Queue.REPEATS, id_) for id_ in group.ids[1:])
            assert len(group.ids) > 1
        kept = {
            id_
            for (_, id_, text), (said, _) in self.said.items()
            if said is Judgement.KEEP and self.texts.get(id_) == text
        }
        touched = {id_ for change in proposed(found.found) for id_ in aimed_at(change)}
        assert not touched & kept


Verdicts.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestVerdicts = Verdicts.TestCase
