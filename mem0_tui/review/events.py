"""What happens to a session: what a person did, what was read, how far an apply is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.change import Edit, Merge
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Draft, Memory
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


@dataclass(frozen=True, slots=True)
class ViewChosen:
    """Another view is wanted; with *top* its first row is meant, with *section* in that tab."""

    view: BrowseState
    top: bool = False
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class TabChosen:
    """The tab *index* is wanted, counted round."""

    index: int


@dataclass(frozen=True, slots=True)
class TabForgotten:
    """The saved search *name* is no longer wanted."""

    name: str


@dataclass(frozen=True, slots=True)
class LinkFollowed:
    """A link leads away from *place*."""

    place: Place


@dataclass(frozen=True, slots=True)
class BackRequested:
    """The place that the last link led away from is wanted."""


# -- marks and staged changes


@dataclass(frozen=True, slots=True)
class MarkToggled:
    """One memory is to be marked, or no longer."""

    memory: Memory


@dataclass(frozen=True, slots=True)
class RangeBegun:
    """A range begins at row *row*; None ends it without a mark."""

    row: int | None


@dataclass(frozen=True, slots=True)
class MemoriesMarked:
    """These are to be marked; *by_query* where nobody looked at each of them."""

    memories: tuple[Memory, ...]
    by_query: bool


@dataclass(frozen=True, slots=True)
class MarksInverted:
    """Of these, what is unmarked is to be marked, and the other way round."""

    memories: tuple[Memory, ...]


@dataclass(frozen=True, slots=True)
class MarksCleared:
    """No marks are wanted."""


@dataclass(frozen=True, slots=True)
class MarksHidden:
    """The list does not show the marked memories with these ids."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeleteRequested:
    """*target* is to be deleted; where that is staged for all of it, it is taken back."""

    target: Target


@dataclass(frozen=True, slots=True)
class DeletesChosen:
    """Of *target*, *memories* are to be deleted, after what was asked about the pinned ones."""

    target: Target
    memories: tuple[Memory, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class EditRequested:
    """*edit* is to be made of each memory of *target*; None leaves one as it is."""

    target: Target
    kind: StagedKind
    edit: Callable[[Memory], Edit | None]
    spoken: bool = False
    """Whether what came of it is said in any case, for nobody has seen it happen."""


@dataclass(frozen=True, slots=True)
class MergeRequested:
    """*merge* of *memories*, which are those of *target* that are meant, is to be staged."""

    target: Target
    merge: Merge
    memories: tuple[Memory, ...]


@dataclass(frozen=True, slots=True)
class DraftAdded:
    """A new memory is wanted."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DraftReplaced:
    """Another new memory is wanted in place of *draft*."""

    draft: Draft
    by: Draft


@dataclass(frozen=True, slots=True)
class DropRequested:
    """What is staged for *target* is to be taken back."""

    target: Target


@dataclass(frozen=True, slots=True)
class ClearRequested:
    """Everything that is staged is to be taken back."""


@dataclass(frozen=True, slots=True)
class UndoRequested:
    """The last mark or staged change is to be taken back; without one, what was applied last."""


@dataclass(frozen=True, slots=True)
class RedoRequested:
    """What was taken back last is to be done again."""


# -- planning and applying


@dataclass(frozen=True, slots=True)
class PlanBegun:
    """Something that takes a while is being prepared to be shown."""


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """What was being prepared is there, or has failed."""


@dataclass(frozen=True, slots=True)
class ApplyBegun:
    """An accepted plan is being carried out; *words* say what goes on."""

    words: str = "applying (Esc stops)"
    stoppable: bool = True


@dataclass(frozen=True, slots=True)
class ApplyProgress:
    """So far it is."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class ApplySays:
    """What goes on, in the words of whoever carries it out."""

    words: str


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The apply is to end after the item that it is at."""


@dataclass(frozen=True, slots=True)
class ApplySent:
    """Nothing more is sent; what has become of it is being read."""


@dataclass(frozen=True, slots=True)
class ApplyDone:
    """What has become of it has been read, or could not be because of *error*."""

    error: Mem0TuiError | None = None


@dataclass(frozen=True, slots=True)
class Reported:
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


@dataclass(frozen=True, slots=True)
class Purged:
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
