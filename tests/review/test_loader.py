"""When the loader reads rows and backend, as a table of events, and as any sequence of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mem0_tui.model.errors import BackendError
from mem0_tui.review.effects import (
    AskAboutInterrupted,
    Begin,
    ReadBackend,
    ReadRevision,
    ReadRows,
    ShowError,
    ShowHeader,
    ShowReading,
    StopReading,
)
from mem0_tui.review.loader import BackendStage, Loader

AWAY = BackendError("the server cannot be reached")
QUIETLY = ReadBackend(changes_only=True)


def reading(*, quiet: bool = False) -> Loader:
    loader = Loader(remote=True)
    loader.backend_begun(quiet=quiet)
    return loader


def test_the_first_view_begins_what_waited_for_it_and_the_next_does_not() -> None:
    loader = Loader()
    assert loader.first_view_shown() == [Begin(), ReadBackend(), AskAboutInterrupted()]
    assert loader.first_view_shown() == []


def test_an_interrupted_plan_is_asked_about_once_however_often_the_backend_is_read() -> None:
    loader = Loader()
    loader.first_view_shown()
    loader.backend_begun(quiet=False)
    assert loader.backend_read(covered=False) == [ReadRows()]
    loader.interrupted_unknown()
    loader.backend_begun(quiet=False)
    assert loader.backend_read(covered=False) == [ReadRows(), AskAboutInterrupted()]


def test_keys_wait_for_the_rows_of_the_view_that_is_wanted_last() -> None:
    loader = Loader()
    loader.rows_read(current=True)
    assert loader.view_changed(top=True) == [ReadRows(only_view=True)]
    loader.rows_read(current=False)
    assert loader.rows_pending, "these were the rows of an earlier view"
    loader.rows_read(current=True, failed=True)
    assert not loader.rows_pending, "nobody waits for rows that cannot be read"


def test_the_cursor_goes_to_the_top_until_rows_have_come() -> None:
    loader = Loader()
    loader.view_changed(top=True)
    loader.view_changed(top=False)
    assert loader.to_top, "the view before was never seen"
    loader.rows_placed()
    assert not loader.to_top


@pytest.mark.parametrize("covered", [False, True])
@pytest.mark.parametrize("busy", [False, True])
def test_a_backend_is_asked_quietly_as_soon_as_it_is_no_bother(covered: bool, busy: bool) -> None:
    loader = Loader(remote=True)
    asked = loader.ask_quietly(covered=covered, busy=busy)
    assert asked == ([] if covered or busy else [QUIETLY])
    later = loader.tick(covered=False, busy=False)
    assert later == ([QUIETLY] if covered or busy else []) + [ReadRevision()]


def test_an_embedded_store_is_not_asked_when_the_terminal_is_looked_at_again() -> None:
    assert Loader(remote=False).looked_at_again(covered=False, busy=False) == []
    assert Loader(remote=True).looked_at_again(covered=False, busy=False) == [QUIETLY]


def test_what_comes_quietly_under_a_plan_is_shown_once_the_plan_is_closed() -> None:
    loader = reading(quiet=True)
    assert loader.backend_progress(100, 200, covered=True) == []
    assert loader.words == "reading 100 of 200"
    assert loader.backend_read(covered=True) == [AskAboutInterrupted()]
    assert loader.tick(covered=True, busy=False) == []
    assert loader.tick(covered=False, busy=False) == [ReadRows(), ReadRevision()]
    assert loader.tick(covered=False, busy=False) == [ReadRevision()]


def test_what_somebody_asked_for_is_shown_at_once() -> None:
    loader = reading()
    assert loader.backend_progress(1_000, None, covered=True) == [ReadRows()]
    assert loader.words == "reading 1,000"
    assert ReadRows() in loader.backend_read(covered=True)


def test_a_server_that_stays_away_is_told_of_once_where_nobody_asks() -> None:
    loader = reading(quiet=True)
    assert loader.backend_failed(AWAY, covered=False) == [ReadRows(), ShowError(AWAY)]
    loader.backend_begun(quiet=True)
    assert loader.backend_failed(AWAY, covered=False) == [ReadRows()]
    loader.backend_begun(quiet=False)
    assert ShowError(AWAY) in loader.backend_failed(AWAY, covered=False), "F5 wants an answer"
    loader.backend_begun(quiet=True)
    loader.backend_read(covered=False)
    assert loader.unread is None


def test_giving_up_says_what_is_shown_and_works_only_while_something_is_read() -> None:
    loader = Loader(remote=True)
    assert loader.give_up() == []
    loader.backend_begun(quiet=False)
    assert loader.give_up() == [StopReading()]
    assert loader.give_up() == [], "it has been told so already"
    loader.backend_dropped(covered=False)
    assert loader.unread is not None
    assert loader.unread.hint == "what was read until then is shown"


def test_a_reading_that_another_replaces_is_no_failure() -> None:
    loader = reading()
    loader.backend_dropped(covered=False)
    assert loader.unread is None


def test_another_revision_is_read_unless_something_lies_over_the_list() -> None:
    loader = Loader()
    loader.revision = 4
    assert loader.revision_seen(4, covered=False) == []
    assert loader.revision_seen(5, covered=True) == []
    assert loader.revision == 4, "it is still to be read"
    assert loader.revision_seen(5, covered=False) == [ReadRows()]


def test_what_goes_on_is_said_at_each_tick_even_under_a_modal() -> None:
    assert reading().tick(covered=True, busy=False) == [ShowReading()]
    assert Loader().tick(covered=True, busy=True) == [ShowReading()]


class LoaderMachine(RuleBasedStateMachine):
    """Any sequence of what can happen while a backend is read, beside a model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.loader = Loader(remote=True)
        self.running = False
        self.owed = False
        """Whether rows have come that the list does not show."""
        self.quiet = False
        self.asked = 0

    def took(self, effects: list[Any]) -> None:
        self.asked += sum(isinstance(effect, AskAboutInterrupted) for effect in effects)
        if ReadRows() in effects:
            self.owed = False

    @rule(quiet=st.booleans())
    def begin(self, quiet: bool) -> None:
        assert self.loader.backend_begun(quiet=quiet) == [ShowHeader()]
        self.running, self.quiet = True, quiet

    @rule(covered=st.booleans(), read=st.integers(0, 5000))
    def progress(self, covered: bool, read: int) -> None:
        if self.running:
            self.owed = True
            self.took(self.loader.backend_progress(read, None, covered=covered))

    @rule(covered=st.booleans(), how=st.sampled_from(["read", "failed", "dropped"]))
    def end(self, covered: bool, how: str) -> None:
        if not self.running:
            return
        self.running, self.owed = False, True
        match how:
            case "read":
                self.took(self.loader.backend_read(covered=covered))
            case "failed":
                self.took(self.loader.backend_failed(AWAY, covered=covered))
            case _:
                self.took(self.loader.backend_dropped(covered=covered))

    @rule()
    def give_up(self) -> None:
        stops = self.loader.backend is BackendStage.READING
        assert self.loader.give_up() == ([StopReading()] if stops else [])

    @rule(covered=st.booleans(), busy=st.booleans())
    def tick(self, covered: bool, busy: bool) -> None:
        effects = self.loader.tick(covered=covered, busy=busy)
        self.took(effects)
        if self.running:
            assert not any(isinstance(effect, ReadBackend) for effect in effects)
        if not covered:
            assert not self.owed, "what has come is shown once nothing lies over the list"

    @rule(covered=st.booleans(), busy=st.booleans())
    def ask(self, covered: bool, busy: bool) -> None:
        effects = self.loader.ask_quietly(covered=covered, busy=busy)
        assert effects == ([] if covered or busy or self.running else [QUIETLY])

    @invariant()
    def something_is_said_as_long_as_something_is_read(self) -> None:
        assert bool(self.loader.words) is self.loader.reading is self.running

    @invariant()
    def nobody_is_asked_twice(self) -> None:
        assert self.asked <= 1


TestLoaderMachine = LoaderMachine.TestCase
TestLoaderMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
