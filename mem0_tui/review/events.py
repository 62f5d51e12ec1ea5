"""What happens to a session: what a person did, what was read, how far an apply is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.change import Edit, Merge
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.value import Value
from mem0_tui.review.placing import Placing
from mem0_tui.review.queues.events import ContentsSeen, Judging, ScanAdvanced, ScanEnded
from mem0_tui.review.reading import Reading
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.tabs import Section
from mem0_tui.review.targets import Target
from mem0_tui.review.trail import Place
from mem0_tui.review.view import BrowseState

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Progress, Report

# -- the view


class ViewChosen(Value):
    """Another view is wanted; with *top* its first row is meant, with *section* in that tab."""

    view: BrowseState
    top: bool = False
    section: Section | None = None


class TabChosen(Value):
    """The tab *index* is wanted, counted round."""

    index: int


class TabForgotten(Value):
    """The saved search *name* is no longer wanted."""

    name: str


class LinkFollowed(Value):
    """A link leads away from *place*."""

    place: Place


class BackRequested(Value):
    """The place that the last link led away from is wanted."""


# -- marks and staged changes


class MarkToggled(Value):
    """One memory is to be marked, or no longer."""

    memory: Memory


class RangeBegun(Value):
    """A range begins at row *row*; None ends it without a mark."""

    row: int | None


class MemoriesMarked(Value):
    """These are to be marked; *by_query* where nobody looked at each of them."""

    memories: tuple[Memory, ...]
    by_query: bool


class MarksInverted(Value):
    """Of these, what is unmarked is to be marked, and the other way round."""

    memories: tuple[Memory, ...]


class MarksCleared(Value):
    """No marks are wanted."""


class MarksHidden(Value):
    """The list does not show the marked memories with these ids."""

    ids: frozenset[str]


class DeleteRequested(Value):
    """*target* is to be deleted; where that is staged for all of it, it is taken back."""

    target: Target


class DeletesChosen(Value):
    """Of *target*, *memories* are to be deleted, after what was asked about the pinned ones."""

    target: Target
    memories: tuple[Memory, ...]
    left_out: str


class EditRequested(Value):
    """*edit* is to be made of each memory of *target*; None leaves one as it is."""

    target: Target
    kind: StagedKind
    edit: Callable[[Memory], Edit | None]
    spoken: bool = False
    """Whether what came of it is said in any case, for nobody has seen it happen."""


class MergeRequested(Value):
    """*merge* of *memories*, which are those of *target* that are meant, is to be staged."""

    target: Target
    merge: Merge
    memories: tuple[Memory, ...]


class DraftAdded(Value):
    """A new memory is wanted."""

    draft: Draft


class DraftReplaced(Value):
    """Another new memory is wanted in place of *draft*."""

    draft: Draft
    by: Draft


class DropRequested(Value):
    """What is staged for *target* is to be taken back."""

    target: Target


class ClearRequested(Value):
    """Everything that is staged is to be taken back."""


class UndoRequested(Value):
    """The last mark or staged change is to be taken back; without one, what was applied last."""


class RedoRequested(Value):
    """What was taken back last is to be done again."""


# -- planning and applying


class PlanBegun(Value):
    """Something that takes a while is being prepared to be shown."""


class PlanEnded(Value):
    """What was being prepared is there, or has failed."""


class ApplyBegun(Value):
    """An accepted plan is being carried out; *words* say what goes on."""

    words: str = "applying (Esc stops)"
    stoppable: bool = True


class ApplyProgress(Value):
    """So far it is."""

    progress: Progress


class ApplySays(Value):
    """What goes on, in the words of whoever carries it out."""

    words: str


class StopRequested(Value):
    """The apply is to end after the item that it is at."""


class ApplySent(Value):
    """Nothing more is sent; what has become of it is being read."""


class ApplyDone(Value):
    """What has become of it has been read, or could not be because of *error*."""

    error: Mem0TuiError | None = None


class Reported(Value):
    """What became of a plan; *staged* where it was what is staged here, *rest* where what was not
    done is to be staged again."""

    report: Report
    now: datetime
    staged: bool = False
    rest: bool = False
    root: str = ""
    """The transaction that an undo of it names."""
    undoing: bool = False
    """Whether it was itself an undo, of that transaction."""


class Purged(Value):
    """These memories are gone for good."""

    ids: tuple[str, ...]


Marking = (
    MarkToggled
    | MemoriesMarked
    | MarksInverted
    | MarksCleared
    | DeleteRequested
    | DeletesChosen
    | EditRequested
    | MergeRequested
    | DraftAdded
    | DraftReplaced
    | DropRequested
    | ClearRequested
    | UndoRequested
    | RedoRequested
)
"""The events that change marks or staged changes."""

Event = (
    ViewChosen
    | TabChosen
    | TabForgotten
    | LinkFollowed
    | BackRequested
    | RangeBegun
    | MarksHidden
    | PlanBegun
    | PlanEnded
    | ApplyBegun
    | ApplyProgress
    | ApplySays
    | StopRequested
    | ApplySent
    | ApplyDone
    | Reported
    | Purged
    | ScanAdvanced
    | ContentsSeen
    | ScanEnded
    | Judging
    | Marking
    | Placing
    | Reading
)
