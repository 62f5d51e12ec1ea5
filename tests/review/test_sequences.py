"""Any sequence of events leaves marks, staged changes and steps as a model of sets has them."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mem0_tui.model.change import Edit
from mem0_tui.model.memory import Memory
from mem0_tui.review.effects import PlanReversal, ShowTriage
from mem0_tui.review.events import (
    ApplyBegun,
    ApplyDone,
    ApplySent,
    ClearRequested,
    DeleteRequested,
    DropRequested,
    EditRequested,
    MarksCleared,
    MarksInverted,
    MarkToggled,
    MemoriesMarked,
    TabChosen,
    UndoRequested,
)
from mem0_tui.review.reading import RowsEnded
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.targets import Target
from tests.review.test_session import MEMORIES, made

TARGETS = st.lists(st.sampled_from(MEMORIES), min_size=1, max_size=4, unique_by=lambda m: m.id).map(
    tuple
)


class SessionMachine(RuleBasedStateMachine):
    """Marks, staged changes and steps, beside a model in plain sets."""

    def __init__(self) -> None:
        super().__init__()
        self.session = made()
        self.marks: set[str] = set()
        self.deletes: set[str] = set()
        self.edits: set[str] = set()
        self.past: list[tuple[set[str], set[str], set[str]]] = []

    def before(self) -> tuple[set[str], set[str], set[str]]:
        return set(self.marks), set(self.deletes), set(self.edits)

    def done(self, before: tuple[set[str], set[str], set[str]]) -> None:
        if self.before() != before:
            self.past.append(before)

    def target(self, row: Memory) -> Target:
        marked = self.session.triage.marked
        return Target(tuple(marked.values()), of_marks=True) if marked else Target((row,))

    @rule(memory=st.sampled_from(MEMORIES))
    def toggle(self, memory: Memory) -> None:
        before = self.before()
        self.session.handle(MarkToggled(memory))
        self.marks ^= {memory.id}
        self.done(before)

    @rule(memories=TARGETS)
    def mark(self, memories: tuple[Memory, ...]) -> None:
        before = self.before()
        self.session.handle(MemoriesMarked(memories, by_query=False))
        self.marks |= {memory.id for memory in memories}
        self.done(before)

    @rule(memories=TARGETS)
    def invert(self, memories: tuple[Memory, ...]) -> None:
        before = self.before()
        self.session.handle(MarksInverted(memories))
        self.marks ^= {memory.id for memory in memories}
        self.done(before)

    @rule()
    def clear_marks(self) -> None:
        before = self.before()
        self.session.handle(MarksCleared())
        self.marks = set()
        self.done(before)

    @rule(row=st.sampled_from(MEMORIES))
    def delete(self, row: Memory) -> None:
        before, target = self.before(), self.target(row)
        ids = {memory.id for memory in target.memories}
        self.session.handle(DeleteRequested(target))
        if ids <= self.deletes:
            self.deletes -= ids
        else:
            self.deletes |= ids
            self.edits -= ids
        if target.of_marks:
            self.marks = set()
        self.done(before)

    @rule(row=st.sampled_from(MEMORIES), text=st.sampled_from(["a", "b"]))
    def edit(self, row: Memory, text: str) -> None:
        if row.id in self.edits:
            return  # whether it changes anything is the staging's own business
        before = self.before()
        self.session.handle(
            EditRequested(Target((row,)), StagedKind.TEXT, lambda _: Edit(text=text))
        )
        self.edits.add(row.id)
        self.deletes.discard(row.id)
        self.done(before)

    @rule(row=st.sampled_from(MEMORIES))
    def drop(self, row: Memory) -> None:
        before, target = self.before(), self.target(row)
        ids = {memory.id for memory in target.memories}
        staged = ids & (self.deletes | self.edits)
        self.session.handle(DropRequested(target))
        self.deletes -= ids
        self.edits -= ids
        if staged and target.of_marks:
            self.marks = set()
        self.done(before)

    @rule()
    def clear(self) -> None:
        before = self.before()
        self.session.handle(ClearRequested())
        self.deletes, self.edits = set(), set()
        self.done(before)

    @rule()
    def undo(self) -> None:
        effects = self.session.handle(UndoRequested())
        if self.past:
            self.marks, self.deletes, self.edits = self.past.pop()
            assert ShowTriage() in effects
        else:
            assert effects == [PlanReversal()]

    @rule(index=st.integers(0, 5))
    def look_elsewhere(self, index: int) -> None:
        self.session.handle(TabChosen(index))
        self.session.handle(RowsEnded(self.session.view))

    @rule()
    def apply_something(self) -> None:
        self.session.handle(ApplyBegun())
        self.session.handle(ApplySent())
        self.session.handle(ApplyDone())
        self.past.clear()

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        triage = self.session.triage
        assert set(triage.marked) == self.marks
        assert set(triage.staging.seen) == self.deletes | self.edits
        assert {m for m in triage.staging.seen if triage.letter(m) == "D"} == self.deletes
        assert len(triage.steps) == len(self.past)
        assert triage.by_query <= self.marks
        assert not self.session.words


TestSessionMachine = SessionMachine.TestCase
TestSessionMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
