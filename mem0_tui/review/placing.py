"""Where the list stands: which place is shown, which row the cursor goes to, what is in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.query import Query
from mem0_tui.model.value import Value
from mem0_tui.review.effects import Effect, ShowRow, ShowTabs, Tell
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState

if TYPE_CHECKING:
    from mem0_tui.review.session import Session


class Covered(Value):
    """Something lies over the screen *now*, or no longer."""

    now: bool


# -- places and links


class PlaceChosen(Value):
    """What *place* showed is to be shown, with the cursor where it was."""

    place: Place


class LinkArrived(Value):
    """The link that was followed last has chosen its view; where that is what was shown before,
    nothing leads back."""


class LinkBroken(Value):
    """The memory that a link leads to is gone."""


# -- tabs


class TabSaved(Value):
    """*query* is kept as the saved search *name*, which was checked."""

    name: str
    query: Query


class TabsCounted(Value):
    """How many memories the tabs hold, by their names, as it is written."""

    counts: Mapping[str, str]


# -- rows


class TermsTold(Value):
    """*view* is the view whose rows are being read, with what its terms about Codex mean."""

    view: BrowseState


class RowsBegun(Value):
    """The rows of the view are being read, of a library at *revision*."""

    revision: int


class RowReached(Value):
    """The cursor is on the row that it was to go to."""


class MemoryReturned(Value):
    """The memory that came back into its queue has the row key *key*: the cursor goes there."""

    key: int


class RangeMoved(Value):
    """Among other rows, the range begins at row *row*; None where its memory is no longer there."""

    row: int | None


class WindowBegun(Value):
    """The memories of the rows in sight are being read."""


class WindowEnded(Value):
    """The memories of the rows in sight have been read, or failed to be."""


Placing = (
    Covered
    | PlaceChosen
    | LinkArrived
    | LinkBroken
    | TabSaved
    | TabsCounted
    | TermsTold
    | RowsBegun
    | RowReached
    | MemoryReturned
    | RangeMoved
    | WindowBegun
    | WindowEnded
)
"""The events that say where the list stands."""


def handle(session: Session, event: Placing) -> list[Effect]:
    """What comes of *event*."""
    loader = session.loader
    match event:
        case Covered(now):
            session.covered = now
        case PlaceChosen(place):
            return _choose(session, place)
        case LinkArrived():
            session.trail.stayed(session.view)
        case LinkBroken():
            session.trail.back()
            return [Tell("that memory is gone", "warning")]
        case TabSaved(name, query):
            return session.choose_tab(session.tabs.save(name, query))
        case TabsCounted(counts):
            session.tabs.counts = counts
        case TermsTold(view):
            session.view = view
        case RowsBegun(revision):
            loader.revision = revision
        case RowReached():
            loader.cursor_key = None
        case MemoryReturned(key):
            loader.cursor_key, session.queues.wanted = key, None
        case RangeMoved(row):
            session.range_start = row
        case WindowBegun():
            loader.window_pending = True
        case WindowEnded():
            loader.window_pending = False
    return []


def _choose(session: Session, place: Place) -> list[Effect]:
    section = session.tabs.go_to(place.section)
    session.loader.cursor_key = place.key
    view = replace(place.view, sort=session.view.sort)
    if section.queue is not None:
        view = session.in_tab(view, section)
    read = session.show_view(view, top=False)
    if not read and place.key is not None:
        read = [ShowRow(place.key)]
    return [ShowTabs(), *read]
