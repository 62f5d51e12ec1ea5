"""The session: what comes of each event, and whether any sequence of them stays consistent."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mem0_tui.curator.applying.report import Progress, Report
from mem0_tui.model.change import Delete, Edit
from mem0_tui.model.errors import BackendError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.review.effects import (
    AskAboutPinned,
    ClearNotices,
    MoveOn,
    PlanReversal,
    ReadRows,
    ShowError,
    ShowHeader,
    ShowPlace,
    ShowTabs,
    ShowTriage,
    Tell,
)
from mem0_tui.review.events import (
    ApplyBegun,
    ApplyDone,
    ApplyProgress,
    ApplySent,
    BackRequested,
    ClearRequested,
    DeleteRequested,
    DeletesChosen,
    DraftAdded,
    EditRequested,
    LinkFollowed,
    MarksCleared,
    MarkToggled,
    MemoriesMarked,
    Purged,
    RedoRequested,
    Reported,
    StopRequested,
    TabChosen,
    TabForgotten,
    UndoRequested,
    ViewChosen,
)
from mem0_tui.review.reading import RowsEnded
from mem0_tui.review.session import Session
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.tabs import EVERYTHING, Tabs
from mem0_tui.review.targets import Target
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MEMORIES = tuple(Memory(id=f"m{n}", text=f"text {n}", metadata={"type": "note"}) for n in range(6))
PINNED = Memory(id="p", text="pinned", metadata={"pinned": True})
DECISIONS = BrowseState(query=parse("type:decision"))


def made(**changes: Any) -> Session:
    return Session(Tabs(None, {"old": "age>90d"}), key=lambda action: f"<{action}>", **changes)


def report(*, complete: bool = True, retry_after: float | None = None) -> Report:
    """As much of a report as the session reads where nothing was done."""
    shape = SimpleNamespace(items=(), complete=complete, retry_after=retry_after, changed=False)
    return cast(Report, shape)


# -- the view


def test_a_view_is_read_once_and_the_same_view_not_again() -> None:
    session = made()
    assert session.handle(ViewChosen(DECISIONS, top=True)) == [ReadRows(only_view=True)]
    assert session.view is DECISIONS
    assert session.loader.rows_pending
    session.handle(RowsEnded(DECISIONS))
    assert session.handle(ViewChosen(DECISIONS)) == []
    assert not session.loader.rows_pending


def test_marks_stay_when_the_view_changes() -> None:
    session = made()
    session.handle(MarkToggled(MEMORIES[0]))
    session.handle(ViewChosen(DECISIONS))
    assert set(session.triage.marked) == {"m0"}


def test_tabs_are_counted_round_and_narrow_the_view() -> None:
    session = made()
    assert session.handle(TabChosen(2)) == [ReadRows(only_view=True), ShowTabs()]
    assert str(session.view.section) == "age>90d"
    session.handle(TabChosen(3))
    assert session.tabs.chosen.name == "Inbox"


def test_a_forgotten_tab_says_what_it_was_and_shows_everything() -> None:
    session = made()
    session.handle(TabChosen(2))
    effects = session.handle(TabForgotten("old"))
    assert effects == [
        ReadRows(only_view=True),
        ShowTabs(),
        Tell("«old» is forgotten; it was age>90d"),
    ]
    assert session.tabs.chosen.name == "All"
    assert not session.view.section


def test_the_way_back_is_the_place_that_was_left_last() -> None:
    session = made()
    assert session.handle(BackRequested()) == [Tell("no link has led here")]
    places = [Place(DECISIONS, EVERYTHING, f"typed {n}", n) for n in range(2)]
    for place in places:
        assert session.handle(LinkFollowed(place)) == []
    assert session.handle(BackRequested()) == [ShowPlace(places[1])]
    assert session.handle(BackRequested()) == [ShowPlace(places[0])]
    assert len(session.trail) == 0


# -- marks and staged changes


def test_one_delete_goes_on_to_the_next_row_and_says_nothing() -> None:
    session = made()
    effects = session.handle(DeleteRequested(Target(MEMORIES[:1])))
    assert effects == [MoveOn(), ShowTriage()]
    assert isinstance(session.triage.staging.change_of("m0"), Delete)


def test_deletes_of_marks_are_said_and_take_the_marks_away() -> None:
    session = made()
    session.handle(MemoriesMarked(MEMORIES, by_query=True))
    effects = session.handle(DeleteRequested(Target(MEMORIES, of_marks=True, hidden=2)))
    said = "6 deletes staged (2 of them not shown) · <undo> takes it back"
    assert effects == [ShowTriage(), Tell(said)]
    assert not session.triage.marked


def test_pinned_memories_that_only_a_query_marked_are_left_out() -> None:
    session = made()
    session.handle(MemoriesMarked((*MEMORIES, PINNED), by_query=True))
    effects = session.handle(DeleteRequested(Target((*MEMORIES, PINNED), of_marks=True)))
    assert session.triage.staging.change_of("p") is None
    (tell,) = [effect for effect in effects if isinstance(effect, Tell)]
    assert tell.severity == "warning"
    assert tell.text.startswith("1 pinned memory left out: mark by hand what you mean\n6 deletes")


def test_a_pinned_memory_marked_by_hand_is_asked_about() -> None:
    session = made()
    session.handle(MarkToggled(PINNED))
    target = Target((PINNED, MEMORIES[0]), of_marks=True)
    assert session.handle(DeleteRequested(target)) == [
        AskAboutPinned(target, (PINNED, MEMORIES[0]), "")
    ]
    assert not session.triage.staging, "nothing is staged before the answer"
    session.handle(DeletesChosen(target, (MEMORIES[0],), ""))
    assert set(session.triage.staging.seen) == {"m0"}


def test_what_another_key_staged_is_named_where_it_is_replaced() -> None:
    session = made()
    target = Target(MEMORIES[:1])
    session.handle(EditRequested(target, StagedKind.TEXT, lambda _: Edit(text="new")))
    effects = session.handle(DeleteRequested(target))
    (tell,) = [effect for effect in effects if isinstance(effect, Tell)]
    assert "edit" in tell.text
    assert "<undo> takes it back" in tell.text


def test_an_edit_that_changes_nothing_says_so() -> None:
    effects = made().handle(EditRequested(Target(MEMORIES[:1]), StagedKind.TYPE, lambda _: None))
    assert effects == [ShowTriage(), Tell("nothing was changed")]


def test_undo_takes_back_steps_first_and_then_what_was_applied() -> None:
    session = made()
    session.handle(MarkToggled(MEMORIES[0]))
    assert session.handle(UndoRequested()) == [Tell("taken back: one mark"), ShowTriage()]
    assert session.handle(UndoRequested()) == [PlanReversal()]
    assert session.handle(RedoRequested()) == [Tell("done again: one mark"), ShowTriage()]
    assert session.handle(RedoRequested()) == [PlanReversal(redo=True)]


def test_clearing_says_how_it_comes_back() -> None:
    session = made()
    assert session.handle(MarksCleared()) == [Tell("no memory is marked")]
    assert session.handle(ClearRequested()) == [ShowTriage()]
    session.handle(MemoriesMarked(MEMORIES[:2], by_query=False))
    gone = session.handle(MarksCleared())
    assert gone == [ShowTriage(), Tell("2 marks taken away · <undo> gives them back")]


# -- applying


def test_an_apply_is_said_in_the_header_from_the_first_request_to_the_last_reading() -> None:
    session = made()
    session.handle(MarkToggled(MEMORIES[0]))
    assert session.handle(ApplyBegun()) == [ClearNotices(), ShowHeader()]
    assert session.words == "applying (Esc stops)"
    session.handle(ApplyProgress(Progress(3, 7, "", 1)))
    assert session.words == "3/7, 1 failed (Esc stops)"
    session.handle(ApplySent())
    assert session.words == "reading back"
    assert session.handle(ApplyDone()) == [ReadRows()]
    assert not session.words
    assert session.handle(UndoRequested()) == [PlanReversal()], "u is now about what was applied"


def test_stopping_is_said_once_and_a_purge_is_not_stopped() -> None:
    session = made()
    assert session.handle(StopRequested()) == []
    session.handle(ApplyBegun())
    assert session.handle(StopRequested()) == [Tell("stopping after this item")]
    assert session.applier.stop_requested
    assert session.handle(StopRequested()) == []
    session.handle(ApplyDone())
    session.handle(ApplyBegun("purging", stoppable=False))
    (told,) = session.handle(StopRequested())
    assert isinstance(told, Tell)
    assert not session.applier.stop_requested


def test_a_server_that_cannot_be_read_back_takes_no_report_away() -> None:
    session = made()
    session.handle(ApplyBegun())
    away = BackendError("the server cannot be reached")
    effects = session.handle(ApplyDone(away))
    assert effects[0] == ShowError(away)
    assert effects[-1] == ReadRows()
    assert session.loader.unread is away


@pytest.mark.parametrize(("later", "said"), [(10, True), (31, False)])
def test_a_server_that_asks_to_wait_is_waited_for(later: int, said: bool) -> None:
    session = made()
    session.handle(Reported(report(complete=False, retry_after=30.0), NOW))
    asked = session.applier.asked_to_wait(NOW.replace(second=later) if later < 60 else NOW)
    assert bool(asked) is said
    session.handle(Reported(report(), NOW))
    assert not session.applier.asked_to_wait(NOW)


def test_what_is_purged_is_neither_marked_nor_staged() -> None:
    session = made()
    session.handle(DeleteRequested(Target(MEMORIES[:1])))
    session.handle(MarkToggled(MEMORIES[1]))
    session.handle(Purged(("m0", "m1")))
    assert not session.triage.marked
    assert not session.triage.staging


def test_a_new_memory_is_staged_and_taken_back() -> None:
    session = made()
    effects = session.handle(DraftAdded(Draft("new")))
    assert effects == [ShowTriage(), Tell("staged; <plan.open> shows the plan")]
    assert len(session.triage.staging) == 1
    session.handle(UndoRequested())
    assert not session.triage.staging
