"""What of the memories is read, what is being read, and what must be read next.

Two things are read: the *rows* of the view, from the library, and behind them the *backend*, where
the memories really are (for an embedded store the two are the same). While something lies over the
screen, a plan above all, the list stays as it was when that was opened: what came meanwhile is
*due*, and shown once the screen is on top again.
"""

from __future__ import annotations

from enum import Enum, auto

from mem0_tui.model.errors import Mem0TuiError, StoppedError
from mem0_tui.review.effects import (
    AskAboutInterrupted,
    Begin,
    Effect,
    ReadBackend,
    ReadRevision,
    ReadRows,
    ShowError,
    ShowHeader,
    ShowReading,
    StopReading,
)

REFRESH_SECONDS = 120.0
"""How often a backend to which others write is asked what they wrote."""


class BackendStage(Enum):
    """How far the backend has been read."""

    UNREAD = auto()
    READING = auto()
    GIVING_UP = auto()
    """Nobody wants to wait for it any longer; it is still to be told so."""
    READ = auto()
    """Read to an end once, be it a bad one."""


class Loader:
    """Reads nothing itself: each event answers with what is to be read and shown."""

    def __init__(self, *, remote: bool = False) -> None:
        """*remote* says that others write to the backend without being seen here."""
        self.remote = remote
        self.revision: int | None = None
        """The library's revision that the rows are of; None before the first look."""
        self.to_top = False
        """Whether the rows that come next are others, and the cursor goes to the first of them."""
        self.cursor_key: int | None = None
        """The row key that the cursor goes to when it is among those that come next."""
        self.rows_pending = True
        """Whether keys for the list are meant for rows that are still to come."""
        self.window_pending = False
        """Whether the rows in sight are known, but not yet the memories in them."""
        self.backend = BackendStage.UNREAD
        self.unread: Mem0TuiError | None = None
        """Why the backend could not be read again, where that is so."""
        self.words = ""
        """What is being read, for the header; empty where nothing is."""
        self.begun = False
        """Whether rows were on the screen once, and what waited for them has begun."""
        self._quiet = False
        self._asked_about_interrupted = False
        self._rows_due = False
        self._changes_due = False

    @property
    def reading(self) -> bool:
        """Whether the backend is being read."""
        return self.backend in (BackendStage.READING, BackendStage.GIVING_UP)

    @property
    def has_been_read(self) -> bool:
        """Whether reading the backend has come to an end once, be it a bad one."""
        return self.backend is BackendStage.READ

    # -- rows

    def view_changed(self, *, top: bool) -> list[Effect]:
        """Another view is wanted; with *top* its first row is meant."""
        self.to_top = self.to_top or top
        self.rows_pending = True
        return [ReadRows(only_view=True)]

    def rows_placed(self) -> None:
        """Rows of what was asked for are in the list, with the cursor in its place."""
        self.to_top = False

    def rows_read(self, *, current: bool, failed: bool = False) -> None:
        """The rows of a view have come to an end; *current* says that the view is still wanted."""
        if current:
            self.rows_pending = False
        if not failed:
            self.cursor_key = None

    def first_view_shown(self) -> list[Effect]:
        """Rows and counts are shown. The first time, what waited for them begins."""
        if self.begun:
            return []
        self.begun = True
        return [Begin(), ReadBackend(), *self._ask_about_interrupted()]

    def _ask_about_interrupted(self) -> list[Effect]:
        if self._asked_about_interrupted:
            return []
        self._asked_about_interrupted = True
        return [AskAboutInterrupted()]

    def interrupted_unknown(self) -> None:
        """Whether a plan was interrupted could not be told: it is asked again later."""
        self._asked_about_interrupted = False

    # -- the backend

    def ask_quietly(self, *, covered: bool, busy: bool) -> list[Effect]:
        """Ask a backend what others wrote; later, where it is no time for it."""
        self._changes_due = covered or busy or bool(self.words)
        return [] if self._changes_due else [ReadBackend(changes_only=True)]

    def looked_at_again(self, *, covered: bool, busy: bool) -> list[Effect]:
        """The terminal has the focus again."""
        return self.ask_quietly(covered=covered, busy=busy) if self.remote else []

    def backend_begun(self, *, quiet: bool) -> list[Effect]:
        """The backend is being read; *quiet* where nobody asked for it."""
        self._quiet = quiet
        self.words, self.backend = "reading", BackendStage.READING
        return [ShowHeader()]

    def backend_progress(self, read: int, total: int | None, *, covered: bool) -> list[Effect]:
        """So many memories have been read, of *total* where that is known."""
        self.words = f"reading {read:,}" + (f" of {total:,}" if total else "")
        return self._show_or_owe(covered)

    def backend_read(self, *, covered: bool) -> list[Effect]:
        """All of it is read."""
        self.unread = None
        return [*self._backend_ended(covered), *self._ask_about_interrupted()]

    def backend_failed(self, error: Mem0TuiError, *, covered: bool) -> list[Effect]:
        """It cannot be read. One that stays away is told of once, where nobody asks for it."""
        told = self._quiet and self.unread is not None
        self.unread = error
        return [*self._backend_ended(covered), *([] if told else [ShowError(error)])]

    def backend_dropped(self, *, covered: bool) -> list[Effect]:
        """The reading was broken off: somebody gave up on it, or another takes its place."""
        if self.backend is BackendStage.GIVING_UP:
            self.unread = StoppedError(
                "you gave up waiting for the server", hint="what was read until then is shown"
            )
        return self._backend_ended(covered)

    def _backend_ended(self, covered: bool) -> list[Effect]:
        self.words, self.backend = "", BackendStage.READ
        return self._show_or_owe(covered)

    def _show_or_owe(self, covered: bool) -> list[Effect]:
        if covered and self._quiet:
            self._rows_due = True
            return []
        return [ReadRows()]

    def give_up(self) -> list[Effect]:
        """Wait no longer for a backend that is being read."""
        if self.backend is not BackendStage.READING:
            return []
        self.backend = BackendStage.GIVING_UP
        return [StopReading()]

    # -- what others write

    def tick(self, *, covered: bool, busy: bool) -> list[Effect]:
        """A moment has passed: show what is due, and look whether anybody wrote."""
        effects: list[Effect] = [ShowReading()] if busy or self.words else []
        if covered:
            return effects
        if self._rows_due:
            self._rows_due = False
            effects.append(ReadRows())
        if self._changes_due:
            effects += self.ask_quietly(covered=covered, busy=busy)
        return [*effects, ReadRevision()]

    def revision_seen(self, revision: int, *, covered: bool) -> list[Effect]:
        """The library is at *revision*: read the rows again where that is another one."""
        if covered or revision == self.revision:
            return []
        self.revision = revision
        return [ReadRows()]
