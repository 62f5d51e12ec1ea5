"""Verdicts and proposals as events of a session, and any sequence of them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mem0_tui.curator.applying.report import Report
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.verdict import Judgement
from mem0_tui.review.effects import Effect, PlanReversal, ReadRows, ShowTabs, ShowTriage, Tell
from mem0_tui.review.events import (
    ApplyBegun,
    ApplyDone,
    ApplySent,
    DeleteRequested,
    MemoriesMarked,
    RedoRequested,
    Reported,
    TabChosen,
    UndoRequested,
)
from mem0_tui.review.queues.contents import Contents
from mem0_tui.review.queues.effects import (
    AskAboutProposals,
    CountTabs,
    KeepVerdicts,
    NextItem,
    ScanMemories,
)
from mem0_tui.review.queues.events import (
    ContentsSeen,
    ProposalsAccepted,
    ProposalsChosen,
    QueueAccepted,
    ScanAdvanced,
    ScanEnded,
    VerdictGiven,
    VerdictsLost,
)
from mem0_tui.review.queues.judged import Judged
from mem0_tui.review.reading import BackendRead, RevisionSeen
from mem0_tui.review.session import Session
from mem0_tui.review.targets import Target
from tests.review.queues.items import MEMORIES, group, noise

REPEAT, TRIPLE, BEAT = group("a", "b"), group("d", "e", "f"), noise("c")
LOOK = noise("g", "a probe", Tier.LOOK)
ITEMS = (REPEAT, TRIPLE, BEAT, LOOK)
ROW, MARKS = Target((MEMORIES["a"],)), Target((MEMORIES["a"], MEMORIES["d"]), of_marks=True)
SHOWN = frozenset(MEMORIES)
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def made(*items: Suspicion) -> Session:
    session = Session(scans=True, key=lambda action: f"<{action}>")
    session.handle(ContentsSeen(Contents(items or ITEMS)))
    return session


def in_queue(queue: Queue, *items: Suspicion) -> Session:
    session = made(*items)
    names = [section.queue for section in session.tabs.sections]
    session.handle(TabChosen(names.index(queue)))
    return session


def told(effects: list[Effect]) -> str:
    return "\n".join(effect.text for effect in effects if isinstance(effect, Tell))


def test_queues_become_tabs_between_the_inbox_and_all() -> None:
    session = made()
    names = [section.name for section in session.tabs.sections]
    assert names == ["Inbox", "Repeats", "Noise", "All"]
    assert session.tabs.chosen.name == "All"


def test_a_queues_tab_shows_its_members_and_all_of_them() -> None:
    session = in_queue(Queue.REPEATS)
    members = session.view.members
    assert members is not None
    assert members.ids == set("abdef")
    assert session.view.shows_expired
    assert not session.view.shows_all
    assert session.view.narrowed
    session.handle(TabChosen(3))
    assert session.view.members is None
    assert not session.view.shows_expired


def test_a_verdict_is_kept_and_goes_on_without_a_word() -> None:
    session = in_queue(Queue.REPEATS)
    effects = session.handle(VerdictGiven(ROW, (REPEAT,), Judgement.KEEP))
    assert effects == [
        NextItem(),
        ShowTriage(),
        KeepVerdicts((Judged(REPEAT, Judgement.KEEP),)),
        ReadRows(only_view=True),
        ShowTabs(),
    ]
    assert session.view.members is not None
    assert session.view.members.ids == set("def")


def test_a_verdict_on_marks_is_said_and_takes_the_marks_away() -> None:
    session = in_queue(Queue.REPEATS)
    session.handle(MemoriesMarked(MARKS.memories, by_query=False))
    effects = session.handle(VerdictGiven(MARKS, (REPEAT, TRIPLE), Judgement.DONE))
    assert told(effects) == "«done» for 2 items · <undo> takes it back"
    assert NextItem() not in effects
    assert not session.triage.marked
    assert session.tabs.chosen.name == "Repeats", "an empty queue stays until another is chosen"
    assert session.queues.progress_of(Queue.REPEATS, ()).words == "nothing left here"
    session.handle(TabChosen(0))
    assert [section.name for section in session.tabs.sections] == ["Inbox", "Noise", "All"]


def test_where_nothing_of_it_is_in_the_queue_that_is_said() -> None:
    session = in_queue(Queue.REPEATS)
    assert "nothing" in told(session.handle(VerdictGiven(MARKS, (), Judgement.DONE)))
    assert len(session.triage.steps) == 0


def test_undo_takes_a_verdict_back_and_redo_gives_it_again() -> None:
    session = in_queue(Queue.REPEATS)
    kept = Judged(REPEAT, Judgement.KEEP)
    session.handle(VerdictGiven(ROW, (REPEAT,), Judgement.KEEP))
    effects = session.handle(UndoRequested())
    assert "taken back: «keep» for 1 item" in told(effects)
    assert KeepVerdicts((), (REPEAT,)) in effects
    assert ScanMemories() in effects, "a scan that knew of it left it out"
    assert session.queues.left(Queue.REPEATS) == (REPEAT, TRIPLE)
    assert KeepVerdicts((kept,)) in session.handle(RedoRequested())
    assert session.queues.left(Queue.REPEATS) == (TRIPLE,)


def test_a_verdict_that_could_not_be_kept_does_not_count() -> None:
    session = in_queue(Queue.REPEATS)
    session.handle(VerdictGiven(ROW, (REPEAT,), Judgement.KEEP))
    effects = session.handle(VerdictsLost((REPEAT,)))
    assert session.queues.left(Queue.REPEATS) == (REPEAT, TRIPLE)
    assert ReadRows(only_view=True) in effects


def test_what_is_proposed_is_staged_as_ever_and_the_cursor_goes_on() -> None:
    session = in_queue(Queue.REPEATS)
    effects = session.handle(ProposalsAccepted(ROW, (TRIPLE,), MEMORIES, SHOWN))
    assert effects == [NextItem(), ShowTriage()]
    assert session.triage.staging.changes == (Delete("e"), Delete("f"))
    assert session.triage.letter("e") == "D"
    assert session.queues.progress_of(Queue.REPEATS, session.triage.staging.seen).left == 1
    session.handle(UndoRequested())
    assert not session.triage.staging


def test_what_may_not_be_staged_is_said() -> None:
    session = in_queue(Queue.REPEATS)
    session.handle(DeleteRequested(Target((MEMORIES["b"],))))
    effects = session.handle(ProposalsAccepted(ROW, (REPEAT,), MEMORIES, SHOWN))
    assert told(effects) == "1 left out: 1 staged already"
    conflict = group("g", "h", queue=Queue.CONFLICTS)
    effects = session.handle(ProposalsAccepted(ROW, (conflict,), MEMORIES, SHOWN))
    assert "only a person" in told(effects)


def test_a_whole_queue_is_shown_before_it_is_staged_and_only_its_findings() -> None:
    session = in_queue(Queue.NOISE)
    items = session.queues.left(Queue.NOISE)
    (asked,) = session.handle(QueueAccepted(items, MEMORIES, SHOWN))
    assert isinstance(asked, AskAboutProposals)
    assert (asked.proposals.words, asked.looks) == ("1 delete", 1)
    assert not session.triage.staging, "nothing is staged before the answer"
    effects = session.handle(ProposalsChosen(asked.proposals))
    assert session.triage.staging.changes == (Delete("c"),)
    assert "1 delete staged · <undo> takes it back · <plan.open> shows the plan" in told(effects)


def test_where_all_is_only_worth_a_look_nothing_is_asked() -> None:
    session = in_queue(Queue.NOISE, LOOK)
    effects = session.handle(QueueAccepted((LOOK,), MEMORIES, SHOWN))
    assert told(effects) == "1 item only worth a look: decide one by one"


def test_a_queue_of_findings_without_proposals_says_so_and_not_that_they_are_looks() -> None:
    conflict = group("g", "h", queue=Queue.CONFLICTS)
    session = in_queue(Queue.CONFLICTS, conflict, LOOK)
    effects = session.handle(QueueAccepted((conflict, LOOK), MEMORIES, SHOWN))
    assert "only a person can tell" in told(effects)


def test_what_was_kept_is_not_touched_by_the_whole_queue() -> None:
    session = made()
    session.handle(VerdictGiven(ROW, session.queues.of(None, ("c",)), Judgement.KEEP))
    effects = session.handle(QueueAccepted((BEAT,), MEMORIES, SHOWN))
    assert told(effects) == "1 left out: 1 kept by a verdict"


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        pytest.param(REPEAT, noise("a"), "a", id="the kept one, once its repeat goes"),
        pytest.param(noise("a"), REPEAT, "b", id="its repeat, once the kept one goes"),
    ],
)
def test_two_queues_together_leave_one_of_those_that_say_the_same(
    first: Suspicion, second: Suspicion, left: str
) -> None:
    session = made(first, second)
    for item in (first, second):
        session.handle(ProposalsAccepted(ROW, (item,), MEMORIES, SHOWN))
    assert session.triage.staging.change_of(left) is None
    assert len(session.triage.staging) == 1


# -- the scan


def test_the_memories_are_scanned_once_read_and_whenever_they_change() -> None:
    session = Session(scans=True)
    assert ScanMemories() in session.handle(BackendRead())
    assert ScanMemories() not in session.handle(RevisionSeen(7)), "that one still goes on"
    session.handle(ScanAdvanced(200, 400))
    assert session.words == "scanning 200 of 400"
    assert ScanMemories() in session.handle(ScanEnded())
    assert ScanMemories() not in session.handle(ScanEnded())
    assert not session.words
    assert ScanMemories() in session.handle(ApplyDone())
    assert ScanMemories() not in Session().handle(BackendRead())


def test_findings_are_counted_and_read_again_only_where_they_are_shown() -> None:
    session = made()
    contents = ContentsSeen(Contents(ITEMS))
    assert session.handle(contents) == [CountTabs(), ShowTabs()]
    session = in_queue(Queue.NOISE)
    assert session.handle(contents) == [ReadRows(only_view=True), ShowTabs()]


def test_while_a_plan_is_applied_undo_reaches_nothing_before_it() -> None:
    session = in_queue(Queue.REPEATS)
    session.handle(VerdictGiven(ROW, (REPEAT,), Judgement.KEEP))
    session.handle(ApplyBegun())
    assert session.handle(UndoRequested()) == [PlanReversal()]
    session.handle(ApplySent())
    session.handle(ApplyDone())
    assert "«keep»" in told(session.handle(UndoRequested())), "nothing came of the plan"


class JudgingMachine(RuleBasedStateMachine):
    """Verdicts, proposals, undo and scans in any order, beside a model in plain sets."""

    def __init__(self) -> None:
        super().__init__()
        self.session = made()
        self.service: dict[str, Judgement] = {}
        self.judged: dict[str, Judgement] = {}
        self.staged: set[str] = set()
        self.past: list[Any] = []
        self.future: list[Any] = []
        self.applied: list[list[Any]] = []
        """What there was to take back before each plan that stands."""

    def handle(self, event: Any) -> None:
        for effect in self.session.handle(event):
            if isinstance(effect, KeepVerdicts):
                for item in effect.forgotten:
                    del self.service[item.key]
                for each in effect.judged:
                    self.service[each.item.key] = each.judgement

    def step(self) -> None:
        self.past.append((dict(self.judged), set(self.staged)))
        self.future.clear()

    @rule(item=st.sampled_from(ITEMS), judgement=st.sampled_from([Judgement.KEEP, Judgement.DONE]))
    def judge(self, item: Suspicion, judgement: Judgement) -> None:
        if item.key in self.judged:
            return  # it is not in the queue
        self.step()
        self.handle(VerdictGiven(ROW, (item,), judgement))
        self.judged[item.key] = judgement

    @rule(item=st.sampled_from(ITEMS))
    def accept(self, item: Suspicion) -> None:
        if item.key in self.judged:
            return
        kept = {
            memory_id
            for other in ITEMS
            if self.judged.get(other.key) is Judgement.KEEP
            for memory_id in other.ids
        }
        new = {c.memory_id for c in item.proposal if isinstance(c, Delete)} - kept - self.staged
        if new:
            self.step()
        self.handle(ProposalsAccepted(ROW, (item,), MEMORIES, SHOWN))
        self.staged |= new

    @rule()
    def undo(self) -> None:
        if self.past:
            self.future.append((dict(self.judged), set(self.staged)))
            self.judged, staged = self.past.pop()
            self.staged = set(self.staged if staged is None else staged)
            self.handle(UndoRequested())
            return
        effects = self.session.handle(UndoRequested())
        assert effects == [PlanReversal()], "the plan is the last that was done"
        if self.applied:
            self.send_plan(undoing=True)
            self.past = self.applied.pop()
            self.future.clear()  # what comes next by redo is the plan

    @rule()
    def redo(self) -> None:
        if self.future:
            self.past.append((dict(self.judged), set(self.staged)))
            self.judged, staged = self.future.pop()
            self.staged = set(self.staged if staged is None else staged)
            self.handle(RedoRequested())
            return
        effects = self.session.handle(RedoRequested())
        assert effects == [PlanReversal(redo=True)], "the plan is the last that was taken back"

    @rule(changed=st.booleans())
    def apply(self, changed: bool) -> None:
        """Something else than what is staged; where nothing was changed, undo goes past it."""
        given = self.verdicts_of(self.past)
        if changed:
            self.applied.append(given)
            self.past = []
        else:
            self.past = given
        self.future.clear()
        self.send_plan(changed=changed)

    def verdicts_of(self, past: list[Any]) -> list[Any]:
        """The steps of *past* that were verdicts, which alone are taken back after a plan."""
        after = [judged for judged, _ in past[1:]] + [self.judged]
        return [
            (judged, None) for (judged, _), then in zip(past, after, strict=False) if judged != then
        ]

    def send_plan(self, *, undoing: bool = False, changed: bool = True) -> None:
        number = len(self.applied)
        report = cast(
            Report, SimpleNamespace(items=(), complete=True, retry_after=None, changed=changed)
        )
        self.handle(ApplyBegun())
        self.handle(ApplySent())
        self.handle(ApplyDone())
        self.handle(Reported(report, NOW, root=f"plan {number}", undoing=undoing))

    @rule()
    def scan(self) -> None:
        left = tuple(item for item in ITEMS if item.key not in self.service)
        self.handle(ContentsSeen(Contents(left)))

    @rule(index=st.integers(0, 4))
    def look_elsewhere(self, index: int) -> None:
        self.handle(TabChosen(index))

    @invariant()
    def what_is_kept_and_staged_is_as_the_model_says(self) -> None:
        assert self.service == self.judged
        assert set(self.session.triage.staging.seen) == self.staged

    @invariant()
    def nothing_judged_is_in_a_queue(self) -> None:
        left = {item.key for queue in Queue for item in self.session.queues.left(queue)}
        assert not left & self.judged.keys()
        members = self.session.view.members
        if members is not None and members.queue is not Queue.INBOX:
            rows = {row.memory_id for row in self.session.queues.rows(members.queue)}
            assert members.ids == rows


TestJudgingMachine = JudgingMachine.TestCase
TestJudgingMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
