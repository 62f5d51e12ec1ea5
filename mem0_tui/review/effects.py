"""What a session asks for: data that whoever has a terminal and a backend carries out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.review.queues.effects import (
    AskAboutProposals,
    CountTabs,
    KeepVerdicts,
    NextItem,
    ScanMemories,
)
from mem0_tui.review.targets import Target
from mem0_tui.review.trail import Place

Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Read the rows of the view, and what is counted around them."""

    only_view: bool = False
    """Nothing but the view is another: scopes and totals are what they were."""


@dataclass(frozen=True, slots=True)
class ReadBackend:
    """Read the memories from where they really are."""

    changes_only: bool = False
    """Only what one page shows to have changed."""


@dataclass(frozen=True, slots=True)
class ReadRevision:
    """Look whether anybody has changed something."""


@dataclass(frozen=True, slots=True)
class StopReading:
    """Give up on a backend that is being read."""


@dataclass(frozen=True, slots=True)
class Begin:
    """The first rows are on the screen: what waited for them may start."""


@dataclass(frozen=True, slots=True)
class AskAboutInterrupted:
    """Ask what becomes of plans and purges that were cut off."""


@dataclass(frozen=True, slots=True)
class AskAboutPinned:
    """Ask whether pinned memories are to be deleted, too; the answer is a :class:`StageDeletes`."""

    target: Target
    meant: tuple[Memory, ...]
    """What would be staged, pinned ones included."""
    left_out: str
    """What was left out already, in words."""


@dataclass(frozen=True, slots=True)
class PlanReversal:
    """Show the plan that takes back what was applied last, or with *redo* applies it again."""

    redo: bool = False


@dataclass(frozen=True, slots=True)
class MoveOn:
    """Put the cursor on the next memory."""


@dataclass(frozen=True, slots=True)
class ShowTriage:
    """Bring gutter, header and detail up to date: marks or staged changes are others."""


@dataclass(frozen=True, slots=True)
class ShowTabs:
    """Bring the tabs up to date."""


@dataclass(frozen=True, slots=True)
class ShowPlace:
    """Show the box, the tab and the row of a place that was left."""

    place: Place


@dataclass(frozen=True, slots=True)
class ShowRow:
    """Put the cursor on the row with this key, if it is among those shown."""

    key: int


@dataclass(frozen=True, slots=True)
class ShowHeader:
    """Bring the header up to date."""


@dataclass(frozen=True, slots=True)
class ShowReading:
    """Say how far the reading is: in the header, and in the list while it is empty."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something in a short notice; its text is data, never markup."""

    text: str
    severity: Severity = "information"
    title: str = ""


@dataclass(frozen=True, slots=True)
class ClearNotices:
    """Take the notices away: they told of what is now being done."""


@dataclass(frozen=True, slots=True)
class ShowError:
    """Say what went wrong and how to go on."""

    error: Mem0TuiError


Effect = (
    ReadRows
    | ReadBackend
    | ReadRevision
    | StopReading
    | Begin
    | AskAboutInterrupted
    | AskAboutPinned
    | PlanReversal
    | MoveOn
    | ScanMemories
    | KeepVerdicts
    | AskAboutProposals
    | CountTabs
    | NextItem
    | ShowTriage
    | ShowTabs
    | ShowPlace
    | ShowRow
    | ShowHeader
    | ShowReading
    | Tell
    | ClearNotices
    | ShowError
)
