"""What happens while rows and backend are read."""

from __future__ import annotations

from dataclasses import dataclass

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.review.view import BrowseState


@dataclass(frozen=True, slots=True)
class RowsExpected:
    """Another view will be wanted in a moment: the keys that follow are meant for its rows."""


@dataclass(frozen=True, slots=True)
class RowsRequested:
    """The rows of the view are to be read again."""


@dataclass(frozen=True, slots=True)
class RowsPlaced:
    """Rows of what was asked for are in the list, with the cursor in its place."""


@dataclass(frozen=True, slots=True)
class RowsEnded:
    """The rows of *view* have been read, or *failed* to be."""

    view: BrowseState
    failed: bool = False


@dataclass(frozen=True, slots=True)
class ViewShown:
    """Rows and what is counted around them are on the screen."""


@dataclass(frozen=True, slots=True)
class InterruptedUnknown:
    """Whether a plan was interrupted could not be told."""


@dataclass(frozen=True, slots=True)
class ChangesRequested:
    """It is time to ask a backend what others wrote."""


@dataclass(frozen=True, slots=True)
class LookedAtAgain:
    """The terminal has the focus again."""


@dataclass(frozen=True, slots=True)
class BackendBegun:
    """The backend is being read; *quiet* where nobody asked for it."""

    quiet: bool


@dataclass(frozen=True, slots=True)
class BackendProgress:
    """So many memories have been read, of *total* where that is known."""

    read: int
    total: int | None


@dataclass(frozen=True, slots=True)
class BackendRead:
    """All of the backend is read."""


@dataclass(frozen=True, slots=True)
class BackendFailed:
    """The backend cannot be read."""

    error: Mem0TuiError


@dataclass(frozen=True, slots=True)
class BackendDropped:
    """The reading was broken off."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nobody wants to wait for the backend any longer."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment has passed."""


@dataclass(frozen=True, slots=True)
class RevisionSeen:
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
