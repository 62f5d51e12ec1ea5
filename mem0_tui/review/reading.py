"""What happens while rows and backend are read."""

from __future__ import annotations

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.value import Value
from mem0_tui.review.view import BrowseState


class RowsExpected(Value):
    """Another view will be wanted in a moment: the keys that follow are meant for its rows."""


class RowsRequested(Value):
    """The rows of the view are to be read again."""


class RowsPlaced(Value):
    """Rows of what was asked for are in the list, with the cursor in its place."""


class RowsEnded(Value):
    """The rows of *view* have been read, or *failed* to be."""

    view: BrowseState
    failed: bool = False


class ViewShown(Value):
    """Rows and what is counted around them are on the screen."""


class InterruptedUnknown(Value):
    """Whether a plan was interrupted could not be told."""


class ChangesRequested(Value):
    """It is time to ask a backend what others wrote."""


class LookedAtAgain(Value):
    """The terminal has the focus again."""


class BackendBegun(Value):
    """The backend is being read; *quiet* where nobody asked for it."""

    quiet: bool


class BackendProgress(Value):
    """So many memories have been read, of *total* where that is known."""

    read: int
    total: int | None


class BackendRead(Value):
    """All of the backend is read."""


class BackendFailed(Value):
    """The backend cannot be read."""

    error: Mem0TuiError


class BackendDropped(Value):
    """The reading was broken off."""


class GiveUp(Value):
    """Nobody wants to wait for the backend any longer."""


class Tick(Value):
    """A moment has passed."""


class RevisionSeen(Value):
    """The library is at *revision*."""

    revision: int


Reading = (
    RowsExpected
    | RowsRequested
    | RowsPlaced
    | RowsEnded
    | ViewShown
    | InterruptedUnknown
    | ChangesRequested
    | LookedAtAgain
    | BackendBegun
    | BackendProgress
    | BackendRead
    | BackendFailed
    | BackendDropped
    | GiveUp
    | Tick
    | RevisionSeen
)
"""The events of reading."""
