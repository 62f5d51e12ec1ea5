"""Where the list stands: links and the way back, saved tabs, the row that the cursor goes to."""

from __future__ import annotations

from mem0_tui.model.page import Sort
from mem0_tui.model.query import parse
from mem0_tui.review.effects import ReadRevision, ReadRows, ShowPlace, ShowRow, ShowTabs, Tell
from mem0_tui.review.events import (
    BackRequested,
    LinkFollowed,
    ViewChosen,
)
from mem0_tui.review.placing import (
    Covered,
    LinkArrived,
    LinkBroken,
    MemoryReturned,
    PlaceChosen,
    RangeMoved,
    RowReached,
    RowsBegun,
    TabSaved,
    TabsCounted,
    TermsTold,
    WindowBegun,
    WindowEnded,
)
from mem0_tui.review.reading import RevisionSeen, RowsEnded, Tick
from mem0_tui.review.session import Session
from mem0_tui.review.tabs import EVERYTHING, Section, Tabs
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState

DECISIONS = BrowseState(query=parse("type:decision"))
THERE = Place(DECISIONS, EVERYTHING, "type:decision", 7)


def test_a_place_is_shown_in_its_tab_and_the_cursor_goes_to_its_memory_when_rows_come() -> None:
    session = Session(Tabs(own={"Mine": "type:decision"}))
    mine = session.tabs.sections[-1]
    place = Place(DECISIONS, mine, "", 7)

    assert session.handle(PlaceChosen(place)) == [ShowTabs(), ReadRows(only_view=True)]
    assert (session.view, session.tabs.chosen) == (DECISIONS, mine)
    assert session.loader.cursor_key == 7
    assert not session.loader.to_top

    session.handle(RowsEnded(session.view))
    assert session.loader.cursor_key is None, "it is there"


def test_a_place_keeps_the_order_that_was_chosen_since() -> None:
    session = Session()
    session.handle(ViewChosen(BrowseState(sort=Sort.OLDEST)))
    session.handle(PlaceChosen(THERE))
    assert session.view == BrowseState(query=DECISIONS.query, sort=Sort.OLDEST)


def test_in_the_view_that_is_shown_a_place_is_a_row() -> None:
    session = Session()
    session.handle(ViewChosen(DECISIONS))
    assert session.handle(PlaceChosen(THERE)) == [ShowTabs(), ShowRow(7)]
    assert session.loader.cursor_key == 7, "its rows may be on their way"
    assert session.handle(RowReached()) == []
    assert session.loader.cursor_key is None


def test_a_place_in_a_tab_that_is_no_more_is_shown_among_everything() -> None:
    session = Session()
    session.handle(PlaceChosen(Place(DECISIONS, Section("Gone", parse("x")), "", None)))
    assert session.tabs.chosen == EVERYTHING


def test_a_link_that_leads_nowhere_is_no_way_back() -> None:
    session = Session()
    session.handle(LinkFollowed(Place(session.view, EVERYTHING, "", 1)))
    session.handle(LinkArrived())
    assert session.handle(BackRequested()) == [Tell("no link has led here")]

    session.handle(LinkFollowed(THERE))
    session.handle(LinkArrived())
    assert session.handle(BackRequested()) == [ShowPlace(THERE)]

    session.handle(LinkFollowed(THERE))
    assert session.handle(LinkBroken()) == [Tell("that memory is gone", "warning")]
    assert session.handle(BackRequested()) == [Tell("no link has led here")]


def test_a_view_may_name_its_tab() -> None:
    session = Session(Tabs(own={"Mine": "type:decision"}))
    session.tabs.choose(-1)
    chosen = session.handle(ViewChosen(DECISIONS, top=True, section=EVERYTHING))
    assert chosen == [ShowTabs(), ReadRows(only_view=True)]
    assert session.tabs.chosen == EVERYTHING
    assert session.loader.to_top


def test_a_saved_search_is_shown_in_its_new_tab() -> None:
    session = Session()
    saved = session.handle(TabSaved("Mine", DECISIONS.query))
    assert ShowTabs() in saved
    assert session.tabs.chosen == Section("Mine", DECISIONS.query)
    assert session.view.section == DECISIONS.query
    session.handle(TabsCounted({"Mine": "3"}))
    assert session.tabs.counts == {"Mine": "3"}


def test_rows_of_the_first_reading_are_not_read_again_for_the_revision_they_are_of() -> None:
    session = Session()
    assert session.handle(RowsBegun(4)) == []
    assert session.handle(RevisionSeen(4)) == []
    assert session.handle(RevisionSeen(5)) == [ReadRows()]


def test_what_the_terms_of_a_view_mean_is_no_reason_to_read_it_again() -> None:
    session = Session()
    session.handle(ViewChosen(DECISIONS))
    told = BrowseState(query=parse("type:decision used:0"))
    assert session.handle(TermsTold(told)) == []
    assert session.view == told


def test_nothing_is_read_under_what_covers_the_screen() -> None:
    session = Session()
    session.handle(RowsBegun(4))
    session.handle(Covered(True))
    assert session.handle(RevisionSeen(5)) == []
    assert session.handle(Tick()) == []
    session.handle(Covered(False))
    assert session.handle(Tick()) == [ReadRevision()]
    assert session.handle(RevisionSeen(5)) == [ReadRows()]


def test_a_memory_that_comes_back_into_its_queue_gets_the_cursor_once() -> None:
    session = Session()
    session.queues.wanted = "a"
    session.handle(MemoryReturned(9))
    assert session.loader.cursor_key == 9
    wanted: str | None = session.queues.wanted
    assert wanted is None


def test_a_range_moves_with_its_memory_and_keys_wait_for_the_memories_in_sight() -> None:
    session = Session()
    rows: list[int | None] = []
    for row in (3, None):
        session.handle(RangeMoved(row))
        rows.append(session.range_start)
    assert rows == [3, None]
    pending: list[bool] = []
    for event in (WindowBegun(), WindowEnded()):
        session.handle(event)
        pending.append(session.loader.window_pending)
    assert pending == [True, False]
